"""Sparse and smooth explanations have the measures of their formulas."""

import math

import numpy as np
import pytest
import torch
from training_nets import bert, reviews

import limelight as ll
from limelight.quality.complexity import complexity, sparseness
from limelight.training.losses.explaining import attributions

X = torch.tensor([[0.5, -1.0, 2.0, 0.1], [1.0, 0.0, -1.0, 3.0]], dtype=torch.float64)


def linear(*weights):
    layer = torch.nn.Linear(len(weights), 1, bias=False).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([weights]))
    return layer


def of(model, inputs, measure, **options):
    return ll.losses.sparse_attributions(model, inputs, measure=measure, **options).item()


def test_measures_of_known_attributions():
    one, alike = linear(1.0, 0.0, 0.0, 0.0), linear(2.0, 1.0, 0.5, 10.0)
    assert of(alike, X[:1], "l1") == pytest.approx(4)
    assert of(alike, X[:1], "entropy") == pytest.approx(math.log(4))
    assert of(alike, X[:1], "gini") == pytest.approx(1)
    assert of(one, X[:1], "entropy") == pytest.approx(0)
    assert of(one, X[:1], "gini") == pytest.approx(1 / 4)


def test_measures_are_those_that_evaluate_prints():
    model, values = linear(1.0, 2.0, -0.5, 1.0), []
    values = (X * torch.tensor([1.0, 2.0, -0.5, 1.0])).numpy()
    assert of(model, X, "gini") == pytest.approx(np.mean([1 - sparseness(row) for row in values]))
    assert of(model, X, "entropy") == pytest.approx(np.mean([complexity(row) for row in values]))


@pytest.mark.parametrize("measure", ["l1", "gini", "entropy"])
def test_padding_does_not_count(measure):
    batch = reviews()
    alone = [{name: value[i:i + 1, :n] for name, value in batch.items() if name != "labels"}
             for i, n in ((0, 6), (1, 4))]
    each = [of(bert(), one, measure) for one in alone]
    assert of(bert(), batch, measure) == pytest.approx(np.mean(each), rel=1e-4)


def test_an_unknown_measure_is_refused():
    with pytest.raises(ll.InputError, match="measure='l0' is none of l1, gini, entropy"):
        of(linear(1.0), X[:, :1], "l0")


def test_total_variation_sums_the_steps_between_neighbors():
    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(2 * 3 * 4, 2)).double()
    pictures = torch.tensor(np.random.default_rng(0).normal(size=(2, 2, 3, 4)))
    maps = attributions(net, pictures)[0].detach().numpy()
    expected = np.mean([np.abs(np.diff(each, axis=0)).sum() + np.abs(np.diff(each, axis=1)).sum() for each in maps])
    loss = ll.losses.total_variation(net, pictures)
    loss.backward()
    assert loss.item() == pytest.approx(expected) and net[1].weight.grad.any()
    flat = torch.nn.Sequential(torch.nn.Flatten(), linear(*[0.5] * 12))
    assert ll.losses.total_variation(flat, torch.ones(1, 1, 3, 4).double()).item() == 0
    with pytest.raises(ll.InputError, match=r"numbers of shape.*use sparse_attributions"):
        ll.losses.total_variation(linear(1.0, 1.0, 1.0, 1.0), X)
