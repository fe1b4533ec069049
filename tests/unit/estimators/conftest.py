"""Neighborhoods of games whose answers are known."""

import itertools
from functools import cache

import numpy as np
import pytest

from limelight.estimators.coalitions import coalitions
from limelight.neighborhood import Neighborhood


@cache
def drawn(n_features, n, law, seed):
    """The first `n` coalitions: drawing them takes longer than most of what is then read from them."""
    rows = np.array(list(itertools.islice(coalitions(n_features, law, seed=seed), n)))
    rows.setflags(write=False)
    return rows


@pytest.fixture
def neighborhood():
    """Return a function that asks `game(bool rows) -> outputs` about `n` coalitions."""

    def build(game, n_features, n=10**6, *, law="uniform", seed=0):
        rows = drawn(n_features, n, law, seed)
        outputs = np.asarray(game(rows), float).reshape(len(rows), -1)
        found = Neighborhood(n_features, outputs.shape[1], law)
        found.append(rows, outputs)
        return found

    return build


@pytest.fixture
def random_game():
    """Return a function giving a game with a random value for every coalition."""

    def build(n_features, seed=0, n_outputs=1):
        table = np.random.default_rng(seed).normal(size=(2**n_features, n_outputs))
        return lambda rows: table[rows @ (1 << np.arange(n_features))]

    return build


@pytest.fixture
def kinked_game():
    """A squashed polynomial of 14 features: nothing about it is linear."""
    rng = np.random.default_rng(3)
    weights, pairs = rng.normal(size=14), 0.3 * rng.normal(size=(14, 14))
    triples, sizes = [rng.choice(14, 3, replace=False) for _ in range(10)], rng.normal(size=10)

    def game(rows):
        x = rows.astype(float)
        y = x @ weights + np.einsum("ni,ij,nj->n", x, pairs, x)
        return 1 / (1 + np.exp(-y - sum(s * x[:, t].prod(1) for s, t in zip(sizes, triples, strict=True))))

    return game
