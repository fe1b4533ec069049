"""Columns that go together."""

import numpy as np
import pandas as pd
import pytest

import limelight as ll
from limelight.dataset.correlation import associations, clusters, group_name, note, strong_pairs, told_share
from limelight.dataset.table import Table

RNG = np.random.default_rng(0)
N = 600


def strengths(**columns):
    frame = pd.DataFrame(columns)
    return associations(Table.of(ll.tabular_model(lambda rows: np.zeros(len(rows)), frame)))


def test_what_is_a_function_of_another_column_goes_with_it_whatever_the_kinds():
    x, kind = RNG.normal(size=N), RNG.choice(["a", "b", "c"], N)
    told = {"a": "x", "b": "y", "c": "z"}
    found = strengths(x=x, curved=-np.exp(x), kind=kind, same=[told[each] for each in kind],
                      level=np.array([{"a": 1.0, "b": 7.0, "c": 2.0}[each] for each in kind]) + 1e-9 * x)
    assert found[0, 1] == pytest.approx(1)
    assert found[2, 3] == pytest.approx(1)
    assert found[2, 4] == found[4, 2] > 0.9
    assert (found == found.T).all() and (np.diag(found) == 1).all()


def test_independent_columns_do_not_also_where_they_have_many_categories():
    found = strengths(x=RNG.normal(size=N), y=RNG.normal(size=N), many=RNG.integers(40, size=N).astype(str),
                      few=RNG.choice(["a", "b"], N))
    assert found[np.triu_indices(4, 1)].max() < 0.12


def test_categories_that_tell_half_of_each_other_go_together_by_the_root_of_a_half():
    # Four equally frequent categories, of which the other column knows the half: one bit of two.
    kind = np.repeat(["a", "b", "c", "d"], 1_000)
    other = np.where(np.isin(kind, ["a", "b"]), "u", "v") + np.tile(["x", "y"], 2_000)
    assert told_share(kind, other) == pytest.approx(np.sqrt(0.5), abs=1e-3)


def test_ranks_decide_and_not_how_far_numbers_are_apart():
    x, y = RNG.normal(size=N), RNG.normal(size=N)
    expected = abs(pd.Series(x).corr(pd.Series(x + y), method="spearman"))
    assert strengths(x=np.exp(5 * x), sum=x + y)[0, 1] == pytest.approx(expected)


def test_missing_values_and_constant_columns_say_nothing():
    x = RNG.normal(size=N)
    found = strengths(x=np.where(np.arange(N) % 3, x, np.nan), same=x, constant=np.ones(N),
                      text=[f"no. {i}" for i in range(N)])
    assert found[0, 1] > 0.99
    assert found[2:, :2].max() == 0 and found[2, 3] == 0


def test_every_two_columns_of_a_group_go_note():
    chain = np.array([[1, 0.9, 0.2, 0], [0.9, 1, 0.8, 0], [0.2, 0.8, 1, 0], [0, 0, 0, 1]])
    assert clusters(chain) == ((0, 1),)
    assert clusters(np.maximum(chain, 0.75)) == ((0, 1, 2, 3),)
    assert clusters(np.eye(4)) == clusters(np.ones((1, 1))) == ()
    assert strong_pairs(chain) == [(0, 1), (1, 2)]


def test_a_sentence_names_the_strongest_pair():
    strength = np.array([[1, 0.9, 0.2], [0.9, 1, 0.8], [0.2, 0.8, 1]])
    assert note("abc", strength) == ("a and b go together (association 0.90), and so do columns of 2 pairs in all: "
                                         "shuffling one alone makes rows that don't occur.")
    assert note("abc", np.eye(3)) == ""
    assert group_name("abcde", (0, 2)) == "a, c" and group_name("abcde", range(5)) == "a, b, c (+2)"
