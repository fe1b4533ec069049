"""Measuring a little at a time: what `evaluate` finds at once, and never more than a micro-batch."""

import numpy as np
import pytest
import torch
from stubs import CountingMasker, D, finished

import limelight as ll
from limelight.errors import ModelError
from limelight.evaluation import curves
from limelight.export import archive
from limelight.measuring import Measuring

LOTS = 10_000


def to_the_end(measuring, wants, seconds=0.0):
    """Go on until nothing is left, and return how many steps that took."""
    for n in range(LOTS):
        if not measuring.left(wants):
            return n
        measuring.step(wants, seconds)
    raise AssertionError(f"{wants} never ends")


def agrees(measuring, table):
    """Are the rows those of a table of `evaluate`, but for what each asked first?"""
    rows = {name: row for name, row in measuring.rows.items() if not row["refusal"]}
    assert list(rows) == list(table.index)
    numbers = ["value", "std_error", "random", "input", "exact"]
    found = np.array([[np.nan if row[name] is None else row[name] for name in numbers] for row in rows.values()])
    told = table.informative.astype(object).where(table.informative.notna(), None).tolist()
    alike = np.allclose(found, table[numbers].to_numpy(float), rtol=1e-6, atol=1e-12, equal_nan=True)
    return alike and [row["informative"] for row in rows.values()] == told


def network():
    """A small network of two layers, and rows to ask it about."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.Tanh(), torch.nn.Linear(16, 2)).double()
    rows = np.random.default_rng(0).normal(size=(21, 6))
    return net, ll.tabular_model(net, rows[:20]), rows[20]


def test_a_step_asks_no_more_than_a_micro_batch_and_nothing_twice():
    masker = CountingMasker()
    measuring = Measuring(finished(masker, limit=120).explanation())
    del masker.calls[:]
    steps = to_the_end(measuring, "usual")
    assert steps >= len(masker.calls) > 5
    assert max(masker.calls) <= masker.batch_size
    assert len(set(masker.asked)) == len(masker.asked) == 120 + measuring.n_evals


def test_it_finds_what_evaluate_finds():
    explanation = finished(limit=120).explanation()
    measuring = Measuring(explanation)
    to_the_end(measuring, "usual")
    again = finished(limit=120).explanation()
    assert agrees(measuring, ll.evaluate(again))
    found = curves(again)
    assert np.array_equal(measuring.counts, found.counts)
    for way in ("deletion", "insertion"):
        assert measuring.curves[way] == pytest.approx(getattr(found, way)[:, again.target])


def test_a_mean_over_random_orders_ends_where_every_order_does():
    measuring = Measuring(finished(limit=120).explanation())
    to_the_end(measuring, "usual")
    found = measuring.curves
    for way in ("deletion", "insertion"):
        assert found[f"random_{way}"][[0, -1]] == pytest.approx(found[way][[0, -1]])
        assert found[f"random_{way}_error"][[0, -1]].tolist() == [0, 0]


def test_what_is_known_asks_nothing():
    masker = CountingMasker()
    measuring = Measuring(finished(masker, limit=120).explanation())
    to_the_end(measuring, "known")
    assert len(masker.asked) == 120 and measuring.n_evals == 0
    assert set(measuring.rows) >= {"completeness_gap", "sparseness", "complexity"}
    assert measuring.left("usual") > 0


def test_where_every_coalition_was_asked_all_usual_metrics_are_known():
    _, model, x = network()
    explanation = ll.explain(model, x, method="shapley", progress=False)
    measuring = Measuring(explanation)
    to_the_end(measuring, "known")
    assert measuring.left("usual") == 0 and measuring.n_evals == 0
    assert "exact_deletion" not in measuring.curves  # they are these
    assert agrees(measuring, ll.evaluate(explanation))


def test_exact_values_that_were_asked_for_are_in_every_row():
    _, model, x = network()
    measuring = Measuring(ll.explain(model, x, method="lime", n_samples=40, progress=False))
    to_the_end(measuring, "known")
    before = measuring.rows["sparseness"]["exact"]
    to_the_end(measuring, "usual")
    assert before is None and measuring.rows["sparseness"]["exact"] > 0
    assert len(measuring.curves["exact_deletion"]) == 7


@pytest.mark.parametrize("method", ["smooth_grad", "permutation_shapley", "lime"])
def test_dear_metrics_go_on_where_they_were_left_and_put_weights_back_in_between(method):
    net, model, x = network()
    explanation = ll.explain(model, x, method=method, n_samples=40, progress=False)
    kept = [weight.clone() for weight in net.parameters()]
    measuring = Measuring(explanation)
    for _ in range(LOTS):
        if not measuring.left("all"):
            break
        measuring.step("all", 0.0)
        assert all(torch.equal(*pair) for pair in zip(net.parameters(), kept, strict=True))
    assert agrees(measuring, ll.evaluate(explanation, "all"))


def test_a_model_that_fails_ends_a_step_and_what_came_before_is_kept():
    masker = CountingMasker(fails_at=180)
    measuring = Measuring(finished(masker, limit=120).explanation())
    with pytest.raises(ModelError, match="disk is full"):
        to_the_end(measuring, "usual")
    assert "deletion" in measuring.curves and measuring.left("usual") > 0
    masker.fails_at = None
    to_the_end(measuring, "usual")
    assert measuring.left("usual") == 0 and len(set(masker.asked)) == len(masker.asked)


def test_without_a_model_what_can_be_measured_is_and_the_rest_says_why():
    fresh = ll.explain(network()[1], network()[2], method="lime", n_samples=40, progress=False)
    again = archive.loads(archive.dumps(fresh))
    measuring = Measuring(again)
    to_the_end(measuring, "usual")
    refused = {row["refusal"] for row in measuring.rows.values() if row["refusal"]}
    assert refused == {again._run.no_model}
    assert measuring.rows["sparseness"]["value"] > 0 and measuring.rows["deletion_auc"]["refusal"]
    assert "deletion" not in measuring.curves


def test_what_all_metrics_ask_is_counted_once():
    masker = CountingMasker()
    measuring = Measuring(finished(masker, limit=120).explanation())
    to_the_end(measuring, "all")
    assert measuring.n_evals == len(masker.asked) - 120 > 0
    assert measuring.order.tolist() == sorted(range(D), key=lambda i: -measuring.explanation.values[i, 0])
