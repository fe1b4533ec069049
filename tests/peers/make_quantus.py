"""Write quantus.json: what Quantus says of one explanation of a small network.

Quantus wants many packages that nothing else here needs: run it where `quantus==0.6.0` and torch are installed. What
it says where it is right must be what limelight says; where it is not, the documentation shows it ("elsewhere").
"""

import json
from pathlib import Path

import numpy as np
import quantus
import torch

np.trapz = np.trapezoid  # what NumPy 2 calls it, and Quantus does not

N, SUBSET, RUNS, NEAR, TOP = 12, 3, 40, 20, 4
PICTURE = (1, 1, 3, N // 3)

rng = np.random.default_rng(3)
inner, outer, x, values = (rng.normal(size=shape) for shape in ((N, 8), (8, 3), N, N))
moves = rng.uniform(-0.02, 0.02, size=(NEAR, N))
truth = np.isin(np.arange(N), [1, 4, 5, 9])
WEIGHTS = np.array([3.0, -1, 0.5, 2, 0.25, -0.5, 1, 0.75, -2, 0.125, 1.5, 0.0625])


class Net(torch.nn.Module):
    """softmax(tanh(x inner) outer)."""

    def __init__(self):
        super().__init__()
        self.inner, self.outer = (torch.nn.Parameter(torch.tensor(weights)) for weights in (inner, outer))

    def forward(self, rows):
        return (torch.tanh(rows.flatten(1).to(self.inner) @ self.inner) @ self.outer).softmax(1)


class Linear(torch.nn.Module):
    """Outputs x . WEIGHTS and its negative."""

    def __init__(self):
        super().__init__()
        self.weights = torch.nn.Parameter(torch.tensor(WEIGHTS))

    def forward(self, rows):
        output = rows.flatten(1).to(self.weights) @ self.weights
        return torch.stack([-output, output], 1)


def asked(metric, model=Net, attributions=values, at=x, mask=None, **given):
    return np.ravel(metric(model=model().eval(), x_batch=at.reshape(PICTURE).copy(), y_batch=np.array([1]),
                           a_batch=attributions.reshape(PICTURE).copy(), device="cpu", softmax=False,
                           s_batch=None if mask is None else mask.reshape(PICTURE), **given)).astype(float).tolist()


def gradients(model, inputs, targets, **_):
    """Explain by the gradient."""
    rows = torch.tensor(inputs, requires_grad=True)
    chosen = model(rows)[torch.arange(len(rows)), torch.tensor(targets)]
    return torch.autograd.grad(chosen.sum(), rows)[0].numpy()


class Moves:
    """Moves the input by what is given, one after the other."""

    def __init__(self, by=moves):
        self.by, self.n = by, 0

    def __call__(self, arr, indices, **_):
        self.n += 1
        return arr + self.by[self.n - 1]


def near(kind, by=moves):
    """Ask one about nearby inputs, explained by gradients."""
    return asked(kind(nr_samples=len(by), perturb_func=Moves(by), perturb_func_kwargs={}, **plain),
                 attributions=gradients(Net(), x.reshape(PICTURE), [1]), explain_func=gradients)[0]


def failing(ask):
    """What it raises."""
    try:
        return ask()
    except TypeError as error:
        return f"TypeError: {error}"


quiet = {"disable_warnings": True, "display_progressbar": False}
plain = {"normalise": False, "abs": False, **quiet}
zero = {"perturb_baseline": 0.0, **plain}
np.random.seed(5)
subsets = [np.random.choice(N, SUBSET, replace=False).tolist() for _ in range(RUNS)]
np.random.seed(5)
found = {
    "faithfulness_correlation": asked(quantus.FaithfulnessCorrelation(
        nr_runs=RUNS, subset_size=SUBSET, return_aggregate=False, **zero))[0],
    "faithfulness_estimate": asked(quantus.FaithfulnessEstimate(features_in_step=1, **zero))[0],
    "pixel_flipping": asked(quantus.PixelFlipping(features_in_step=1, **zero)),
    "sparseness": asked(quantus.Sparseness(**quiet))[0],
    "complexity": asked(quantus.Complexity(**quiet))[0],
    "effective_complexity": asked(quantus.EffectiveComplexity(eps=0.2, **quiet))[0],
    "sensitivity_max": near(quantus.MaxSensitivity),
    "sensitivity_avg": near(quantus.AvgSensitivity),
    "local_lipschitz": near(quantus.LocalLipschitzEstimate),
    "relative_input_stability": near(quantus.RelativeInputStability),
    **{name: asked(kind(**({"normalise": False, "abs": True, **quiet} | more)), mask=truth)[0] for name, kind, more in (
        ("relevance_mass", quantus.RelevanceMassAccuracy, {}),
        ("relevance_rank", quantus.RelevanceRankAccuracy, {}),
        ("pointing_game", quantus.PointingGame, {"weighted": False}),
        ("top_k_intersection", quantus.TopKIntersection, {"k": TOP}),
        ("attribution_localisation", quantus.AttributionLocalisation, {}),
        ("auroc", quantus.AUC, {}),
    )},
}

# Where it says what its papers don't. Of f(x) = x . WEIGHTS the terms are exact Shapley values.
terms, halves, falling = WEIGHTS * x, np.round(2 * x) / 2, np.sign(WEIGHTS) * ([-1] * (N - 1) + [1])
several = rng.normal(size=(20, N))
far = np.concatenate([moves[:3], -6 * x[None]])  # the last one turns the prediction
largest_first = np.where(np.arange(N) == 0, 9.0, np.abs(values))
first, none = np.arange(N) == 0, np.zeros(N, bool)
patches = {"n_perturb_samples": 1, "perturb_patch_sizes": [1]}
pearson = quantus.functions.similarity_func.correlation_pearson
elsewhere = {
    "sensitivity_n_of_terms": np.ravel(quantus.SensitivityN(
        n_max_percentage=0.8, features_in_step=1, similarity_func=pearson, return_aggregate=False, **zero)(
        model=Linear().eval(), x_batch=several.reshape(-1, *PICTURE[1:]), y_batch=np.ones(len(several), int),
        a_batch=(several * WEIGHTS).reshape(-1, *PICTURE[1:]), device="cpu", softmax=False)).tolist(),
    "monotonicity_of_a_falling_sum": asked(quantus.Monotonicity(features_in_step=1, **zero), Linear,
                                           WEIGHTS * falling, falling)[0],
    "completeness_of_terms": asked(quantus.Completeness(**zero), Linear, terms)[0],
    "completeness_of_halves": asked(quantus.Completeness(**zero), Linear, WEIGHTS * halves, halves)[0],
    "completeness_normalised": asked(quantus.Completeness(perturb_baseline=0.0, **quiet), Linear, WEIGHTS * halves,
                                     halves)[0],
    "infidelity_of_gradients": asked(quantus.Infidelity(**patches, **zero), Linear, WEIGHTS)[0],
    "infidelity_of_terms": asked(quantus.Infidelity(**patches, **zero), Linear, terms)[0],
    "pixel_flipping_auc": asked(quantus.PixelFlipping(features_in_step=1, return_auc_per_sample=True, **zero))[0],
    "pointing_weighted": failing(
        lambda: asked(quantus.PointingGame(weighted=True, **plain), attributions=largest_first, mask=first)),
    "pointing_empty": asked(quantus.PointingGame(weighted=False, **plain), attributions=largest_first, mask=none)[0],
    "mass_of_signed": asked(quantus.RelevanceMassAccuracy(**plain), attributions=np.where(truth, 1.0, -0.3),
                            mask=truth)[0],
    "stability_where_a_prediction_turns": near(quantus.RelativeInputStability, far),
    "black": asked(quantus.PixelFlipping(features_in_step=N, perturb_baseline="black", **plain), Linear, terms)[0],
}
inputs = {"inner": inner.tolist(), "outer": outer.tolist(), "x": x.tolist(), "values": values.tolist(),
          "subsets": subsets, "target": 1, "moves": moves.tolist(), "truth": truth.tolist(), "top": TOP,
          "weights": WEIGHTS.tolist(), "several": several.tolist(), "far": far.tolist()}
Path(__file__).with_name("quantus.json").write_text(
    json.dumps({"version": quantus.__version__, "inputs": inputs, "found": found, "elsewhere": elsewhere}) + "\n")
