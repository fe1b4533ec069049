"""The masked game's own Shapley values, from all its coalitions."""

from math import factorial

import numpy as np
import pytest

from limelight.attribution.exact import exact_shapley
from limelight.maskers.tabular import TabularMasker
from limelight.models.tabular import TabularModel


def enumerated(game, n):
    """Shapley values by their definition, from a game's outputs for all coalitions: (n, n_outputs)."""
    numbers = np.arange(2**n)
    present = (numbers[:, None] >> np.arange(n) & 1).astype(bool)
    outputs = game(present)
    mass = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)])
    values = []
    for i in range(n):
        without = numbers[~present[:, i]]
        values.append(mass[present[without].sum(1)] @ (outputs[without | 1 << i] - outputs[without]))
    return np.array(values)


@pytest.fixture
def check():
    """Return a function that compares a closed form with the masked game, and returns it."""

    def compared(estimator, background, x, route, *, output="probability", tolerance=1e-8, **names):
        model = TabularModel(estimator, background, **names)
        masker = TabularMasker(model, x)
        n = len(masker.feature_names)
        found = exact_shapley(model, x, output)
        assert found is not None and found.route == route
        expected = enumerated(lambda coalitions: masker(coalitions, output), n)
        np.testing.assert_allclose(found.values, expected, atol=tolerance * np.abs(expected).max(), rtol=0)
        seen = np.concatenate([np.zeros((1, n), bool), np.ones((1, n), bool), ~np.eye(n, dtype=bool)])
        assert found.agrees(seen, masker(seen, output))
        return found

    return compared


@pytest.fixture
def refused():
    """Return a function that tells that there is no closed form."""

    def none(estimator, background, x, output="probability"):
        return exact_shapley(TabularModel(estimator, background), x, output) is None

    return none
