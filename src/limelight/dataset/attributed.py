"""What was found of a data set: attributions of its rows, outputs and what was to be predicted. Frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.dataset.labels import Labels, check_position, find_label
from limelight.errors import InputError
from limelight.scalars import is_whole
from limelight.types import Array, Kind, OutputSpace

if TYPE_CHECKING:
    from limelight.dataset.corpus import Corpus


@dataclass(frozen=True, eq=False, repr=False)
class Attributed:
    """Attributions of many rows of one data set, and what they are of.

    Attributes
    ----------
    kind : {"table", "text", "image"}
    model : str
        What it is called.
    n_rows : int
        Rows, texts or images that were given.
    rows : int ndarray of shape (n_explained,)
        Which of them are explained, ascending.
    all_values, all_std_error : ndarray of shape (n_explained, n_features, n_outputs)
        Attributions and their standard errors, in the outputs' units: 0 where exact, infinite where unknown. Of a
        word all its places in a text, 0 where it is in none.
    all_base_values, all_predictions : ndarray of shape (n_explained, n_outputs)
    data : DataFrame, ndarray or tuple of str
        The explained rows, as they were given.
    feature_names : tuple of str
        Columns, words or segments.
    kinds : tuple of {"number", "category", "text", "word", "segment"}
        One a feature.
    categories : tuple of (tuple of str, or None)
        Of each feature, as the reader knows them.
    codes : ndarray of shape (n_explained, n_features)
        The features' values as numbers: of categories their index, of words how often they are in a text; NaN where
        missing or none.
    output_names : tuple of str
    output_space : {"probability", "logit", "log-odds", "margin", "value"}
    target : int
        The output that is shown: an index into `output_names`.
    method : str
    params : mapping
        What the attributions were made with: `seed`, the options of the method, ...
    n_evals : int
        Coalitions that were evaluated, a row.
    exact : bool
    outcome : ndarray of shape (n_explained,), or None
        What was to be predicted: an output's index, or a number; NaN where unknown.
    target_name : str
        What `y` is called, or "".
    remarks : tuple of str
        Sentences that a reader must see; `notes` are these and the measures'.
    corpus : Corpus or None
        Of texts: where every word stands.
    subject : mapping or None
        Of images: the picture that their segments are drawn on, as views have it.
    labels : tuple of str of length n_explained, or None
        What the explained rows are called in the index that they came with; None where it only counts them.
    background : DataFrame, ndarray or None
        Of tables: the rows that absent features take their values from.
    """

    kind: Kind
    model: str
    n_rows: int
    rows: Array
    all_values: Array
    all_std_error: Array
    all_base_values: Array
    all_predictions: Array
    data: Any
    feature_names: tuple[str, ...]
    kinds: tuple[str, ...]
    categories: tuple[tuple[str, ...] | None, ...]
    codes: Array
    output_names: tuple[str, ...]
    output_space: OutputSpace
    target: int
    method: str
    params: Mapping[str, Any]
    n_evals: int
    exact: bool
    outcome: Array | None = None
    target_name: str = ""
    remarks: tuple[str, ...] = ()
    corpus: Corpus | None = None
    subject: Mapping[str, Any] | None = None
    labels: tuple[str, ...] | None = None
    background: Any = None

    # -- of the output that is shown ------------------------------------------------------------------------------

    @property
    def n_explained(self) -> int:
        return len(self.rows)

    @property
    def values(self) -> Array:
        """Attributions of the explained rows: (n_explained, n_features)."""
        return self.all_values[:, :, self.target]

    @property
    def std_error(self) -> Array:
        """Their standard errors: (n_explained, n_features)."""
        return self.all_std_error[:, :, self.target]

    @property
    def base_values(self) -> Array:
        """What each row's attributions add up from: (n_explained,)."""
        return self.all_base_values[:, self.target]

    @property
    def base_value(self) -> float:
        """Their mean: of tables they are all the same."""
        return float(self.base_values.mean())

    @property
    def prediction(self) -> Array:
        """What the model says of each explained row: (n_explained,)."""
        return self.all_predictions[:, self.target]

    @cached_property
    def surprise(self) -> Array | None:
        """How far each prediction is from what was to be predicted, (n_explained,).

        None without `y`, and where one output is explained in another space than that of `y`: in log-odds, say.
        """
        if self.outcome is None:
            return None
        if len(self.output_names) == 1:
            if self.output_space not in ("value", "probability"):
                return None
            return np.abs(self.outcome - self.prediction)
        known = np.isfinite(self.outcome)
        found = np.full(self.n_explained, np.nan)
        labels = self.outcome[known].astype(int)
        found[known] = (self.all_predictions[known].max(1) - self.all_predictions[known, labels])
        return found

    # -- which feature or row is meant ------------------------------------------------------------------------------

    def index_of(self, feature: str | int) -> int:
        """The index of a feature that is given by name or index.

        Raises
        ------
        InputError
            If there is none.
        """
        names = self.feature_names
        if isinstance(feature, str) and feature in names:
            return names.index(feature)
        if isinstance(feature, str) and self.corpus is not None and feature.casefold() in names:
            return names.index(feature.casefold())
        if is_whole(feature) and -len(names) <= feature < len(names):
            return int(feature) % len(names)
        shown = ", ".join(map(repr, names[:10])) + (", ..." if len(names) > 10 else "")
        raise InputError(f"{feature!r} is no feature: give one of {shown}, or an index from 0 to {len(names) - 1}")

    def place_of(self, row: int) -> int | None:
        """Where a row of the data is among the explained ones; None where it was not explained."""
        i = int(np.searchsorted(self.rows, row))
        return i if i < len(self.rows) and self.rows[i] == row else None

    def number_of(self, row: Any = None, label: Any = None) -> int:
        """The position of a row in the data, by its position or by its label in their index.

        Parameters
        ----------
        row : int or str
            A whole number is a position from 0, negative ones count from the end; a text is a label.
        label : optional
            Instead: what the index calls it, whatever its type.

        Raises
        ------
        InputError
            If there is no such row, or not one of the two is given.
        """
        if (row is None) == (label is None):
            raise InputError("which row is meant is said by its position, row=, or by its label in the index, label=: "
                             "give one of them")
        labels, numbers = self._called
        if label is None and not isinstance(row, str):
            return check_position(row, self.n_rows, labels)
        return int(numbers[find_label(row if label is None else label, labels, self.n_rows)])

    @property
    def _called(self) -> tuple[Labels | None, Sequence[int] | Array]:
        """Labels that are known, and the positions of their rows."""
        return self.labels, self.rows
