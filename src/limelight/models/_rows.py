"""Rows of token ids of different lengths: padded once, asked in runs of like lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from limelight.types import Array


@dataclass(frozen=True)
class TokenRows:
    """Token ids of several texts, end to end.

    Attributes
    ----------
    ids, types : ndarray of shape (sum of lengths,)
        Token ids, and which segment each is of.
    lengths : ndarray of shape (n,)
    """

    ids: Array
    types: Array
    lengths: Array

    def __len__(self) -> int:
        return len(self.lengths)

    @classmethod
    def kept(cls, ids: Array, types: Array, keep: Array) -> TokenRows:
        """Drop ids of one text: row i keeps those where bool `keep`, shape (n, n_ids), is True."""
        return cls(np.broadcast_to(ids, keep.shape)[keep], np.broadcast_to(types, keep.shape)[keep],
                   keep.sum(1))

    @classmethod
    def masked(cls, ids: Array, types: Array, keep: Array, mask_id: int) -> TokenRows:
        """Replace ids of one text by `mask_id`, where `keep` is False."""
        return cls(np.where(keep, ids, mask_id).ravel(), np.tile(types, len(keep)),
                   np.full(len(keep), len(ids)))

    @classmethod
    def joined(cls, several: Sequence[TokenRows]) -> TokenRows:
        """Put rows one after the other."""
        return cls(*(np.concatenate([getattr(each, name) for each in several]) for name in ("ids", "types", "lengths")))

    @classmethod
    def of(cls, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]]) -> TokenRows:
        """Take rows as a tokenizer gives them."""
        return cls(np.array([token for row in ids for token in row], np.int64),
                   np.array([kind for row in types for kind in row], np.int64),
                   np.array([len(row) for row in ids], np.int64))

    def padded(self, pad_id: int, side: str) -> Array:
        """Fill rows up to the longest one: int64 (3, n, longest): ids, attention, types.

        Padding goes to the `side` "left" or "right". A row without any
        token, which no model takes, becomes one padding token that is attended to.
        """
        seen = np.maximum(self.lengths, 1)[:, None]
        column = np.arange(seen.max())
        filled = column < self.lengths[:, None]
        planes = np.zeros((3, *filled.shape), np.int64)
        planes[0] = pad_id
        planes[0][filled], planes[1], planes[2][filled] = self.ids, column < seen, self.types
        if side == "left":
            return np.take_along_axis(planes, ((column - (len(column) - seen)) % len(column))[None], axis=2)
        return planes


def runs(lengths: Array, overhead: float) -> list[tuple[int, int]]:
    """Split rows sorted by length, longest first, into the cheapest runs.

    A run of rows costs `overhead` and its longest length for every row, all
    in tokens; the cheapest split is found exactly, over distinct lengths.
    """
    starts = np.flatnonzero(np.r_[True, lengths[1:] != lengths[:-1]])
    longest = lengths[starts]
    cost, begin = np.zeros(len(starts) + 1), np.zeros(len(starts) + 1, int)
    stops = np.r_[starts, len(lengths)]
    for j in range(1, len(stops)):
        choices = cost[:j] + overhead + (stops[j] - starts[:j]) * longest[:j]
        begin[j] = choices.argmin()
        cost[j] = choices[begin[j]]
    return _backwards(begin, stops)


def _backwards(begin: Array, stops: Array) -> list[tuple[int, int]]:
    found, j = [], len(begin) - 1
    while j > 0:
        found.append((int(stops[begin[j]]), int(stops[j])))
        j = begin[j]
    return found[::-1]
