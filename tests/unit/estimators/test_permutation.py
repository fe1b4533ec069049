"""Permutation Shapley values: exact where they must be, honest where they can't, and never asking twice."""

import itertools
import math

import numpy as np
import pytest

import limelight as ll
from limelight.errors import InputError
from limelight.estimators.permutation import permutation_shapley
from limelight.quality.intervals import critical
from limelight.streams import Allowance


class Counted:
    """A game of a function of coalitions, which remembers what it was asked."""

    law = "uniform"

    def __init__(self, function, n_features, batch_size=16):
        self.n_features, self.batch_size = n_features, batch_size
        self._function = lambda rows: np.asarray(function(rows), float).reshape(len(rows), -1)
        self.opening = self._function(np.repeat([[False], [True]], n_features, axis=1))
        self.n_outputs = self.opening.shape[1]
        self.asked = [row.tobytes() for row in np.repeat([[False], [True]], n_features, axis=1)]

    def __call__(self, rows):
        assert 0 < len(rows) <= self.batch_size
        self.asked += [row.tobytes() for row in rows]
        return self._function(rows)


def estimates(game, limit, seed=0):
    """All estimates up to a limit."""
    return list(itertools.takewhile(lambda found: found is not None,
                                    permutation_shapley(game, Allowance(limit), seed=seed)))


def test_features_that_act_alone_are_exact_after_one_order_and_its_reverse():
    weights = np.array([[3.0, 1], [-2, 0], [0, 5], [0.5, 2]])
    first = estimates(Counted(lambda rows: rows @ weights, 4), 8)[0]
    assert first.values == pytest.approx(weights, abs=1e-12) and first.n_evals == 8


def test_features_that_act_two_by_two_are_exact_after_one_order_and_its_reverse():
    rng = np.random.default_rng(0)
    pairs = np.triu(rng.normal(size=(9, 9)))  # the diagonal acts alone
    first = estimates(Counted(lambda rows: np.einsum("ni,ij,nj->n", rows, pairs, rows), 9), 18)[0]
    together = np.triu(pairs, 1)
    assert first.values[:, 0] == pytest.approx(np.diag(pairs) + (together + together.T).sum(1) / 2, abs=1e-12)


def test_three_that_act_together_are_not_exact_after_one_order_but_nearly_in_the_end():
    game = Counted(lambda rows: 6.0 * rows[:, :3].all(1), 10)
    found = estimates(game, 900)
    expected = np.array([2.0] * 3 + [0] * 7)
    assert not np.allclose(found[0].values[:, 0], expected)
    assert (np.abs(found[-1].values[:, 0] - expected) <= 4 * found[-1].std_error[:, 0] + 1e-12).all()
    assert not found[-1].values[3:].any() and not found[-1].std_error[3:].any()  # they never change anything


def test_values_add_up_to_the_change_of_the_output_at_every_step(kinked_game):
    game = Counted(kinked_game, 14)
    for found in estimates(game, 500):
        assert found.values.sum(0) == pytest.approx(game.opening[1] - game.opening[0], abs=1e-12)


@pytest.mark.parametrize("n_features", range(1, 7))
def test_with_every_coalition_known_they_are_exact(random_game, n_features):
    function = random_game(n_features, n_outputs=2)
    game = Counted(function, n_features)
    last = estimates(game, 10**6)[-1]
    assert last.exact and not last.std_error.any() and last.n_evals == len(set(game.asked)) == 2**n_features
    rows = np.array(list(itertools.product([False, True], repeat=n_features)))
    for i in range(n_features):
        without = rows[~rows[:, i]]
        size = without.sum(1)
        share = np.array([math.factorial(s) * math.factorial(n_features - s - 1) for s in size])
        gains = function(without | (np.arange(n_features) == i)) - function(without)
        assert last.values[i] == pytest.approx(share @ gains / math.factorial(n_features), abs=1e-12)


@pytest.mark.parametrize("limit", [28, 29, 100, 101, 777])
def test_no_coalition_is_asked_twice_and_the_limit_is_kept(kinked_game, limit):
    game = Counted(kinked_game, 14)
    found = estimates(game, limit)
    assert len(game.asked) == len(set(game.asked)) == found[-1].n_evals <= limit


def test_the_same_seed_gives_the_same_numbers_however_the_work_is_cut(kinked_game):
    one, cut, other = (estimates(Counted(kinked_game, 14, batch_size=size), 400, seed=seed)[-1]
                       for size, seed in ((64, 3), (5, 3), (64, 4)))
    assert cut.values == pytest.approx(one.values, abs=1e-14) and cut.n_evals == one.n_evals
    assert not np.allclose(other.values, one.values)


def test_a_raised_limit_goes_on_where_it_was(kinked_game):
    budget = Allowance(100)
    run = permutation_shapley(Counted(kinked_game, 14), budget)
    while next(run) is not None:
        pass
    budget.limit = 400
    resumed = [found for found in itertools.takewhile(lambda found: found is not None, run)][-1]
    assert resumed.values == pytest.approx(estimates(Counted(kinked_game, 14), 400)[-1].values, abs=1e-14)


def test_no_interval_before_ten_pairs_of_orders(kinked_game):
    for found in estimates(Counted(kinked_game, 14), 600):
        assert np.isfinite(found.std_error).all() == (found.params["pairs"] >= 10)


def test_intervals_cover_what_they_say():
    weights = np.array([2.0, -1, 1.5, 0.7, -0.4, 1, 0.2, -2])
    game = Counted(lambda rows: np.tanh(rows @ weights) + 2 * rows[:, :3].all(1), 8)
    exact = estimates(game, 10**4)[-1].values
    inside = []
    for seed in range(120):
        found = [one for one in estimates(Counted(game._function, 8), 150, seed) if not one.exact][-1]
        inside.append(np.abs(found.values - exact) <= found.std_error * critical(found.dof, 0.9))
    assert 0.85 <= np.mean(inside) <= 0.95


def test_too_small_a_limit_says_what_would_do():
    with pytest.raises(InputError, match="n_samples=9 is too few: an order of 5 features and its reverse take 10"):
        estimates(Counted(lambda rows: rows.sum(1), 5), 9)


def test_it_is_a_method_of_any_model():
    def score(texts):
        return np.array([[text.count("good") - 2 * text.count("bad")] for text in texts], float)

    found = ll.explain(ll.text_model(score), "a good plot, a bad end and nothing else that would need a word",
                       method="permutation_shapley", n_samples=400, progress=False)
    assert found.method == "permutation_shapley" and found.neighborhood is None
    assert dict(found.as_list())["bad"] == pytest.approx(-2) and found.n_evals <= 400
    assert found.quality["completeness_gap"] == pytest.approx(0, abs=1e-12)
    # What is known from orders before costs nothing again.
    assert found.params["pairs"] > (found.n_evals - 2) // (2 * len(found.feature_names) - 2)
