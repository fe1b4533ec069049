"""A view turns to methods without a neighborhood and back: each run goes on where it was; nothing is asked twice."""

import json
import threading

import numpy as np
import pytest
from stubs import CountingMasker, D, running

from limelight.errors import Unsuited
from limelight.neighborhood import Neighborhood
from limelight.others import Others
from limelight.sources import MaskedGame
from limelight.streams import StreamRun
from limelight.types import Estimate
from limelight.widgets import busy
from limelight.widgets.live import LiveView
from limelight.widgets.text import TextView
from limelight.widgets.view import LIST_SECONDS

OFFERS = {"smooth_grad": "SmoothGrad", "saliency": "Saliency"}
STEP = 10


class Draws:
    """A method of one output at a time that draws ten passes a step; remembers what it spent."""

    def __init__(self, pixels=False, most=10**6):
        self.spent, self.pixels, self.most = [], pixels, most

    def start(self, target):
        def estimates(budget):
            n = 0
            while n < self.most:
                n += budget.take(STEP)
                self.spent.append((target, n))
                values, errors = np.full((D, 1), target + 1 / n), np.full((D, 1), 1 / n)
                yield Estimate(values, errors, n, False, np.full(1, np.nan), 1.0,
                               {"relative_gap": 0.5 / n, "warning": "beware"}, n_evals=n,
                               pixels=np.linspace(-1, 0.5, 12, dtype="f4").reshape(3, 4) if self.pixels else None)
                if budget.left < STEP:
                    yield None

        return estimates


def turning(masker=None, draws=None, limit=60, n_samples=200):
    """A run of a neighborhood beside which others can begin."""
    run, draws = running(masker, limit=n_samples), draws or Draws()
    game = MaskedGame(CountingMasker(), "probability", None)

    def begin(name):
        if name == "saliency":
            raise Unsuited("saliency needs a torch model", "shapley")
        return StreamRun(run.question, np.array([[0.5, 0.5], [0.9, 0.1]]), draws.start, method=name, limit=limit,
                         params={}, per_output=True, columns=np.arange(2), probe=run.probe, game=game)

    run.others = Others(run, lambda: OFFERS, begin)
    return run


class Browser(TextView):
    """A view whose messages are kept, and which counts its syncs."""

    def __init__(self, run, settings=None):
        self.sent, self.syncs = [], 0
        super().__init__(run, settings)

    def send(self, content, buffers=None):
        json.dumps(content, allow_nan=False)
        self.sent.append((content, buffers or []))

    def sync(self):
        self.syncs += 1

    def choose(self, **choice):
        self.settings = {**self.settings, **choice}
        return self

    def step(self, have):
        self.sent.clear()
        self._handle_custom_msg({"type": "step", "generation": self._generation, "have": have}, [])
        (message, buffers), = self.sent
        return message, buffers

    def ask(self, **message):
        self.sent.clear()
        self._handle_custom_msg(message, [])
        return list(self.sent)

    @property
    def now(self):
        return self.get_state()["status"]


def test_a_methods_steps_bring_no_rows_and_one_output():
    view = Browser(turning()).choose(method="smooth_grad", target=1)
    message, (rows, values, errors) = view.step(0)
    assert rows == b"" and message["estimate"]["target"] == 1
    assert np.frombuffer(values, "<f4") == pytest.approx(1 + 1 / message["status"]["n"])
    assert len(errors) == 4 * D and message["estimate"]["scale"] is None
    assert message["estimate"]["relative_gap"] == pytest.approx(0.5 / message["status"]["n"])


class Opened(TextView):
    """A view that keeps the lists of methods that its pages were told of."""

    def __init__(self, run):
        self.told = []
        super().__init__(run)

    def open(self):
        self.told.append(self.methods)
        super().open()

    def send_state(self, key=None):
        if "answers" in (key or []):
            self.told.append(self.methods)

    @property
    def methods(self):
        return [method["name"] for method in self.get_state(["answers"])["answers"]["methods"]]


def slow_to_list(n_samples=200):
    """A run, and the list of what was checked of other methods: "some", that took no time, or "all"."""
    run, checked = turning(n_samples=n_samples), []

    def offers(which, names):
        checked.append(which)
        return {name: OFFERS[name] for name in names}

    run.others = Others(run, lambda: offers("all", OFFERS), run.others._begin,
                        some=lambda: offers("some", ["saliency"]))
    return run, checked


def test_a_view_opens_before_methods_are_checked_that_take_long_and_is_told_of_them_at_the_end():
    run, checked = slow_to_list(n_samples=14)
    view = Opened(run)
    assert checked == ["some"] and view.told[0][-1] == "saliency"
    for _ in range(20):
        view._handle_custom_msg({"type": "step", "generation": 0, "have": view.run.n}, [])
    assert run.state == "done" and set(view.told[-1]) >= set(OFFERS) and checked == ["some", "all"]


def test_of_a_run_that_takes_long_it_is_told_before_its_end_and_once():
    run, checked = slow_to_list()
    view = Opened(run)
    run.seconds, run.step = 1 + LIST_SECONDS, lambda seconds: None
    for _ in range(2):
        view._handle_custom_msg({"type": "step", "generation": 0, "have": view.run.n}, [])
    assert run.state == "running" and len(view.told) == 2
    assert set(view.told[1]) >= set(OFFERS) and checked == ["some", "all"]


def test_what_is_known_of_a_view_elsewhere_is_the_whole_list():
    run, checked = slow_to_list()
    assert set(Opened(run).methods) >= set(OFFERS) and checked == ["some", "all"]


def test_a_method_that_was_not_checked_yet_can_be_chosen():
    run, checked = slow_to_list()
    view = Opened(run)
    view.settings = {**view.settings, "method": "lime"}
    assert checked == ["some"]
    view.settings = {**view.settings, "method": "smooth_grad"}
    assert view.run.method == "smooth_grad" and checked == ["some", "all"]


def test_turning_and_turning_back_asks_nothing_twice():
    masker, draws = CountingMasker(), Draws()
    view = Browser(turning(masker, draws))
    view.step(2)
    asked = len(masker.asked)
    for method in ("smooth_grad", "lime", "shapley", "smooth_grad", "lime"):
        view.choose(method=method)
    assert len(masker.asked) == asked and draws.spent == []
    view.choose(method="smooth_grad")
    while view.now["state"] == "running":
        view.step(view.now["n"])
    assert draws.spent == [(view.settings["target"], n) for n in range(STEP, 61, STEP)]
    assert len(masker.asked) == asked
    assert view.choose(method="lime").now["n"] == asked


def test_a_new_run_is_a_new_generation_and_another_reading_is_none():
    view = Browser(turning())
    view.choose(method="shapley")
    assert (view.now["generation"], view.syncs) == (0, 0)
    view.choose(method="smooth_grad")
    assert (view.now["generation"], view.now["method"], view.syncs) == (1, "smooth_grad", 1)
    view.choose(target=1 - view.settings["target"])
    assert (view.now["generation"], view.now["target"], view.syncs) == (2, view.settings["target"], 2)


def test_the_rows_and_the_other_outputs_stay_in_the_state():
    view = Browser(turning())
    view.step(2)
    n = view.now["n"]
    for target in (0, 1):
        view.choose(method="smooth_grad", target=target).step(0)
    state = view.get_state()
    assert len(Neighborhood.from_bytes(state["rows"]["data"])) == n
    found = [e for e in state["answers"]["estimates"] if e["method"] == "smooth_grad"]
    assert {e["target"] for e in found} == {0, 1}
    assert all(np.frombuffer(e["values"], "<f4").astype(int).max() == e["target"] for e in found)


def test_pixels_cross_with_an_outputs_last_estimate_only():
    view = Browser(turning(draws=Draws(pixels=True))).choose(method="smooth_grad")
    while view.now["state"] == "running":
        message, buffers = view.step(view.now["n"])
    assert len(buffers) == 4
    restored = np.frombuffer(buffers[3], "i1") * message["estimate"]["scale"] / 127
    assert restored == pytest.approx(np.linspace(-1, 0.5, 12), abs=1 / 254)
    found = [e for e in view.get_state()["answers"]["estimates"] if e["method"] == "smooth_grad"]
    assert [e["pixels"] is not None for e in found] == [False] * (len(found) - 1) + [True]
    (message, buffers), = view.ask(type="read", id=1, method="smooth_grad", kernel_width=0.25, n_samples=None)
    assert len(buffers) == sum(2 if e["scale"] is None else 3 for e in message["estimates"])


def test_a_stopped_run_stays_stopped_while_others_go_on():
    draws = Draws()
    view = Browser(turning(draws=draws, limit=10**6)).choose(method="smooth_grad")
    view.step(0)
    view.ask(type="stop", generation=view.now["generation"])
    stopped = view.now["n"]
    assert view.choose(method="lime").now["state"] == "running"
    view.choose(method="smooth_grad")
    assert (view.now["state"], view.now["n"]) == ("stopped", stopped)
    view.ask(type="resume", generation=view.now["generation"], limit=stopped + 2 * STEP)
    view.step(stopped)
    assert draws.spent[stopped // STEP][1] == stopped + STEP


def test_a_method_that_can_not_begin_says_why_and_the_view_stays_where_it_was(caplog):
    view = Browser(turning())
    view.choose(method="saliency")
    assert view.settings["method"] == "lime" and view.now["method"] == "lime"
    assert view.now["message"] == "saliency can't run here: saliency needs a torch model; use shapley"
    assert "can't run here" in caplog.text
    assert view.choose(method="smooth_grad").now["message"] == ""


def test_a_choice_on_another_thread_while_a_cell_runs_begins_nothing_before_the_next_message(monkeypatch):
    view = Browser(turning())
    monkeypatch.setattr(busy, "_running", True)
    thread = threading.Thread(target=lambda: view.choose(method="smooth_grad"))
    thread.start()
    thread.join()
    assert view.run.method == "lime" and len(view.run.others.begun) == 1
    monkeypatch.setattr(busy, "_running", False)
    message, _ = view.step(2)
    assert message["status"]["method"] == "smooth_grad"


def test_the_live_view_answers_by_the_method_that_was_chosen():
    live = LiveView(turning()).wait()
    live.widget.settings = {**live.widget.settings, "method": "smooth_grad", "target": 1}
    assert not live.done
    found = live.wait().explanation
    assert (found.method, found.target, found.n_evals) == ("smooth_grad", 1, 60)
    assert np.isnan(found.values[:, 0]).all() and found.values[0, 1] == pytest.approx(1 + 1 / 60)
