"""One small explanation of every kind, and whether two are the same bit by bit."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd
import torch

import limelight as ll
from limelight.question import to_keep

WORDS = "A slow start, 但是 really שלום gripping &c."
FIELDS = ("values", "std_error", "base_values", "prediction", "data", "feature_names", "output_names", "output_space",
          "target", "method", "params", "n_evals", "exact", "quality", "neighborhood", "pixels", "interactions",
          "interactions_std_error", "feedback", "_question")


def texts_model(n_outputs=2):
    """A function of words, with a few numbers that are hard to write down."""
    def score(texts):
        sizes = np.array([[len(text), text.count("r"), text.count("a")] for text in texts], float)
        first = 1 / (1 + np.exp(-(sizes @ [0.03, 0.4, -0.7]) + 1))
        return np.column_stack([first, *[(1 - first) / (n_outputs - 1)] * (n_outputs - 1)])
    return ll.text_model(score)


def pictures_model(**options):
    """A function of the picture's own numbers."""
    def score(batch):
        means = batch.reshape(len(batch), -1, batch.shape[-1]).mean(1) / 255
        return np.column_stack([means[:, 0] * means[:, 1], 1 - means[:, 0] * means[:, 1]])
    return ll.image_model(score, **{"segments": 6, **options})


def net(**options):
    """A small convolutional network and its preprocess."""
    torch.manual_seed(0)
    layers = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, padding=1), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1),
                                 torch.nn.Flatten(), torch.nn.Linear(4, 3))

    def preprocess(picture):
        return torch.tensor(np.asarray(picture, np.float32) / 255 - 0.4).permute(2, 0, 1)

    return ll.image_model(layers, preprocess, **{"segments": 6, **options})


PICTURE = np.random.default_rng(0).integers(0, 256, (20, 24, 3), dtype=np.uint8)


def rows_model():
    """A function of a frame with columns of every type."""
    rows = pd.DataFrame({
        "age": [20, 53, 41], "größe": [1.5, 1.7, np.nan], "sex": ["f", "m", "f"], "vip": [True, False, True],
        "since": pd.to_datetime(["2020-01-02", "2021-03-04", "2022-05-06"]), "note": [None, "=1+1", "naïve"],
        "code": pd.Categorical([3, 5, 3])})

    def score(frame):
        return np.asarray(frame["age"], float) / 50 + (frame["sex"] == "m").to_numpy() + 0.1 * frame["größe"].isna()

    return ll.tabular_model(score, rows), rows.iloc[1].to_dict()


def network_of_rows():
    torch.manual_seed(0)
    layers = torch.nn.Sequential(torch.nn.Linear(5, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
    rows = np.random.default_rng(0).normal(size=(21, 5))
    return ll.tabular_model(layers, rows[:20]), rows[20]


def forest():
    from sklearn.ensemble import GradientBoostingClassifier

    rows = np.random.default_rng(0).normal(size=(60, 4))
    fitted = GradientBoostingClassifier(n_estimators=5, random_state=0).fit(rows, rows[:, 0] + rows[:, 1] ** 2 > 0.5)
    return ll.tabular_model(fitted, rows[:20], output_names=["no", "yes"]), rows[30]


def straight():
    from sklearn.linear_model import LogisticRegression

    rows = np.random.default_rng(0).normal(size=(60, 4))
    return ll.tabular_model(LogisticRegression().fit(rows, rows[:, 0] > 0), rows[:20]), rows[30]


def text(**options):
    return texts_model(), WORDS, options


def picture(**options):
    return net(), PICTURE, options


def row(make, **options):
    return *make(), options


ASKED = {
    "text, lime": lambda: text(method="lime", n_samples=60),
    "text, lime with ridge": lambda: text(method="lime", n_samples=60, ridge=1.5, kernel_width=0.4),
    "text, shapley": lambda: text(method="shapley", n_samples=80),
    "text, banzhaf": lambda: text(method="banzhaf", n_samples=60),
    "text, occlusion": lambda: text(method="occlusion"),
    "text, occlusion by windows": lambda: text(method="occlusion", window=2),
    "text, permutation_shapley": lambda: text(method="permutation_shapley", n_samples=60),
    "text, groups": lambda: text(groups={"opening": [0, 1, 2], "end": ["gripping"]}, n_samples=40),
    "text, order 2": lambda: text(method="shapley", order=2, n_samples=120),
    "text, twelve outputs": lambda: (texts_model(12), WORDS, {"n_samples": 40, "target": 11}),
    "picture, lime": lambda: (pictures_model(), PICTURE, {}),
    "picture, groups": lambda: (pictures_model(), PICTURE, {"groups": [[0, 1]]}),
    "picture, hidden by a colour": lambda: (net(hide="grey"), PICTURE, {}),
    "picture, saliency": lambda: picture(method="saliency"),
    "picture, integrated_gradients": lambda: picture(method="integrated_gradients", n_samples=64),
    "picture, grad_cam": lambda: picture(method="grad_cam"),
    "picture, rise": lambda: picture(method="rise", n_samples=40),
    "row of mixed types": lambda: row(rows_model, n_samples=60, method="shapley"),
    "row of mixed types, groups": lambda: row(rows_model, groups={"who": ["age", "sex"]}),
    "row, quartiles": lambda: row(network_of_rows, method="lime", discretize="quartile", n_samples=60),
    "row, closed form": lambda: row(straight, method="shapley", output="logit"),
    "row, tree_shap": lambda: row(forest, method="tree_shap"),
    "row, linear_shap": lambda: row(straight, method="linear_shap"),
    "row, gradient_shap": lambda: row(network_of_rows, method="gradient_shap", n_samples=40),
    "row, a baseline of tensors": lambda: row(network_of_rows, method="integrated_gradients", n_samples=64,
                                              baseline=torch.zeros(5)),
}
"""From a name to a model, an input and options."""
SHOWN = {
    "shown, words": lambda: ll.show([0.5, -0.25, 0.125], "not so bad!", output_names="good"),
    "shown, a row": lambda: ll.show(np.arange(6).reshape(3, 2) - 2.0, [0.1, "=x", datetime.date(2020, 1, 2)],
                                    prediction=[0.25, 0.75], feature_names=["a", "b", "c"]),
    "shown, pixels": lambda: ll.show(np.random.default_rng(0).normal(size=(20, 24)), PICTURE),
}
ALL = [*ASKED, *SHOWN]


@cache
def one(name):
    """The explanation of that name."""
    if name in SHOWN:
        return SHOWN[name]()
    model, x, options = ASKED[name]()
    return ll.explain(model, x, progress=False, **options)


def differences(a, b, where=""):
    """Yield where two values are not the same: types, bits, names, order."""
    if type(a) is not type(b):
        yield f"{where}: {type(a)} and {type(b)}"
    elif isinstance(a, np.ndarray):
        if (a.dtype, a.shape, a.tobytes()) != (b.dtype, b.shape, b.tobytes()):
            yield f"{where}: {a!r} and {b!r}"
    elif isinstance(a, torch.Tensor):
        yield from differences(a.numpy(), b.numpy(), where)
    elif isinstance(a, Mapping):
        if list(a) != list(b):
            yield f"{where}: {list(a)} and {list(b)}"
        for name in set(a) & set(b):
            yield from differences(a[name], b[name], f"{where}.{name}")
    elif isinstance(a, list | tuple):
        if len(a) != len(b):
            yield f"{where}: {len(a)} and {len(b)} items"
        for i, (one_of_a, one_of_b) in enumerate(zip(a, b, strict=False)):
            yield from differences(one_of_a, one_of_b, f"{where}[{i}]")
    elif type(a).__name__ in ("Neighborhood", "Question", "Estimate"):
        yield from differences(parts(a), parts(b), where)
    elif repr(a) != repr(b) or (hasattr(a, "tobytes") and a.tobytes() != b.tobytes()):
        yield f"{where}: {a!r} and {b!r}"


def parts(holder):
    """What a neighborhood, a question or an estimate holds; of a question what is kept in files."""
    if type(holder).__name__ == "Question":
        return {**vars(holder), "subject": to_keep(holder.subject)}
    if type(holder).__name__ != "Neighborhood":
        return dict(vars(holder))
    return {"law": holder.law, "coalitions": np.array(holder.coalitions), "outputs": np.array(holder.outputs),
            "chosen": np.array(holder.chosen), "pairs": np.array(holder.pairs), "closed_form": holder.closed_form}


def different(a, b):
    """Where two explanations are not the same."""
    found = [each for name in FIELDS for each in differences(getattr(a, name), getattr(b, name), name)]
    reasons = [[each.quality.reason(name) for name in each.quality] for each in (a, b)]
    return found + list(differences(*reasons, "quality.reason"))
