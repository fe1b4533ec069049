"""The order in which a model is asked."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limelight.estimators.coalitions import blocks, coalitions


def taken(n_features, n, **keywords):
    return np.array(list(itertools.islice(coalitions(n_features, **keywords), n)))


@pytest.mark.parametrize("law", ["uniform", "binomial"])
@pytest.mark.parametrize("n_features", range(1, 11))
def test_all_coalitions_come_once_and_then_it_ends(n_features, law):
    rows = taken(n_features, 10**6, law=law)
    assert len(rows) == len(np.unique(rows, axis=0)) == 2**n_features


@given(n_features=st.integers(3, 60), n=st.integers(1, 400), seed=st.integers(0, 99),
       law=st.sampled_from(["uniform", "binomial"]))
@settings(max_examples=30, deadline=None)
def test_prefixes_are_the_same_whatever_is_taken(n_features, n, seed, law):
    rows = taken(n_features, 400, law=law, seed=seed)
    assert np.array_equal(taken(n_features, n, law=law, seed=seed), rows[:n])
    assert len(np.unique(rows, axis=0)) == len(rows)


def test_it_begins_with_nothing_everything_and_each_left_out():
    rows = taken(7, 9)
    assert not rows[0].any() and rows[1].all()
    assert np.array_equal(rows[2:], ~np.eye(7, dtype=bool))


@pytest.mark.parametrize("law", ["uniform", "binomial"])
def test_then_come_blocks_each_followed_by_its_complements(law):
    drawn = list(itertools.islice(blocks(20, law, seed=5), 2, 600))
    alone = np.concatenate(drawn).sum(1) == 1
    assert len(np.unique(np.concatenate(drawn)[alone], axis=0)) == alone.sum()
    in_pairs = [block[block.sum(1) > 1] for block in drawn if (block.sum(1) > 1).any()]
    for block, complements in zip(in_pairs[0::2], in_pairs[1::2], strict=False):
        assert np.array_equal(block, ~complements)


@pytest.mark.parametrize("n_features", [22, 60, 200])
def test_blocks_hold_few_sizes(n_features):
    drawn = list(itertools.islice(blocks(n_features), 2, 400))
    assert max(map(len, drawn)) <= 32
    late = [block.sum(1) for block in drawn[len(drawn) // 2 :]]
    assert max(np.ptp(sizes) for sizes in late) <= 1
    assert np.mean([len(sizes) for sizes in late]) > 24


def test_sizes_are_asked_equally_often():
    sizes = taken(30, 6000).sum(1)
    counts = np.bincount(sizes, minlength=31)[2:29]
    assert counts.max() - counts.min() <= 32
    assert np.bincount(sizes)[[1, 29]].tolist() == [30, 30]


def test_images_ask_half_their_pairs_by_fair_coins():
    middle = np.isin(taken(40, 4000, law="binomial").sum(1), range(14, 27)).mean()
    coins, cycle = 0.96, 13 / 39
    assert middle == pytest.approx((coins + cycle) / 2, abs=0.05)


def test_other_seeds_draw_other_coalitions():
    assert not np.array_equal(taken(20, 100, seed=1), taken(20, 100, seed=2))
