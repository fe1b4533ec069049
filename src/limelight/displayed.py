"""Results that a cell shows: a view, and where none can run a picture and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.preferences import options

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path


class Displayed:
    """What is shown of a result that asks nothing by itself, and how it is saved.

    Who inherits has a `view`, a widget, and draws the picture that stands for it.
    """

    view: Any

    def _svg(self, name: str, still: str) -> str:
        """Draw the picture that the view hides by its name where it runs; `still` says that it is one."""
        raise NotImplementedError

    @property
    def _line(self) -> str:
        """What stands for the view itself where it can't run."""
        raise NotImplementedError

    def save(self, path: str | PathLike[str], *, title: str | None = None, fragment: bool = False) -> Path:
        """Write a file whose suffix says how: see `limelight.save`."""
        from limelight.export.saving import save

        return save(self, path, title=title, fragment=fragment)

    def _ipython_display_(self) -> None:
        from limelight.widgets import fallback

        fallback.show(self.view, self._picture, self._line)

    def _picture(self) -> dict[str, str]:
        """What stands where the view can't run: a picture, and the same in words."""
        from limelight.export.words import say

        drawn = {"image/svg+xml": self._svg(self.view.fallback, say("still"))} if options.picture else {}
        return {"text/plain": repr(self), **drawn}

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        if options.display == "page":
            from limelight.export.page import fragment_of

            return {"text/html": fragment_of([self]), "text/plain": repr(self)}, {}
        view, metadata = self.view._repr_mimebundle_() or ({}, {})
        return {**view, **self._picture()}, metadata
