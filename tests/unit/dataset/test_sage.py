"""SAGE, whose values are known for linear models and independent columns."""

import numpy as np
import pytest

import limelight as ll
from limelight.dataset import _loss_game
from limelight.dataset._loss_game import LossGame
from limelight.dataset.sage import sage
from limelight.dataset.steps import finished
from limelight.dataset.table import Table
from limelight.errors import InputError

W = np.array([2.0, 1.0, 0.0, -0.5])


def linear(n=500, seed=0, noise=1.0, y=True, rows=None, **given):
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, len(W))) if rows is None else rows
    truth = rows @ W + noise * rng.normal(size=len(rows)) if y else None
    return Table.of(ll.tabular_model(lambda each: each @ W, rows), y=truth, seed=seed, **given)


def test_of_a_linear_model_and_independent_columns_it_is_the_variance_of_each_term():
    found = sage(linear(4000), ratio=0.01)
    assert found.values == pytest.approx(W**2, rel=0.05, abs=0.1)
    assert (np.abs(found.values - W**2) <= found.high - found.values).all()
    assert "the squared error falls" in found.said


def test_intervals_hold_it():
    held = []
    for seed in range(40):
        found = sage(linear(200, seed), n_evals=40_000)
        held.append((found.low <= W**2) & (found.high >= W**2))
    assert 0.88 <= np.mean(np.array(held)[:, [0, 1, 3]]) <= 1


def test_values_add_up_to_what_everything_lowers_the_loss_by():
    table = linear(400)
    rows = table.rows @ W
    found = sage(table, ratio=0.01)
    total = np.mean((rows.mean() - table.y) ** 2) - np.mean((rows - table.y) ** 2)
    assert found.values.sum() == pytest.approx(total, rel=0.01)


def test_few_background_rows_leave_no_bias(monkeypatch):
    # x0 x1: with B background rows the loss of one feature would be Var / B higher.
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(3000, 2))
    table = Table.of(ll.tabular_model(lambda each: each[:, 0] * each[:, 1], rows), y=rows[:, 0] * rows[:, 1])
    game = finished(LossGame.begin(table, ()))
    monkeypatch.setattr(_loss_game, "N_BACKGROUND", 2)
    # nothing and one alone leave the loss at 1; together it is 0: a half each.
    played = [finished(game.play(np.arange(3000), np.random.default_rng(seed))).mean(0) for seed in range(4)]
    assert np.mean(played, 0) == pytest.approx([0.5, 0.5], rel=0.1)
    alone = np.array([[[True, False]]] * 3000)
    one_alone = finished(game._losses(np.arange(3000), rng.integers(3000, size=(3000, 2)), alone))
    assert one_alone.mean() == pytest.approx(1.0, rel=0.15)


def test_without_y_values_add_up_to_the_variance_of_the_predictions():
    table = linear(1000, y=False)
    found = sage(table, ratio=0.01)
    assert found.values.sum() == pytest.approx(np.var(table.rows @ W), rel=0.01)
    assert found.said == "Each feature's share of the variance of the predictions."


def test_of_log_loss_it_is_the_information_that_a_column_has():
    rng = np.random.default_rng(0)
    rows = rng.integers(2, size=(4000, 2)).astype(float)
    likely = np.array([0.1, 0.9])
    y = rng.random(4000) < likely[rows[:, 0].astype(int)]
    model = ll.tabular_model(lambda each: np.stack([1 - likely[each[:, 0].astype(int)],
                                                    likely[each[:, 0].astype(int)]], 1), rows)
    known = np.log(2) + 0.9 * np.log(0.9) + 0.1 * np.log(0.1)
    assert sage(Table.of(model, y=y)).values == pytest.approx([known, 0], rel=0.08, abs=1e-9)


def test_a_group_has_the_value_of_its_columns_together():
    rows = np.random.default_rng(0).normal(size=(2000, 4))
    rows[:, 1] = rows[:, 0]
    found = sage(linear(rows=rows), groups=((0, 1),), ratio=0.01)
    assert found.values == pytest.approx([9, 9, 0, 0.25], rel=0.05, abs=0.2)
    assert found.groups == ((0, 1),)


def test_a_constant_column_is_worth_nothing_and_takes_no_asking():
    rows = np.random.default_rng(0).normal(size=(200, 4))
    rows[:, 1:] = 1.0
    found = sage(linear(rows=rows))
    assert (found.values[1:] == 0).all() and found.values[0] == pytest.approx(4, rel=0.3)
    assert found.n_evals == 200
    assert (sage(linear(rows=np.ones((50, 4)))).values == 0).all()


def test_it_stops_when_it_is_sure_enough_and_never_above_the_limit():
    assert sage(linear(), ratio=0.2).n_evals < 100_000
    assert sage(linear(), n_evals=30_001, ratio=0).n_evals <= 30_001
    with pytest.raises(InputError, match="n_evals=1,000 is too few: SAGE needs 2,420 for 10 of these 500 rows"):
        sage(linear(), n_evals=1000)


def test_what_it_cannot_do_is_refused():
    with pytest.raises(InputError, match="SAGE needs 10 rows at least, better some thousands: 5 came"):
        sage(linear(5))
    rows = np.random.default_rng(0).random((50, 1))
    model = ll.tabular_model(lambda each: np.column_stack([1 - each, each]), rows)
    with pytest.raises(InputError, match="SAGE needs a loss of single rows, and one minus the area"):
        sage(Table.of(model, y=np.arange(50) % 2, loss="auc"))


def test_the_same_seed_gives_the_same_numbers():
    one, same, other = (sage(linear(100), n_evals=20_000), sage(linear(100), n_evals=20_000),
                        sage(linear(100, seed=1), n_evals=20_000))
    assert (one.values == same.values).all() and (one.values != other.values).any()
