"""A view that goes on asking, and what Python can do with it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.errors import InputError, LimelightError
from limelight.explanation import Explanation
from limelight.feedback import marked
from limelight.preferences import options
from limelight.scalars import is_whole
from limelight.types import Run
from limelight.widgets import fallback
from limelight.widgets.image import ImageView
from limelight.widgets.messages import log, told
from limelight.widgets.table import TableView
from limelight.widgets.text import TextView

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from limelight.widgets.view import View

VIEWS = {"text": TextView, "image": ImageView, "table": TableView}


class LiveView:
    """A running explanation. As the last line of a cell it is the view.

    Attributes
    ----------
    explanation : Explanation
        What there is now, frozen: read as the view's method, output, kernel
        width and number of perturbations say, with the reader's marks.
    done : bool
        True when nothing is asked any more.
    """

    def __init__(self, run: Run, settings: dict[str, Any] | None = None, marks: Any = ()):
        self.widget: View = VIEWS[run.question.subject["kind"]](run, settings, marks)

    @property
    def _run(self) -> Run:
        self.widget.follow()
        return self.widget.run

    @property
    def explanation(self) -> Explanation:
        return marked(self._run.explanation(self.widget.settings), self.widget.marks)

    @property
    def done(self) -> bool:
        return self._run.state != "running"

    def stop(self) -> None:
        """Ask no more, until `resume`."""
        self._run.stop()
        self.widget.sync()

    def resume(self, n_samples: int | None = None) -> None:
        """Go on, or raise the limit to `n_samples`.

        Raises
        ------
        InputError
            If there is no model behind it, as of what came from a file, or
            `n_samples` is no whole number above 0.
        """
        if n_samples is not None and not (is_whole(n_samples) and n_samples > 0):
            raise InputError(f"n_samples={n_samples!r} can't be used: give a whole number, how many evaluations there "
                             "may be in all, or leave it out to go on to the limit there is")
        if self._run.no_model:
            raise InputError(self._run.no_model)
        self._run.resume() if n_samples is None else self._run.more(int(n_samples))
        self.widget.sync()

    def wait(self) -> LiveView:
        """Run to the end in this cell, and return this view."""
        while self._run.state == "running":
            self._run.step()
        self.widget.sync()
        return self

    def save(self, path: str | PathLike[str], *, title: str | None = None, fragment: bool = False) -> Path:
        """Write a file whose suffix says how, of what there is now: see `limelight.save`."""
        from limelight.export.saving import save

        return save(self, path, title=title, fragment=fragment)

    def __repr__(self) -> str:
        return f"{self._line}\n{self.explanation!r}" if self._run.answered else self._line

    @property
    def _line(self) -> str:
        n, limit = self._run.n, self._run.limit
        failure = f": {self._run.error}" if self._run.error else ""
        return f"<LiveView: {self._run.state}, {n:,} of {limit:,} evaluations>{failure}"

    def _ipython_display_(self) -> None:
        self.display(self.explanation if self._run.answered else self)

    def display(self, shown: Any) -> None:
        """Show the view in a notebook, and what stands where it can't run: in the end a picture of the last answer."""
        fallback.show(self.widget, lambda: self._picture(shown), self._line)
        self.widget.ended = self._renew

    def _renew(self) -> None:
        """Draw the last answer. The picture stays as it was where there is none, which the view says."""
        try:
            if self._run.answered:
                fallback.renew(self.widget, lambda: self._picture(self.explanation))
        except LimelightError as error:
            log.info("the picture stays as it was: %s", told(error))

    def _picture(self, shown: Any) -> dict[str, str]:
        """A picture of an explanation, and the same in words; of a view without an answer only words."""
        bundle = {"text/plain": repr(shown)}
        if isinstance(shown, Explanation) and options.picture:
            from limelight.export.picture import picture
            from limelight.export.words import say

            bundle["image/svg+xml"] = picture(shown, self.widget.fallback, say("still"))
        return bundle

    def _repr_mimebundle_(self, **_: Any) -> Any:
        return self.bundle(self.explanation if self._run.answered else self)

    def bundle(self, shown: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The view, and what stands for it where it can't run: a picture and a text."""
        if options.display == "page":
            from limelight.export.page import fragment_of

            return {"text/html": fragment_of([self]), "text/plain": repr(shown)}, {}
        view, metadata = self.widget._repr_mimebundle_() or ({}, {})
        return {**view, **self._picture(shown)}, metadata
