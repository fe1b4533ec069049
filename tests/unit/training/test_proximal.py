"""The proximal step rests at lasso's solution, with true zeros."""

import math

import numpy as np
import pytest
import torch
from sklearn.linear_model import Lasso

import limelight as ll

CURVES, CENTERS = torch.tensor([[1.0, 1.0, 0.5, 2.0, 4.0]]), torch.tensor([[1.5, -0.9, 0.3, -0.1, 0.02]])
STRENGTH = 0.4
OPTIMIZERS = {
    "SGD": lambda weights: torch.optim.SGD(weights, lr=0.05),
    "SGD with momentum": lambda weights: torch.optim.SGD(weights, lr=0.02, momentum=0.8),
    "SGD by Nesterov": lambda weights: torch.optim.SGD(weights, lr=0.02, momentum=0.8, nesterov=True),
    "SGD with dampening": lambda weights: torch.optim.SGD(weights, lr=0.05, momentum=0.8, dampening=0.5),
    "Adam": lambda weights: torch.optim.Adam(weights, lr=0.05, betas=(0.9, 0.99)),
    "AdamW with AMSGrad": lambda weights: torch.optim.AdamW(weights, lr=0.05, weight_decay=0, amsgrad=True),
}


def quadratic(weight):
    """Its minimum with an L1 penalty is the soft threshold of the centers at strength / curve."""
    return (CURVES * (weight - CENTERS).square()).sum() / 2


def minimised(weight, optimizer, loss, steps=400):
    fading = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: (1 - step / steps) ** 2)
    for _ in range(steps):
        optimizer.zero_grad()
        loss(weight).backward()
        optimizer.step()
        fading.step()
    return weight.detach()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_quadratic_rests_at_the_soft_threshold_of_its_center(name):
    weight = torch.nn.Parameter(torch.ones(1, 5))
    optimizer = OPTIMIZERS[name]([weight])
    ll.losses.l1_proximal(optimizer, STRENGTH)
    found = minimised(weight, optimizer, quadratic)
    expected = CENTERS.sign() * (CENTERS.abs() - STRENGTH / CURVES).clamp_min(0)
    assert torch.equal(found == 0, expected == 0)
    torch.testing.assert_close(found, expected, atol=2e-3, rtol=0)


def test_correlated_columns_rest_at_the_lasso():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(80, 12)) @ (np.eye(12) + 0.1)
    y = rows @ np.r_[2.0, -1.5, 1.0, np.zeros(9)] + rng.normal(size=80)
    lasso = Lasso(alpha=0.5, fit_intercept=False, tol=1e-12, max_iter=100_000).fit(rows, y)
    layer = torch.nn.Linear(12, 1, bias=False).double()
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.2)
    ll.losses.l1_proximal(optimizer, 0.5)
    x, y = torch.tensor(rows), torch.tensor(y)[:, None]
    for _ in range(400):
        optimizer.zero_grad()
        ((layer(x) - y).square().mean() / 2).backward()
        optimizer.step()
    np.testing.assert_allclose(layer.weight.detach()[0], lasso.coef_, atol=1e-5)
    assert ll.losses.zeros(layer) == np.mean(lasso.coef_ == 0) > 0


def test_a_subgradient_in_the_loss_makes_no_zero():
    weight = torch.nn.Parameter(torch.ones(1, 5))
    minimised(weight, torch.optim.SGD([weight], lr=0.05), lambda w: quadratic(w) + STRENGTH * w.abs().sum())
    assert ll.losses.zeros([weight]) == 0


def test_the_threshold_follows_the_rate_of_each_group():
    weights = [torch.nn.Parameter(torch.full((1, 1), value)) for value in (1.0, -1.0)]
    optimizer = torch.optim.SGD([{"params": [weights[0]], "lr": 0.1}, {"params": [weights[1]], "lr": 0.01}])
    ll.losses.l1_proximal(optimizer, 2.0)
    (0 * sum(weights)).backward()
    optimizer.step()
    assert [weight.item() for weight in weights] == pytest.approx([0.8, -0.98])


def test_biases_and_what_had_no_gradient_stay():
    words, layer = torch.nn.Embedding(4, 2), torch.nn.Linear(2, 1)
    before = words.weight.detach().clone()
    bias = layer.bias.detach().clone()
    optimizer = torch.optim.AdamW([*words.parameters(), *layer.parameters()], lr=0.1, weight_decay=0)
    ll.losses.l1_proximal(optimizer, 1e3)
    layer(words(torch.tensor([1]))).sum().backward()
    layer.bias.grad = None
    optimizer.step()
    assert torch.equal(words.weight[[0, 2, 3]], before[[0, 2, 3]])
    assert torch.equal(words.weight[1], torch.zeros(2))
    assert torch.equal(layer.bias, bias)
    assert ll.losses.zeros(torch.nn.ModuleList([words, layer])) == 0.4


def test_it_can_be_removed():
    weight = torch.nn.Parameter(torch.ones(1, 1))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    ll.losses.l1_proximal(optimizer, 1e3).remove()
    weight.sum().backward()
    optimizer.step()
    assert weight.item() == pytest.approx(0.9)


def test_what_it_can_not_do_is_refused():
    weight, bias = torch.nn.Parameter(torch.ones(1, 1)), torch.nn.Parameter(torch.ones(1))
    with pytest.raises(ll.InputError, match="knows the steps of SGD, Adam and AdamW, and RMSprop came"):
        ll.losses.l1_proximal(torch.optim.RMSprop([weight]), 1.0)
    with pytest.raises(ll.InputError, match="strength=nan can't be used"):
        ll.losses.l1_proximal(torch.optim.SGD([weight]), float("nan"))
    with pytest.raises(ll.InputError, match="1 of the 1 parameters for l1_proximal are not the optimizer's"):
        ll.losses.l1_proximal(torch.optim.SGD([weight]), 1.0, [bias])
    with pytest.raises(ll.InputError, match="has none with two dimensions or more"):
        ll.losses.l1_proximal(torch.optim.SGD([bias]), 1.0)


def test_amsgrad_is_held_to_the_largest_of_its_squares():
    weight = torch.nn.Parameter(torch.full((1, 1), 3.0))
    optimizer = torch.optim.AdamW([weight], lr=0.1, betas=(0.9, 0.5), weight_decay=0, amsgrad=True)
    ll.losses.l1_proximal(optimizer, 0.7)
    expected, momentum, square, largest = 3.0, 0.0, 0.0, 0.0
    for t, gradient in enumerate((8.0, 0.1, 0.1), 1):
        weight.grad = torch.full((1, 1), gradient)
        optimizer.step()
        momentum, square = 0.9 * momentum + 0.1 * gradient, 0.5 * square + 0.5 * gradient**2
        largest = max(largest, square)
        scale = math.sqrt(largest / (1 - 0.5**t)) + 1e-8
        expected -= 0.1 * momentum / (1 - 0.9**t) / scale + 0.1 * 0.7 / scale
        assert weight.item() == pytest.approx(expected, rel=1e-5)
    assert largest > 3 * square
