"""Sums of decision trees: every leaf is a product of conditions, whose Shapley values are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from limelight.attribution._compiled import compiled
from limelight.attribution._inputs import Inputs
from limelight.attribution._path_kernel import add_paths
from limelight.types import Array

_CHUNK = 1 << 16
"""Paths to follow at once."""


class Paths(NamedTuple):
    """Ways down the trees that some coalition takes, for one background row each.

    Attributes
    ----------
    node, row : ndarray of shape (n_paths,)
        Where a path has come to, and of which background row.
    player : ndarray of shape (n_paths, n_met)
        Features whose presence decided the way; -1 where there are fewer.
    present : bool ndarray of shape (n_paths, n_met)
        Whether they must be present, or absent.
    """

    node: Array
    row: Array
    player: Array
    present: Array

    def where(self, chosen: Array) -> Paths:
        """Take some of the paths."""
        return Paths(self.node[chosen], self.row[chosen], self.player[chosen], self.present[chosen])

    def split(self) -> Iterator[Paths]:
        """Cut into parts of a bounded number."""
        for start in range(0, len(self.node), _CHUNK):
            part = slice(start, start + _CHUNK)
            yield Paths(self.node[part], self.row[part], self.player[part], self.present[part])


@dataclass(frozen=True)
class Trees:
    """The nodes of all trees, whose leaves are summed.

    Attributes
    ----------
    roots : int ndarray of shape (n_trees,)
    low, high, missing : int ndarray of shape (n_nodes,)
        Children for values up to the threshold, above it, and NaN; -1 at leaves.
    column : int ndarray of shape (n_nodes,)
    threshold : float ndarray of shape (n_nodes,)
    leaves : ndarray of shape (n_nodes, n_sums)
    intercept : ndarray of shape (n_sums,)
    reads : dtype
        What a number is rounded to before it is compared.
    weight : ndarray of shape (n_nodes,)
        Training rows that came by each node, by their weights.
    """

    roots: Array
    low: Array
    high: Array
    missing: Array
    column: Array
    threshold: Array
    leaves: Array
    intercept: Array
    reads: DTypeLike
    precision: float
    takes_missing: bool
    weight: Array
    route: ClassVar[str] = "tree"

    def shapley(self, inputs: Inputs) -> Array:
        """Shapley values of all leaves reached: (n_features, n_sums).

        A leaf is reached by coalitions that hold all of some features, A, and
        none of others, B. Of 1[A in S] 1[B not in S] each of the a has the value
        (a-1)! b! / (a+b)! and each of the b has -a! (b-1)! / (a+b)! (Lundberg et
        al. 2020, interventional TreeSHAP). A and B are features, not columns: one-hot
        columns of one feature come and go together.
        """
        x, background = self.read(inputs.x), self.read(inputs.background)
        values = np.zeros((inputs.n_features, self.leaves.shape[1]))
        waiting = list(self._starts(len(background)).split())
        while waiting:
            paths = waiting.pop()
            at_leaf = self.low[paths.node] < 0
            self._settle(paths.where(at_leaf), values)
            inner = paths.where(~at_leaf)
            if len(inner.node):
                waiting.extend(self._advance(inner, x, background, inputs.owner).split())
        return values / len(background)

    def of_rows(self, x: Array, background: Array, owner: Array, n_features: int) -> Array:
        """The same of many rows, (n_rows, n_features, n_sums), by compiled code.

        Parameters
        ----------
        x, background : ndarray of shape (n_rows, n_columns) and (n_background, n_columns)
        owner : int ndarray of shape (n_columns,)
            The feature that each column is made of.
        """
        values = np.zeros((len(x), n_features, self.leaves.shape[1]))
        counts = np.arange(n_features + 1)
        shares = _shares(counts[:, None], counts)
        rows = map(np.ascontiguousarray, (self.read(x), self.read(background)))
        compiled(add_paths)(self.roots, self.low, self.high, self.missing, self.column, self.threshold, self.leaves,
                            owner, *shares, *rows, values)
        return values / len(background)

    def answers(self, inputs: Inputs, coalitions: Array) -> Array:
        """What it says to the composed rows: (n_coalitions, n_background, n_sums)."""
        x, background = self.read(inputs.x), self.read(inputs.background)
        step = max(1, _CHUNK // (max(len(self.roots), len(x)) * len(background)))
        return self.intercept + np.concatenate([
            self._sums(np.where(part[:, None, inputs.owner], x, background))
            for part in (coalitions[start : start + step] for start in range(0, len(coalitions), step))])

    def _sums(self, rows: Array) -> Array:
        """Sum the leaves of composed rows of shape (n, n_background, n_columns)."""
        n_trees, flat = len(self.roots), rows.reshape(-1, rows.shape[2])
        node, row = np.tile(self.roots, len(flat)), np.repeat(np.arange(len(flat)), n_trees)
        inner = np.flatnonzero(self.low[node] >= 0)
        while len(inner):
            node[inner] = self._child(node[inner], flat[row[inner], self.column[node[inner]]])
            inner = inner[self.low[node[inner]] >= 0]
        return self.leaves[node].reshape(*rows.shape[:2], n_trees, -1).sum(2)

    def _starts(self, n_background: int) -> Paths:
        n = len(self.roots) * n_background
        return Paths(np.repeat(self.roots, n_background), np.tile(np.arange(n_background), len(self.roots)),
                     np.full((n, 1), -1), np.zeros((n, 1), bool))

    def _advance(self, paths: Paths, x: Array, background: Array, owner: Array) -> Paths:
        """Go one node down; both ways where a feature is met whose presence makes a difference."""
        column = self.column[paths.node]
        feature = owner[column]
        if_present = self._child(paths.node, x[column])
        if_absent = self._child(paths.node, background[paths.row, column])
        met = paths.player == feature[:, None]
        known_absent = (met & ~paths.present).any(1)
        forks = np.flatnonzero((if_present != if_absent) & ~met.any(1))
        node = np.where(known_absent, if_absent, if_present)
        player, slot = _noted(paths.player, forks, feature[forks])
        present = np.pad(paths.present, ((0, 0), (0, player.shape[1] - paths.player.shape[1])))
        other = Paths(if_absent[forks], paths.row[forks], player[forks], present[forks])
        present[forks, slot] = True
        return Paths(*(np.concatenate(pair) for pair in zip(Paths(node, paths.row, player, present), other,
                                                           strict=True)))

    def _settle(self, paths: Paths, values: Array) -> None:
        """Add what leaves give to the features on their paths."""
        met = paths.player >= 0
        a, b = (met & paths.present).sum(1), (met & ~paths.present).sum(1)
        for_present, for_absent = _shares(a, b)
        share = np.where(paths.present, for_present[:, None], for_absent[:, None])[met]
        leaf, _ = np.nonzero(met)
        for j, leaves in enumerate(self.leaves[paths.node].T):
            values[:, j] += np.bincount(paths.player[met], share * leaves[leaf], len(values))

    def _child(self, node: Array, value: Array) -> Array:
        child = np.where(value <= self.threshold[node], self.low[node], self.high[node])
        unknown = np.isnan(value)
        return np.where(unknown, self.missing[node], child) if unknown.any() else child

    def read(self, rows: Array) -> Array:
        """Numbers as the trees compare them."""
        with np.errstate(over="ignore"):
            return rows.astype(self.reads).astype(float)


def _noted(player: Array, forks: Array, feature: Array) -> tuple[Array, Array]:
    """Note a feature on some paths, in the first free slot: (players, slots)."""
    slot = (player[forks] >= 0).sum(1)
    wider = max(slot.max(initial=-1) + 1 - player.shape[1], 0)
    noted = np.pad(player, ((0, 0), (0, wider)), constant_values=-1)
    noted[forks, slot] = feature
    return noted, slot


def _shares(a: Array, b: Array) -> tuple[Array, Array]:
    """(a-1)! b! / (a+b)! and -a! (b-1)! / (a+b)!; whatever where a or b is 0."""
    from scipy.special import binom

    ways = binom(a + b, a)
    return 1 / (np.maximum(a, 1) * ways), -1 / (np.maximum(b, 1) * ways)
