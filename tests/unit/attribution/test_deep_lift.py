"""DeepLIFT where its rule is exact, and its refusals where there is none."""

import warnings
from functools import cache

import numpy as np
import pytest
import torch
from left import state
from nets import explained, of_target, relu_net, table_game
from torch import nn
from torch.nn import functional as F

import limelight as ll
from limelight.attribution._watch import INSTEAD
from limelight.attribution.deep_lift import check_deep_lift
from limelight.errors import InputError, ModelError, Unsuited

RNG = np.random.default_rng(0)
X, ROWS = RNG.normal(size=6), RNG.normal(size=(7, 6))
PICTURE = torch.rand(3, 12, 12, generator=torch.Generator().manual_seed(0))


class Called(nn.Module):
    """A layer, a function and a layer."""

    def __init__(self, function, n_out=3):
        super().__init__()
        torch.manual_seed(0)
        self.first, self.last = nn.Linear(6, 6), nn.Linear(6, n_out)
        self.function = function
        self.double()

    def forward(self, rows):
        return self.last(self.function(self.first(rows)))


def convolutional(last=()):
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
                         nn.Conv2d(6, 8, 3), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4), *last)


def test_a_linear_function_has_its_weights_times_the_change():
    w = torch.tensor(RNG.normal(size=6))
    found = explained(lambda rows: rows @ w + 7, X, "deep_lift", ROWS)
    assert of_target(found) == pytest.approx(w.numpy() * (X - ROWS.mean(0)), abs=1e-12)


def test_it_sees_through_saturation():
    found = explained(lambda rows: (1 - (1 - rows[:, 0]).relu()).relu(), [2.0], "deep_lift")
    assert of_target(found) == pytest.approx([1.0])
    assert of_target(explained(lambda rows: (1 - (1 - rows[:, 0]).relu()).relu(), [2.0], "saliency")) == 0


@pytest.mark.parametrize("function", [
    torch.relu, F.gelu, torch.tanh, nn.Hardtanh(-0.1, 0.2, inplace=True), nn.PReLU(), F.softplus,
    lambda z: z.clamp(min=-0.3), lambda z: (z ** 2 + 1).log(), lambda z: 1 / (2 + z.cos()), lambda z: z.exp() / 3,
    lambda z: z.sigmoid_().add_(1), lambda z: torch.cat([z[:, :2].abs(), z[:, 2:]], 1),
    lambda z: F.max_pool1d(z.relu()[:, None], 3, stride=1, padding=1)[:, 0]])
def test_values_add_up_to_the_mean_change_of_the_output(function):
    net = Called(function)
    for target in range(3):
        found = explained(net, X, "deep_lift", ROWS, target=target, output="logit")
        assert of_target(found).sum() == pytest.approx((found.prediction - found.base_values)[target], abs=1e-9)
        assert found.params["relative_gap"] < 1e-9 and not found.params["warning"]
        assert found.exact and found.n_evals == 1


def test_functions_and_modules_that_are_used_twice_are_what_separate_modules_are():
    first, second = nn.Linear(6, 6).double(), nn.Linear(6, 2).double()
    relu = nn.ReLU()

    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second, self.relu = first, second, relu

        def forward(self, rows):
            return self.second(self.relu(self.first(self.relu(self.first(rows)))))

    separate = nn.Sequential(first, nn.ReLU(), first, nn.ReLU(), second)

    def functions(rows):
        return second(F.relu(first(torch.relu(first(rows)))))

    expected = of_target(explained(separate, X, "deep_lift", ROWS, output="logit"))
    assert of_target(explained(Twice(), X, "deep_lift", ROWS, output="logit")) == pytest.approx(expected)
    assert of_target(explained(functions, X, "deep_lift", ROWS, output="logit")) == pytest.approx(expected)


def test_a_probability_of_two_outputs_is_the_sigmoid_of_their_difference():
    net = relu_net(n_out=2)
    two = explained(net, X, "deep_lift", ROWS[:1], target=1)
    one = explained(lambda rows: (net(rows)[:, 1] - net(rows)[:, 0]).sigmoid(), X, "deep_lift", ROWS[:1])
    assert two.output_space == "probability"
    assert of_target(two) == pytest.approx(of_target(one), abs=1e-9)


@pytest.mark.parametrize(("last", "output"), [
    ([], "probability"), ([nn.Softmax(1)], "probability"), ([nn.Softmax(1)], "logit"), ([nn.LogSoftmax(1)], "logit")])
def test_a_softmax_that_gives_the_outputs_is_passed_on_whole(last, output):
    net = nn.Sequential(*relu_net(n_out=4), *last)
    found = explained(net, X, "deep_lift", ROWS, output=output)
    assert of_target(found).sum() == pytest.approx((found.prediction - found.base_values)[found.target], abs=1e-8)


def test_what_is_the_same_in_the_baseline_gets_nothing():
    row = np.where(np.arange(6) < 3, X, ROWS[0])
    values = of_target(explained(relu_net(), X, "deep_lift", row))
    assert (values[:3] == 0).all() and (values[3:] != 0).all()


def test_equal_networks_have_equal_attributions():
    net, other = relu_net(), relu_net()
    order = torch.randperm(16, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        other[0].weight.copy_(net[0].weight[order] * 3)
        other[0].bias.copy_(net[0].bias[order] * 3)
        other[2].weight.copy_(net[2].weight[:, order] / 3)
    expected = of_target(explained(net, X, "deep_lift", ROWS))
    assert of_target(explained(other, X, "deep_lift", ROWS)) == pytest.approx(expected)


def test_symmetric_inputs_and_a_constant():
    net = relu_net(n_in=3)

    def symmetric(rows):
        return net(torch.stack([rows[:, 0] + rows[:, 1], rows[:, 2], 0 * rows[:, 2]], 1))

    values = of_target(explained(symmetric, [0.7, 0.7, -1.0], "deep_lift"))
    assert values[0] == pytest.approx(values[1])
    shifted = explained(lambda rows: symmetric(rows) + 9, [0.7, 0.7, -1.0], "deep_lift")
    assert of_target(shifted) == pytest.approx(values)


@pytest.mark.parametrize("output", ["probability", "logit"])
def test_a_convolutional_network_on_a_picture(output):
    found = ll.explain(ll.image_model(convolutional()), PICTURE, method="deep_lift", output=output, progress=False)
    assert found.params["relative_gap"] < 1e-5
    assert found.pixels.sum() == pytest.approx(of_target(found).sum(), abs=1e-5)


def squared(z):
    return z * z


class First(nn.Module):
    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, z):
        return self.module(z)[0]


class Own(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z):
        return z.relu()

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def scripted(z):
    return _compiled()(z)


@cache
def _compiled():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return torch.jit.CompilationUnit("def doubled(z):\n    return torch.relu(z) * 2\n").doubled


@pytest.mark.parametrize(("function", "words"), [
    (nn.LayerNorm(6), "layer_norm, in function (LayerNorm)"), (nn.GroupNorm(2, 6), "group_norm"),
    (nn.Softmax(1), "linear after a softmax, in last (Linear)"), (squared, "product (mul)"),
    (lambda z: z / z.norm(), "norm"), (lambda z: z.abs() ** z, "pow"), (lambda z: torch.pow(2.0, z), "pow"),
    (lambda z: z @ z.T @ z, "product (matmul)"),
    (First(nn.LSTM(6, 6)), "lstm, in function.module (LSTM)"), (lambda z: z * z.sigmoid(), "product (mul)"),
    (lambda z: z.prod(1, keepdim=True).expand(-1, 6), "prod"), (Own.apply, "computes Own"),
    (scripted, "TorchScript"), (lambda z: F.scaled_dot_product_attention(z, z, z), "scaled_dot_product_attention"),
    (nn.TransformerEncoderLayer(6, 2, 8), "multi_head_attention_forward")])
def test_what_has_no_rule_is_refused_by_name(function, words):
    net = Called(function)
    for _ in range(3):  # TorchScript compiles what it has seen a few times
        with pytest.raises(Unsuited) as told:
            check_deep_lift(table_game(net, X, ROWS))
        assert (words in str(told.value) or "DifferentiableGraph" in str(told.value) or "Relu" in str(told.value))
        assert told.value.instead == INSTEAD
    with pytest.raises(Unsuited, match="use integrated_gradients"):
        explained(net, X, "deep_lift", ROWS)


def test_a_network_that_goes_other_ways_for_the_baseline_is_refused():
    net = Called(lambda z: z.relu() if z.sum() > table else z)
    table = net.first(torch.tensor(X[None])).sum().item() - 1e-9
    with pytest.raises(Unsuited, match="they differ"):
        explained(net, X, "deep_lift", X - 10 * net.first.weight.detach().sum(0).sign().numpy())


def written_into(z):
    z = z.clone()
    z[z < 0] = 0
    return z


def ungraded(z):
    with torch.no_grad():
        mask = (z > 0).float()
    return z * mask


@pytest.mark.parametrize("function", [
    lambda z: z * (z > 0), lambda z: torch.where(z > 0, z, 0.1 * z), lambda z: z.masked_fill(z < 0, 0), written_into,
    ungraded, lambda z: z * ~(z.detach() < 0), lambda z: z + z.relu().data, lambda z: z[:, z[0].argsort()],
    lambda z: z.masked_fill((z < 0) & (z > -9), 0), lambda z: z * torch.zeros_like(z).masked_fill(z > 0, 1)])
def test_what_a_comparison_of_the_input_decides_is_refused(function):
    with pytest.raises(Unsuited, match="by a comparison, place or detached copy of the input, in Called"):
        explained(Called(function), X, "deep_lift", ROWS)


def test_masks_of_the_inputs_shape_alone_are_none():
    net, masked = Called(torch.relu), Called(lambda z: torch.maximum(z, torch.zeros_like(z)) * torch.ones_like(z))
    found = of_target(explained(masked, X, "deep_lift", ROWS, output="logit"))
    assert found == pytest.approx(of_target(explained(net, X, "deep_lift", ROWS, output="logit")))


def test_a_maximum_of_one_number_and_several_constants():
    constants = torch.tensor([0.0, 1.0, 5.0]).double()
    found = explained(lambda rows: torch.maximum(rows[:, :1], constants).sum(1), [2.0], "deep_lift", [2.0 - 4.0])
    assert of_target(found) == pytest.approx([2 + 1])


@pytest.mark.parametrize("share", [1.0, 1e-3])
def test_what_is_hidden_from_it_is_told_by_what_is_missing_however_little(share):
    with pytest.raises(Unsuited, match="miss the change of the output"):
        explained(lambda rows: rows[:, 0] + share * rows[:, 0].tolist()[0], [2.0], "deep_lift", [0.5])


def test_what_the_model_raises_comes_with_advice():
    def crashing(z):
        if torch.is_grad_enabled():
            raise RuntimeError("out of order")
        return z

    with pytest.raises(ModelError, match=r"raised RuntimeError: out of order\. deep_lift asks it with gradients"):
        explained(Called(crashing), X, "deep_lift", ROWS)


def test_the_refusal_is_in_the_list_of_methods():
    row = ll.methods(ll.tabular_model(Called(nn.LayerNorm(6)), ROWS), X).loc["deep_lift"]
    assert not row["available"] and "layer_norm" in row["reason"] and row["instead"] == INSTEAD
    assert ll.methods(ll.tabular_model(relu_net(), ROWS), X).loc["deep_lift", "available"]


@pytest.mark.parametrize("seed", range(4))
def test_half_precision_misses_little(seed):
    found = explained(relu_net(width=64, seed=seed).bfloat16(), X, "deep_lift", ROWS[:1])
    assert found.params["relative_gap"] < 0.01


def test_it_says_what_rounding_costs():
    net = relu_net().float()
    with pytest.warns(UserWarning, match="by rounding: use the model in float32"):
        found = explained(nn.Sequential(net, Plus(1e6)), X, "deep_lift", ROWS[:1])
    assert of_target(found) == pytest.approx(of_target(explained(net, X, "deep_lift", ROWS[:1])), abs=1e-5)


class Plus(nn.Module):
    def __init__(self, constant):
        super().__init__()
        self.constant = constant

    def forward(self, rows):
        return rows + self.constant


def test_a_compiled_network_is_looked_into():
    net = relu_net()
    expected = of_target(explained(net, X, "deep_lift", ROWS))
    assert of_target(explained(torch.compile(net, backend="eager"), X, "deep_lift", ROWS)) == pytest.approx(expected)


@pytest.mark.parametrize("case", ["well", "wrong target", "refused", "crash"])
def test_the_network_is_left_as_it_was(case):
    def crashing(z):
        if torch.is_grad_enabled():
            raise RuntimeError("out of order")
        return z

    net = Called({"refused": nn.LayerNorm(6), "crash": crashing}.get(case, nn.ReLU()))
    net.first.train()
    net.last.weight.requires_grad_(False)
    before = state(net)
    if case == "well":
        explained(net, X, "deep_lift", ROWS)
    else:
        with pytest.raises((InputError, ModelError, RuntimeError)):
            explained(net, X, "deep_lift", ROWS, target=17 if case == "wrong target" else 1)
    assert state(net) == before
