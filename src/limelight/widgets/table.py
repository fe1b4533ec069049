"""The table view: js/views/table.js."""

from __future__ import annotations

from limelight.widgets.view import STATIC, View


class TableView(View):
    """An explanation of one row of a table."""

    _esm = STATIC / "table.js"
