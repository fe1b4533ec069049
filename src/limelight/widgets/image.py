"""The image view: js/views/image.js."""

from __future__ import annotations

from limelight.widgets.view import STATIC, View


class ImageView(View):
    """An explanation of one image."""

    _esm = STATIC / "image.js"
