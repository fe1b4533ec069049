"""Metrics are those of Quantus (quantus.json, written by make_quantus.py) and captum, where these are right."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from captum.metrics import infidelity as captum_infidelity
from captum.metrics import sensitivity_max as captum_sensitivity_max

from limelight.quality import complexity, localisation, perturbation, sensitivity
from limelight.quality.infidelity import correlation, infidelity, kernel_sample, sensitivity_n
from limelight.quality.sensitivity import sensitivity_max

GOLDEN = json.loads(Path(__file__).with_name("quantus.json").read_text())
QUANTUS, ELSEWHERE = GOLDEN["found"], GOLDEN["elsewhere"]
X, VALUES, INNER, OUTER, MOVES, TRUTH, WEIGHTS = (np.array(GOLDEN["inputs"][name]) for name in (
    "x", "values", "inner", "outer", "moves", "truth", "weights"))


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


def test_the_correlation_of_single_features_is_quantus_faithfulness_estimate():
    alone = ~np.eye(len(X), dtype=bool)
    drops = game(np.ones((1, len(X)), bool)) - game(alone)
    assert float(correlation(VALUES, alone, drops)) == pytest.approx(QUANTUS["faithfulness_estimate"], abs=1e-6)


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


def gradients(rows):
    """Of the network: torch (n, 12) -> (n, 12)."""
    with torch.enable_grad():
        rows = rows.detach().requires_grad_()
        return torch.autograd.grad(network(rows).sum(), rows)[0]


def explained(moves):
    """Values of x and of what is near to it."""
    return gradients(torch.tensor(X[None])).numpy()[0], gradients(torch.tensor(X + moves)).numpy()


def test_sensitivity_max_is_that_of_captum_for_the_same_inputs():
    moved = torch.tensor(X + np.random.default_rng(1).uniform(-0.02, 0.02, (10, len(X))))

    def function(inputs):
        return (gradients(inputs[0]),) if isinstance(inputs, tuple) else gradients(inputs)

    expected = captum_sensitivity_max(function, torch.tensor(X[None]), lambda inputs: moved, n_perturb_samples=10)
    values, others = gradients(torch.tensor(X[None])).numpy()[0], gradients(moved).numpy()
    assert sensitivity_max(values, others) == pytest.approx(float(expected), abs=1e-6)


@pytest.mark.parametrize("name", ["sensitivity_max", "sensitivity_avg"])
def test_the_sensitivity_is_that_of_quantus_for_the_same_inputs(name):
    assert getattr(sensitivity, name)(*explained(MOVES)) == pytest.approx(QUANTUS[name], abs=1e-6)


def test_the_local_lipschitz_number_is_quantus_estimate_for_the_same_inputs():
    found = sensitivity.local_lipschitz(*explained(MOVES), np.linalg.norm(MOVES, axis=1))
    assert found == pytest.approx(QUANTUS["local_lipschitz"], abs=1e-6)


def test_the_largest_relative_stability_is_quantus_relative_input_stability_where_no_value_is_tiny():
    found = sensitivity.relative_stability(*explained(MOVES), np.linalg.norm(MOVES / X, axis=1), floor=0)
    assert found.max() == pytest.approx(QUANTUS["relative_input_stability"], rel=1e-6)


@pytest.mark.parametrize("name", ["relevance_mass", "relevance_rank", "pointing_game", "top_k_intersection", "auroc"])
def test_localisation_is_that_of_quantus_of_absolute_values(name):
    k = (GOLDEN["inputs"]["top"],) if name == "top_k_intersection" else ()
    assert getattr(localisation, name)(VALUES, TRUTH, *k) == pytest.approx(QUANTUS[name], abs=1e-6)


def test_attribution_localisation_is_the_same_share_of_the_mass():
    found = localisation.relevance_mass(VALUES, TRUTH)
    assert found == pytest.approx(QUANTUS["attribution_localisation"], abs=1e-6)


# Where Quantus says something else: what it says of exact attributions of f(x) = x . WEIGHTS, and the like.

def of_sum(coalitions, x=X):
    return coalitions * x @ WEIGHTS


def test_its_sensitivity_n_is_none_as_it_finds_exact_values_of_a_sum_wanting():
    sizes = [~(np.random.default_rng(0).random((40, 12)).argsort(1) < n) for n in range(1, 10)]
    left = np.concatenate(sizes)
    assert sensitivity_n(WEIGHTS * X, left, of_sum(~left)) == pytest.approx(1)
    assert ELSEWHERE["sensitivity_n_of_terms"][0] == pytest.approx(1) and np.mean(
        ELSEWHERE["sensitivity_n_of_terms"]) < 0.6


def test_its_monotonicity_puts_no_feature_in_and_so_finds_every_order_steady():
    """Its perturbation replaces the baseline by the baseline."""
    x = np.sign(WEIGHTS) * ([-1] * 11 + [1])
    share = perturbation.monotonicity(lambda rows: of_sum(rows, x), WEIGHTS * x)
    assert share == pytest.approx(1 / 12) and ELSEWHERE["monotonicity_of_a_falling_sum"] == 1


def test_its_completeness_is_lost_to_rounding_and_to_its_default_scale():
    drop = of_sum(np.ones((1, 12), bool))[0]
    assert (WEIGHTS * X).sum() == pytest.approx(drop, abs=1e-12) and ELSEWHERE["completeness_of_terms"] == 0
    assert ELSEWHERE["completeness_of_halves"] == 1 and ELSEWHERE["completeness_normalised"] == 0


def test_its_infidelity_multiplies_with_the_input_so_that_values_of_parts_are_judged_as_slopes():
    left = np.tril(np.ones((12, 12), bool))
    assert infidelity(WEIGHTS * X, left, of_sum(~left)) == pytest.approx(0, abs=1e-12)
    assert ELSEWHERE["infidelity_of_gradients"] == pytest.approx(0, abs=1e-12) and ELSEWHERE["infidelity_of_terms"] > 1


def test_its_area_under_pixel_flipping_lacks_the_first_step_and_is_no_mean():
    curve = game(perturbation.deletion.rows(VALUES))
    whole = perturbation.deletion(game, VALUES)
    assert ELSEWHERE["pixel_flipping_auc"] == pytest.approx(12 * whole - (curve[0] + curve[1]) / 2, abs=1e-6)


def test_its_pointing_game_hits_where_nothing_could_be_hit_and_fails_when_weighted():
    assert ELSEWHERE["pointing_empty"] == 1 and ELSEWHERE["pointing_weighted"].startswith("TypeError")


def test_its_relevance_mass_of_signed_values_is_no_share():
    values = np.where(TRUTH, 1.0, -0.3)
    assert ELSEWHERE["mass_of_signed"] == pytest.approx(2.5)
    assert localisation.relevance_mass(values, TRUTH) == pytest.approx(4 / 6.4)


def test_its_relative_input_stability_is_lost_when_one_prediction_turns():
    assert np.isnan(ELSEWHERE["stability_where_a_prediction_turns"]) and np.isfinite(stability_of_three())


def stability_of_three():
    """The largest among the inputs whose prediction stays: all but the last."""
    far = np.array(GOLDEN["inputs"]["far"])[:3]
    return sensitivity.relative_stability(*explained(far), np.linalg.norm(far / X, axis=1)).max()


def test_its_black_is_the_least_number_of_the_input():
    assert ELSEWHERE["black"] == pytest.approx(WEIGHTS.sum() * X.min(), abs=1e-5)


def test_the_documentation_says_what_was_found():
    page = (Path(__file__).parents[2] / "notebooks" / "site" / "metrics.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.partition("it says | why |")[2].splitlines() if " | " in line]
    names = ["monotonicity_of_a_falling_sum", "completeness_of_terms", "completeness_normalised", "infidelity_of_terms",
             "pixel_flipping_auc", "pointing_empty", "mass_of_signed", "stability_where_a_prediction_turns", "black"]
    theirs = [np.mean(ELSEWHERE["sensitivity_n_of_terms"]), *(ELSEWHERE[name] for name in names)]
    right = [1, 0, 1, 1, 0, perturbation.deletion(game, VALUES), np.nan, 4 / 6.4, stability_of_three(), 0]
    expected = [[f"{mine:.3g}", f"{said:.3g}"] for mine, said in zip(right, theirs, strict=True)]
    assert [[cell.replace("NaN", "nan") for cell in row[1:3]] for row in rows] == expected
