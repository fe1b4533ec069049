"""Gradient methods on functions whose attributions are known."""

import numpy as np
import pytest
import torch
from nets import explained, of_target, relu_net, smooth_net, table_game

from limelight.attribution.gradients import gradients, outputs
from limelight.errors import InputError

W = torch.tensor([2.0, -1.0, 0.5, 0.0], dtype=torch.float64)
X, B = np.array([1.0, 3.0, -2.0, 5.0]), np.array([0.5, -1.0, 1.0, 2.0])
ROWS = np.random.default_rng(0).normal(size=(12, 6))
FULL = {"integrated_gradients", "gradient_shap"}
"""Methods whose values add up to what the output changes by."""
ALL = ["saliency", "input_x_gradient", "integrated_gradients", "smooth_grad", "gradient_shap"]


def linear(rows):
    return rows @ W + 7


@pytest.mark.parametrize(("method", "expected"), [
    ("saliency", W.numpy()), ("smooth_grad", W.numpy()), ("input_x_gradient", W.numpy() * X),
    ("integrated_gradients", W.numpy() * (X - B)), ("gradient_shap", W.numpy() * (X - B)),
    ("shapley", W.numpy() * (X - B))])
def test_a_linear_function_has_its_weights(method, expected):
    assert of_target(explained(linear, X, method, B)) == pytest.approx(expected, abs=1e-9)


def test_a_monomial_is_shared_by_the_exponents_where_shapley_values_share_it_alike():
    def monomial(rows):
        return rows[:, 0] ** 2 * rows[:, 1]

    assert of_target(explained(monomial, [2, 3], "integrated_gradients")) == pytest.approx([8, 4])
    assert of_target(explained(monomial, [2, 3], "shapley")) == pytest.approx([6, 6])


@pytest.mark.parametrize("powers", [(1, 2, 3), (4, 0, 1), (1, 1, 1)])
def test_any_monomial_is_shared_by_the_exponents(powers):
    x = np.array([1.5, -2.0, 0.7])

    def monomial(rows):
        return (rows ** torch.tensor(powers)).prod(1)

    expected = np.array(powers) / sum(powers) * np.prod(x ** powers)
    assert of_target(explained(monomial, x, "integrated_gradients")) == pytest.approx(expected)


@pytest.mark.parametrize("noise", [0.01, 0.3, 5.0])
def test_a_quadratic_form(noise):
    rng = np.random.default_rng(1)
    a, x = rng.normal(size=(4, 4)), rng.normal(size=4)
    a = a + a.T

    def form(rows):
        return ((rows @ torch.tensor(a)) * rows).sum(1)

    assert of_target(explained(form, x, "integrated_gradients")) == pytest.approx(x * (a @ x))
    smooth = explained(form, x, "smooth_grad", noise=noise, n_samples=2)
    assert of_target(smooth) == pytest.approx(2 * a @ x), "a pair of noise and its opposite is exact"


def test_the_smoothed_gradient_of_a_cube_grows_by_the_variance():
    # The range of x and its background is 4, so this is a standard deviation of a half.
    found = explained(lambda rows: rows[:, 0] ** 3, [2.0], "smooth_grad", [[-2.0]], noise=0.125, n_samples=20_000)
    assert abs(found.values[0, 0] - 12.75) < 4 * found.std_error[0, 0]
    assert 0 < found.std_error[0, 0] < 0.02


def test_the_smoothed_gradient_of_a_wave_is_damped():
    a, x = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.2, -1.0])
    sigma = 0.2 * np.ones(3)

    def wave(rows):
        return torch.sin(rows @ torch.tensor(a))

    found = explained(wave, x, "smooth_grad", x[None] - 1, noise=0.2, n_samples=20_000)
    expected = a * np.cos(a @ x) * np.exp(-((sigma * a) ** 2).sum() / 2)
    assert np.all(np.abs(of_target(found) - expected) < 4 * found.std_error[:, found.target])
    assert np.abs(of_target(found) - a * np.cos(a @ x)).max() > 10 * found.std_error.max(), "and it is not the gradient"


def test_without_biases_gradient_times_input_is_integrated_gradients_and_adds_up():
    net = relu_net(bias=False)
    product, path = (explained(net, ROWS[0], method) for method in ("input_x_gradient", "integrated_gradients"))
    assert product.values == pytest.approx(path.values, abs=1e-12)
    assert product.values.sum() == pytest.approx(product.prediction[0], abs=1e-12)


def test_saturation_hides_an_input_from_the_gradient_only():
    def saturated(rows):
        return torch.relu(1 - torch.relu(1 - rows[:, 0]))

    assert of_target(explained(saturated, [2.0], "saliency")) == pytest.approx([0])
    assert of_target(explained(saturated, [2.0], "shapley")) == pytest.approx([1])
    found = explained(saturated, [2.0], "integrated_gradients")
    assert of_target(found) == pytest.approx([1], abs=0.01) and found.params["relative_gap"] < 0.01


@pytest.mark.parametrize("method", ALL)
def test_inputs_that_do_nothing_get_nothing(method):
    net = smooth_net(5)
    assert of_target(explained(lambda rows: net(rows[:, :5]), ROWS[0], method, ROWS))[5] == 0


@pytest.mark.parametrize("method", [name for name in ALL if name not in ("smooth_grad",)])
def test_inputs_that_do_the_same_get_the_same(method):
    def symmetric(rows):
        return torch.tanh(rows[:, 0] + rows[:, 1]) * rows[:, 0] * rows[:, 1] + rows[:, 2]

    first, second, _ = of_target(explained(symmetric, [0.7, 0.7, 1.0], method, [[0.1, 0.1, 0.0]]))
    assert first == pytest.approx(second, rel=1e-12)


@pytest.mark.parametrize("method", ALL)
def test_a_constant_changes_nothing(method):
    net = smooth_net()
    plain, shifted = (explained(lambda rows, c=c: net(rows) + c, ROWS[0], method, ROWS) for c in (0, 100))
    assert plain.values == pytest.approx(shifted.values, abs=1e-10)


@pytest.mark.parametrize("method", ALL)
def test_equal_networks_with_other_weights_get_the_same(method):
    net, other = relu_net(), relu_net()
    order = torch.arange(15, -1, -1)
    with torch.no_grad():
        other[0].weight.mul_(3), other[0].bias.mul_(3), other[2].weight.div_(3)
        other[2].weight.copy_(other[2].weight[order]), other[2].bias.copy_(other[2].bias[order])
        other[4].weight.copy_(other[4].weight[:, order])
    assert explained(net, ROWS[0], method, ROWS).values == pytest.approx(
        explained(other, ROWS[0], method, ROWS).values, abs=1e-10)


@pytest.mark.parametrize("method", [name for name in ALL if name != "gradient_shap"])
def test_attributions_of_a_sum_are_sums_of_attributions(method):
    one, two = smooth_net(seed=1), smooth_net(seed=2)
    x = ROWS[0]
    options = {"n_samples": 8} if method == "integrated_gradients" else {}  # of the same points
    parts = [of_target(explained(net, x, method, ROWS, **options)) for net in (one, two)]
    whole = of_target(explained(lambda rows: 2 * one(rows) - 3 * two(rows), x, method, ROWS, **options))
    assert whole == pytest.approx(2 * parts[0] - 3 * parts[1], abs=1e-10)


@pytest.mark.parametrize("method", sorted(FULL))
@pytest.mark.parametrize("seed", range(5))
def test_values_add_up_to_what_the_output_changes_by(method, seed):
    found = explained(smooth_net(seed=seed), ROWS[seed], method, ROWS)
    tolerance = 1e-9 if method == "gradient_shap" else 0.01 * np.abs(found.values).sum()
    assert found.values.sum() == pytest.approx(found.prediction[0] - found.base_values[0], abs=tolerance)
    assert found.quality["completeness_gap"] == pytest.approx(0, abs=tolerance)


@pytest.mark.parametrize("method", sorted(set(ALL) - FULL))
def test_methods_that_do_not_add_up_say_so(method):
    assert explained(smooth_net(), ROWS[0], method, ROWS).params["adds_up"] is False


def test_saliency_keeps_signs_unless_it_is_told_otherwise():
    net = smooth_net()
    signed, size = (explained(net, ROWS[0], "saliency", signed=signed) for signed in (True, False))
    assert (signed.values < 0).any()
    np.testing.assert_array_equal(np.abs(signed.values), size.values)
    assert signed.exact and not signed.std_error.any() and signed.n_evals == 1


def test_gradients_are_those_of_finite_differences_whatever_the_batch():
    net, x = smooth_net(n_out=3), ROWS[0]
    game = table_game(net, x)
    step = 1e-5 * torch.eye(6, dtype=torch.float64)
    ends = [outputs(game, game.x + sign * step)[:, 2] for sign in (1, -1)]
    for size in (1, 4, 100):
        game.batch_size = size
        found = gradients(game, game.x.expand(7, -1), 2)
        assert found[-1].numpy() == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-8)


def test_memory_that_runs_out_halves_the_batch_and_changes_no_number():
    net, largest = smooth_net(), []
    modest, game = (table_game(each, ROWS[0], ROWS) for each in (smooth_net(), net))
    forward = net.forward

    def greedy(rows):
        if len(rows) > 2:
            raise torch.cuda.OutOfMemoryError("no room")
        largest.append(len(rows))
        return forward(rows)

    net.forward = greedy
    assert torch.allclose(gradients(game, game.baselines, 0), gradients(modest, modest.baselines, 0), atol=1e-14)
    assert outputs(game, game.baselines) == pytest.approx(outputs(modest, modest.baselines))
    assert max(largest) == 2


def test_a_module_that_writes_into_its_input_changes_nothing_but_its_own_copy():
    weights = torch.arange(3.0, dtype=torch.float64)

    def forward(rows):
        rows -= 1
        return rows.relu_() @ weights

    game = table_game(forward, [2.0, 3.0, 0.0])
    before = game.x.clone()
    assert gradients(game, game.x, 0).tolist() == [[0.0, 1.0, 0.0]]
    assert outputs(game, game.x) == pytest.approx(2)
    assert torch.equal(game.x, before)


@pytest.mark.parametrize("forward", [lambda rows: rows.detach().sum(1), lambda rows: rows.long().double().sum(1)])
@pytest.mark.parametrize("method", ALL)
def test_an_output_without_a_gradient_is_told_and_not_zero(forward, method):
    with pytest.raises(InputError, match="no gradient"):
        explained(lambda rows: forward(rows), [1.0, 2.0], method, [[0.0, 1.0]])


def test_an_output_that_a_part_of_the_rows_does_not_reach_is_zero_there():
    assert of_target(explained(lambda rows: rows[:, 0] * 2, [1.0, 2.0], "saliency")).tolist() == [2, 0]
