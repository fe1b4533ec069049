"""Runs of methods without a neighborhood: outputs when they are wanted, limits, stops and failures."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from nets import explained, relu_net, smooth_net

import limelight as ll
from limelight import api
from limelight.errors import InputError, ModelError
from limelight.question import Question
from limelight.streams import Allowance, StreamRun
from limelight.types import Estimate
from limelight.widgets import payload

NAMES = ("a", "b", "c")


def estimate(value, n, **params):
    column = np.full((2, 1), float(value))
    return Estimate(column, column / 10, 5.0, False, np.full(1, np.nan), float(n), params, n_evals=n)


class Counted:
    """A method that spends five evaluations a step, up to fifty, and remembers what it was asked."""

    def __init__(self, fails_at=None, value=None, warning="", most=50):
        self.begun, self.spent, self.most = [], 0, most
        self.fails_at, self.value, self.warning = fails_at, value, warning

    def __call__(self, target):
        self.begun.append(target)

        def estimates(budget):
            n = 0
            while n < self.most:
                if budget.left < 5:
                    yield None
                    continue
                n += budget.take(5)
                self.spent += 5
                if n == self.fails_at:
                    self.fails_at = None
                    raise RuntimeError("the disk is full")
                value = 100 * target + n if self.value is None else self.value
                yield estimate(value, n, warning=self.warning)

        return estimates


def running(start, limit=100, target=0, **others):
    question = Question({}, (0, 1), ("x", "y"), NAMES, "value", target, 0)
    return StreamRun(question, np.array([[0, 0, 0], [1.0, 2, 3]]), start, method="counted", limit=limit, params={},
                     columns=np.arange(3), probe=lambda change: np.zeros(3),
                     game=SimpleNamespace(answers=None), **{"per_output": True, **others})


def finished(run):
    while run.state == "running":
        run.step(0)
    return run


def test_the_target_is_computed_and_others_when_they_are_wanted():
    method = Counted()
    run = finished(running(method, target=1))
    assert method.begun == [1] and run.state == "done" and run.exact
    first = run.explanation()
    assert first.target == 1 and first.values[:, 1].tolist() == [150, 150]
    assert np.isnan(first.values[:, [0, 2]]).all() and np.isinf(first.std_error[:, [0, 2]]).all()
    run.aim(2)
    assert run.state == "running" and run.n == 0 and method.begun == [1, 2]
    run.step(0)
    assert run.n == 5
    both = run.explanation()
    assert both.values[0, 1:].tolist() == [150, 205] and both.target == 2
    run.aim(1)
    assert run.state == "done" and run.n == 50 and method.begun == [1, 2], "nothing is asked twice"


def test_each_output_goes_on_where_it_was_left():
    run = running(Counted())
    run.step(0)
    run.stop()
    run.aim(1)
    assert run.state == "running"
    finished(run)
    run.aim(0)
    assert run.state == "stopped" and run.n == 5
    run.resume()
    assert finished(run).n == 50
    run.aim(1)
    assert run.state == "done" and run.n == 50


def test_each_output_has_its_own_seconds(monkeypatch):
    ticks = iter(range(100))
    monkeypatch.setattr("limelight.streams.time", SimpleNamespace(perf_counter=lambda: float(next(ticks))))
    run = running(Counted(most=10))
    finished(run)
    first = run.seconds
    assert first > 0
    run.aim(1)
    assert run.seconds == 0 and payload.status(run, 0, 1)["rate"] == 0
    finished(run)
    told = payload.status(run, 0, 1)
    assert told["seconds"] == run.seconds == first and told["rate"] == 10 / first
    run.aim(0)
    assert run.seconds == first


def test_values_without_a_sign_are_said_to_have_none():
    sizes, values = estimate(1, 5, signed=False), estimate(1, 5)
    assert payload.estimate("saliency", None, 5, sizes, 0)["signed"] is False
    assert payload.estimate("lrp", None, 5, values, 0)["signed"] is True


def test_a_method_for_all_outputs_begins_once():
    def start(target):
        return lambda budget: iter([Estimate(np.ones((2, 3)), np.zeros((2, 3)), np.inf, True, np.full(3, np.nan), 1.0,
                                             n_evals=budget.take(1))])

    run = finished(running(start, per_output=False))
    run.aim(2)
    assert run.state == "done" and run.explanation().values.shape == (2, 3) and run.explanation().target == 2


@pytest.mark.parametrize("limit", [5, 7, 24, 49, 50, 1000])
def test_a_limit_is_never_exceeded(limit):
    method = Counted()
    run = finished(running(method, limit))
    assert method.spent == run.n == min(limit // 5 * 5, 50) and run.exact == (limit >= 50)


def test_more_goes_on_with_every_output():
    method = Counted()
    run = finished(running(method, 10))
    run.aim(1)
    finished(run)
    run.more(20)
    assert finished(run).n == 20 and run.limit == 20 and method.spent == 30
    run.aim(0)
    assert run.state == "running", "the limit that was raised is raised for this one too"
    assert finished(run).n == 20
    run.more(5)
    assert finished(run).n == 20 and run.limit == 20, "a limit is never lowered"


def test_an_answer_that_ended_stays_as_it_is():
    method = Counted()
    run = finished(running(method))
    run.more(1000)
    assert run.state == "done"
    run.resume()
    run.step(0)
    assert run.state == "done" and run.n == method.spent == 50


def test_a_stopped_run_asks_nothing():
    method = Counted()
    run = running(method)
    run.step(0)
    run.stop()
    run.step(0)
    assert run.state == "stopped" and method.spent == 5 and run.explanation().n_evals == 5
    assert not run.explanation().exact


def test_a_failure_keeps_what_there_was_and_begins_anew_when_resumed():
    method = Counted(fails_at=20)
    run = finished(running(method))
    assert run.state == "failed" and run.n == 15 and not run.exact
    assert isinstance(run.error, ModelError) and "RuntimeError: the disk is full" in str(run.error)
    assert isinstance(run.error.__cause__, RuntimeError)
    assert run.explanation().values[0, 0] == 15
    run.resume()
    assert run.error is None and run.n == 15
    assert finished(run).n == 50 and run.exact and method.begun == [0]


def test_an_interrupt_is_no_end():
    method = Counted()
    run = running(method)
    run.step(0)

    def interrupted(budget):
        raise KeyboardInterrupt

    stream = run._stream
    stream._estimates = (interrupted(budget) for budget in [None])
    with pytest.raises(KeyboardInterrupt):
        run.step(0)
    run.stop()
    assert run.explanation().n_evals == 5 and not run.exact
    run.resume()
    assert finished(run).n == 50


def test_another_output_does_not_inherit_a_failure():
    run = finished(running(Counted(fails_at=5)))
    assert run.state == "failed"
    with pytest.raises(ModelError, match="disk is full"):
        run.explanation()
    run.aim(1)
    assert run.error is None and finished(run).state == "done"
    run.aim(0)
    assert run.state == "failed" and "disk is full" in str(run.error)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_fail(value):
    run = finished(running(Counted(value=value)))
    assert run.state == "failed" and "NaN or infinite" in str(run.error) and not run.answered


def test_a_limit_that_is_too_small_for_an_answer_says_so():
    run = finished(running(Counted(), 4))
    with pytest.raises(InputError, match="no answer yet"):
        run.explanation()


def test_estimates_are_kept_at_growing_numbers_for_the_sliders():
    run = finished(running(Counted(most=5000), 5000))
    (output, kept), = run.kept()
    numbers = np.array([found.n_evals for found in kept])
    assert output == 0 and numbers[0] == 5 and numbers[-1] == 5000 and len(numbers) < 50
    assert (numbers[1:-1] / numbers[:-2]).max() < 2.1
    for n in (22, 999):
        assert run.refit("counted", n_samples=n).values[0, 0] == numbers[numbers <= n].max()
    assert run.refit("counted", n_samples=1).values[0, 0] == 5


def test_an_allowance_gives_no_more_than_it_has():
    budget = Allowance(7)
    assert [budget.take(5), budget.take(5), budget.take(5)] == [5, 2, 0] and budget.left == 0


def test_a_warning_is_told_once_nothing_better_is_on_its_way():
    run = running(Counted(warning="the baseline is doubtful"), 10)
    run.step(0)
    assert run.warning == "" and payload.status(run, 0, 0)["message"] == ""
    finished(run)
    assert payload.status(run, 0, 0)["message"] == "the baseline is doubtful"
    assert run.explanation().params["warning"] == "the baseline is doubtful"


def test_explain_warns_of_what_an_answer_lacks_and_says_nothing_where_it_lacks_nothing():
    model = ll.tabular_model(relu_net(3, width=64), np.zeros((1, 3)))
    with pytest.warns(UserWarning, match=r"the values miss the change of the output by .*raise n_samples"):
        found = ll.explain(model, [3.0, 2.0, 1.0], method="integrated_gradients", n_samples=1, progress=False)
    assert "raise n_samples" in found.params["warning"]
    assert ll.explain(model, [3.0, 2.0, 1.0], method="gradient_shap", progress=False).params["warning"] == ""


def started(model, x, method, **options):
    keywords = {"target": None, "output": "probability", "n_samples": "auto", "kernel_width": None,
                "tolerance": None, "seed": 0, **options}
    return api.start(model, x, method=method, options={}, **keywords)


@pytest.mark.parametrize("method", ["saliency", "integrated_gradients", "smooth_grad", "gradient_shap"])
def test_outputs_of_a_network_one_by_one(method):
    rows = np.random.default_rng(0).normal(size=(5, 3))
    model = ll.tabular_model(smooth_net(3, 3), rows, output_names=NAMES)
    run = started(model, rows[0], method, target="b")
    run.aim(2)
    finished(run)
    run.aim(1)
    finished(run)
    together = run.explanation()
    assert np.isnan(together.values[:, 0]).all()
    for k in (1, 2):
        alone = ll.explain(model, rows[0], method=method, target=k, progress=False)
        np.testing.assert_array_equal(alone.values[:, k], together.values[:, k])


@pytest.mark.parametrize("method", ["saliency", "input_x_gradient", "integrated_gradients", "smooth_grad",
                                    "gradient_shap"])
def test_gradients_that_are_nan_fail_with_advice(method):
    class Root(torch.nn.Linear):
        def forward(self, rows):
            return torch.sqrt((super().forward(rows) * 0).sum(1, keepdim=True)) + 1

    model = ll.tabular_model(Root(2, 2), np.ones((1, 2)))
    with pytest.raises(ModelError, match="NaN or infinite here, so there are no attributions: check it"):
        ll.explain(model, [1.0, 2.0], method=method, progress=False)


@pytest.mark.parametrize("method", ["integrated_gradients", "smooth_grad", "gradient_shap"])
def test_a_model_that_fails_midway_gives_what_there_was(method):
    class Tired(torch.nn.Linear):
        def forward(self, rows):
            self.asked = getattr(self, "asked", 0) + rows.requires_grad * len(rows)
            if self.asked > 200:
                raise RuntimeError("out of patience")
            return super().forward(rows) + torch.floor(9 * rows[:, :1])

    model = ll.tabular_model(Tired(2, 1), np.zeros((1, 2)))
    run = finished(started(model, [1.0, 2.0], method, n_samples=56))
    assert run.state == "done" and run.n == 56
    run.more(10_000)
    finished(run)
    assert run.state == "failed" and "out of patience" in str(run.error)
    assert run.explanation().n_evals == run.n >= 56


def test_a_tolerance_ends_a_run_whose_intervals_are_narrow_enough():
    net, row = smooth_net(), np.ones(6)
    wide = explained(net, row, "smooth_grad", n_samples=40)
    half = wide.interval()[1][:, 0] - wide.values[:, 0]
    found = explained(net, row, "smooth_grad", n_samples=2000, tolerance=float(half.max()) / 2)
    assert 40 < found.n_evals < 2000
    assert (found.interval()[1][:, 0] - found.values[:, 0]).max() <= half.max() / 2


def test_a_tolerance_for_errors_that_a_method_has_not_is_refused():
    with pytest.raises(InputError, match="needs standard errors, and integrated_gradients has none"):
        explained(smooth_net(), np.ones(6), "integrated_gradients", tolerance=0.1)
