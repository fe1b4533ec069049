"""Where rows come from: fixed orders, nothing twice, chosen rows marked, and the same however a run is cut."""

from types import SimpleNamespace

import numpy as np
import pytest

from limelight.adaptive import AdaptiveSource
from limelight.neighborhood import Neighborhood, keys
from limelight.sources import MaskedGame, PairedSource


class Game:
    """A masker of n features that squashes a polynomial."""

    hide = "delete"

    def __init__(self, n, law="uniform", batch_size=16):
        self.feature_names, self.law, self.batch_size = [str(i) for i in range(n)], law, batch_size
        self.model = SimpleNamespace(output_names=None)
        self.weights = np.random.default_rng(n).normal(size=n)
        self.asked = []

    def __call__(self, coalitions, output):
        self.asked += keys(coalitions)
        x = coalitions @ self.weights
        p = 1 / (1 + np.exp(-x - 2.0 * coalitions[:, 0] * coalitions[:, 1] * coalitions[:, 2]))
        return np.column_stack([p, 1 - p])


def asked(source, limit):
    """Ask up to a limit, as a run does."""
    rows = Neighborhood(source.n_features, 2, source.law)
    batch = source.opening
    while True:
        rows.append(batch.coalitions, batch.outputs, batch.chosen)
        if len(rows) >= limit:
            return rows
        batch = source.take(rows, limit - len(rows))
        if not len(batch.coalitions):
            return rows


class Number(Game):
    """The same as a number that is no probability."""

    def __call__(self, coalitions, output):
        return 3 * super().__call__(coalitions, output)


def source(kind, n, law="uniform", seed=0, batch_size=16):
    game = Game(n, law, batch_size)
    return kind(MaskedGame(game, "probability", 0), seed), game


@pytest.mark.parametrize("law", ["uniform", "binomial"])
@pytest.mark.parametrize("n", [3, 4, 5, 8, 10])
@pytest.mark.parametrize("kind", [PairedSource, AdaptiveSource])
def test_all_coalitions_come_once(kind, n, law):
    made, game = source(kind, n, law)
    rows = asked(made, 2**n)
    assert rows.complete and len(set(game.asked)) == len(game.asked) == 2**n


@pytest.mark.parametrize("kind", [PairedSource, AdaptiveSource])
def test_first_rows_are_the_same_whatever_the_limit(kind):
    long = asked(source(kind, 14)[0], 400)
    for limit in (16, 30, 57, 190):
        short = asked(source(kind, 14)[0], limit)
        assert np.array_equal(short.coalitions, long.coalitions[:limit])
        assert np.array_equal(short.chosen, long.chosen[:limit])


@pytest.mark.parametrize("kind", [PairedSource, AdaptiveSource])
def test_micro_batches_are_no_larger_than_the_model_likes(kind):
    made, _ = source(kind, 14, batch_size=8)
    rows = Neighborhood(14, 2)
    batch = made.opening
    for _ in range(40):
        rows.append(batch.coalitions, batch.outputs, batch.chosen)
        batch = made.take(rows, 10_000)
        assert 0 < len(batch.coalitions) <= 8


def test_another_seed_gives_other_rows():
    one, two = (asked(source(AdaptiveSource, 14, seed=seed)[0], 200) for seed in (0, 1))
    assert not np.array_equal(one.coalitions, two.coalitions)


def test_features_alone_come_first_and_chosen_rows_are_in_pairs():
    rows = asked(source(AdaptiveSource, 14)[0], 300)
    assert (rows.sizes[2:16] == 13).all() and (rows.sizes[16:30] == 1).all()
    assert not rows.chosen[: 3 * 14].any()
    later, earlier = rows.pairs[1], rows.pairs[0]
    assert np.array_equal(rows.chosen[later], rows.chosen[earlier])
    share = rows.chosen[3 * 14 :].mean()
    assert 0.5 < share < 0.75
    assert len(later) >= 145  # all but those of the last batch


def test_what_ifs_are_used_when_their_turn_comes():
    made, game = source(AdaptiveSource, 14)
    wanted = asked(source(AdaptiveSource, 14)[0], 60).coalitions[55]
    first = made.ask(wanted[None])[0]
    rows = asked(made, 60)
    assert made.n_probes == 1 and game.asked.count(keys(wanted[None])[0]) == 1
    assert rows.outputs[55] == pytest.approx(first)


def test_chosen_rows_make_shapley_values_better():
    from limelight.estimators.shapley import shapley

    def values(kind, limit, seed=0):
        return shapley(asked(kind(MaskedGame(Number(14), "probability", 0), seed), limit)).values[:, 0]

    truth = values(PairedSource, 2**14)
    errors = {kind: [((values(kind, 200, seed) - truth) ** 2).sum() for seed in range(8)]
              for kind in (PairedSource, AdaptiveSource)}
    assert np.median(errors[AdaptiveSource]) < 0.7 * np.median(errors[PairedSource])
