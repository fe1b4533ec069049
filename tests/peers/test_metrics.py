"""Metrics are those of Quantus (quantus.json, written by make_quantus.py) and captum, where these are right."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from captum.metrics import infidelity as captum_infidelity
from captum.metrics import sensitivity_max as captum_sensitivity_max

from limelight.quality import complexity, perturbation
from limelight.quality.infidelity import correlation, infidelity, kernel_sample
from limelight.quality.sensitivity import sensitivity_max

GOLDEN = json.loads(Path(__file__).with_name("quantus.json").read_text())
QUANTUS = GOLDEN["found"]
X, VALUES, INNER, OUTER = (np.array(GOLDEN["inputs"][name]) for name in ("x", "values", "inner", "outer"))


def network(rows):
    """The second of three probabilities: torch (n, 12) -> (n,)."""
    return (torch.tanh(rows @ torch.tensor(INNER)) @ torch.tensor(OUTER)).softmax(1)[:, GOLDEN["inputs"]["target"]]


def game(coalitions):
    """Absent features are zero."""
    return network(torch.tensor(coalitions * X)).numpy()


def test_deletion_is_quantus_pixel_flipping_and_the_point_before_it():
    curve = game(perturbation.deletion.rows(VALUES))
    np.testing.assert_allclose(curve[1:], QUANTUS["pixel_flipping"], atol=1e-6)
    assert curve[0] == pytest.approx(float(network(torch.tensor(X[None]))[0]))


def test_the_correlation_is_quantus_faithfulness_correlation():
    coalitions = np.ones((len(GOLDEN["inputs"]["subsets"]), len(X)), bool)
    np.put_along_axis(coalitions, np.array(GOLDEN["inputs"]["subsets"]), False, axis=1)
    drops = game(np.ones((1, len(X)), bool)) - game(coalitions)
    assert float(correlation(VALUES, coalitions, drops)) == pytest.approx(QUANTUS["faithfulness_correlation"], abs=1e-6)


@pytest.mark.parametrize("name", ["sparseness", "complexity"])
def test_it_is_the_metric_of_the_same_name_in_quantus(name):
    assert getattr(complexity, name)(VALUES) == pytest.approx(QUANTUS[name], abs=1e-6)


def test_effective_complexity_is_that_of_quantus_which_divides_by_the_largest():
    assert complexity.effective_complexity(VALUES, least=0.2) == QUANTUS["effective_complexity"]


@pytest.mark.parametrize("normalize", [False, True])
def test_infidelity_is_that_of_captum_for_the_same_perturbations(normalize):
    coalitions, _ = kernel_sample(len(X), np.random.default_rng(0))
    absent = torch.tensor(~coalitions, dtype=torch.double)

    def perturbed(inputs):
        return absent, inputs * (1 - absent)  # so that attributions are summed, and not multiplied with the input

    expected = captum_infidelity(network, perturbed, torch.tensor(X[None]), torch.tensor(VALUES[None]),
                                 n_perturb_samples=len(coalitions), normalize=normalize)
    drops = game(np.ones((1, len(X)), bool)) - game(coalitions)
    assert float(infidelity(VALUES, coalitions, drops, normalize=normalize)) == pytest.approx(float(expected), abs=1e-6)


def test_sensitivity_max_is_that_of_captum_for_the_same_inputs():
    moved = torch.tensor(X + np.random.default_rng(1).uniform(-0.02, 0.02, (10, len(X))))

    def gradients(rows):
        with torch.enable_grad():
            rows = rows.detach().requires_grad_()
            return torch.autograd.grad(network(rows).sum(), rows)[0]

    def explained(inputs):
        return (gradients(inputs[0]),) if isinstance(inputs, tuple) else gradients(inputs)

    expected = captum_sensitivity_max(explained, torch.tensor(X[None]), lambda inputs: moved, n_perturb_samples=10)
    values, others = gradients(torch.tensor(X[None])).numpy()[0], gradients(moved).numpy()
    assert sensitivity_max(values, others) == pytest.approx(float(expected), abs=1e-6)
