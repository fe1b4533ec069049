"""What each metric gives to random attributions is what it says it does, and exact ones are told from them."""

import numpy as np
import pytest

import limelight as ll
from limelight.evaluated import Evaluated
from limelight.evaluation import evaluate
from limelight.metrics import METRICS

WORDS = [f"w{i}" for i in range(7)]
NAMES = ["deletion_auc", "insertion_auc", "comprehensiveness", "sufficiency", "infidelity", "sensitivity_n",
         "faithfulness_correlation", "faithfulness_estimate", "monotonicity", "pgi", "pgu"]
DRAWS = 150


def an_and(texts):
    """Two words together and a few alone: the model of 'not' and 'good'."""
    kept = np.array([[word in text.split() for word in WORDS] for text in texts])
    return (kept[:, 0] & kept[:, 3]) + kept @ [0, 0.5, 0.2, 0, -0.4, 0.1, 0]


@pytest.fixture(scope="module")
def explanation():
    return ll.explain(ll.text_model(an_and), " ".join(WORDS), method="shapley", progress=False)


@pytest.mark.parametrize("name", NAMES)
def test_random_attributions_score_at_chance(explanation, name):
    subject, rng = Evaluated(explanation, explanation._run), np.random.default_rng(1)
    own = METRICS[name].score(subject)
    found = []
    for _ in range(DRAWS):
        subject.values = rng.permutation(explanation.values[:, 0] + 1e-9 * np.arange(7))  # without ties
        found.append(METRICS[name].score(subject).value)
    error = np.hypot(np.nanstd(found) / np.sqrt(DRAWS), own.error)
    assert abs(np.nanmean(found) - own.random) <= 4 * error + 1e-9


def test_of_an_and_exact_values_are_told_from_random_ones_but_not_by_how_steadily_it_rises(explanation):
    assert explanation.values[[0, 3], 0] == pytest.approx([0.5, 0.5])
    found = evaluate(explanation, NAMES)
    assert found.informative.drop("monotonicity").all() and not found.informative["monotonicity"]
    assert found.value["faithfulness_estimate"] == pytest.approx(np.corrcoef(
        explanation.values[:, 0], [1, 0.5, 0.2, 1, -0.4, 0.1, 0])[0, 1])
