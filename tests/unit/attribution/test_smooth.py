"""SmoothGrad: draws that depend on the seed alone, and errors that can be trusted."""

import itertools

import numpy as np
import pytest
import torch
from nets import explained, of_target, smooth_net, table_game

from limelight.attribution.smooth import smooth_grad
from limelight.errors import InputError
from limelight.streams import Allowance

ROWS = np.random.default_rng(0).normal(size=(20, 6))


def estimates(limit, batch_size=64, seed=0, **options):
    game = table_game(smooth_net(), ROWS[0], ROWS)
    game.batch_size = batch_size
    found = []
    for estimate in smooth_grad(game, 0, Allowance(limit), seed=seed, **options):
        if estimate is None:
            return found
        found.append(estimate)


def test_the_same_seed_draws_the_same_however_it_is_cut():
    whole = estimates(60)[-1]
    for size in (1, 2, 7, 30):
        cut = estimates(60, size)[-1]
        assert cut.values == pytest.approx(whole.values, abs=1e-13)
        assert cut.std_error == pytest.approx(whole.std_error, abs=1e-13)
    np.testing.assert_array_equal(estimates(60)[-1].values, whole.values)
    assert not np.allclose(estimates(60, seed=1)[-1].values, whole.values, atol=1e-6)


def test_fewer_draws_are_the_first_of_more():
    short, long = estimates(20)[-1], estimates(60)[0]
    assert long.n_evals == 20
    np.testing.assert_array_equal(short.values, long.values)


@pytest.mark.parametrize("limit", [2, 3, 5, 19, 20, 21])
def test_passes_come_in_pairs_and_errors_from_ten_pairs_on(limit):
    game = table_game(smooth_net(), ROWS[0], ROWS)
    budget = Allowance(limit)
    stream = smooth_grad(game, 0, budget)
    found = next(stream)
    assert next(stream) is None and next(stream) is None
    assert budget.spent == found.n_evals == limit // 2 * 2
    assert np.isfinite(found.std_error).all() == (limit >= 20)
    assert found.dof == max(limit // 2 - 1, 1) and not found.exact


def test_a_limit_that_is_raised_goes_on_where_it_was():
    game, budget = table_game(smooth_net(), ROWS[0], ROWS), Allowance(10)
    stream = smooth_grad(game, 0, budget)
    assert next(stream).n_evals == 10 and next(stream) is None
    budget.limit = 60
    *_, found = itertools.takewhile(lambda estimate: estimate is not None, stream)
    assert found.n_evals == 60
    assert found.values == pytest.approx(estimates(60)[-1].values, abs=1e-13)


def test_it_is_the_mean_of_gradients_around_the_input():
    net = smooth_net()
    spread = np.ptp(ROWS, axis=0)
    draws, total = torch.Generator().manual_seed(3), np.zeros(6)
    for _ in range(15):
        noise = 0.15 * spread * torch.randn((1, 6), generator=draws).numpy()[0]
        for sign in (1, -1):
            row = torch.tensor(ROWS[0] + sign * noise, requires_grad=True)
            (gradient,) = torch.autograd.grad(net(row[None]).sum(), row)
            total += gradient.numpy() / 30
    assert of_target(explained(net, ROWS[0], "smooth_grad", ROWS, n_samples=30, seed=3)) == pytest.approx(
        total, abs=1e-6)


def test_ninety_five_per_cent_intervals_cover_the_mean():
    net = smooth_net()
    truth = of_target(explained(net, ROWS[0], "smooth_grad", ROWS, n_samples=100_000, seed=1000))
    covered = []
    for seed in range(150):
        found = explained(net, ROWS[0], "smooth_grad", ROWS, n_samples=30, seed=seed)
        low, high = found.interval()
        covered.append((low[:, 0] <= truth) & (truth <= high[:, 0]))
    assert 0.92 < np.mean(covered) < 0.98


@pytest.mark.parametrize("noise", [0, -1, np.inf, np.nan, True, "much"])
def test_noise_that_is_none_is_refused(noise):
    with pytest.raises(InputError, match=r"noise=.* can't be used: give a standard deviation"):
        explained(smooth_net(), ROWS[0], "smooth_grad", ROWS, noise=noise)


def test_one_pass_is_too_few():
    with pytest.raises(InputError, match="n_samples=1 is too few: smooth_grad takes passes in pairs"):
        explained(smooth_net(), ROWS[0], "smooth_grad", ROWS, n_samples=1)


def test_columns_that_never_vary_are_left_as_they_are():
    rows = ROWS.copy()
    rows[:, 2] = 1.0
    found = explained(lambda each: torch.where(each[:, 2] == 1, each[:, 0], 100 * each[:, 0]), rows[0],
                      "smooth_grad", rows, n_samples=20)
    assert of_target(found)[0] == pytest.approx(1, abs=1e-12)
