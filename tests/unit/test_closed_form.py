"""Closed forms in a run: exact after the fewest evaluations, and only where the model is what it says."""

import logging

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.svm import SVR

import limelight as ll

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(60, 14))
TARGET = ROWS[:, 0] * ROWS[:, 1] + ROWS[:, 2]


class Doubled(LinearRegression):
    """Says something else than its coefficients."""

    def predict(self, rows):
        return super().predict(rows) * (1 + (rows[:, 0] > 0))


def model(estimator):
    return ll.tabular_model(estimator.fit(ROWS, TARGET), ROWS[:20])


@pytest.mark.parametrize(("estimator", "route"), [
    (LinearRegression(), "linear"), (RandomForestRegressor(5, max_depth=4, random_state=0), "tree"), (SVR(), "kernel")],
    ids=["linear", "tree", "kernel"])
def test_exact_after_the_fewest_evaluations(estimator, route):
    found = ll.explain(model(estimator), ROWS[30], method="shapley", n_samples=2_000, progress=False)
    assert found.exact and found.n_evals == 16 and found.params["route"] == route
    assert not found.std_error.any()
    asked = ll.tabular_model(lambda rows: estimator.predict(rows), ROWS[:20])
    every = ll.explain(asked, ROWS[30], n_samples=2**14, progress=False)
    assert found.values == pytest.approx(every.values, abs=1e-9)


def test_a_model_that_says_something_else_is_sampled(caplog):
    with caplog.at_level(logging.WARNING, "limelight"):
        found = ll.explain(model(Doubled()), ROWS[30], n_samples=300, progress=False)
    assert not found.exact and found.n_evals == 300 and "as its linear form says" in caplog.text


def test_a_closed_form_that_fails_ends_no_run(monkeypatch, caplog):
    def fails(*_):
        raise ValueError("of another version")
    monkeypatch.setattr("limelight.closed_form.exact_shapley", fails)
    found = ll.explain(model(LinearRegression()), ROWS[30], method="shapley", n_samples=300, progress=False)
    assert found.n_evals == 300 and "of another version" in caplog.text


def test_other_methods_still_read_rows_and_more_can_be_asked():
    view = ll.live(model(LinearRegression()), ROWS[30], method="shapley", n_samples=400).wait()
    assert view.done and view.explanation.n_evals == 16
    assert not np.isfinite(view.explanation.refit("lime").std_error).any()
    view.resume(400)
    assert view.wait().explanation.n_evals == 400
    assert view.explanation.exact and np.isfinite(view.explanation.refit("lime").std_error).all()


@pytest.mark.parametrize("estimator", [LinearRegression(), RandomForestRegressor(5, max_depth=4), SVR()],
                         ids=["linear", "tree", "kernel"])
def test_groups_have_closed_forms_too(estimator):
    groups = {"pair": [0, 1], "rest": list(range(5, 14))}
    found = ll.explain(model(estimator), ROWS[30], method="shapley", groups=groups, n_samples=7, progress=False)
    assert found.exact and found.n_evals == 7 and found.params["route"] in ("linear", "tree", "kernel")
    asked = ll.tabular_model(lambda rows: estimator.predict(rows), ROWS[:20])
    every = ll.explain(asked, ROWS[30], groups=groups, progress=False)
    assert every.n_evals == 2**5 and found.values == pytest.approx(every.values, abs=1e-9)


def test_a_reader_who_turns_to_shapley_gets_the_closed_form():
    view = ll.live(model(RandomForestRegressor(5, max_depth=4, random_state=0)), ROWS[30], method="lime", n_samples=60)
    view.wait()
    assert not view.explanation.exact
    view.widget.settings = {**view.widget.settings, "method": "shapley"}
    found = view.explanation
    assert found.exact and found.params["route"] == "tree" and found.n_evals == 60
