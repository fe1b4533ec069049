"""Games that are made up: tables of many columns, and products, whose interactions have all orders."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import joblib
import numpy as np
from exact import Array, Value, by_quadrature
from sklearn.datasets import make_friedman1
from tables import ROWS, exact, learned

WIDE = (120, 198)
KINDS = ("xgb", "svr")
"""Models whose Shapley values are known for so many features."""
N_ROWS = 1_000
PRODUCTS = (14, 30, 60)
"""Features of the product games; each has several, with slopes of their own."""


def games(folder: Path) -> Iterator[tuple[str, Value, Array]]:
    """Name ("friedman 120 svr, row 2"), value and exact values."""
    for n in WIDE:
        for kind in KINDS:
            yield from _wide(folder, n, kind)
    for n in PRODUCTS:
        for i in range(ROWS):
            yield f"product {n}, game {i}", *product(n, i)


def _wide(folder: Path, n: int, kind: str) -> Iterator[tuple[str, Value, Array]]:
    """Rows of Friedman's first problem, where five columns count, under a model that has learned it."""
    path = folder / f"friedman-{n}-{kind}.joblib"
    if not path.exists():
        X, y = make_friedman1(N_ROWS, n_features=n, noise=1, random_state=0)
        model = learned(X, (y - y.mean()) / y.std(), kind)
        joblib.dump((model, [exact(model, row)[0] for row in range(ROWS)]), path)
    model, values = joblib.load(path)
    for row in range(ROWS):
        yield f"friedman {n} {kind}, row {row}", model.value(row), values[row]


def product(n: int, seed: int) -> tuple[Value, Array]:
    """v(S) = exp(sum of S's slopes): the value of a product is no sum, and no log-odds."""
    slope = np.random.default_rng(seed).normal(size=n) / np.sqrt(n)
    return partial(_product, slope), by_quadrature(np.ones(1), np.exp(slope)[None], np.ones((1, n)))


def _product(slope: Array, present: Array) -> Array:
    return np.exp(present @ slope)
