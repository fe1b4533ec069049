"""The views' Python side: what it answers, and what it refuses."""

import json
import threading

import numpy as np
import pytest
from stubs import CountingMasker, D, finished, running

from limelight.neighborhood import Neighborhood
from limelight.widgets import busy
from limelight.widgets.live import LiveView
from limelight.widgets.text import TextView

RNG_ROWS = np.random.default_rng(0).random((3, D)) < 0.5


class Browser(TextView):
    """A view whose messages are kept, as a browser would get them."""

    def __init__(self, run, settings=None):
        self.sent = []
        super().__init__(run, settings)

    def send(self, content, buffers=None):
        json.dumps(content, allow_nan=False)
        self.sent.append((content, buffers or []))

    def ask(self, **message):
        """Send one message as the browser does, and return the answers."""
        self.sent.clear()
        self._handle_custom_msg(message, [])
        return list(self.sent)

    def pulled(self, have=0):
        """Pull to the end, and return all rows."""
        whole = self.run.neighborhood
        rows = Neighborhood(whole.n_features, whole.n_outputs, whole.law)
        while True:
            (message, buffers), = self.ask(type="step", generation=self._generation, have=len(rows))
            new = Neighborhood.from_bytes(buffers[0])
            assert message["start"] == len(rows)
            rows.append(new.coalitions, new.outputs)
            if message["status"]["state"] != "running":
                return rows


def test_the_browser_pulls_every_row_once():
    masker = CountingMasker()
    view = Browser(running(masker, limit=300))
    rows = view.pulled()
    assert np.array_equal(rows.coalitions, view.run.neighborhood.coalitions)
    assert len(masker.asked) == 300


def test_a_doubled_or_lost_message_costs_only_bytes():
    masker = CountingMasker()
    view = Browser(running(masker, limit=10_000))
    first = view.ask(type="step", generation=0, have=2)
    asked = len(masker.asked)
    again = view.ask(type="step", generation=0, have=2)
    assert len(masker.asked) == asked
    assert first[0][1][0] == again[0][1][0]


@pytest.mark.parametrize("message", [{"type": "step", "have": 2}, {"type": "stop"}, {"type": "resume"},
                                     {"type": "probe", "absent": [1]}], ids=str)
def test_an_answer_repeats_the_id_of_its_question(message):
    view = Browser(running(limit=10_000))
    (answer, _), = view.ask(id="page-7", generation=0, **message)
    assert answer["id"] == "page-7"


def test_a_step_of_an_old_generation_asks_nothing():
    masker = CountingMasker()
    view = Browser(running(masker, limit=10_000))
    view.ask(type="stop", generation=0)
    view.ask(type="resume", generation=0)
    asked = len(masker.asked)
    (message, _), = view.ask(type="step", generation=0, have=10**5)
    assert len(masker.asked) == asked and message["generation"] == 2


def test_steps_are_short_at_first_and_longer_once_there_was_something_to_see():
    run, asked = running(limit=10_000), []
    run.step = asked.append
    view = Browser(run)
    for run.seconds in (0.0, 0.9, 1.0, 60.0):
        view.ask(type="step", generation=0, have=run.n)
    assert asked == [0.1, 0.1, 0.2, 0.2]


def test_streamed_rows_say_which_were_chosen():
    run = running(limit=200)
    rows = RNG_ROWS
    run.neighborhood.append(rows, np.zeros((len(rows), 2)), chosen=[True, False, True])
    view = Browser(run)
    have = len(run.neighborhood) - 3
    (_, (data, *_)), = view.ask(type="step", generation=5, have=have)
    assert Neighborhood.from_bytes(data).chosen.tolist() == [True, False, True]


def test_stop_and_more():
    view = Browser(running(limit=10_000))
    (message, _), = view.ask(type="stop", generation=0)
    assert message["status"]["state"] == "stopped"
    (message, _), = view.ask(type="resume", generation=1, limit=12_000)
    assert message["status"]["state"] == "running" and message["status"]["limit"] == 12_000


def test_the_state_is_complete_whenever_it_is_wanted(monkeypatch):
    monkeypatch.setattr("limelight.widgets.readings.DEAR_SECONDS", 60)
    view = Browser(running(limit=200))
    view.ask(type="step", generation=0, have=2)
    state = view.get_state()
    rows = Neighborhood.from_bytes(state["rows"]["data"])
    assert len(rows) == state["status"]["n"] == len(view.run.neighborhood) > 2
    assert {e["method"] for e in state["answers"]["estimates"]} == {"lime", "shapley", "banzhaf", "occlusion"}


def test_a_finished_view_holds_twelve_prefixes_of_what_only_python_reads(monkeypatch):
    monkeypatch.setattr("limelight.widgets.readings.DEAR_SECONDS", 60)
    view = Browser(finished(limit=400), settings={"method": "shapley", "target": 0, "kernel_width": 0.25,
                                                  "n_samples": None})
    estimates = view.get_state()["answers"]["estimates"]
    counts = [e["n"] for e in estimates if e["method"] == "shapley"]
    assert len(counts) == 12 and counts[-1] == 400 and counts == sorted(counts)
    assert [e["n"] for e in estimates if e["method"] == "lime"] == [400]


@pytest.mark.parametrize(("seconds", "unasked"), [(1.0, False), (11.0, True)])
def test_values_that_take_seconds_wait_until_they_are_asked_for_but_after_a_long_run(monkeypatch, seconds, unasked):
    monkeypatch.setattr("limelight.widgets.readings.MANY_ROWS", 199)
    monkeypatch.setattr("limelight.widgets.readings.DEAR_SECONDS", 60)
    run = finished()
    run.seconds = seconds
    view = Browser(run)
    methods = {e["method"] for e in view.get_state()["answers"]["estimates"]}
    assert methods == {"lime", "banzhaf", "occlusion"} | ({"shapley"} if unasked else set())
    view.ask(type="read", id=1, method="shapley", kernel_width=0.25, n_samples=200)
    assert "shapley" in {e["method"] for e in view.get_state()["answers"]["estimates"]}


def test_a_method_that_takes_long_keeps_no_other_from_being_read(monkeypatch):
    monkeypatch.setattr("limelight.widgets.readings.DEAR_SECONDS", 1e-9)
    view = Browser(finished(), settings={"method": "shapley", "target": 0, "kernel_width": 0.25, "n_samples": None})
    estimates = view.get_state()["answers"]["estimates"]
    assert sorted(e["method"] for e in estimates) == ["banzhaf", "lime", "occlusion", "shapley"]


@pytest.mark.parametrize(("method", "comes"), [("lime", False), ("shapley", True)])
def test_an_estimate_is_streamed_where_the_view_can_not_make_it(method, comes):
    view = Browser(running(limit=1_000_000), settings={"method": method, "target": 0, "kernel_width": 0.25,
                                                    "n_samples": None})
    (message, _), = view.ask(type="step", generation=0, have=2)
    assert ("estimate" in message) is comes


@pytest.mark.parametrize(("n_outputs", "most"), [(2, 250_000), (10, 650_000)])
def test_a_saved_state_is_small(n_outputs, most):
    rng = np.random.default_rng(0)
    run = finished(CountingMasker(n_outputs=n_outputs), limit=100)
    run.neighborhood = Neighborhood(50, n_outputs)
    rows = np.vstack([np.zeros(50), np.ones(50), 1 - np.eye(50), rng.random((4948, 50)) < 0.5]).astype(bool)
    run.neighborhood.append(rows, rng.random((5000, n_outputs)))
    state = Browser(run).get_state()
    buffers = [state["rows"]["data"]] + [e[k] for e in state["answers"]["estimates"] for k in ("values", "std_error")]
    assert sum(4 * len(part) / 3 for part in buffers) < most - 10_000


def test_what_ifs_are_answered_and_errors_told():
    view = Browser(finished())
    (message, _), = view.ask(type="probe", id=7, absent=[0, 3])
    assert message["id"] == 7 and len(message["outputs"]) == 2
    (message, _), = view.ask(type="probe", id=8, values={"0": "x"})
    assert "error" in message and message["id"] == 8


def test_readings_come_on_request():
    view = Browser(finished())
    (message, buffers), = view.ask(type="read", id=1, method="shapley", kernel_width=0.25, n_samples=None)
    assert [e["n"] for e in message["estimates"]][-1] == 200 and len(buffers) == 2 * len(message["estimates"])
    values = np.frombuffer(buffers[-2], "<f4").reshape(D, 2)
    assert values == pytest.approx(view.run.refit("shapley", None).values, abs=1e-6)


HOSTILE = [{}, {"type": None}, {"type": "eval"}, {"type": ["step"]}, {"type": "step"}, {"type": "step", "have": -1},
           {"type": "step", "have": "2"}, {"type": "step", "have": 10**12}, {"type": "step", "have": True},
           {"type": "resume", "limit": 10**9}, {"type": "resume", "limit": "all"}, {"type": "read"},
           {"type": "read", "method": "lime", "kernel_width": -1, "n_samples": 3},
           {"type": "read", "method": "rm -rf", "kernel_width": 1, "n_samples": 3},
           {"type": "read", "method": ["lime"], "kernel_width": 1, "n_samples": 3}]


@pytest.mark.parametrize("message", HOSTILE, ids=str)
def test_messages_that_make_no_sense_are_ignored_with_a_log_line(message, caplog):
    masker = CountingMasker()
    view = Browser(running(masker, limit=100))
    before = len(masker.asked)
    assert view.ask(**message) == []
    assert len(masker.asked) == before and "ignored" in caplog.text


@pytest.mark.parametrize("message", [{"absent": [99]}, {"absent": "all"}, {"values": {"a": 1}}, {"values": 3}, {}])
def test_what_ifs_that_make_no_sense_are_answered_with_an_error(message):
    view = Browser(finished())
    (answer, _), = view.ask(type="probe", id=1, **message)
    assert "error" in answer


@pytest.mark.parametrize("change", [{"method": "magic"}, {"target": 9}, {"target": None}, {"kernel_width": 0},
                                    {"kernel_width": "wide"}, {"n_samples": -1}, {"n_samples": 1.5}])
def test_settings_that_make_no_sense_stay_as_they_were(change, caplog):
    view = Browser(finished())
    before = view.settings
    view.settings = {**before, **change}
    assert view.settings == before and "ignored settings" in caplog.text


def test_a_message_on_another_thread_while_a_cell_runs_touches_no_model(monkeypatch):
    masker = CountingMasker()
    view = Browser(running(masker, limit=100))
    before, answers = len(masker.asked), []
    monkeypatch.setattr(busy, "_running", True)
    thread = threading.Thread(target=lambda: answers.extend(view.ask(type="step", generation=0, have=2)))
    thread.start()
    thread.join()
    assert answers[0][0]["type"] == "waiting" and len(masker.asked) == before


def test_a_failing_model_is_told_to_the_view():
    view = Browser(running(CountingMasker(fails_at=60), limit=200))
    view.pulled()
    status = view.get_state()["status"]
    assert status["state"] == "failed" and "the disk is full" in status["message"]


def test_the_live_view_reads_as_the_reader_chose():
    live = LiveView(running(limit=300)).wait()
    assert live.done and live.explanation.method == "lime"
    live.widget.settings = {"method": "shapley", "target": 1, "kernel_width": 0.5, "n_samples": 100}
    chosen = live.explanation
    assert (chosen.method, chosen.target, chosen.n_evals) == ("shapley", 1, 100)
    live.resume(500)
    assert not live.done
    live.wait()
    assert len(live.explanation.neighborhood) == 100


def test_it_shows_as_a_view_with_a_picture_and_a_text_beside_it():
    bundle, _ = LiveView(finished())._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["image/svg+xml"].startswith("<svg") and "probability" in bundle["text/plain"]
