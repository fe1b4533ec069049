"""How wrong answers are."""

import numpy as np
import pytest
from sklearn.metrics import hinge_loss, log_loss, roc_auc_score

from limelight.dataset.loss import choose_loss, read_targets
from limelight.errors import InputError

RNG = np.random.default_rng(0)
Y = RNG.integers(3, size=60).astype(float)
LIKELY = RNG.dirichlet([1, 1, 1], 60)


def test_losses_of_classes_are_those_of_scikit_learn():
    assert choose_loss("log_loss", "probability", 0).each(LIKELY, Y).mean() == pytest.approx(log_loss(Y, LIKELY))
    assert choose_loss("hinge", "margin", 0).each(LIKELY, Y).mean() == pytest.approx(hinge_loss(Y, LIKELY))
    assert choose_loss("accuracy", "probability", 0).each(LIKELY, Y).mean() == (LIKELY.argmax(1) != Y).mean()


@pytest.mark.parametrize("target", [0, 2])
def test_the_area_under_the_curve_is_that_of_scikit_learn_also_with_ties(target):
    scores = LIKELY.round(1)
    found = choose_loss("auc", "probability", target).each(scores, Y).mean()
    assert found == pytest.approx(1 - roc_auc_score(target == Y, scores[:, target]))


def test_the_area_s_spread_over_rows_is_that_over_samples():
    def drawn(n):
        y = RNG.integers(2, size=n).astype(float)
        return choose_loss("auc", "probability", 1).each((y + RNG.normal(size=n))[:, None], y)

    told = np.mean([drawn(200).std(ddof=1) / np.sqrt(200) for _ in range(100)])
    assert told == pytest.approx(np.std([drawn(200).mean() for _ in range(400)]), rel=0.12)


def test_one_output_is_that_of_the_second_class():
    y, answers = np.array([0.0, 1, 1]), np.array([[0.2], [0.8], [0.4]])
    found = choose_loss("log_loss", "probability", 0)
    assert found.each(answers, y) == pytest.approx(-np.log([0.8, 0.8, 0.4]))
    assert choose_loss("accuracy", "probability", 0).each(answers, y).tolist() == [0, 0, 1]
    assert choose_loss("hinge", "margin", 0).each(answers, y) == pytest.approx([1.2, 0.2, 0.6])
    assert choose_loss("auc", "probability", 0).each(answers, y).mean() == pytest.approx(0)


@pytest.mark.parametrize("name", ["log_loss", "squared_error"])
@pytest.mark.parametrize("n_outputs", [1, 3])
def test_curves_are_second_derivatives(name, n_outputs):
    loss = choose_loss(name, "probability" if name == "log_loss" else "value", 0)
    y, answers, h = np.minimum(Y, n_outputs - 1)[:5], LIKELY[:5, :n_outputs] + 0.1, 1e-4
    curve = loss.curve(answers, y)
    for j in range(n_outputs):
        step = h * np.eye(n_outputs)[j]
        second = (loss.each(answers + step, y) + loss.each(answers - step, y) - 2 * loss.each(answers, y)) / h**2
        assert curve[:, j] == pytest.approx(second, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(("y", "names", "read"), [
    (["ham", "spam"], ["spam"], [0, 1]), ([0, 1], None, [0, 1]), ([False, True], ["1"], [0, 1]), ([0, 0], None, [0, 0]),
])
def test_labels_of_one_output_are_read(y, names, read):
    assert read_targets(y, 2, 1, names, choose_loss("hinge", "margin", 0)).tolist() == read


def test_labels_that_one_output_cannot_tell_apart_are_refused():
    loss = choose_loss("auto", "margin", 0)
    with pytest.raises(InputError, match="the model has one output: expected 0 and 1, or two labels"):
        read_targets(["a", "b"], 2, 1, ["spam"], loss)
    with pytest.raises(InputError, match="needs rows of two classes, and y holds one"):
        read_targets([1, 1], 2, 2, None, choose_loss("auc", "probability", 0))
