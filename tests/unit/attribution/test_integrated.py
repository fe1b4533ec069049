"""Integrated gradients: points, baselines, budgets, and what is said when they do not add up."""

import numpy as np
import pytest
import torch
from nets import explained, of_target, relu_net, smooth_net, table_game

from limelight.attribution.integrated import integrated_gradients
from limelight.attribution.paths import ends, integrals, relative_gap
from limelight.errors import InputError
from limelight.streams import Allowance

ROWS = np.random.default_rng(0).normal(size=(7, 6))


def watched(game):
    """Note how many inputs each question holds."""
    asked, plain = [], type(game).__call__

    class Watched(type(game)):
        def __call__(self, inputs):
            asked.append(len(inputs))
            return plain(self, inputs)

    game.__class__ = Watched
    return asked


def test_the_mean_over_baselines_is_the_mean_of_the_answers_for_each():
    net = smooth_net()
    together = explained(net, ROWS[0], "integrated_gradients", ROWS, n_samples=32)
    alone = [of_target(explained(net, ROWS[0], "integrated_gradients", row[None], n_samples=32)) for row in ROWS]
    assert of_target(together) == pytest.approx(np.mean(alone, 0), abs=1e-6)
    given = explained(net, ROWS[0], "integrated_gradients", ROWS[:1], baseline=ROWS, n_samples=32)
    assert given.values == pytest.approx(together.values, abs=1e-12)
    assert given.base_values == pytest.approx(together.base_values)


def test_points_and_baselines_share_micro_batches_that_are_never_larger_than_the_model_likes():
    game = table_game(smooth_net(), ROWS[0], ROWS)
    game.batch_size = 5
    asked = watched(game)
    points = np.random.default_rng(0).random((3, 4, 7))
    found = integrals(game, 0, points, np.array([0.1, 0.2, 0.3, 0.4]))
    assert asked == [5] * 16 + [4]
    for size in (1, 28, 84, 1000):
        game.batch_size = size
        assert integrals(game, 0, points, np.array([0.1, 0.2, 0.3, 0.4])).numpy() == pytest.approx(
            found.numpy(), abs=1e-14)


def test_sets_of_points_are_what_the_formula_says():
    net = smooth_net()
    game = table_game(net, ROWS[0], ROWS[:2])
    points, weights = np.random.default_rng(0).random((2, 3, 2)), np.array([0.5, 1.0, 2.0])
    expected = np.zeros((2, 6))
    for s, j, b in np.ndindex(2, 3, 2):
        row = torch.tensor(ROWS[b] + points[s, j, b] * (ROWS[0] - ROWS[b]), requires_grad=True)
        (gradient,) = torch.autograd.grad(net(row[None]).sum(), row)
        expected[s] += weights[j] / 2 * (ROWS[0] - ROWS[b]) * gradient.numpy()
    assert integrals(game, 0, points, weights).numpy() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("limit", [1, 3, 8, 9, 12, 20, 24, 50, 1000])
def test_no_more_points_than_the_limit(limit):
    game = table_game(relu_net(), ROWS[0])
    asked = watched(game)
    budget = Allowance(limit)
    found = []
    for estimate in integrated_gradients(game, 0, budget):
        if estimate is None:
            break
        found.append(estimate)
    assert found and found[-1].n_evals == budget.spent <= limit
    assert sum(asked) == budget.spent + 2, "besides, both ends are asked, without gradients"


def steps(rows):
    return torch.floor(3 * rows[:, 0]) + rows[:, 1]


def test_a_limit_that_is_raised_goes_on_where_it_was():
    game = table_game(steps, [1.0, 4.0])
    budget = Allowance(8)
    estimates = integrated_gradients(game, 0, budget)
    first = next(estimates)
    assert first.params["order"] == 8 and next(estimates) is None and next(estimates) is None
    budget.limit = 24
    second = next(estimates)
    assert second.params["order"] == 16 and second.n_evals == 24


def test_it_ends_when_the_gap_is_under_one_per_cent():
    found = explained(smooth_net(), ROWS[0], "integrated_gradients")
    assert found.n_evals == 8 and found.params["relative_gap"] < 0.01 and found.params["warning"] == ""
    assert not found.exact and np.isinf(found.std_error).all()


def test_twice_the_points_bring_the_values_nearer_to_the_integral():
    net = relu_net(width=64)
    game = table_game(net, 3 * ROWS[0])
    fine = [*explained_by(game, 20_000)]
    assert np.abs(explained_by(game, 64) - fine).max() < np.abs(explained_by(game, 4) - fine).max() / 4


def explained_by(game, order):
    nodes = (np.arange(order) + 0.5) / order
    return integrals(game, 0, nodes.reshape(1, -1, 1), np.full(order, 1 / order))[0].numpy()


def test_what_does_not_add_up_is_said():
    with pytest.warns(UserWarning, match="miss the change of the output by 75.0% of their sum"):
        found = explained(steps, [1.0, 4.0], "integrated_gradients", n_samples=100)
    assert found.params["relative_gap"] == pytest.approx(0.75) and found.n_evals <= 100
    assert found.quality["completeness_gap"] == pytest.approx(-3)


def test_an_output_that_does_not_depend_on_the_input_ends_at_once_and_without_a_warning():
    found = explained(lambda rows: (0 * rows).sum(1) + 5, ROWS[0], "integrated_gradients")
    assert found.n_evals == 8 and not found.values.any() and found.params["relative_gap"] == 0


def test_rounding_is_no_gap():
    assert relative_gap(np.array([1e-9, -1e-9]), 1e-8, 1.0) < 0.01
    assert relative_gap(np.array([1.0, -1.0]), 0.5, 1.0) == 0.25
    assert relative_gap(np.zeros(2), 0.0, 0.0) == 0
    assert relative_gap(np.zeros(2), 0.5, 1.0) > 1


def test_ends_are_the_outputs_with_nothing_and_with_everything():
    net = smooth_net(n_out=3)
    low, high = ends(table_game(net, ROWS[0], ROWS))
    with torch.no_grad():
        probabilities = net(torch.tensor(ROWS)).softmax(1).numpy()
    assert low == pytest.approx(probabilities.mean(0)) and high == pytest.approx(probabilities[0])


def test_ends_are_asked_together():
    game = table_game(smooth_net(), ROWS[0], ROWS)
    asked = watched(game)
    ends(game)
    assert asked == [len(ROWS) + 1]


def test_categories_are_named():
    import limelight as ll

    net = smooth_net(3)
    rows = np.column_stack([ROWS[:, :2], [0, 1, 2, 0, 1, 2, 0]])
    model = ll.tabular_model(net, rows, feature_names=["a", "b", "colour"], categorical=["colour"])
    with pytest.warns(UserWarning, match="colour: these numbers are categories"):
        found = ll.explain(model, rows[1], method="integrated_gradients", progress=False)
    assert "colour" in found.params["warning"]


@pytest.mark.parametrize("baseline", [[1.0, 2.0], "mean", [[np.nan] * 6], []])
def test_a_baseline_that_is_no_row_is_refused(baseline):
    with pytest.raises(InputError, match="baseline should be a row of 6 finite numbers"):
        explained(smooth_net(), ROWS[0], "integrated_gradients", baseline=baseline)
