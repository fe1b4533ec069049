"""What matters over a data set, measured in one way: a number a feature."""

from __future__ import annotations

from dataclasses import dataclass

from limelight.types import Array

LABELS = {
    "attributions": "Mean |attribution|",
    "permutation": "Permutation importance",
    "grouped_permutation": "Grouped permutation",
    "conditional_permutation": "Conditional permutation",
    "sage": "SAGE",
    "derivative": "Mean derivative",
    "absolute_derivative": "Mean |derivative|",
    "scaled_derivative": "Mean |derivative| x spread",
    "coefficients": "Coefficients",
    "scaled_coefficients": "Coefficients x spread",
    "splits": "Split importance",
    "interaction": "Interaction",
    "occurring": "Mean |attribution| where it occurs",
    "direction": "Mean attribution where it occurs",
}
"""What a view calls each measure, by its name."""


@dataclass(frozen=True, eq=False)
class Measure:
    """The importance of each feature over the rows of a data set.

    Attributes
    ----------
    name : str
        A key of `LABELS`.
    said : str
        One sentence: what it is, and in which unit.
    values : ndarray of shape (n_features,)
        NaN where it is not known, as of a column of free text.
    low, high : ndarray of shape (n_features,)
        95 % intervals; NaN where they are not known.
    signed : bool
        Whether a value's sign says which way outputs go; otherwise values say only how much,
        and below zero there is noise.
    notes : tuple of str
        Sentences that a reader must see.
    groups : tuple of tuple of int
        Features that share one value, as they were treated as one.
    n_evals : int
        Rows that the model was asked about for it.
    """

    name: str
    said: str
    values: Array
    low: Array
    high: Array
    signed: bool = False
    notes: tuple[str, ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()
    n_evals: int = 0

    @property
    def label(self) -> str:
        """What a view calls it."""
        return LABELS.get(self.name, self.name)
