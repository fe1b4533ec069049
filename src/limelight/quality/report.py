"""The numbers beside every explanation: how well it fits, how settled it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from limelight.neighborhood import Neighborhood
from limelight.quality.stability import settled
from limelight.types import Array, Estimate

EARLY = "there are fewer than ten pairs of coalitions"
FLAT = "the output does not change, whatever is hidden"
FEW = "too few coalitions of different outputs are left to test it on"
ALONE = "this method reads no perturbations"
NO_ERROR = "this method has no standard error yet"
NOT_SUMS = "this method's values don't add up to the prediction"
NOTHING = 1e-12


class Quality(Mapping[str, float | None]):
    """Numbers by name; None where there is none, and `reason` says why."""

    def __init__(self, values: Mapping[str, float | None], reasons: Mapping[str, str]):
        self._values, self._reasons = dict(values), dict(reasons)

    def __getitem__(self, name: str) -> float | None:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"{self._values}"

    def reason(self, name: str) -> str:
        """Why there is no number, or "" where there is one."""
        return self._reasons.get(name, "")


def report(estimate: Estimate, neighborhood: Neighborhood | None, target: int, gain: Array) -> Quality:
    """Judge an estimate of one output; `gain` is the prediction less the base values, (n_outputs,)."""
    fidelity = float(estimate.fidelity[target])
    stable = settled(estimate.values[:, target], estimate.std_error[:, target])
    unknown = ALONE if neighborhood is None else _unknown(neighborhood.outputs[:, target], stable)
    adds_up = estimate.params.get("adds_up", True)
    reasons = {"fidelity": unknown if np.isnan(fidelity) else "",
               "effective_samples": ALONE if neighborhood is None else "",
               "rank_stability": "" if stable is not None else EARLY if neighborhood is not None else NO_ERROR,
               "completeness_gap": "" if adds_up else NOT_SUMS}
    return Quality({"fidelity": None if np.isnan(fidelity) else fidelity,
                    "effective_samples": None if neighborhood is None else float(estimate.effective_samples),
                    "rank_stability": stable,
                    "completeness_gap": float(estimate.values[:, target].sum() - gain[target]) if adds_up else None},
                   reasons)


def _unknown(outputs: Array, stable: float | None) -> str:
    return FLAT if np.ptp(outputs) <= NOTHING else EARLY if stable is None else FEW
