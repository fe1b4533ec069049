"""Deletion, insertion, comprehensiveness and sufficiency against their closed forms."""

from itertools import permutations

import numpy as np
import pytest

from limelight.quality import perturbation
from limelight.quality.infidelity import every
from limelight.quality.nulls import SizeMeans

WEIGHTS = np.array([0.5, -1.0, 3.0, 0.25, -0.125, 2.0, 0.0])
N = len(WEIGHTS)
BASE = 0.75


def additive(coalitions):
    return BASE + coalitions @ WEIGHTS


def interacting(coalitions):
    return np.tanh(coalitions @ WEIGHTS) + coalitions[:, 0] * coalitions[:, 2]


def test_of_an_additive_game_the_areas_are_sums_of_weights_by_rank():
    """A feature that goes as number r of n is there for r - 1/2 of n steps."""
    there = (np.arange(N) + 0.5) / N
    ordered = np.sort(WEIGHTS)[::-1]
    assert perturbation.deletion(additive, WEIGHTS) == pytest.approx(BASE + ordered @ there)
    assert perturbation.insertion(additive, WEIGHTS) == pytest.approx(BASE + ordered @ there[::-1])


def test_of_an_additive_game_comprehensiveness_is_the_top_weights_and_sufficiency_the_rest():
    ordered = np.sort(WEIGHTS)[::-1]
    top = np.mean([ordered[: int(np.ceil(share * N))].sum() for share in perturbation.SHARES])
    assert perturbation.comprehensiveness(additive, WEIGHTS) == pytest.approx(top)
    assert perturbation.sufficiency(additive, WEIGHTS) == pytest.approx(WEIGHTS.sum() - top)


@pytest.mark.parametrize("name", ["deletion", "insertion", "comprehensiveness", "sufficiency"])
def test_of_an_additive_game_no_order_is_better_than_that_of_the_weights(name):
    metric, few = getattr(perturbation, name), WEIGHTS[:5]
    scores = [metric(lambda rows: rows @ few, np.array(order, float)) for order in permutations(range(5))]
    best = min(scores) if metric.better == "lower" else max(scores)
    assert metric(lambda rows: rows @ few, few) == pytest.approx(best)


@pytest.mark.parametrize("name", ["deletion", "insertion", "comprehensiveness", "sufficiency"])
def test_the_mean_over_all_orders_is_read_from_the_mean_of_each_size(name):
    metric = getattr(perturbation, name)
    scores = [metric(interacting, np.array(order, float)) for order in permutations(range(N))]
    mean, error = metric.at_random(N, SizeMeans(interacting, every(N), np.random.default_rng(0)))
    assert mean == pytest.approx(np.mean(scores)) and error == 0


def test_random_orders_are_at_chance_within_the_interval_of_a_few_coalitions():
    """Of 14 features and four coalitions a size; two standard errors should hold the mean 95 times of 100, roughly."""
    weights = 2 * (-0.7) ** np.arange(14)

    def game(rows):
        return np.tanh(rows @ weights)

    outputs, sizes = game(every(14)), every(14).sum(1)
    truth = perturbation.area(np.arange(15), np.array([outputs[sizes == size].mean() for size in range(15)]))
    found = [perturbation.deletion.at_random(14, SizeMeans(game, np.zeros((0, 14), bool), np.random.default_rng(seed)))
             for seed in range(60)]
    covered = np.mean([abs(mean - truth) <= 2 * error for mean, error in found])
    assert 0.85 <= covered <= 1


def test_many_features_go_several_at_a_time():
    weights = np.linspace(1, -1, 333)
    rows = perturbation.deletion.rows(weights)
    assert len(rows) == perturbation.MOST_STEPS + 1 and rows[0].all() and not rows[-1].any()
    assert perturbation.deletion(lambda coalitions: coalitions.sum(1) / 333, weights) == pytest.approx(0.5)


def test_features_that_are_alike_go_in_their_order():
    assert np.array_equal(perturbation.top(np.array([1.0, 2.0, 2.0]), [1, 2]), [[0, 1, 0], [0, 1, 1]])


def test_of_an_additive_game_the_share_of_rising_steps_is_that_of_features_that_raise_it_in_any_order():
    weights = WEIGHTS[WEIGHTS != 0]
    for order in ([5, 1, 4, 0, 2, 3], [0, 1, 2, 3, 4, 5]):
        found = perturbation.monotonicity(lambda rows: rows @ weights, np.array(order, float))
        assert found == pytest.approx((weights > 0).mean())


def test_of_an_and_only_the_step_that_completes_it_rises_and_none_falls():
    outputs = perturbation.monotonicity(lambda rows: rows[:, :2].all(1) - 0.01 * rows[:, 2:].sum(1), np.arange(5.0))
    assert outputs == pytest.approx(2 / 5)  # feature 1, which changes nothing, and 0, which completes it
    assert perturbation.rising(np.array([0.0, 0, 1])) == 1 and np.isnan(perturbation.rising(np.zeros(1)))


def test_of_an_additive_game_the_gaps_are_means_of_sums_of_the_largest_weights():
    """Of 8 features one and two go: 3, then 3 + 2. Left alone, they leave what all others add."""
    weights = np.array([0.5, -1.0, 3.0, 0.25, -0.125, 2.0, 0.0, 0.0])

    def gaps(rows):
        return np.abs(weights.sum() - rows @ weights)

    assert perturbation.gap_important(gaps, weights) == pytest.approx((3 + 5) / 2)
    total = weights.sum()
    assert perturbation.gap_unimportant(gaps, weights) == pytest.approx((abs(total - 3) + abs(total - 5)) / 2)


def test_gaps_are_about_a_quarter_of_the_features_in_ten_steps_at_most():
    assert [len(perturbation.gap_important.rows(np.arange(n))) for n in (1, 4, 5, 40, 400)] == [1, 1, 2, 10, 10]
    assert (~perturbation.gap_important.rows(np.arange(400))).sum(1).max() == 100
