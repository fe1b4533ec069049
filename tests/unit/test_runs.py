"""Runs: what is asked, in which order, and what happens when a model fails."""

import numpy as np
import pytest
from stubs import CountingMasker, D, finished, running

from limelight.errors import InputError, ModelError
from limelight.sources import MaskedGame


@pytest.mark.parametrize("limit", [16, 17, 100, 333, 2**D, 10**6])
def test_never_over_the_limit_and_never_twice(limit):
    masker = CountingMasker()
    run = finished(masker, limit=limit)
    assert len(masker.asked) == len(set(masker.asked)) == len(run.neighborhood) == min(limit, 2**D)
    assert run.neighborhood.complete == (limit >= 2**D)


def test_time_decides_nothing_but_the_pauses():
    small, large = CountingMasker(), CountingMasker()
    slow, fast = finished(small, seconds=0), finished(large, seconds=10)
    assert small.calls == large.calls
    assert np.array_equal(slow.neighborhood.outputs, fast.neighborhood.outputs)


def test_prefixes_are_the_same_whatever_the_limit():
    short, long = finished(limit=90), finished(limit=400)
    assert np.array_equal(long.neighborhood.coalitions[:90], short.neighborhood.coalitions)


def test_more_goes_on_where_it_stopped():
    masker = CountingMasker()
    run = finished(masker, limit=90)
    run.more(400)
    while run.state == "running":
        run.step()
    assert np.array_equal(run.neighborhood.coalitions, finished(limit=400).neighborhood.coalitions)
    assert len(masker.asked) == 400


def test_a_stopped_run_asks_nothing_and_goes_on():
    masker = CountingMasker()
    run = running(masker)
    run.step(0)
    run.stop()
    before = len(masker.asked)
    run.step(1)
    assert run.state == "stopped" and len(masker.asked) == before
    run.resume()
    run.step(5)
    assert run.state == "done" and len(masker.asked) == 200


def test_a_model_that_raises_keeps_what_came_before_and_can_go_on():
    masker = CountingMasker(fails_at=100)
    run = finished(masker)
    assert run.state == "failed" and 80 <= len(run.neighborhood) <= 100
    assert isinstance(run.error, ModelError) and "the disk is full" in str(run.error)
    assert np.isfinite(run.explanation().values).all()
    masker.fails_at = None
    run.resume()
    run.step(5)
    assert run.state == "done"
    assert np.array_equal(run.neighborhood.coalitions, finished().neighborhood.coalitions)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_from_the_model_is_told_apart(bad):
    def answer(coalitions):
        return np.where(coalitions[:, :1], 0.5, bad) if len(coalitions) > 2 else np.ones((2, 1))

    run = finished(CountingMasker(answer=answer))
    assert run.state == "failed" and "NaN or infinity for" in str(run.error)


def test_what_ifs_are_counted_apart_and_never_asked_again():
    masker = CountingMasker()
    run = running(masker, limit=2**D)
    change = {"absent": [2, 3, 11]}
    first = run.probe(change)
    assert run.source.n_probes == 1 and np.array_equal(first, run.probe(change))
    while run.state == "running":
        run.step()
    assert len(masker.asked) == len(set(masker.asked)) == 2**D
    assert np.array_equal(run.probe(change), first) and run.source.n_probes == 1


def test_tolerance_stops_a_run_and_holds_what_it_says():
    run = finished(limit=5000, tolerance=0.02)
    explanation = run.explanation()
    low, high = explanation.interval()
    assert len(run.neighborhood) < 5000
    assert (high - low)[:, explanation.target].max() / 2 <= 0.02


def test_settled_order_stops_a_run_but_not_before_ten_pairs():
    run = finished(limit=5000, settled=True)
    assert len(run.neighborhood) < 5000 and run.explanation().quality["rank_stability"] >= 0.95
    flat = CountingMasker(answer=lambda rows: rows @ np.arange(1.0, D + 1)[:, None])
    assert len(finished(flat, limit=5000, settled=True).neighborhood.pairs[0]) >= 10


def test_at_most_ten_outputs_are_kept_the_likeliest_and_the_target():
    def answer(coalitions):
        return coalitions.sum(1, keepdims=True) * np.arange(1.0, 41.0) / 100

    game = MaskedGame(CountingMasker(answer=answer), "probability", 3)
    assert game.n_outputs == 10 and game.chosen.names[game.chosen.target] == "output 3"
    assert game.chosen.names[0] == "output 39"
    assert MaskedGame(CountingMasker(answer=answer), "probability", None).chosen.target == 0


@pytest.mark.parametrize("target", ["nobody", 2, -3, 1.0, True])
def test_an_unknown_target_is_refused_with_what_there_is(target):
    with pytest.raises(InputError, match="'output 0', 'output 1'"):
        running(target=target)
