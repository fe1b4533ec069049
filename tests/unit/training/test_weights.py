"""Penalties of weights have the minimisers that their formulas have."""

import pytest
import torch
from torch.autograd import gradcheck

import limelight as ll


def two_layers():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 2)).double()


def test_l2_sums_the_squares_of_weights_and_not_of_biases():
    net = two_layers()
    expected = net[0].weight.square().sum() + net[1].weight.square().sum()
    assert ll.losses.l2(net).item() == pytest.approx(expected.item())


def test_the_loss_with_l2_sp_rests_between_its_minimum_and_the_start():
    net = torch.nn.Linear(3, 1, bias=False).double()
    start = ll.losses.weights(net)
    curves, centers, strength = torch.tensor([1.0, 3.0, 0.2]).double(), torch.tensor([2.0, -1.0, 5.0]).double(), 0.7
    with torch.no_grad():
        net.weight.copy_((curves * centers + 2 * strength * start["weight"]) / (curves + 2 * strength))
    loss = (curves * (net.weight - centers).square()).sum() / 2 + strength * ll.losses.l2_sp(net, start)
    loss.backward()
    torch.testing.assert_close(net.weight.grad, torch.zeros_like(net.weight), atol=1e-12, rtol=0)


def test_a_new_head_is_drawn_to_zero_and_what_is_frozen_does_not_count():
    net = two_layers()
    start = ll.losses.weights(net, without=["1"])
    assert ll.losses.l2_sp(net, start, new=0.5).item() == pytest.approx(net[1].weight.square().sum().item() / 2)
    net[1].requires_grad_(False)
    with torch.no_grad():
        net[0].bias += 1
    assert ll.losses.l2_sp(net, start).item() == pytest.approx(4)
    net.requires_grad_(False)
    assert ll.losses.l2_sp(net, start).item() == 0


def test_a_head_of_another_shape_is_new():
    net = two_layers()
    start = ll.losses.weights(net)
    net[1] = torch.nn.Linear(4, 3).double()
    assert ll.losses.l2_sp(net, start).item() == pytest.approx(net[1].weight.square().sum().item())


def test_gradients_are_right():
    start = {"weight": torch.zeros(2, 3).double()}

    def penalty(weight):
        net = torch.nn.Linear(3, 2, bias=False)
        net._parameters["weight"] = weight
        return ll.losses.l2(net) + 3 * ll.losses.l2_sp(net, start)

    assert gradcheck(penalty, torch.randn(2, 3, dtype=torch.float64, requires_grad=True))


def test_a_start_that_moves_along_is_refused():
    net = two_layers()
    with pytest.raises(ll.InputError, match=r"start holds 0.weight itself.*limelight.losses.weights\(model\)"):
        ll.losses.l2_sp(net, net.state_dict())
    with pytest.raises(ll.InputError, match="start has no weight of Sequential by its name and shape"):
        ll.losses.l2_sp(net, {"encoder.0.weight": torch.ones(1)})
    with pytest.raises(ll.InputError, match="no weights in classifier: there are 0, 1"):
        ll.losses.weights(net, without=["classifier"])


def test_an_empty_weight_is_no_start_that_moves_along():
    net = torch.nn.ParameterDict({"nothing": torch.empty(2, 0), "bias": torch.zeros(2)})
    start = {"nothing": torch.empty(2, 0), "bias": torch.ones(2)}
    assert net["nothing"].data_ptr() == start["nothing"].data_ptr()
    assert ll.losses.l2_sp(net, start).item() == pytest.approx(2)
