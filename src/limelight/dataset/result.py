"""What comes back of a data set: its rows one by one and some against the rest, and how it is shown. Frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from limelight.dataset.cohort import Cohort, Where, chosen, compared
from limelight.dataset.measured import Measured
from limelight.displayed import Displayed
from limelight.errors import InputError
from limelight.question import find_target

if TYPE_CHECKING:

    from limelight.explanation import Explanation


@dataclass(frozen=True, eq=False, repr=False)
class Overview(Measured, Displayed):
    """What a model makes of a data set. Frozen: another output is a new overview.

    Attributes
    ----------
    Those of `Attributed`, and `measures`, `importance`, `attributions`, `interactions`, `dependences` and `notes`.
    """

    # -- single rows, and some of them ----------------------------------------------------------------------------

    def explain(self, row: Any = None, *, label: Any = None, model: Any = None, **options: Any) -> Explanation:
        """Explain one row by the same model, method, background and seed: an explanation with its live view.

        Parameters
        ----------
        row : int or str
            Its position in the data that was given, from 0; negative ones count from the end. A text is a label.
        label : optional
            Instead: what the index of the data calls it.
        model : optional
            The model, of an overview that came from a file. Of a table it may come as it is.
        **options
            As of `ll.explain`, where it should be done otherwise: `n_samples=`, `method=`, `target=`, ...

        Raises
        ------
        InputError
            If there is no such row, or no model.
        """
        number, behind = self.number_of(row, label), self._behind
        if model is not None:
            from limelight.dataset.again import row_again

            return row_again(self, number, model, options)
        if behind is None:
            raise InputError("this overview came from a file, and its model is not in it: give it, as in "
                             f"overview.explain({number}, model=...)")
        return behind.explain(number, self.target, options)

    def cohort(self, rows: Any = None, *, labels: Sequence[Any] | None = None,
               feature: str | int | None = None, low: float = -np.inf, high: float = np.inf,
               categories: Sequence[str] | None = None, axis: Literal["value", "attribution"] = "value") -> Cohort:
        """Compare some of the explained rows with the rest of them.

        Parameters
        ----------
        rows : sequence of bool or of int, optional
            True for each of the explained rows that are meant; or their positions in the data.
        labels : sequence, optional
            Instead: what the index of the data calls them.
        feature : str or int, optional
            Instead: rows by what this feature is, from `low` to `high`, or one of its `categories`.
        axis : {"value", "attribution"}
            Whether `low` and `high` are of the feature's value or of its attribution.

        Returns
        -------
        Cohort
            Mean attributions of both, and their difference with its intervals.

        Raises
        ------
        InputError
            If no row is meant, or all are.
        """
        j = None if feature is None else self.index_of(feature)
        if labels is not None and rows is None:
            rows = [self.number_of(label=label) for label in labels]
        elif labels is not None:
            raise InputError("rows are positions and labels= are what the index calls them: give one of them")
        mask = chosen(self, Where(rows, j, low, high, None if categories is None else tuple(categories), axis))
        return compared(self, mask)

    def turn(self, target: int | str) -> Overview:
        """The same of another output. Attributions of all outputs are here: asks no model."""
        kept = {name: value for name, value in vars(self).items() if name in self.__dataclass_fields__}
        return Overview(**{**kept, "target": find_target(target, self.output_names)})

    def picture_of(self, i: int | None = None) -> dict[str, Any] | None:
        """One of the explained images, small, as views have it; the mean of all, also from a file. None of others."""
        from limelight.dataset.pictures import small

        if self.subject is None:
            return None
        kept = getattr(self._behind, "pictures", None)
        return small(self.subject if kept is None or i is None else {**self.subject, "picture": kept[i]})

    # -- how it is shown ------------------------------------------------------------------------------------------

    def plot(self, top: int = 10, *, features: Sequence[str | int] | None = None) -> Any:
        """Draw importance with intervals, the attributions of all rows, and how the output depends on the top features.

        Parameters
        ----------
        top : int
            So many features have a line.
        features : sequence of str or int, optional
            Whose dependence is drawn; default those of the top three that are known or can be asked for.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from limelight.export.overview_figure import plot

        return plot(self, top, features)

    @cached_property
    def view(self) -> Any:
        """The interactive view."""
        from limelight.widgets.overview import OverviewView

        return OverviewView(self)

    def __repr__(self) -> str:
        from limelight.export.overview_table import as_text

        return as_text(self)

    @property
    def _line(self) -> str:
        return f"<Overview: {self.model}>"

    def _svg(self, name: str, still: str) -> str:
        from limelight.export.overview_picture import picture

        return picture(self, name, still)

    def __getstate__(self) -> dict[str, Any]:
        """What is copied and pickled: all but the model."""
        kept = {name: value for name, value in vars(self).items() if name in self.__dataclass_fields__}
        return {**kept, "params": dict(self.params), "_behind": None}
