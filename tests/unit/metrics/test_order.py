"""What moves as features go and come: closed forms of prediction gaps over background rows, and of steady rises."""

import numpy as np
import pytest

import limelight as ll
from limelight import InputError
from limelight.evaluation import evaluate

W = np.array([2.0, -1.0, 0.5, 0.25])
ROWS = np.random.default_rng(0).normal(size=(30, 4))
X = np.array([1.0, 1.5, -0.5, 2.0])


class Sum:
    """x . W of rows, that counts them."""

    def __init__(self):
        self.n = 0

    def __call__(self, rows):
        self.n += len(rows)
        return np.asarray(rows) @ W


def explained(**options):
    model = Sum()
    explanation = ll.explain(ll.tabular_model(model, ROWS), X, method="shapley", progress=False, **options)
    model.n = 0
    return explanation, model


def test_the_prediction_gap_is_a_mean_over_background_rows_and_not_the_gap_of_the_mean():
    """Of four features one goes: the most important, by exact values w (x - E b)."""
    explanation, model = explained()
    moved = np.abs((X - ROWS) * W)
    first = np.argmax(np.abs(explanation.values[:, 0]))
    rest = np.abs(((X - ROWS) * W).sum(1) - ((X - ROWS) * W)[:, first])
    found = evaluate(explanation, ["pgi", "pgu"])
    assert found.value.tolist() == pytest.approx([moved[:, first].mean(), rest.mean()])
    assert found.random["pgi"] == pytest.approx(moved.mean(0).mean())
    assert found.value["pgi"] > abs(explanation.values[first, 0])
    assert model.n == found.n_evals.sum() * len(ROWS) == 8 * len(ROWS)


def test_the_gaps_are_asked_once():
    explanation, model = explained()
    evaluate(explanation, ["pgi", "pgu"])
    before = model.n
    assert evaluate(explanation, ["pgu", "pgi"]).n_evals.sum() == 0 and model.n == before


def test_columns_in_groups_go_together():
    explanation, _ = explained(groups={"both": [0, 1]})
    moved = (X - ROWS) * W
    found = evaluate(explanation, "pgi")
    assert found.value.item() == pytest.approx(np.abs(moved[:, :2].sum(1)).mean())


def test_a_loaded_explanation_of_a_table_has_no_gaps_though_its_means_are_known(tmp_path):
    explanation, _ = explained()
    ll.save(explanation, tmp_path / "a.npz")
    loaded = ll.load(tmp_path / "a.npz")
    assert evaluate(loaded).value["deletion_auc"] == pytest.approx(evaluate(explanation).value["deletion_auc"])
    with pytest.raises(InputError, match="model="):
        evaluate(loaded, "pgi")


def test_of_an_additive_model_every_order_rises_as_steadily_so_that_tells_nothing():
    found = evaluate(explained()[0], "monotonicity")
    assert found.value.item() == pytest.approx(found.random.item()) == pytest.approx(found["exact"].item())
    assert not found.informative.item()
