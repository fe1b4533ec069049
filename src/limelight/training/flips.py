"""Where prediction and evidence went different ways, over all records at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from limelight.training.drift import shares
from limelight.types import Array, OutputSpace

OTHER, SAME = 0.5, 0.1
"""Evidence is other once half of it has moved, and the same while no more than a tenth has."""
Flip = Literal["same prediction, other evidence", "other prediction, same evidence"]
KINDS: tuple[Flip, Flip] = ("same prediction, other evidence", "other prediction, same evidence")


def flips(values: Array, again: Array, predictions: Array,
          space: OutputSpace = "probability") -> Iterator[tuple[int, str, Flip]]:
    """Yield where flips of one example began: the record's place, what it is held against, and which kind it is.

    A number that is predicted, of a regression, is never quite the same: there are none.

    Parameters
    ----------
    values, again : ndarray of shape (n_records, n_features)
        Two estimates at each record. Evidence is other only where more of it
        has moved than lies between the two, at both records, and where both have any.
    predictions : ndarray of shape (n_records, n_outputs)
    space : {"probability", "logit", "log-odds", "margin", "value"}
        Theirs.
    """
    if space == "value" and predictions.shape[-1] == 1:
        return
    noise, says = moved(values, again), predicted(predictions, space)
    now, some = np.arange(1, len(values)), np.abs(values).sum(-1) > 0
    for against, other in (("first", np.zeros_like(now)), ("previous", now - 1)):
        far, same = moved(values[other], values[now]), says[other] == says[now]
        detectable = (far > np.maximum(noise[other], noise[now])) & some[other] & some[now]
        kind = np.where(same & (far >= OTHER) & detectable, 1, np.where(~same & (far <= SAME), 2, 0))
        began = (kind > 0) & (kind != np.concatenate([[0], kind])[:-1])
        yield from ((int(now[i]), against, KINDS[kind[i] - 1]) for i in np.flatnonzero(began))


def moved(a: Array, b: Array) -> Array:
    """`drift.l1` of each two rows: (n,)."""
    far = np.abs(shares(a) - shares(b)).sum(-1) / 2
    return np.where(a.any(-1) != b.any(-1), 1.0, far)


def predicted(predictions: Array, space: OutputSpace) -> Array:
    """The output that each row predicts; of a single one whether it is above one half, or above no log-odds: (n,)."""
    middle = 0.5 if space == "probability" else 0.0
    return predictions[:, 0] > middle if predictions.shape[-1] == 1 else predictions.argmax(-1)
