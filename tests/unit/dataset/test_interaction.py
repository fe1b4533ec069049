"""Friedman's H, which is known for sums and products."""

import numpy as np
import pandas as pd
import pytest

import limelight as ll
from limelight.dataset.interaction import interactions
from limelight.dataset.table import Table
from limelight.errors import InputError

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(40, 3))
ROWS -= ROWS.mean(0)


def measured(function, rows=ROWS, features=(0, 1, 2), **given):
    return interactions(Table.of(ll.tabular_model(function, rows)), features, **given)


def test_of_a_sum_it_is_zero():
    found = measured(lambda rows: np.sin(rows[:, 0]) + rows[:, 1] ** 3 - rows[:, 2])
    assert (found.h2 == 0).all() and (found.strength == 0).all() and (found.overall.values == 0).all()


def test_of_a_centred_product_it_is_one():
    found = measured(lambda rows: rows[:, 0] * rows[:, 1])
    assert found.pairs[0].tolist() == [0, 1]
    assert found.h2 == pytest.approx([1, 0, 0])
    assert found.strength == pytest.approx([np.std(ROWS[:, 0] * ROWS[:, 1]), 0, 0])
    assert found.overall.values == pytest.approx([found.strength[0], found.strength[0], 0])
    assert found.low[0] < found.strength[0] < found.high[0]


def test_of_a_product_that_is_not_centred_it_is_the_part_that_is():
    # (x + 1) y: y alone explains Var y, the product x y the rest.
    found = measured(lambda rows: (rows[:, 0] + 1) * rows[:, 1], features=(0, 1))
    x, y = ROWS[:, 0], ROWS[:, 1]
    assert found.h2 == pytest.approx(np.var(x * y) / np.var((x + 1) * y))


def test_of_three_features_a_pair_has_what_the_third_leaves_on_average():
    found = measured(lambda rows: rows[:, 0] * rows[:, 1] * (1 + rows[:, 2]))
    assert found.pairs[0].tolist() == [0, 1]
    x, y, z = ROWS.T
    assert found.strength[0] == pytest.approx(np.std(x * y - x * np.mean(y * z) - y * np.mean(x * z)))


def test_categories_and_missing_numbers_take_part():
    frame = pd.DataFrame({"sex": RNG.choice(["f", "m"], 30), "pay": np.where(np.arange(30) % 5, 1.0, np.nan),
                          "age": RNG.normal(size=30)})
    found = measured(lambda rows: np.where(rows["sex"] == "m", rows["age"], 0) + rows["pay"].isna(), frame)
    assert found.to_frame()[["first", "second"]].values.tolist()[0] == ["sex", "age"]
    assert found.h2[0] > 0.3 and found.h2[1:] == pytest.approx([0, 0], abs=1e-12)


def test_a_large_share_of_very_little_is_said_to_be_so():
    found = measured(lambda rows: 100 * rows[:, 2] + rows[:, 0] * rows[:, 1])
    assert found.h2[0] == pytest.approx(1)
    assert found.notes[1].startswith("H2 of some pairs is a large share of very little")


def test_evaluations_are_counted_and_rows_drawn():
    found = measured(lambda rows: rows[:, 0], n_rows=20)
    assert found.overall.n_evals == 6 * 20**2
    assert found.notes == ("Interactions are of 3 features at 20 of 40 rows.",)


def test_too_little_is_refused():
    with pytest.raises(InputError, match="2 features and 10 rows at least: 1 and 40 came"):
        measured(lambda rows: rows[:, 0], features=(0,))
    with pytest.raises(InputError, match="2 features and 10 rows at least: 3 and 5 came"):
        measured(lambda rows: rows[:, 0], n_rows=5)
