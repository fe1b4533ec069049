"""What data say of a Gaussian process's hyper-parameters, scales of the outputs profiled out."""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_solve, lapack

from limelight.types import Array


def evidence(matrix: Array, data: Array) -> tuple[float, Array] | None:
    """Negative log marginal likelihood, the mean over outputs, and its derivative by the covariance.

    Rasmussen & Williams 2006, section 5.4, with each output's scale at its best.

    Parameters
    ----------
    matrix : ndarray of shape (p, p)
        Covariance of the pairs but for the scale.
    data : ndarray of shape (p, n_outputs)

    Returns
    -------
    (float, ndarray of shape (p, p)) or None
        None where the matrix is not positive definite in float64.
    """
    n_pairs, n_outputs = data.shape
    factor, failed = lapack.dpotrf(matrix, lower=1)
    if failed:
        return None
    solved = cho_solve((factor, True), data)
    power = (data * solved).sum(0)
    loss = np.log(factor.diagonal()).sum() + n_pairs / 2 * np.log(power).mean()
    # Half of: inverse - mean of (solved solved' / scale).
    lower = lapack.dpotri(factor, lower=1)[0]  # above the diagonal there are zeros
    slope = lower + lower.T
    slope[np.diag_indices_from(slope)] /= 2
    return float(loss), (slope - (solved * (n_pairs / n_outputs / power)) @ solved.T) / 2
