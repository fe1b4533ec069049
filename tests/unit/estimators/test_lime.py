"""LIME against the lime package's own fit and against the theory's limits."""

import itertools
import math

import numpy as np
import pytest
from lime.lime_base import LimeBase

from limelight.errors import InputError
from limelight.estimators import lime
from limelight.estimators.lime import lime_weights, size_law
from limelight.estimators.regression import Rows

WIDTHS = [0.1, 0.25, 1.0]


@pytest.mark.parametrize("law", ["uniform", "binomial"])
@pytest.mark.parametrize("width", WIDTHS)
def test_equals_the_lime_package_on_the_same_rows_and_weights(neighborhood, kinked_game, law, width):
    asked = neighborhood(kinked_game, 14, n=700, law=law)
    weights = lime_weights(Rows.of(asked), law, width)
    theirs = LimeBase(lambda _: weights).explain_instance_with_data(
        asked.coalitions.astype(float), asked.outputs, np.zeros(700), 0, 14, feature_selection="none")
    ours = lime(asked, kernel_width=width, ridge=1)
    expected = np.zeros(14)
    for feature, value in theirs[1]:
        expected[feature] = value
    assert ours.values[:, 0] == pytest.approx(expected, abs=1e-9)
    assert ours.params["intercept"][0] == pytest.approx(theirs[0], abs=1e-9)


def kept_together(n_features, p, law):
    """Probability, by size, that p given features are kept (science of LIME, for texts and images)."""
    sizes = np.arange(n_features + 1)
    return size_law(n_features, law) * np.prod([(sizes - k) / (n_features - k) for k in range(p)], axis=0)


def limit_by_formula(game, n_features, width, law):
    """Large-sample coefficients by Garreau & Mardaoui's closed form (2010.12487, 2102.06307)."""
    d = n_features
    rows = np.array(list(itertools.product([False, True], repeat=d)))
    removed = 1 - np.arange(d + 1) / d
    psi = np.exp(-((1 - np.sqrt(1 - removed)) ** 2) / (2 * width**2))
    a0, a1, a2 = (kept_together(d, p, law) @ psi for p in range(3))
    c = (d - 1) * a0 * a2 - d * a1**2 + a0 * a1
    s1, s3 = -a1, (a1**2 - a0 * a2) / (a1 - a2)
    s2 = ((d - 2) * a0 * a2 - (d - 1) * a1**2 + a0 * a1) / (a1 - a2)
    chance = size_law(d, law)[rows.sum(1)] / [math.comb(d, s) for s in rows.sum(1)]
    weighted = chance * psi[rows.sum(1)] * game(rows)
    each = rows.T @ weighted
    return (s1 * weighted.sum() + s2 * each + s3 * (each.sum() - each)) / c


@pytest.mark.parametrize("law", ["uniform", "binomial"])
@pytest.mark.parametrize("width", WIDTHS)
def test_all_coalitions_give_the_closed_form_limit(neighborhood, random_game, law, width):
    game = random_game(9)
    exact = lime(neighborhood(game, 9, law=law), kernel_width=width)
    flat = limit_by_formula(lambda rows: game(rows)[:, 0], 9, width, law)
    assert exact.values[:, 0] == pytest.approx(flat, abs=1e-9)


@pytest.mark.parametrize("law", ["uniform", "binomial"])
def test_few_coalitions_are_within_four_errors_of_the_limit(neighborhood, kinked_game, law):
    limit = limit_by_formula(kinked_game, 14, 0.25, law)
    found = lime(neighborhood(kinked_game, 14, n=800, law=law))
    assert np.mean(np.abs(found.values[:, 0] - limit) <= 4 * found.std_error[:, 0]) >= 0.95


def test_an_endless_kernel_on_images_reads_banzhaf_values(neighborhood, random_game):
    from limelight.estimators import banzhaf

    asked = neighborhood(random_game(8), 8, law="binomial")
    assert lime(asked, kernel_width=1e4).values == pytest.approx(banzhaf(asked).values, abs=1e-7)


def test_effective_samples_fall_with_the_width(neighborhood, kinked_game):
    asked = neighborhood(kinked_game, 14, n=500)
    counts = [lime(asked, kernel_width=width).effective_samples for width in (0.05, 0.1, 0.25, 2)]
    assert counts == sorted(counts) and counts[-1] <= 500


@pytest.mark.parametrize("width", [0, -1, math.nan, math.inf, "wide", True])
def test_a_width_that_is_no_positive_number_is_refused(neighborhood, kinked_game, width):
    with pytest.raises(InputError, match=r"kernel_width=.* positive number"):
        lime(neighborhood(kinked_game, 14, n=50), kernel_width=width)


def test_a_negative_ridge_is_refused(neighborhood, kinked_game):
    with pytest.raises(InputError, match="ridge=-1"):
        lime(neighborhood(kinked_game, 14, n=50), ridge=-1)


def test_a_width_so_narrow_that_nothing_weighs_is_refused(neighborhood, kinked_game):
    with pytest.raises(InputError, match="so narrow"):
        lime(neighborhood(kinked_game, 14, n=50), kernel_width=1e-4)
