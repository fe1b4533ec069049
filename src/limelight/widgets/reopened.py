"""A widget that can be shown again after its host closed it."""

from __future__ import annotations

from typing import Any

import anywidget


class Reopened(anywidget.AnyWidget):
    """A widget that opens anew where it is shown.

    marimo closes a widget when the cell that first showed it runs again, and an
    explanation keeps its view.
    """

    comm: Any

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        if getattr(self.comm, "_closed", False):
            self.comm = self._model_id = None
            self.open()
        return super()._repr_mimebundle_(**kwargs)
