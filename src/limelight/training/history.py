"""What is known of a training: its metrics, and what the pinned examples were explained by at each record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from limelight.explanation import Explanation
from limelight.loaded import with_run
from limelight.quality.complexity import complexity, sparseness
from limelight.quality.report import report
from limelight.training import alarms
from limelight.training.drift import MEASURES, distances, l1, parts, signed_shares
from limelight.training.evidence import Evidence, gathered, lane, names_of
from limelight.training.flips import flips
from limelight.training.floor import Found, held
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
    """

    pinned: tuple[Explanation, ...]
    rows: dict[int, dict[str, float]] = field(default_factory=dict)
    found: dict[int, tuple[Estimated, ...]] = field(default_factory=dict)
    validation: str | None = None
    _held: dict[tuple[int, int], dict[str, Array]] = field(default_factory=dict)

    # -- growing --------------------------------------------------------------------------------------------------

    def add_row(self, step: int, metrics: Mapping[str, float]) -> None:
        """Add metrics of a step."""
        self.rows[step] = {**self.rows.get(step, {}), **metrics}

    def add_found(self, step: int, found: Sequence[Estimated]) -> None:
        """Add what examples were explained by."""
        self.found[step] = tuple(found)

    @property
    def last(self) -> int | None:
        """The latest step of which anything is known."""
        return max([*list(self.rows)[-1:], *list(self.found)[-1:]], default=None)

    def rewind(self, step: int) -> None:
        """Forget a step before the last one, and all after it: training was taken up there, with other weights."""
        if self.last is not None and step < self.last:
            for kept in (self.rows, self.found):
                for later in [each for each in kept if each >= step]:
                    del kept[later]
            self._held = {pair: each for pair, each in self._held.items() if max(pair) < step}

    # -- tables ---------------------------------------------------------------------------------------------------

    @property
    def steps(self) -> Array:
        """The steps at which examples were explained, ascending."""
        return np.array(list(self.found), int)

    def records(self) -> pandas.DataFrame:
        """Metrics, one row a step; NaN where a metric was not told."""
        import pandas

        frame = pandas.DataFrame({"step": list(self.rows)}, dtype="int64")
        names = dict.fromkeys(name for row in self.rows.values() for name in row)
        for name in ["loss", *[name for name in names if name != "loss"]]:
            frame[name] = np.array([row.get(name, np.nan) for row in self.rows.values()], float)
        return frame

    def drift(self) -> pandas.DataFrame:
        """How far explanations moved, against the first and the previous record, with the noise floor."""
        import pandas

        rows = [{"step": step, "against": against, "measure": measure,
                 **self._found(other, step, measure)._asdict()}
                for against, other, step in self._pairs() for measure in MEASURES]
        columns = ["step", "against", "measure", *Found._fields]
        return pandas.DataFrame(rows, columns=columns)[[*columns[:4], "floor", "noise", "detectable"]]

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
            both = list(zip(self.found[other], self.found[step], k, strict=True))
            split = np.mean([parts(a.values, b.values) for a, b, _ in both], 0)
            output = np.mean([abs(b.prediction[i] - a.prediction[i]) for a, b, i in both])
            rows.append({"step": step, "against": against, "output": output, "size": split[0], "evidence": split[1]})
        return pandas.DataFrame(rows, columns=["step", "against", "output", "size", "evidence"])

    def figures(self) -> pandas.DataFrame:
        """How explainable the model is, at each record: means over the examples.

        `fidelity` of methods that read perturbations; `comprehensiveness`, by
        how much the target's output falls when the features that speak most
        for it are hidden; `sparseness` (Gini index) and `complexity` (entropy,
        nats) of the shares; `stability`, one minus the share of the evidence
        that moves between two estimates of the same weights.
        """
        import pandas

        rows = [{"step": step, **figures_of(found)} for step, found in self.found.items()]
        return pandas.DataFrame(rows, columns=["step", "fidelity", "comprehensiveness", "sparseness", "complexity",
                                               "stability"])

    def flips(self) -> pandas.DataFrame:
        """Where prediction and evidence went different ways: when it began, of each example."""
        import pandas

        steps, rows = list(self.found), []
        for i in range(len(self.pinned)):
            each = [found[i] for found in self.found.values()]
            columns = [np.array([getattr(one, name) for one in each]) for name in ("values", "other", "prediction")]
            rows += [{"example": i, "step": steps[at], "against": against, "kind": kind}
                     for at, against, kind in flips(*columns)] if each else []
        rows.sort(key=lambda row: (row["step"], row["against"], row["example"]))
        return pandas.DataFrame(rows, columns=["example", "step", "against", "kind"])

    def alarms(self) -> pandas.DataFrame:
        """Candidates for shortcuts: `alarms.shortcuts` says by which test."""
        import pandas

        names = list(dict.fromkeys(name for row in self.rows.values() for name in row))
        metric = self.validation or alarms.validation_of(names)
        points = [(step, row[metric]) for step, row in self.rows.items() if metric in row]
        one_target = len({each.target for each in self.pinned}) == 1 and len(self.pinned) > 1
        found = [] if metric is None else alarms.shortcuts(
            gathered(self.names, self._values, signed_shares), self.steps, metric, points, both=one_target)
        return pandas.DataFrame(found, columns=list(alarms.Alarm._fields))

    def lane(self, top: int) -> tuple[list[str], Array, Array]:
        """The features that ever had most of the evidence: their names, the steps, and their shares."""
        names, shares = lane(self.evidence, len(self.pinned), top)
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
        return [names_of(each.subject["kind"], i, each.feature_names, len(self.pinned) == 1)
                for i, each in enumerate(self.pinned)]

    # -- explanations ---------------------------------------------------------------------------------------------

    @property
    def explanations(self) -> Mapping[int, list[Explanation]]:
        """By step, one an example; made when they are asked for."""
        return Explanations(self)

    def explanation(self, step: int, example: int) -> Explanation:
        """What one example was explained by at a step."""
        return _explanation(self.pinned[example], self.found[step][example])

    # -- drift ----------------------------------------------------------------------------------------------------

    def _pairs(self) -> Iterator[tuple[str, int, int]]:
        """(against, the record that is compared with, step)."""
        steps = list(self.found)
        for i, step in enumerate(steps[1:], 1):
            yield "first", steps[0], step
            yield "previous", steps[i - 1], step

    def moved(self, other: int, step: int) -> dict[str, Found]:
        """How far explanations moved from one record to a later one, by measure."""
        return {measure: self._found(other, step, measure) for measure in MEASURES}

    def _found(self, other: int, step: int, measure: str) -> Found:
        return held(self._drift(other, step)[measure], self._noise(other, step)[measure])

    def _drift(self, other: int, step: int) -> dict[str, Array]:
        """By measure, of shape (n_examples,)."""
        if (other, step) not in self._held:
            each = [distances(a.values, b.values) for a, b in zip(self.found[other], self.found[step], strict=True)]
            self._held[other, step] = {name: np.array([found[name] for found in each]) for name in MEASURES}
        return self._held[other, step]

    def _noise(self, other: int, step: int) -> dict[str, Array]:
        """By measure, of shape (n_examples, 2): of both checkpoints."""
        both = [self._of_one(each) for each in (other, step)]
        return {name: np.stack([each[name] for each in both], 1) for name in MEASURES}

    def _of_one(self, step: int) -> dict[str, Array]:
        if (step, step) not in self._held:
            each = [distances(found.values, found.other) for found in self.found[step]]
            self._held[step, step] = {name: np.array([found[name] for found in each]) for name in MEASURES}
        return self._held[step, step]


class Explanations(Mapping[int, list[Explanation]]):
    """Explanations by step, made when they are asked for."""

    def __init__(self, history: History):
        self._history = history

    def __getitem__(self, step: int) -> list[Explanation]:
        history = self._history
        if step not in history.found:
            raise KeyError(f"no example was explained at step {step}: there are {list(history.found)[:20]}")
        return [history.explanation(step, i) for i in range(len(history.pinned))]

    def __iter__(self) -> Iterator[int]:
        return iter(self._history.found)

    def __len__(self) -> int:
        return len(self._history.found)


def figures_of(found: Sequence[Estimated]) -> dict[str, float]:
    """How explainable the model is at one record, by name: `History.figures` says what each is."""
    return {"fidelity": _mean([each.fidelity for each in found]),
            "comprehensiveness": _mean([each.lost for each in found]),
            "sparseness": _mean([sparseness(each.values) for each in found]),
            "complexity": _mean([complexity(each.values) for each in found]),
            "stability": 1 - _mean([l1(each.values, each.other) for each in found])}


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")


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
