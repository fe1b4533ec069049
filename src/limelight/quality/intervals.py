"""How wide an interval is."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit


def critical(dof: float, level: float = 0.95) -> float:
    """Student's t: how many standard errors make half an interval."""
    return float(stdtrit(np.clip(dof, 1, 1e9), (1 + level) / 2))
