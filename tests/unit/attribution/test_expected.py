"""Gradient SHAP: all baselines, points in strata, and a correction that is not hidden."""

import numpy as np
import pytest
import torch
from nets import explained, of_target, relu_net, smooth_net, table_game

from limelight.attribution.expected import gradient_shap
from limelight.attribution.paths import integrals
from limelight.attribution.samples import Samples
from limelight.errors import InputError
from limelight.quality.intervals import critical
from limelight.streams import Allowance

ROWS = np.random.default_rng(0).normal(size=(9, 6))


def last(limit, batch_size=1000, seed=0, net=None, rows=ROWS):
    game = table_game(net or smooth_net(), ROWS[0] + 0.5, rows)
    game.batch_size = batch_size
    budget = Allowance(limit)
    found = None
    for estimate in gradient_shap(game, 0, budget, seed=seed):
        if estimate is None:
            assert found.n_evals == budget.spent <= limit
            return found
        found = estimate


def test_the_same_seed_draws_the_same_however_it_is_cut():
    whole = last(80)
    for size in (1, 5, 36, 100):
        cut = last(80, size)
        assert cut.values == pytest.approx(whole.values, abs=1e-12)
        assert cut.std_error == pytest.approx(whole.std_error, abs=1e-12)
    np.testing.assert_array_equal(last(80).values, whole.values)
    assert not np.allclose(last(80, seed=1).values, whole.values, atol=1e-9)


@pytest.mark.parametrize("limit", [4, 7, 39, 40, 43])
def test_four_passes_are_a_sample_and_errors_come_with_ten(limit):
    found = last(limit)
    assert found.n_evals == limit // 4 * 4
    assert np.isfinite(found.std_error).all() == (limit >= 40)
    assert found.dof == (limit // 4 - 2 if limit >= 40 else max(limit // 4 - 1, 1))


def path_integral(net, rows, n=20_000):
    """Integrated gradients by the midpoint rule, shape (n_features,)."""
    points = np.broadcast_to(((np.arange(n) + 0.5) / n)[:, None], (1, n, len(rows)))
    return integrals(table_game(net, ROWS[0] + 0.5, rows), 0, points, np.full(n, 1 / n))[0].numpy()


@pytest.mark.parametrize("net", [smooth_net(), relu_net()], ids=["smooth", "relu"])
def test_it_comes_to_integrated_gradients(net):
    found = last(2000, net=net)
    assert np.all(np.abs(found.values[:, 0] - path_integral(net, ROWS)) < 4 * found.std_error[:, 0])
    assert found.std_error.max() < 0.01 * np.abs(found.values).sum()


def test_a_linear_function_is_exact_from_the_first_sample():
    weights = torch.tensor([1.0, -2.0, 3.0, 0.0, 0.5, 1.0], dtype=torch.float64)
    found = explained(lambda rows: rows @ weights, ROWS[0], "gradient_shap", ROWS, n_samples=4)
    assert of_target(found) == pytest.approx(weights.numpy() * (ROWS[0] - ROWS.mean(0)), abs=1e-12)


def test_values_add_up_from_ten_samples_on_and_what_they_lacked_is_told():
    early, late = last(36), last(40)
    game = table_game(smooth_net(), ROWS[0] + 0.5, ROWS)
    gain = game(game.x).item() - game(game.baselines).mean().item()
    lack = early.values.sum() - gain
    assert abs(lack) > 1e-6
    assert early.params["relative_gap"] == pytest.approx(abs(lack) / np.abs(early.values).sum())
    assert late.values.sum() == pytest.approx(gain, abs=1e-12)
    assert late.params["relative_gap"] > 1e-6


def test_the_correction_makes_errors_smaller():
    net = relu_net()
    game = table_game(net, ROWS[0] + 0.5, ROWS[:1])
    with torch.no_grad():
        gain = float(net(game.x) - net(game.baselines))
    plain, corrected = Samples(game), Samples(game, gain)
    rng = np.random.default_rng(0)
    drawn = integrals(game, 0, (np.arange(4)[:, None] + rng.random((40, 4, 1))) / 4, np.full(4, 0.25))
    for part in drawn.split([3, 7, 30]):
        plain.add(part), corrected.add(part)
    wide, narrow = plain.estimate(), corrected.estimate()
    assert wide.values[:, 0] == pytest.approx(drawn.mean(0).numpy())
    assert wide.std_error[:, 0] == pytest.approx(drawn.std(0).numpy() / 40**0.5)
    assert np.linalg.norm(narrow.std_error) < np.linalg.norm(wide.std_error)
    # The same as regressing each feature on what the samples lack.
    lack = drawn.numpy().sum(1) - gain
    design = np.column_stack([np.ones(40), lack])
    coefficients, rest, *_ = np.linalg.lstsq(design, drawn.numpy(), rcond=None)
    assert narrow.values[:, 0] == pytest.approx(coefficients[0])
    spread = np.linalg.inv(design.T @ design)[0, 0]
    assert narrow.std_error[:, 0] == pytest.approx(np.sqrt(rest / 38 * spread))


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1]], ids=["several baselines", "one baseline"])
def test_ninety_five_per_cent_intervals_cover_integrated_gradients(rows):
    net = smooth_net()
    truth, covered = path_integral(net, rows), []
    for seed in range(300):
        found = last(48, net=net, rows=rows, seed=seed)
        covered.append(np.abs(found.values[:, 0] - truth) <= found.std_error[:, 0] * critical(found.dof))
    assert 0.93 < np.mean(covered) < 0.97


def test_a_jump_is_told_and_not_corrected_away():
    def steps(rows):
        return torch.floor(3 * rows[:, 0]) + rows[:, 1] ** 2

    with pytest.warns(UserWarning, match="by more than chance: the model jumps, or rounds"):
        found = explained(steps, [1.0, 2.0], "gradient_shap", n_samples=80)
    assert found.values[0, 0] == 0 and found.values[1, 0] == pytest.approx(4, abs=0.05)
    assert found.params["relative_gap"] == pytest.approx(0.75, abs=0.02)


def test_too_few_passes_are_refused():
    with pytest.raises(InputError, match="n_samples=3 is too few: gradient_shap takes 4 passes"):
        explained(smooth_net(), ROWS[0], "gradient_shap", ROWS, n_samples=3)
