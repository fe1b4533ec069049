"""Chosen pairs: new ones only, the most useful first, and the same whatever the limit."""

import numpy as np
import pytest

from limelight.estimators.design import batch_size, candidates, next_pairs
from limelight.estimators.odd_kernel import OddKernel
from limelight.estimators.odd_process import fitted, posterior

RNG = np.random.default_rng


def both_rows(x):
    return {row.tobytes() for row in np.concatenate([x, -x]) + 0.0}


def first_pairs(n_features, n_pairs=1, seed=0):
    """Everything and nothing, then candidates."""
    x = np.ones((1, n_features))
    return np.concatenate([x, candidates(x, RNG(seed), n_pairs - 1)]) if n_pairs > 1 else x


def kernel(n_features, seed=0):
    return OddKernel(RNG(seed).gamma(1, 0.3, size=n_features), 0.7, 0.01)


def summed_variance(k, x):
    q = k.with_values(x)
    return (k.value_variance - np.einsum("ji,ji->i", q, np.linalg.solve(k.among(x), q))).sum()


@pytest.mark.parametrize("n_features", [2, 5, 12, 13, 40])
def test_candidates_are_pairs_that_were_not_asked(n_features):
    x = np.ones((1, n_features))
    for seed in range(3):
        new = candidates(x, RNG(seed), 50)
        assert len(both_rows(new)) == 2 * len(new)
        assert not both_rows(new) & both_rows(x)
        x = np.concatenate([x, new])


def test_candidates_run_out_when_all_coalitions_are_in():
    x = np.ones((1, 6))
    while len(new := candidates(x, RNG(len(x)), 10)):
        x = np.concatenate([x, new])
    assert len(x) == 32 and len(both_rows(x)) == 64


@pytest.mark.parametrize("n_features", [12, 30])
def test_sizes_of_candidates_are_alike(n_features):
    sizes = np.concatenate([(candidates(np.ones((1, n_features)), RNG(s), 11) > 0).sum(1) for s in range(300)])
    pairs = np.minimum(sizes, n_features - sizes)
    shares = np.bincount(pairs, minlength=n_features // 2 + 1)[1:] / len(pairs)
    inner = shares[2:-1]  # of single features there are few pairs, and a half is its own complement's size
    assert inner.max() / inner.min() < 1.5


def test_the_first_choice_lowers_the_variance_most():
    x, k = first_pairs(9, 15), kernel(9)
    pool = candidates(x, RNG(1), 40)
    left = [summed_variance(k, np.vstack([x, row])) for row in pool]
    assert (next_pairs(x, k, pool, 1)[0] == pool[np.argmin(left)]).all()


def test_choices_count_what_was_chosen_before():
    """One after the other in a batch is the same as in batches of one."""
    x, k = first_pairs(9, 15), kernel(9)
    pool = candidates(x, RNG(1), 40)
    together, grown = next_pairs(x, k, pool, 6), x
    for _ in range(6):
        grown = np.vstack([grown, next_pairs(grown, k, pool[[row.tobytes() not in both_rows(grown) for row in pool]],
                                             1)])
    assert (grown[15:] == together).all()


def test_a_smaller_batch_is_the_start_of_a_larger_one():
    x, k = first_pairs(14, 20), kernel(14)
    pool = candidates(x, RNG(0))
    assert (next_pairs(x, k, pool, 12)[:5] == next_pairs(x, k, pool, 5)).all()


def test_chosen_pairs_are_new_and_no_more_than_there_are():
    x, k = first_pairs(6, 20), kernel(6)
    pool = candidates(x, RNG(0))
    chosen = next_pairs(x, k, pool, 50)
    assert len(chosen) == len(pool) == 12
    assert len(both_rows(np.vstack([x, chosen]))) == 64
    assert next_pairs(np.vstack([x, chosen]), k, candidates(np.vstack([x, chosen]), RNG(0)), 4).shape == (0, 6)


def test_batches_grow_with_the_pairs():
    sizes = [batch_size(n) for n in range(1, 500)]
    assert min(sizes) == 4 and sizes == sorted(sizes) and sizes[399] == 160


def test_chosen_pairs_say_more_than_drawn_ones():
    """Over several games: of one the ratio is between a half and one."""
    ratios = []
    for seed in range(6):
        left = [doubt_left(product_of_bends(seed), chosen) for chosen in (True, False)]
        ratios.append(left[0] / left[1])
    assert np.mean(ratios) < 0.85


def product_of_bends(seed):
    slope = RNG(seed).normal(size=(16, 2)) / 2

    def halves(x):
        present = x > 0
        return ((np.tanh(present @ slope).prod(1) - np.tanh(~present @ slope).prod(1)) / 2)[:, None]

    return halves


def doubt_left(halves, chosen):
    """Summed variance of the values after eighty pairs."""
    x, cache = first_pairs(16, 24), {}
    while len(x) < 80:
        pool, h = candidates(x, RNG(len(x))), halves(x)
        count = batch_size(len(x))
        x = np.vstack([x, next_pairs(x, fitted(x, h, cache), pool, count) if chosen else pool[:count]])
    h = halves(x[:80])
    return posterior(x[:80], h, fitted(x[:80], h, cache)).variance.sum()
