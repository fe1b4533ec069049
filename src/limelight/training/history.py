"""What is known of a training: its metrics, and what the pinned examples were explained by at each record."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from limelight.explanation import Explanation
from limelight.loaded import with_run
from limelight.quality.report import report
from limelight.training import alarms
from limelight.training.alone import alone
from limelight.training.drift import MEASURES, parts
from limelight.training.evidence import Evidence, gathered, lane, names_of
from limelight.training.findings import Findings, Flipped
from limelight.training.floor import Found
from limelight.training.moves import Moves
from limelight.types import Array, Estimate

if TYPE_CHECKING:
    import pandas

    from limelight.training.pinned import Estimated

AGAINST = ("first", "previous")


@dataclass(eq=False)
class History:
    """Records of a training, in the order of their steps.

    Attributes
    ----------
    pinned : tuple of Explanation
        The examples, as they were explained when tracking began.
    rows : dict of int to dict of str to float
        Metrics by step.
    found : dict of int to tuple of Estimated
        By step, one an example.
    validation : str or None
        The metric that tells of validation; None: by its name.
    lower_is_better : bool or None
        Whether less of it is better; None: by its name.
    multi_label : bool
        Whether each output is a yes or no of its own: what is predicted is then that of the target.
    """

    pinned: tuple[Explanation, ...]
    rows: dict[int, dict[str, float]] = field(default_factory=dict)
    found: dict[int, tuple[Estimated, ...]] = field(default_factory=dict)
    validation: str | None = None
    lower_is_better: bool | None = None
    multi_label: bool = False

    def __post_init__(self) -> None:
        self.busy = threading.RLock()
        self.moves, self._findings = Moves(self.found), self._looking()

    # -- growing --------------------------------------------------------------------------------------------------

    @alone
    def add_row(self, step: int, metrics: Mapping[str, float]) -> None:
        """Add metrics of a step. Half characters (lone surrogates) in their names are replaced: no table takes them."""
        whole = {name.encode(errors="replace").decode(): value for name, value in metrics.items()}
        self.rows[step] = {**self.rows.get(step, {}), **whole}

    @alone
    def add_found(self, step: int, found: Sequence[Estimated]) -> None:
        """Add what examples were explained by."""
        if step in self.found:
            self._forget(step)
        self.found[step] = tuple(found)

    @property
    def last(self) -> int | None:
        """The latest step of which anything is known."""
        return max((next(reversed(kept)) for kept in (self.rows, self.found) if kept), default=None)

    @alone
    def rewind(self, step: int) -> None:
        """Forget a step and all after it: training was taken up there, with other weights."""
        for kept in (self.rows, self.found):
            for later in [each for each in kept if each >= step]:
                del kept[later]
        self._forget(step)

    def _forget(self, step: int) -> None:
        """What was made of a step and of later ones is no longer so."""
        self.moves.forget(step)
        self._findings = self._looking()

    def _looking(self) -> Findings:
        return Findings(self.found, self.names, [each.output_space for each in self.pinned],
                        [self.decides(i) for i in range(len(self.pinned))])

    # -- tables ---------------------------------------------------------------------------------------------------

    @property
    def steps(self) -> Array:
        """The steps at which examples were explained, ascending."""
        return np.array(list(self.found), int)

    @alone
    def records(self) -> pandas.DataFrame:
        """Metrics, one row a step; NaN where a metric was not told."""
        import pandas

        frame = pandas.DataFrame({"step": list(self.rows)}, dtype="int64")
        names = dict.fromkeys(name for row in self.rows.values() for name in row)
        for name in ["loss", *[name for name in names if name != "loss"]]:
            frame[name] = np.array([row.get(name, np.nan) for row in self.rows.values()], float)
        return frame

    @alone
    def drift(self, measures: Sequence[str] = tuple(MEASURES)) -> pandas.DataFrame:
        """How far explanations moved, against the first and the previous record, with the noise floor."""
        import pandas

        rows = [{"step": step, "against": against, "measure": measure,
                 **self.moves.moved(other, step, measure)._asdict()}
                for against, other, step in self._pairs() for measure in measures]
        columns = ["step", "against", "measure", *Found._fields]
        return pandas.DataFrame(rows, columns=columns)[[*columns[:4], "floor", "noise", "detectable"]]

    @alone
    def moved(self, other: int, step: int) -> dict[str, Found]:
        """How far explanations moved from one record to a later one, by measure."""
        return {measure: self.moves.moved(other, step, measure) for measure in MEASURES}

    @alone
    def parted(self) -> pandas.DataFrame:
        """The change since the first and the previous record, in what came of size and what of other evidence.

        `output`: by how much the target's output changed; `size` and
        `evidence`: the L1 norms of the two parts of the change of the values
        (`drift.parts`). Means over the examples, in the output's units.
        """
        import pandas

        rows = []
        for against, other, step in self._pairs():
            k = [each.target for each in self.pinned]
            both = [(a, b, i) for a, b, i in zip(self.found[other], self.found[step], k, strict=True)
                    if a.known and b.known]
            each = [(abs(b.prediction[i] - a.prediction[i]), *parts(a.values, b.values)) for a, b, i in both]
            mean = np.mean(each, 0) if each else np.full(3, np.nan)
            rows.append({"step": step, "against": against, "output": mean[0], "size": mean[1], "evidence": mean[2]})
        return pandas.DataFrame(rows, columns=["step", "against", "output", "size", "evidence"])

    @alone
    def figures(self) -> pandas.DataFrame:
        """How explainable the model is, at each record: means over the examples.

        `fidelity` of methods that read perturbations; `comprehensiveness`, by
        how much the target's output falls when the features that speak most
        for it are hidden, 0 where none does; `sparseness` (Gini index) and `complexity` (entropy,
        nats) of the shares; `stability`, one minus the share of the evidence
        that moves between two estimates of the same weights.
        """
        import pandas

        rows = [{"step": step, **self.moves.figures(step)} for step in self.found]
        return pandas.DataFrame(rows, columns=["step", "fidelity", "comprehensiveness", "sparseness", "complexity",
                                               "stability"])

    @alone
    def flips(self) -> pandas.DataFrame:
        """Where prediction and evidence went different ways: when it began, of each example."""
        import pandas

        return pandas.DataFrame(self._findings.flips(), columns=list(Flipped._fields))

    @alone
    def alarms(self) -> pandas.DataFrame:
        """Candidates for shortcuts: `alarms.shortcuts` says by which test.

        Features are compared by their names. Pictures have none in common,
        unless all are cut alike: then their regions are compared.
        """
        import pandas

        names = list(dict.fromkeys(name for row in self.rows.values() for name in row))
        metric = self.validation or alarms.validation_of(names)
        one_target = len({each.target for each in self.pinned}) == 1 and len(self.pinned) > 1
        found = [] if metric is None else self._findings.alarms(metric, self._points(metric), one_target,
                                                                self.lower_is_better)
        return pandas.DataFrame(found, columns=list(alarms.Alarm._fields))

    def _points(self, metric: str) -> list[tuple[int, float]]:
        """What a metric was, where it was a number."""
        points = [(step, row.get(metric, np.nan)) for step, row in self.rows.items()]
        return [(step, value) for step, value in points if np.isfinite(value)]

    @alone
    def shares(self, step: int) -> dict[str, float]:
        """What each feature has of the evidence at one record: means over all examples that were explained."""
        found, n = gathered(self.names, [each.values[None] for each in self.found[step]]), self.explained([step])[0]
        return {name: float(np.nansum(each.shares) / n) for name, each in found.items()}

    def explained(self, steps: Sequence[int]) -> Array:
        """How many examples were explained at each of these records: (n_steps,)."""
        return np.array([sum(each.known for each in self.found[step]) for step in steps], int)

    @alone
    def lane(self, top: int) -> tuple[list[str], Array, Array]:
        """The features that ever had most of the evidence: their names, the steps, and their shares."""
        names, shares = lane(self.evidence, self.explained(list(self.found)), top)
        return names, self.steps, shares

    @property
    def evidence(self) -> dict[str, Evidence]:
        """Each feature's shares."""
        return gathered(self.names, self._values)

    @property
    def _values(self) -> list[Array]:
        """Of each example, (n_steps, n_features)."""
        return [np.stack([found[i].values for found in self.found.values()]) if self.found else
                np.zeros((0, len(each.feature_names))) for i, each in enumerate(self.pinned)]

    @cached_property
    def names(self) -> list[list[str]]:
        """What each example's features are called where examples are held together."""
        return [names_of(each.subject["kind"], i, each.feature_names, self.alike)
                for i, each in enumerate(self.pinned)]

    def decides(self, example: int) -> slice:
        """Which outputs say together what is predicted for an example: all, or of several labels the target's."""
        target = self.pinned[example].target
        return slice(target, target + 1) if self.multi_label else slice(None)

    @property
    def alike(self) -> bool:
        """Whether examples can have features in common: pictures only where all are cut alike."""
        return len({tuple(each.subject.get(name) for name in ("width", "height", "segments"))
                    for each in self.pinned}) == 1

    # -- explanations ---------------------------------------------------------------------------------------------

    @property
    def explanations(self) -> Mapping[int, list[Explanation | None]]:
        """By step, one an example, None where it could not be explained; made when they are asked for."""
        return Explanations(self)

    def explanation(self, step: int, example: int) -> Explanation | None:
        """What one example was explained by at a step, if it could be."""
        found = self.found[step][example]
        return _explanation(self.pinned[example], found) if found.known else None

    def _pairs(self) -> Iterator[tuple[str, int, int]]:
        """(against, the record that is compared with, step)."""
        steps = list(self.found)
        for i, step in enumerate(steps[1:], 1):
            yield "first", steps[0], step
            yield "previous", steps[i - 1], step


class Explanations(Mapping[int, list[Explanation | None]]):
    """Explanations by step, made when they are asked for."""

    def __init__(self, history: History):
        self._history = history

    def __getitem__(self, step: int) -> list[Explanation | None]:
        history = self._history
        if step not in history.found:
            raise KeyError(f"no example was explained at step {step}: there are {list(history.found)[:20]}")
        return [history.explanation(step, i) for i in range(len(history.pinned))]

    def __iter__(self) -> Iterator[int]:
        return iter(self._history.found)

    def __len__(self) -> int:
        return len(self._history.found)


def _explanation(pinned: Explanation, found: Estimated) -> Explanation:
    """The explanation of a step: what was asked stays, and what was found is this."""
    k = pinned.target
    values, errors = np.full(pinned.values.shape, np.nan), np.full(pinned.values.shape, np.inf)
    values[:, k], errors[:, k] = found.values, found.std_error
    fidelity = np.full(len(pinned.output_names), np.nan)
    fidelity[k] = found.fidelity
    params = {name: each for name, each in pinned.params.items() if name != "intercept"}
    estimate = Estimate(values, errors, params["degrees_of_freedom"], pinned.exact, fidelity, 0.0, params)
    quality = report(estimate, None, k, found.prediction - found.base_values)
    made = replace(pinned, values=values, std_error=errors, base_values=found.base_values,
                   prediction=found.prediction, quality=quality, neighborhood=None, pixels=None, interactions=None,
                   interactions_std_error=None, params=params, _run=None)
    for name in ("values", "std_error", "base_values", "prediction"):
        getattr(made, name).flags.writeable = False
    return with_run(made)
