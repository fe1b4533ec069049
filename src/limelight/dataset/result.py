"""What comes back of a data set: attributions of its rows, and what they say together. Frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from limelight.dataset.cohort import Cohort, Where, chosen, compared
from limelight.dataset.dependence import Dependence
from limelight.dataset.measure import LABELS
from limelight.dataset.spread import mean_size, without_rounding
from limelight.displayed import Displayed
from limelight.errors import InputError
from limelight.question import as_index, find_target
from limelight.types import Array, Kind, OutputSpace

if TYPE_CHECKING:
    import pandas

    from limelight.dataset.corpus import Corpus
    from limelight.dataset.measure import Measure
    from limelight.explanation import Explanation

FIRST = "attributions"
"""The measure that the attributions themselves make: mean |attribution|."""


class Behind(Protocol):
    """The model behind an overview, which can be asked for more. A loaded overview has none."""

    @property
    def offers(self) -> Mapping[str, str]:
        """Measures that can be asked for: a label by name, in the order in which they are shown."""

    def measure(self, name: str, target: int, order: Sequence[int]) -> tuple[Any, ...]:
        """Compute a measure of one output, and what comes with it: other measures, or a table of pairs.

        Parameters
        ----------
        order : sequence of int
            Features, the one with the largest attributions first.
        """

    def dependence(self, feature: int, target: int) -> Dependence:
        """Ask how one output depends on a feature."""

    def explain(self, row: int, target: int, options: Mapping[str, Any]) -> Explanation:
        """Explain one row, by its number in the data."""


@dataclass(frozen=True, eq=False, repr=False)
class Overview(Displayed):
    """What a model makes of a data set. Frozen: another output is a new overview.

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
    _known: dict[tuple[str, Any, int], Any] = field(default_factory=dict)
    _behind: Behind | None = None

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

    # -- what they say together -----------------------------------------------------------------------------------

    @property
    def measures(self) -> dict[str, Measure]:
        """What is known of how much each feature matters, in the order in which it is shown; first the attributions'.

        `measure(name)` computes those of `offers` that are not here yet.
        """
        first = self.measure(FIRST)
        known = {name: found for (what, name, target), found in self._known.items()
                 if what == "measure" and target == self.target}
        return {FIRST: first} | {name: known[name] for name in [*self.offers, *known] if name in known}

    @property
    def offers(self) -> dict[str, str]:
        """Measures that are known or can be computed: a label by name."""
        known = {str(name): found.label for (what, name, target), found in self._known.items()
                 if what == "measure" and target == self.target}
        return {FIRST: LABELS[FIRST]} | ({} if self._behind is None else dict(self._behind.offers)) | known

    def measure(self, name: str) -> Measure:
        """How much each feature matters, by one measure; computed once.

        Parameters
        ----------
        name : str
            One of `offers`.

        Raises
        ------
        InputError
            If there is no such measure, or it takes the model and there is none.
        """
        key = ("measure", name, self.target)
        if key not in self._known and name == FIRST:
            ends = np.stack([self.base_values, self.prediction], axis=1)
            self._known[key] = mean_size(without_rounding(self.values, ends), self.std_error, self.kind, self._seed)
        elif key not in self._known:
            self._ask_for(name)
        return self._known[key]

    @property
    def importance(self) -> pandas.DataFrame:
        """By the first measure: feature, value, low, high; the largest first."""
        return self.ranked(FIRST)

    def ranked(self, name: str) -> pandas.DataFrame:
        """By one measure: feature, value, low, high; the largest first. Of words also how many texts have them."""
        import pandas

        found = self.measure(name)
        frame = pandas.DataFrame({"feature": as_index(self.feature_names), "value": found.values, "low": found.low,
                                  "high": found.high})
        if self.corpus is not None:
            frame["count"] = self.corpus.counts
        return frame.sort_values("value", key=np.abs, ascending=False, kind="stable", ignore_index=True)

    @property
    def attributions(self) -> pandas.DataFrame:
        """Rows x features, of the output that is shown. Of texts one row a place of a word."""
        import pandas

        if self.corpus is not None:
            return self.corpus.to_frame(self.target, self.rows)
        return pandas.DataFrame(self.values, index=pandas.Index(self.rows, name="row"),
                                columns=as_index(self.feature_names))

    @property
    def interactions(self) -> pandas.DataFrame | None:
        """What each two features do together: first, second, value, ...; None before `measure("interaction")`."""
        return self._known.get(("pairs", "interaction", self.target))

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences that a reader must see."""
        said = [note for found in self.measures.values() for note in found.notes]
        return tuple(dict.fromkeys([*self.remarks, *said]))

    @property
    def dependences(self) -> dict[int, Dependence]:
        """What is known of how the output depends on columns, by their indices; `dependence` asks for more."""
        return {int(j): found for (what, j, target), found in self._known.items()
                if what == "dependence" and target == self.target}

    def dependence(self, feature: str | int) -> Any:
        """How the output depends on a feature.

        Parameters
        ----------
        feature : str or int
            By name or index.

        Returns
        -------
        Dependence
            Of a table's column. Of a word a DataFrame of its places in the texts, with their attributions.

        Raises
        ------
        InputError
            If there is no such feature, or it takes the model and there is none.
        """
        j = self.index_of(feature)
        if self.corpus is not None:
            return self.corpus.places(j, self.target, self.data, self.rows)
        if self.kind != "table":
            raise InputError(f"{self.feature_names[j]!r} is a segment, which has no value to depend on: "
                             ".attributions has its attribution in every image")
        key = ("dependence", j, self.target)
        if key not in self._known:
            if self._behind is None:
                raise InputError(f"how the model depends on {self.feature_names[j]!r} was not computed before this "
                                 "overview was saved: call ll.overview again with the model")
            self._known[key] = self._behind.dependence(j, self.target)
        return self._known[key]

    # -- single rows, and some of them ----------------------------------------------------------------------------

    def explain(self, row: int, *, model: Any = None, **options: Any) -> Explanation:
        """Explain one row by the same model, method, background and seed: an explanation with its live view.

        Parameters
        ----------
        row : int
            Its number in the data that was given, from 0; negative ones count from the end.
        model : optional
            The model, of an overview that came from a file.
        **options
            As of `ll.explain`, where it should be done otherwise: `n_samples=`, `method=`, `target=`, ...

        Raises
        ------
        InputError
            If there is no such row, or no model.
        """
        if isinstance(row, bool) or not isinstance(row, (int, np.integer)) or not -self.n_rows <= row < self.n_rows:
            raise InputError(f"row={row!r} is no row of these data: give a number from 0 to {self.n_rows - 1:,}")
        behind = self._behind
        if model is not None:
            from limelight.dataset.behind import row_again

            return row_again(self, int(row) % self.n_rows, model, options)
        if behind is None:
            raise InputError("this overview came from a file, and its model is not in it: give it, as in "
                             f"overview.explain({row}, model=...)")
        return behind.explain(int(row) % self.n_rows, self.target, options)

    def cohort(self, rows: Any = None, *, feature: str | int | None = None, low: float = -np.inf,
               high: float = np.inf, categories: Sequence[str] | None = None,
               axis: Literal["value", "attribution"] = "value") -> Cohort:
        """Compare some of the explained rows with the rest of them.

        Parameters
        ----------
        rows : sequence of bool or of int, optional
            True for each of the explained rows that are meant; or their numbers in the data.
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
        mask = chosen(self, Where(rows, j, low, high, None if categories is None else tuple(categories), axis))
        return compared(self, mask)

    def turn(self, target: int | str) -> Overview:
        """The same of another output. Attributions of all outputs are here: asks no model."""
        kept = {name: value for name, value in vars(self).items() if name in self.__dataclass_fields__}
        return Overview(**{**kept, "target": find_target(target, self.output_names)})

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
        if isinstance(feature, (int, np.integer)) and not isinstance(feature, bool) and (
                -len(names) <= feature < len(names)):
            return int(feature) % len(names)
        shown = ", ".join(map(repr, names[:10])) + (", ..." if len(names) > 10 else "")
        raise InputError(f"{feature!r} is no feature: give one of {shown}, or an index from 0 to {len(names) - 1}")

    def place_of(self, row: int) -> int | None:
        """Where a row of the data is among the explained ones; None where it was not explained."""
        i = int(np.searchsorted(self.rows, row))
        return i if i < len(self.rows) and self.rows[i] == row else None

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

    # -- inside ---------------------------------------------------------------------------------------------------

    @property
    def _seed(self) -> int:
        return int(self.params.get("seed", 0))

    def _ask_for(self, name: str) -> None:
        if name not in self.offers or self._behind is None:
            there = ", ".join(map(repr, self.offers))
            raise InputError(f"measure={name!r} is not known here: there is {there}"
                             + ("; an overview from a file has no model to ask for more" if self._behind is None
                                else ""))
        order = np.argsort(-self.measure(FIRST).values, kind="stable").tolist()
        for found in self._behind.measure(name, self.target, order):
            self._keep(found)

    def _keep(self, found: Any) -> None:
        key = ("pairs", "interaction") if hasattr(found, "columns") else ("measure", found.name)
        self._known[(*key, self.target)] = found
