"""Shapley values from all coalitions of what differs."""

from itertools import permutations

import numpy as np

from limelight.bulk.enumerated import alike, every


def by_definition(game, n_features):
    """Mean over all orders of what each feature adds."""
    found = np.zeros(n_features)
    orders = list(permutations(range(n_features)))
    for order in orders:
        present = np.zeros(n_features, bool)
        for feature in order:
            before = game(present)
            present[feature] = True
            found[feature] += game(present) - before
    return found / len(orders)


def test_background_rows_are_sorted_by_how_much_differs():
    differs = np.array([[1, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 1, 0], [0, 1, 1, 0]], bool)
    found, rest = alike(differs, 4)
    assert [some.rows.tolist() for some in found] == [[2], [0, 3], [4]]
    assert found[1].features.tolist() == [[0], [2]]
    assert rest.tolist() == [1]


def test_coalitions_vary_what_differs_and_nothing_else():
    found, _ = alike(np.array([[1, 0, 1, 0], [0, 1, 0, 1]], bool), 16)
    shown = found[0].coalitions(4)
    assert not shown[0][:, [1, 3]].any()
    assert np.array_equal(shown[0][:, [0, 2]], every(2))
    assert np.array_equal(shown[1][:, [1, 3]], every(2))


def test_values_are_those_of_the_definition():
    rng, n_features = np.random.default_rng(0), 4
    differs = np.array([[1, 0, 1, 1], [1, 1, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]], bool)
    codes = 2 ** np.arange(n_features)
    tables = [rng.normal(size=(2, 2**n_features)) for _ in differs]
    found, rest = alike(differs, 2**n_features)
    values = sum(some.shapley(np.stack([tables[row][:, shown @ codes] for row, shown in
                                        zip(some.rows, some.coalitions(n_features), strict=True)], axis=1), n_features)
                 for some in found)
    truth = [sum(by_definition(lambda shown, row=row, j=j: tables[row][j][(shown & differs[row]) @ codes], n_features)
                 for row in range(len(differs))) for j in range(2)]
    assert not len(rest)
    assert np.allclose(values.T, truth, rtol=0, atol=1e-12)


def test_features_that_are_the_same_in_all_background_rows_are_summed_first():
    rng = np.random.default_rng(1)
    (together,), _ = alike(np.ones((3, 5), bool), 32)
    outputs = rng.normal(size=(2, 3, 32))
    alone = sum(alike(np.ones((1, 5), bool), 32)[0][0].shapley(outputs[:, [k]], 5) for k in range(3))
    assert np.allclose(together.shapley(outputs, 5), alone, rtol=0, atol=1e-12)
