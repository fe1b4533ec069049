"""Interactions are those that shapiq computes exactly (shapiq.json, written by make_shapiq.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

from limelight.estimators.coalitions import coalitions
from limelight.estimators.interactions import interactions
from limelight.neighborhood import Neighborhood


def test_interactions_are_those_of_shapiq():
    golden = json.loads(Path(__file__).with_name("shapiq.json").read_text())
    n = golden["n"]
    table = np.random.default_rng(golden["seed"]).normal(size=2**n)
    rows = np.array(list(coalitions(n)))
    asked = Neighborhood(n, 1)
    asked.append(rows, table[rows @ (1 << np.arange(n))][:, None])
    found = interactions(asked).values[..., 0]
    assert len(golden["pairs"]) == n * (n - 1) // 2
    for pair, value in golden["pairs"].items():
        i, j = map(int, pair.split(","))
        assert found[i, j] == found[j, i] == pytest.approx(value, abs=1e-10)
