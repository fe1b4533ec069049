"""When a run may end before its limit."""

from __future__ import annotations

from dataclasses import dataclass

from limelight.quality.intervals import critical
from limelight.quality.stability import settled
from limelight.types import Array, Estimate

SURE = 0.95


@dataclass(frozen=True)
class Stopping:
    """When a run may stop before its limit: never before ten pairs.

    Attributes
    ----------
    tolerance : float or None
        Stop once the widest half of a 95 % interval of the target is below it.
    settled : bool
        Stop once the order of the top five features is settled.
    """

    tolerance: float | None = None
    settled: bool = False

    def reached(self, estimate: Estimate, target: int) -> bool:
        """True when this estimate is good enough."""
        error = estimate.std_error[:, target]
        if self.tolerance is not None and self.near(error, estimate.dof):
            return True
        return self.settled and (settled(estimate.values[:, target], error) or 0) >= SURE

    def near(self, error: Array, dof: float) -> bool:
        """True when the widest half of an interval is within the tolerance, or there is none."""
        return self.tolerance is None or bool(error.max() * critical(dof) <= self.tolerance)
