"""A view that goes on asking, and what Python can do with it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.explanation import Explanation
from limelight.types import Run
from limelight.widgets.image import ImageView
from limelight.widgets.table import TableView
from limelight.widgets.text import TextView

if TYPE_CHECKING:
    from limelight.widgets.view import View

VIEWS = {"text": TextView, "image": ImageView, "table": TableView}


class LiveView:
    """A running explanation. As the last line of a cell it is the view.

    Attributes
    ----------
    explanation : Explanation
        What there is now, frozen: read as the view's method, output, kernel
        width and number of perturbations say.
    done : bool
        True when nothing is asked any more.
    """

    def __init__(self, run: Run, settings: dict[str, Any] | None = None):
        self.widget: View = VIEWS[run.question.subject["kind"]](run, settings)

    @property
    def _run(self) -> Run:
        self.widget.follow()
        return self.widget.run

    @property
    def explanation(self) -> Explanation:
        return self._run.explanation(self.widget.settings)

    @property
    def done(self) -> bool:
        return self._run.state != "running"

    def stop(self) -> None:
        """Ask no more, until `resume`."""
        self._run.stop()
        self.widget.sync()

    def resume(self, n_samples: int | None = None) -> None:
        """Go on, or raise the limit to `n_samples`."""
        self._run.resume() if n_samples is None else self._run.more(n_samples)
        self.widget.sync()

    def wait(self) -> LiveView:
        """Run to the end in this cell, and return this view."""
        while self._run.state == "running":
            self._run.step()
        self.widget.sync()
        return self

    def __repr__(self) -> str:
        n, limit = self._run.n, self._run.limit
        return f"<LiveView: {self._run.state}, {n:,} of {limit:,} evaluations>"

    def _repr_mimebundle_(self, **_: Any) -> Any:
        return self.bundle(self.explanation if self._run.answered else self)

    def bundle(self, shown: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The view, and what stands for it where it can't run: a picture and a text."""
        from limelight.export.picture import picture

        view, metadata = self.widget._repr_mimebundle_() or ({}, {})
        bundle = {**view, "text/plain": repr(shown)}
        if isinstance(shown, Explanation):
            bundle["image/svg+xml"] = picture(shown)
        return bundle, metadata
