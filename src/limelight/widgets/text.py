"""The text view: js/views/text.js."""

from __future__ import annotations

from limelight.widgets.view import STATIC, View


class TextView(View):
    """An explanation of one text."""

    _esm = STATIC / "text.js"
