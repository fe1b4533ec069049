"""Nearby inputs of a linear model, whose attributions w (x - b) move as it says."""

import numpy as np
import pytest
import torch

import limelight as ll
from limelight.errors import Unsuited
from limelight.evaluation import evaluate
from limelight.maskers.nearby import RADIUS, Near
from limelight.maskers.tabular import TabularMasker
from limelight.quality.agreement import rank_agreement
from limelight.quality.complexity import complexity
from limelight.quality.sanity import cascade, randomised

NEARBY = ["sensitivity_max", "sensitivity_avg", "local_lipschitz", "relative_input_stability"]


@pytest.fixture(scope="module")
def linear():
    """A linear network, its weights, rows, and the explanation of one by integrated gradients."""
    torch.manual_seed(0)
    net, rows = torch.nn.Linear(5, 1).double(), np.random.default_rng(0).normal(size=(21, 5)) * [1, 2, 3, 4, 50]
    model = ll.tabular_model(net, rows[:20])
    explanation = ll.explain(model, rows[20], method="integrated_gradients", progress=False)
    return net.weight.detach().numpy()[0], rows[:20], rows[20], explanation


def test_of_a_linear_model_the_lipschitz_number_is_at_most_its_largest_weight_over_the_range_of_a_column(linear):
    w, rows, _, explanation = linear
    per_range = np.abs(w) * np.ptp(rows, axis=0)
    found = evaluate(explanation, NEARBY)
    assert np.sqrt((per_range**2).mean()) * 0.3 < found.value["local_lipschitz"] <= per_range.max()
    assert 0 < found.value["sensitivity_avg"] < found.value["sensitivity_max"]
    assert found.std_error["sensitivity_avg"] > 0 and np.isnan(found.std_error["sensitivity_max"])


def test_nearby_inputs_are_explained_once_for_all(linear):
    found = evaluate(linear[3], NEARBY)
    assert found.n_evals.iloc[0] > 0 == found.n_evals.iloc[1:].sum()
    assert (found.random > found.value).all()


def test_a_stability_is_the_logarithm_of_the_change_of_w_x_in_units_of_that_of_x(linear):
    """Without a floor each ratio would be |dx / (x - b)| / |dx / x|, with the same dx."""
    w, _, x, explanation = linear
    values = explanation.values[:, 0]
    size = np.maximum(np.abs(values), 0.01 * np.abs(values).max())
    bounds = np.abs(w * x) / size
    found = 10 ** evaluate(explanation, "relative_input_stability").value.item()
    assert bounds.min() <= found <= bounds.max()


def test_without_a_range_to_move_in_there_are_no_nearby_inputs():
    model = ll.tabular_model(lambda rows: np.asarray(rows, float).sum(1), np.zeros((1, 3)))
    explanation = ll.explain(model, np.ones(3), progress=False)
    with pytest.raises(Unsuited, match="no nearby input differs"):
        evaluate(explanation, "local_lipschitz")


def test_how_far_an_input_moved_is_measured_in_the_ranges_of_its_columns(linear):
    _, rows, x, _ = linear
    model = ll.tabular_model(torch.nn.Linear(5, 1).double(), rows)
    near = Near(np.random.default_rng(0))
    moved = np.array(near(TabularMasker(model, x), x), float)
    ranges = np.ptp(rows, axis=0)
    assert near.distances == [pytest.approx(np.linalg.norm((moved - x) / ranges))]
    assert near.changes == [pytest.approx(np.linalg.norm((moved - x) / np.maximum(np.abs(x), 0.01 * ranges)))]
    assert 0 < near.distances[0] <= RADIUS * np.sqrt(5)


def test_exact_values_are_as_stable_as_exact_values_are():
    rows = np.random.default_rng(0).normal(size=(21, 4))
    model = ll.tabular_model(lambda given: np.tanh(np.asarray(given)).sum(1), rows[:20])
    found = evaluate(ll.explain(model, rows[20], method="shapley", progress=False), "sensitivity_max")
    assert found["exact"].item() == found.value.item() and found.informative.item()


def test_randomisation_is_the_mean_likeness_to_what_is_explained_after_each_step_and_what_the_last_adds_to_complexity():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2)).double()
    rows = np.random.default_rng(0).normal(size=(21, 6))
    model = ll.tabular_model(net, rows[:20])
    options = {"method": "integrated_gradients", "progress": False, "target": 0}
    own, steps = ll.explain(model, rows[20], **options), []
    for seed, weights in enumerate(cascade(net)):
        with randomised(weights, seed):
            steps.append(ll.explain(model, rows[20], **options).values[:, 0])
    found = evaluate(own, ["randomisation", "efficient_randomisation"])
    values = own.values[:, 0]
    assert found.value["randomisation"] == pytest.approx(np.mean([rank_agreement(values, step) for step in steps]))
    assert found.value["efficient_randomisation"] == pytest.approx(complexity(steps[-1]) / complexity(values) - 1)
