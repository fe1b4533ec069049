"""Correlations: what they cost, and how sure they are."""

import numpy as np
import pytest

import limelight as ll
from limelight.evaluation import evaluate
from limelight.metrics.sums import CLEAR, ENOUGH
from limelight.quality.infidelity import sizes_of

WORDS = " ".join(f"w{i}" for i in range(14))


def explained(links, **options):
    weights = 2 * (-0.8) ** np.arange(14)
    counted = [0]

    def model(texts):
        counted[0] += len(texts)
        kept = np.array([[word in text.split() for word in WORDS.split()] for text in texts])
        return (kept @ weights + links * (2 * kept[:, [0, 5, 9]] - 1).prod(1)).tolist()

    options = {"method": "lime", "n_samples": 300, "progress": False} | options
    explanation = ll.explain(ll.text_model(model), WORDS, **options)
    counted[0] = 0
    return explanation, counted


def test_the_estimate_reads_the_features_that_were_left_out_alone_and_asks_nothing():
    explanation, counted = explained(0.2)
    found = evaluate(explanation, "faithfulness_estimate")
    assert counted[0] == 0 == found.n_evals.item() and 0.9 < found.value.item() < 1 and found.std_error.item() == 0


def test_occlusion_is_perfect_by_the_estimate_whatever_the_model():
    assert evaluate(explained(3.0, method="occlusion")[0], "faithfulness_estimate").value.item() == pytest.approx(1)


def test_subsets_are_asked_about_only_while_it_is_not_clear_what_their_correlation_is():
    clear, counted = explained(0.0)
    found = evaluate(clear, "sensitivity_n")
    assert counted[0] == found.n_evals.item() <= len(sizes_of(14)) * ENOUGH[0]
    assert found.value.item() == pytest.approx(1) and found.std_error.item() < 1e-6
    linked, counted = explained(3.0)
    found = evaluate(linked, "faithfulness_correlation")
    assert ENOUGH[1] < counted[0] == found.n_evals.item() <= ENOUGH[-1]
    assert found.value.item() < 0.95 and found.std_error.item() > CLEAR


def test_subsets_of_one_size_serve_both_correlations():
    explanation, counted = explained(0.0)
    evaluate(explanation, "sensitivity_n")
    assert 4 in sizes_of(20) and round(0.2 * 20) == 4
    before = counted[0]
    size = round(0.2 * 14)
    asked = evaluate(explanation, "faithfulness_correlation").n_evals.item()
    assert counted[0] - before == asked == (0 if size in sizes_of(14) else ENOUGH[0])


def test_what_all_coalitions_tell_has_no_error_and_costs_nothing():
    def model(texts):
        return [len(text) ** 0.5 for text in texts]

    explanation = ll.explain(ll.text_model(model), "one three five seven", progress=False)
    found = evaluate(explanation, ["infidelity", "sensitivity_n", "faithfulness_correlation"])
    assert (found.std_error == 0).all() and found.n_evals.sum() == 0
