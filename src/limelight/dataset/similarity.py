"""An order for categories that have none: those whose rows are alike come next to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limelight.dataset.grids import quantiles
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.dataset.table import Table

LIKENESS = ("Local effects go through categories in an order of likeness: next to each other are those whose rows are "
            "alike.")
STEPS = 50
"""Quantiles at which two distributions of numbers are compared."""


def order_of(table: Table, feature: int) -> tuple[Array, str]:
    """Codes of the categories that rows have, in order, and a sentence that says which order it is.

    Categories that were given an order keep it, and so do numbers. Others are put on a line by classical scaling of
    how different their rows' other columns are: the sum over columns of the largest difference of cumulative shares
    of numbers (Kolmogorov & Smirnov), and of half the summed differences of shares of categories (Apley & Zhu 2020).
    """
    codes = table.codes(feature)
    known = np.unique(codes[codes >= 0])
    if len(known) < 3 or _is_ordered(table, feature):
        return known, ""
    apart = sum((_distances(table, j, codes, known) for j in range(table.n_features) if j != feature),
                np.zeros((len(known), len(known))))
    return known[np.argsort(_on_a_line(apart), kind="stable")], LIKENESS


def _is_ordered(table: Table, feature: int) -> bool:
    column = table.rows.iloc[:, feature] if hasattr(table.rows, "iloc") else None
    numbers = all(isinstance(known, (int, float, np.number)) for known in table.columns[feature].categories or ())
    return numbers or bool(getattr(getattr(column, "dtype", None), "ordered", False))


def _distances(table: Table, j: int, codes: Array, known: Array) -> Array:
    """How different one column is between each two categories: 0 to 1."""
    kind = table.columns[j].kind
    if kind == "text":
        return np.zeros((len(known), len(known)))
    if kind == "number":
        numbers = table.numbers(j)
        steps = quantiles(numbers, STEPS)
        shares = np.array([[(numbers[codes == code] <= step).mean() for step in steps] for code in known])
        return np.abs(shares[:, None] - shares[None]).max(2, initial=0)
    other = table.codes(j)
    shares = np.array([np.bincount(other[codes == code] + 1, minlength=len(table.columns[j].categories or ()) + 1)
                       / (codes == code).sum() for code in known])
    return np.abs(shares[:, None] - shares[None]).sum(2) / 2


def _on_a_line(apart: Array) -> Array:
    """Classical scaling to one dimension (Torgerson 1952); the sign is fixed, so that it is always the same way."""
    n = len(apart)
    centred = np.eye(n) - 1 / n
    found = np.linalg.eigh(-centred @ apart**2 @ centred / 2)[1][:, -1]
    return found * (np.sign(found[np.abs(found).argmax()]) or 1)
