"""What an overview asks for more: the model behind it, by the rows that it was made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from limelight.dataset.collected import Watch
from limelight.dataset.dependence import Dependence
from limelight.dataset.labels import Labels
from limelight.dataset.steps import Steps

if TYPE_CHECKING:
    from limelight.explanation import Explanation


class Behind(Protocol):
    """The model behind an overview, which can be asked for more. A loaded overview has none."""

    @property
    def offers(self) -> Mapping[str, str]:
        """Measures that can be asked for: a label by name, in the order in which they are shown."""

    @property
    def labels(self) -> Labels | None:
        """What all rows are called in their index; None where that only counts them."""

    def of_all(self, name: str, options: Mapping[str, Any]) -> bool:
        """Tell a measure that is the same whichever output is shown."""

    def measure(self, name: str, target: int, order: Sequence[int], options: Mapping[str, Any],
                watch: Watch) -> Steps[tuple[Any, ...]]:
        """Compute a measure of one output, and what comes with it: other measures, or a table of pairs.

        Parameters
        ----------
        order : sequence of int
            Features, the one with the largest attributions first.
        options : mapping
            What should be done otherwise: `repeats`, `loss`, ...
        watch : Watch
            The time that there is.

        Returns
        -------
        generator
            Yields the share that is done, and returns what was found.
        """

    def dependence(self, feature: int, target: int) -> Steps[Dependence]:
        """Ask how one output depends on a feature, likewise."""

    def explain(self, row: int, target: int, options: Mapping[str, Any]) -> Explanation:
        """Explain one row, by its number in the data."""
