"""ll.methods: every method, whether it can run, what it costs, and what to do otherwise."""

import numpy as np
import pytest
import torch
import xgboost
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVR

import limelight as ll
from limelight.errors import InputError, LimelightError
from limelight.estimators import READINGS
from limelight.registry import STREAMED

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 6))
TWO = (X[:, 0] + X[:, 1] > 0).astype(int)
PICTURE = np.zeros((20, 20, 3), np.uint8)
TEXT = "A slow start, but never dull: gripping, and beautifully shot by people who know what they do."


def lengths(texts):
    return np.array([[len(text), text.count("o")] for text in texts], float)


class Counted:
    """A function that counts the rows it is asked about."""

    def __init__(self, function):
        self.function, self.n = function, 0

    def __call__(self, rows):
        self.n += len(rows)
        return self.function(rows)


def network(norm=False):
    layers = [torch.nn.Linear(6, 8), torch.nn.LayerNorm(8), torch.nn.ReLU(), torch.nn.Linear(8, 2)]
    return torch.nn.Sequential(*(layer for layer in layers if norm or not isinstance(layer, torch.nn.LayerNorm)))


def convolutions():
    return torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1),
                               torch.nn.Flatten(), torch.nn.Linear(4, 3))


def cases():
    yield "text", ll.text_model(lengths), TEXT
    yield "function of rows", ll.tabular_model(lambda rows: rows.sum(1), X), X[0]
    yield "logistic", ll.tabular_model(LogisticRegression().fit(X, TWO), X), X[0]
    yield "xgboost", ll.tabular_model(xgboost.XGBClassifier(n_estimators=3).fit(X, TWO), X), X[0]
    yield "kernel", ll.tabular_model(SVR().fit(X, X[:, 0]), X), X[0]
    yield "network", ll.tabular_model(network(), X), X[0]
    yield "layer norm", ll.tabular_model(network(norm=True), X), X[0]
    yield "convolutions", ll.image_model(convolutions(), segments=9), torch.rand(3, 32, 32)
    yield "function of pictures", ll.image_model(lambda batch: batch.mean((1, 2)), segments=9), PICTURE


CASES = list(cases())


@pytest.mark.parametrize(("model", "x"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_every_method_is_there_and_what_cant_run_says_why_and_what_to_do(model, x):
    table = ll.methods(model, x)
    assert list(table.index) == [*READINGS, *STREAMED] and table.index.name == "method"
    assert list(table.columns) == ["available", "cost", "exact", "reason", "instead"]
    for _, row in table.iterrows():
        if row.available:
            assert row.cost >= 1 and (row.reason, row.instead) == ("", "")
        else:
            assert len(row.reason) > 20 and row.instead and row.exact == ""
    assert table.loc[list(READINGS), "available"].all()


@pytest.mark.parametrize(("model", "x"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_it_calls_available_runs_and_what_it_does_not_is_refused(model, x):
    table = ll.methods(model, x)
    for name, row in table.iterrows():
        if name in READINGS:
            continue
        if row.available:
            assert ll.live(model, x, method=name, n_samples=40 if row.cost > 40 else "auto").explanation.method == name
        else:
            with pytest.raises(InputError):
                ll.explain(model, x, method=name, progress=False)


def test_it_asks_about_nothing_and_everything_only():
    for make, function, x in ((ll.text_model, Counted(lengths), TEXT),
                              (ll.image_model, Counted(lambda batch: batch.mean((1, 2))), np.zeros((20, 20, 3)))):
        ll.methods(make(function), x)
        assert function.n == 2
    rows = Counted(lambda rows: rows.sum(1))
    ll.methods(ll.tabular_model(rows, X[:10]), X[0])
    assert rows.n == 2 * 10


def test_it_leaves_the_model_as_it_was():
    net = convolutions()
    net[0].eval()
    ll.methods(ll.image_model(net), torch.rand(3, 32, 32))
    assert net.training and not net[0].training and net[1].training
    assert all(weight.grad is None and weight.requires_grad for weight in net.parameters())
    assert not any(part._forward_hooks or part._forward_pre_hooks or part._backward_hooks for part in net.modules())


@pytest.mark.parametrize(("model", "route", "cost"), [
    (LogisticRegression().fit(X, TWO).decision_function, "linear", 8),
    (GradientBoostingClassifier(n_estimators=3).fit(X, TWO).decision_function, "tree", 8),
    (SVR().fit(X, X[:, 0]), "kernel", 8), (lambda rows: rows.sum(1), "enumeration", 64),
])
def test_it_says_how_shapley_values_would_be_exact(model, route, cost):
    wrapped = ll.tabular_model(model, X[:10])
    row = ll.methods(wrapped, X[0]).loc["shapley"]
    assert (row.exact, row.cost) == (route, cost)
    found = ll.explain(wrapped, X[0], method="shapley", progress=False)
    assert (found.params["route"], found.n_evals) == (route, cost)


def test_many_features_are_sampled_and_occlusion_is_always_exact():
    table = ll.methods(ll.tabular_model(lambda rows: rows.sum(1), np.zeros((1, 30))), np.ones(30))
    assert table.loc["shapley", "exact"] == table.loc["permutation_shapley", "exact"] == ""
    assert (table.loc["lime", "cost"], table.loc["permutation_shapley", "cost"]) == (1200, 1200)
    assert (table.loc["occlusion", "cost"], table.loc["occlusion", "exact"]) == (32, "always")


def test_trees_and_linear_models_have_methods_of_their_own():
    forest = ll.methods(ll.tabular_model(xgboost.XGBClassifier(n_estimators=2).fit(X, TWO), X), X[0])
    assert forest.loc["tree_shap", "available"] and forest.loc["tree_shap", "exact"] == "always"
    assert not forest.loc["linear_shap", "available"]
    assert "this is XGBClassifier" in forest.loc["linear_shap", "reason"]
    several = GradientBoostingClassifier(n_estimators=2).fit(X, np.digitize(X[:, 0], [-0.5, 0.5]))
    refused = ll.methods(ll.tabular_model(several, X), X[0]).loc["tree_shap"]
    assert not refused.available and refused.instead == "shapley" and "two classes only" in refused.reason


def test_a_table_needs_no_row_and_a_text_needs_one():
    model = ll.tabular_model(lambda rows: rows.sum(1), X)
    assert ll.methods(model).equals(ll.methods(model, X[0]))
    with pytest.raises(InputError, match=r"give the text too, as in ll.methods\(model, text\)"):
        ll.methods(ll.text_model(lengths))


def test_a_model_that_fails_says_so():
    def broken(texts):
        raise OSError("no disk")

    with pytest.raises(LimelightError, match="no disk"):
        ll.methods(ll.text_model(broken), TEXT)
