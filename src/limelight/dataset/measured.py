"""What the rows of a data set say together: how much each feature matters, and how outputs depend on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.dataset.attributed import Attributed
from limelight.dataset.collected import Watch, seconds_of
from limelight.dataset.dependence import Dependence
from limelight.dataset.labels import Labels
from limelight.dataset.measure import LABELS
from limelight.dataset.spread import mean_size, without_rounding
from limelight.dataset.steps import Begun, Steps, with_progress
from limelight.errors import InputError
from limelight.question import as_index
from limelight.types import Array

if TYPE_CHECKING:
    import pandas

    from limelight.dataset.measure import Measure
    from limelight.dataset.source import Behind

FIRST = "attributions"
"""The measure that the attributions themselves make: mean |attribution|."""


@dataclass(frozen=True, eq=False, repr=False)
class Measured(Attributed):
    """Attributions, and what is known of how much each feature matters. Asks the model behind it for more.

    Attributes
    ----------
    Those of `Attributed`, and `measures`, `importance`, `interactions`, `dependences` and `notes`.
    """

    _known: dict[tuple[str, Any, int], Any] = field(default_factory=dict)
    _behind: Behind | None = None

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

    def measure(self, name: str, *, seconds: float | str | None = "auto", progress: bool = True,
                **options: Any) -> Measure:
        """How much each feature matters, by one measure; computed once.

        Parameters
        ----------
        name : str
            One of `offers`.
        seconds : float, "auto" or None
            Use no more rows than there is time for (SAGE no more evaluations); a note says how many. Ten are used
            whatever they take. "auto": what is known, else 60 where nothing else is asked for. None: no limit. A
            time, or None, computes it anew.
        progress : bool
            Show a progress line when it takes long.
        **options
            What should be done otherwise than by default: computes it anew, and keeps that. `repeats`, `n_rows` and
            `loss` of permutation importance, `n_evals`, `n_rows`, `ratio` and `loss` of SAGE, `n_rows` of derivatives
            and of interaction.

        Raises
        ------
        InputError
            If there is no such measure, it takes the model and there is none, or an option can't be used.
        """
        key = ("measure", name, self.target)
        watch = Watch(seconds_of(seconds, limited=not options))
        if name == FIRST and not options:
            if key not in self._known:
                self._known[key] = self._first()
        elif key not in self._known or options or (seconds != "auto" and self._behind is not None):
            with_progress(self.measuring(name, watch, **options), str(self.offers.get(name, name)), show=progress)
        return self._known[key]

    def measuring(self, name: str, watch: Watch | None = None, **options: Any) -> Steps[None]:
        """Compute a measure a little at a time: a generator of the share that is done. What it finds is kept.

        Parameters
        ----------
        watch : Watch, optional
            The time that there is; by default there is no limit.
        """
        if name == FIRST or name not in self.offers or self._behind is None:
            raise self._unknown(name, options)
        order = np.argsort(-self.measure(FIRST).values, kind="stable").tolist()
        return self._kept(self._behind, self._behind.measure(name, self.target, order, options, watch or Watch(None)),
                          options)

    def begin(self, wanted: str | int) -> Begun:
        """Begin a measure by name, or a column's curves: they go on for a moment whenever they are asked to."""
        return Begun(self.measuring(wanted) if isinstance(wanted, str) else self.depending(wanted))

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

    def dependence(self, feature: str | int, *, progress: bool = True) -> Any:
        """How the output depends on a feature.

        Parameters
        ----------
        feature : str or int
            By name or index.
        progress : bool
            Show a progress line when it takes long.

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
            with_progress(self.depending(j), self.feature_names[j], show=progress)
        return self._known[key]

    def depending(self, feature: int) -> Steps[None]:
        """Ask how the output depends on a column a little at a time, as `measuring` does."""
        if self._behind is None:
            raise InputError(f"how the model depends on {self.feature_names[feature]!r} was not computed before this "
                             "overview was saved: call ll.overview again with the model")
        found = yield from self._behind.dependence(feature, self.target)
        self._known["dependence", feature, self.target] = found

    @property
    def _seed(self) -> int:
        return int(self.params.get("seed", 0))

    @property
    def _called(self) -> tuple[Labels | None, Sequence[int] | Array]:
        if self._behind is None or self._behind.labels is None:
            return super()._called
        return self._behind.labels, range(self.n_rows)

    def _first(self) -> Measure:
        ends = np.stack([self.base_values, self.prediction], axis=1)
        return mean_size(without_rounding(self.values, ends), self.std_error, self.kind, self._seed)

    def _unknown(self, name: str, options: Mapping[str, Any]) -> InputError:
        """Why a measure can't be computed."""
        if name == FIRST:
            return InputError(f"{next(iter(options))}= can't be used with measure='attributions', which is read off "
                              "what the rows have: leave it out")
        if name in self.offers:
            return InputError(f"measure={name!r} can't be computed anew: an overview from a file has no model to ask")
        there = ", ".join(map(repr, self.offers))
        return InputError(f"measure={name!r} is not known here: there is {there}"
                          + ("; an overview from a file has no model to ask for more" if self._behind is None else ""))

    def _kept(self, behind: Behind, steps: Steps[tuple[Any, ...]], options: Mapping[str, Any]) -> Steps[None]:
        for found in (yield from steps):
            if hasattr(found, "columns"):
                self._known["pairs", "interaction", self.target] = found
                continue
            everywhere = behind.of_all(found.name, options)
            for target in range(len(self.output_names)) if everywhere else (self.target,):
                self._known["measure", found.name, target] = found
