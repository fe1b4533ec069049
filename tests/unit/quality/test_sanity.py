"""Weights that are random for a while."""

from itertools import pairwise

import pytest
import torch

from limelight.quality.sanity import STEPS, cascade, randomised


@pytest.fixture
def net():
    torch.manual_seed(0)
    layers = [torch.nn.Linear(4, 4) for _ in range(6)]
    return torch.nn.Sequential(*layers[:3], torch.nn.Sequential(*layers[3:]), torch.nn.LayerNorm(4))


def state(net):
    return [weight.detach().clone() for weight in net.parameters()]


def test_the_cascade_goes_from_the_output_down_and_ends_with_all(net):
    steps = cascade(net)
    assert len(steps) == STEPS and len(steps[-1]) == len(list(net.parameters()))
    assert any(weight is net[-1].weight for weight in steps[0])
    assert not any(weight is net[0].weight for step in steps[:-1] for weight in step)
    assert all({id(w) for w in a} < {id(w) for w in b} for a, b in pairwise(steps))


def test_weights_keep_their_size_and_come_back(net):
    before = state(net)
    with randomised(cascade(net)[-1], seed=0):
        inside = state(net)
    assert all(torch.equal(a, b) for a, b in zip(before, state(net), strict=True))
    assert all(not torch.equal(a, b) for a, b in zip(before, inside, strict=True) if a.any())
    sizes = [(float(a.square().mean()), float(b.square().mean())) for a, b in zip(before, inside, strict=True)]
    assert all(after == pytest.approx(size, rel=1.5) for size, after in sizes)
    assert all(weight.requires_grad for weight in net.parameters())


def test_weights_come_back_after_an_exception(net):
    before = state(net)
    with pytest.raises(RuntimeError, match="boom"), randomised(cascade(net)[0], seed=0):
        raise RuntimeError("boom")
    assert all(torch.equal(a, b) for a, b in zip(before, state(net), strict=True))


def test_the_same_seed_gives_the_same_weights_and_torchs_own_numbers_go_on(net):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    found = []
    for seed in (1, 1, 2):
        with randomised(cascade(net)[-1], seed):
            found.append(net[0].weight.detach().clone())
    assert torch.equal(found[0], found[1]) and not torch.equal(found[0], found[2])
    assert torch.equal(torch.rand(3), expected)
