"""Permutation importance, whose values are known for linear models."""

import numpy as np
import pytest

import limelight as ll
from limelight.dataset.conditional import conditional_permutation, leaves, shuffled_within
from limelight.dataset.permutation import (
    drawn_shuffles,
    grouped_permutation,
    interval,
    judge,
    permutation,
    rises,
)
from limelight.dataset.table import Table
from limelight.errors import InputError

W = np.array([2.0, 1.0, 0.0, -0.5])


def linear(rows, y=None, seed=0, **given):
    return Table.of(ll.tabular_model(lambda each: each @ W[: rows.shape[1]], rows), y=y, seed=seed, **given)


def normal(n, seed=0):
    return np.random.default_rng(seed).normal(size=(n, len(W)))


def test_of_a_linear_model_it_is_twice_the_variance_of_each_term():
    rows = normal(4000)
    found = permutation(linear(rows, rows @ W + np.random.default_rng(1).normal(size=4000)))
    assert found.values == pytest.approx(2 * W**2, rel=0.05, abs=1e-12)
    assert found.values[2] == found.low[2] == found.high[2] == 0
    assert found.n_evals == 4000 * 41


def test_intervals_hold_the_value_of_other_rows_and_other_shuffles():
    truth, held = 2 * W**2, []
    for seed in range(60):
        rows = normal(150, seed)
        found = permutation(linear(rows, rows @ W + np.random.default_rng(seed + 1000).normal(size=150), seed))
        held.append((found.low <= truth) & (truth <= found.high))
    assert 0.9 <= np.mean(np.array(held)[:, [0, 1, 3]]) <= 0.99


def test_errors_count_both_rows_of_a_rise():
    # d(i, k) = a_i + b_k: its mean varies as the mean of a + b over rows does.
    rng = np.random.default_rng(0)
    shuffles = drawn_shuffles(linear(normal(3000)), 10)
    a, b = rng.normal(size=(2, 3000))
    for parts in ((a, b), (a, 0.3 * b - a)):
        _, low, high = interval(parts[0] + parts[1][shuffles], shuffles)
        assert (high - low) / 2 == pytest.approx(1.96 * np.std(sum(parts)) / np.sqrt(3000), rel=0.1)


def test_of_a_classifier_it_is_the_rise_of_the_log_loss():
    rows = normal(3000)
    likely = 1 / (1 + np.exp(-rows[:, 0]))
    model = ll.tabular_model(lambda each: np.stack([1 / (1 + np.exp(sign * each[:, 0])) for sign in (1, -1)], 1), rows)
    found = permutation(Table.of(model, y=np.random.default_rng(1).random(3000) < likely))
    # E[-log p of another row] - E[-log p] = Cov(x, p) for log-odds x
    assert found.values == pytest.approx([np.cov(rows[:, 0], likely)[0, 1], 0, 0, 0], rel=0.1)
    assert "the log loss rises" in found.said


def test_without_y_it_is_the_mean_change_of_the_prediction_and_says_so():
    found = permutation(linear(normal(4000)))
    assert found.values == pytest.approx(np.abs(W) * 2 / np.sqrt(np.pi), rel=0.05)  # E|x - x'| of two normals
    assert "the prediction changes" in found.said and found.notes[0].startswith("Without y")


@pytest.mark.parametrize("loss", ["absolute_error", "squared_error"])
def test_another_loss_can_be_asked_for(loss):
    rows = normal(500)
    found = permutation(linear(rows, rows @ W, loss=loss))
    assert found.values[0] == pytest.approx({"absolute_error": 4 / np.sqrt(np.pi), "squared_error": 8}[loss], rel=0.15)


def test_columns_that_go_together_are_worth_more_together():
    rows = normal(3000)
    rows[:, 1] = rows[:, 0]
    table = linear(rows, rows @ W)
    single = permutation(table, strengths=np.corrcoef(rows, rowvar=False))
    found = grouped_permutation(table, single, ((0, 1),))
    assert single.values[:2] == pytest.approx([8, 2], rel=0.1)
    assert found.values == pytest.approx([18, 18, 0, 0.5], rel=0.1)
    assert found.groups == ((0, 1),) and found.values[3] == single.values[3]
    assert "feature 0 and feature 1 go together (association 1.00)" in single.notes[-1]


def test_among_rows_that_are_alike_a_column_counts_for_what_the_others_do_not_tell():
    rng = np.random.default_rng(0)
    level = rng.integers(3, size=3000)
    own = rng.normal(size=3000) / 2
    rows = np.column_stack([level, 10.0 * level + own, own * 0])
    found = conditional_permutation(linear(rows, rows @ W[:3]))
    assert permutation(linear(rows, rows @ W[:3])).values[1] == pytest.approx(2 * np.var(rows[:, 1]), rel=0.1)
    assert found.values == pytest.approx([0, 2 * np.var(own), 0], rel=0.1, abs=0.01)


def test_rows_change_places_within_their_leaf_only():
    leaf = np.array([2, 0, 2, 1, 0, 2])
    order = shuffled_within(leaf, np.random.default_rng(0))
    assert (leaf[order] == leaf).all() and sorted(order) == list(range(6))
    x = np.repeat([0.0, 1.0], 50)
    assert len(np.unique(leaves(x[:, None], x + 3, "number"))) == 2


def test_missing_values_go_where_they_are_sent():
    rows = normal(100)
    rows[::4, 0] = np.nan
    model = ll.tabular_model(lambda each: np.nan_to_num(each[:, 0]), rows)
    table = Table.of(model, y=np.nan_to_num(rows[:, 0]))
    assert permutation(table).values[0] > 0 and conditional_permutation(table).values[0] > 0


def test_of_many_rows_some_are_drawn_and_a_note_says_how_many():
    rows = normal(300)
    found = permutation(linear(rows, rows @ W), n_rows=100)
    assert found.notes == ("Permutation importance is of 100 of 300 rows.",)
    assert found.n_evals == 100 * 41


def test_a_table_of_one_column_has_an_answer():
    rows = np.arange(40.0)[:, None]
    table = Table.of(ll.tabular_model(lambda each: each[:, 0], rows), y=rows[:, 0])
    assert conditional_permutation(table).values[0] == pytest.approx(2 * np.var(rows), rel=0.3)


def test_few_rows_have_no_interval_and_one_row_is_refused():
    found = permutation(linear(normal(5), np.zeros(5)))
    assert np.isfinite(found.values).all() and np.isnan(found.low[0])
    with pytest.raises(InputError, match="2 rows and 3 repeats at least, better some hundreds and 10: 1 row and 10"):
        permutation(linear(normal(1)))


def test_the_same_seed_gives_the_same_numbers():
    rows = normal(50)
    one, same, other = (permutation(linear(rows, rows @ W, seed)).values for seed in (1, 1, 2))
    assert (one == same).all() and (one != other).any()


def test_a_row_gets_the_value_of_the_row_it_is_sent():
    rows = normal(6)
    judged = judge(linear(rows, rows @ W), 3)
    shuffles = drawn_shuffles(judged.table, 3)
    assert rises(judged, (0,), shuffles) == pytest.approx(4 * (rows[shuffles, 0] - rows[:, 0]) ** 2)
