"""What is known of a training that explanations were made of: tables, evidence, and the explanations themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from limelight.displayed import Displayed
from limelight.explanation import Explanation
from limelight.training.history import History
from limelight.types import Array

if TYPE_CHECKING:
    import pandas

State = Literal["running", "done", "stopped", "failed", "not ended", "elsewhere"]


class Known(Displayed):
    """What a reader can ask of a training, while it goes on and later: all but how it came about.

    Attributes
    ----------
    state : {"running", "done", "stopped", "failed", "not ended"}
    notes : list of str
        Sentences that a reader must see, such as why a step was not explained.
    """

    def __init__(self, history: History, state: State, notes: Sequence[str], overhead: float):
        self._history, self._overhead = history, overhead
        self.state: State = state
        self.notes = list(notes)
        self.changed: list[Callable[[], None]] = []

    @property
    def examples(self) -> list[tuple[Any, Mapping[str, Any], tuple[str, ...]]]:
        """The pinned examples: the input, what a view draws of it, and the names of its features."""
        return [(each.data, each.subject, each.feature_names) for each in self._history.pinned]

    @property
    def records(self) -> pandas.DataFrame:
        """Metrics: step, loss, and every other by name; one row a step."""
        return self._history.records()

    @property
    def drift(self) -> pandas.DataFrame:
        """How far explanations moved: step, against ("first" or "previous" record), measure, value, floor, ...

        Means over the examples. `noise`: how far apart two estimates by the
        same weights are, by other seeds each time; methods without chance see
        each number of the input moved by up to 1 % of its range. `floor`: where
        nothing has changed, methods that draw stay below it with 95 %
        probability, and it is a yardstick for others (`floor.held`).
        `detectable`: whether the value is above that and above rounding. Each
        row is tested by itself: one in twenty may be above by chance.
        """
        return self._history.drift()

    @property
    def parted(self) -> pandas.DataFrame:
        """The change of the values, in what came of size and what of other evidence; see `drift.parts`."""
        return self._history.parted()

    @property
    def explanations(self) -> Mapping[int, list[Explanation | None]]:
        """By step, a list of Explanation, one an example; None in place of one that could not be explained then."""
        return self._history.explanations

    def evidence(self, top: int = 6) -> tuple[list[str], Array, Array]:
        """The features with most of the evidence: names, steps, and shares of shape (n_steps, n_names).

        Shares are means over all examples; a word that comes in several counts once.
        """
        return self._history.lane(top)

    @property
    def figures(self) -> pandas.DataFrame:
        """How explainable the model is: step, fidelity, comprehensiveness, sparseness, complexity, stability."""
        return self._history.figures()

    @property
    def flips(self) -> pandas.DataFrame:
        """Same prediction by other evidence, or the reverse: example, step, against, kind."""
        return self._history.flips()

    @property
    def alarms(self) -> pandas.DataFrame:
        """Candidates for shortcuts: feature, from_step, to_step, from_share, to_share, examples, metric, said.

        Features are compared by name, over at least five examples that have
        them. Pictures have none in common, so there are no alarms, unless all
        are cut alike (`segments=` of `ll.image_model`).
        """
        return self._history.alarms()

    @property
    def last(self) -> int:
        """The latest step of which something is known."""
        return self._history.last or 0

    @property
    def overhead(self) -> float:
        """What tracking added to the time of training, as a share of it."""
        return self._overhead

    def plot(self, top: int = 6) -> Any:
        """Draw metrics, evidence and drift over the steps: a matplotlib Figure."""
        from limelight.export.training_figure import plot

        return plot(self, top)

    def __repr__(self) -> str:
        from limelight.export.training_table import as_text

        return as_text(self)

    # -- what is shown --------------------------------------------------------------------------------------------

    @cached_property
    def view(self) -> Any:
        """The widget, which is told of every record from now on."""
        from limelight.training.drawn import Drawn
        from limelight.widgets import fallback
        from limelight.widgets.training import TrainingView

        view = TrainingView(Drawn(self))
        view.ended = lambda: fallback.renew(view, self._picture)
        self.changed.append(view.follow)
        return view

    def _svg(self, name: str, still: str) -> str:
        from limelight.export.training_picture import picture

        return picture(self, name, still)

    @property
    def _line(self) -> str:
        from limelight.export.training_table import headline

        return f"<Tracker: {headline(self)}>"
