"""What a tracker sends to its view and when, what the view's Python side hears, and what is shown and saved."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest
import torch

import limelight as ll
from limelight.training.drawn import Drawn
from limelight.widgets import busy
from limelight.widgets import training_payload as payload
from limelight.widgets.training import GROWING, TrainingView

ROWS = np.random.default_rng(0).normal(size=(12, 3))
NAMES = ["age", "<script>", "noise"]


def tracker(**options):
    torch.manual_seed(0)
    net = torch.nn.Linear(3, 2)
    model = ll.tabular_model(net, ROWS[:6], feature_names=NAMES, output_names=["no", "yes"])
    return ll.track(model, ROWS[:2], target="yes", **{"every": 1, **options}), net


def go(one, net, steps):
    for step in steps:
        with torch.no_grad():
            net.weight[1, 0] += 0.5
        if not one.step(step, loss=1 / step, eval_accuracy=0.5):
            return step
    return None


class Browser(TrainingView):
    """A view whose messages are kept, as a browser would get them, and whose clock is turned by hand."""

    def __init__(self, one):
        self.sent, self.pushed, self.now = [], 0, 0.0
        super().__init__(Drawn(one), lambda: self.now)
        self.pushed = 0
        one.changed.append(self.follow)

    def send(self, content, buffers=None):
        json.dumps(content, allow_nan=False)
        self.sent.append(content)

    def send_state(self, key=None):
        self.pushed += 1
        super().send_state(key)

    def ask(self, **message):
        self.sent.clear()
        self._handle_custom_msg(message, [])
        return list(self.sent)


def floats(sent):
    return np.frombuffer(sent, "<f4")


def steps(sent):
    return np.frombuffer(sent, "<f8").tolist()


def test_numbers_cross_as_bytes_of_each_record():
    one, net = tracker()
    go(one, net, range(1, 4))
    state = Browser(one).get_state()
    records, metrics = state["records"], state["metrics"]
    assert steps(records["steps"]) == [0, 1, 2, 3]
    assert [(each["name"], steps(each["steps"])) for each in metrics] == [("loss", [1, 2, 3]),
                                                                         ("eval_accuracy", [1, 2, 3])]
    values = floats(records["values"][1]).reshape(4, 3)
    np.testing.assert_allclose(values[2], one.explanations[2][1].values[:, 1], rtol=1e-6)
    assert floats(records["predictions"][0])[3] == pytest.approx(one.explanations[3][0].prediction[1])
    assert np.frombuffer(records["predicted"][0], "<u2")[3] == one.explanations[3][0].prediction.argmax()
    drift = {each["measure"]: each for each in records["drift"]["first"]}
    expected = one.drift.query("against == 'first' and measure == 'l1'")
    np.testing.assert_allclose(floats(drift["l1"]["values"])[1:], expected["value"], rtol=1e-6)
    assert list(drift["l1"]["detectable"]) == [0, *expected["detectable"].astype(int)]
    assert state["about"]["outputs"][0] == {"names": ["no", "yes"], "space": "probability", "target": 1}
    json.dumps([state["about"], state["status"]], allow_nan=False)


def test_messages_are_a_few_a_second_and_the_end_is_always_told():
    one, net = tracker()
    view = Browser(one)
    go(one, net, range(1, 20))
    assert view.pushed == 1
    view.now += 100
    go(one, net, range(20, 23))
    assert view.pushed == 2
    one.finish()
    assert view.pushed == 3 and view.get_state("status")["status"]["state"] == "done"


def test_what_was_held_back_is_told_when_the_cell_has_ended(monkeypatch):
    one, net = tracker()
    view = Browser(one)
    go(one, net, range(1, 4))
    monkeypatch.setattr(busy, "_shell", object())
    monkeypatch.setattr(busy, "_running", True)
    assert view.get_state("status")["status"]["state"] == "running"
    before = view.pushed
    busy._ended()
    assert view.pushed == before + 1 and view.get_state("status")["status"]["state"] == "waiting"


def test_another_thread_is_told_what_was_told_last(monkeypatch):
    one, net = tracker()
    view = Browser(one)
    go(one, net, [1])
    told = view.get_state()
    one._history.add_found(2, one._history.found[1])
    monkeypatch.setattr(busy, "elsewhere", lambda: True)
    assert view.get_state("records")["records"] is told["records"]
    monkeypatch.setattr(busy, "elsewhere", lambda: False)
    assert steps(view.get_state("records")["records"]["steps"]) == [0, 1, 2]


def test_a_view_that_fails_does_not_end_a_training(monkeypatch, caplog):
    one, net = tracker()
    Browser(one)
    monkeypatch.setattr(payload, "records", lambda drawn: 1 / 0)
    assert go(one, net, range(1, 4)) is None
    assert "the training view was not told" in caplog.text


def test_stop_ends_a_training_that_goes_on_and_one_that_comes_late_means_nothing():
    one, net = tracker()
    view = Browser(one)
    assert view.ask(type="stop", id="a")[0]["status"]["state"] == "waiting"  # it has not begun
    go(one, net, [1])
    [answer] = view.ask(type="hear", id=7)
    assert (answer["type"], answer["id"], answer["status"]["state"]) == ("hear", 7, "running")
    assert view.ask(type="stop", id="b")[0]["id"] == "b"
    assert go(one, net, [2, 3]) == 2


@pytest.mark.parametrize("message", [{"type": "step"}, {"type": "stop", "id": "x" * 99}, {"type": None}, "stop", 3])
def test_messages_that_can_not_be_used_are_ignored(message, caplog):
    view = Browser(tracker()[0])
    view._handle_custom_msg(message, [])
    assert view.sent == [] and "ignored" in caplog.text


@pytest.mark.parametrize("wrong", [{"step": -1}, {"step": "3"}, {"example": 2}, {"example": True}, {"against": "none"},
                                   {"values": ["values"]}, {"measure": "no"}, {"measure": []}])
def test_only_settings_that_can_be_used_are_taken(wrong):
    view = Browser(tracker()[0])
    good = {"step": 5, "example": 1, "against": "previous", "values": "change", "measure": "rbo"}
    view.set_state({"settings": {**good, "more": 1}})
    assert view.settings == good
    view.set_state({"settings": {**good, **wrong}})
    view.set_state({"records": {}})
    assert view.settings == good and set(view.get_state("records")["records"]) > {"steps"}


def test_bytes_are_bounded_however_long_it_was():
    one = tracker()[0]
    found = one._history.found[0]
    for step in range(1, 900):
        one._history.add_found(step, found)
        one._history.add_row(step, {"loss": float(step % 7)})
    assert payload.size(Browser(one).get_state(list(GROWING))) < 60_000


def test_as_the_last_line_of_a_cell_it_is_its_view_a_picture_and_a_table():
    one, net = tracker()
    go(one, net, range(1, 4))
    one.finish()
    bundle, _ = one._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle and bundle["text/plain"] == repr(one)
    picture = ElementTree.fromstring(bundle["image/svg+xml"])
    assert picture.attrib["id"] == f"limelight-{one.view.fallback}"
    words = [each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert any("<script>" in (each or "") for each in words)


def test_a_picture_is_drawn_of_a_training_that_has_not_begun():
    one, _ = tracker()
    assert ElementTree.fromstring(one._svg("abc", "Still."))[0].text.startswith("Linear, 2 examples")


def test_a_page_holds_what_a_reader_turns_to_and_a_log_is_shown_when_it_is_loaded(tmp_path):
    one, net = tracker(log=tmp_path / "a.track")
    go(one, net, range(1, 4))
    one.finish()
    page = one.save(tmp_path / "a.html", title="T").read_text()
    assert '<section data-view="training">' in page and "<script>" not in page.split('data-view="training"')[1][:2000]
    assert "srcdoc=" in one.save(tmp_path / "b.html", fragment=True).read_text()
    loaded = ll.load(tmp_path / "a.track")
    state = loaded.view.get_state()
    assert state["about"]["closed"] and state["status"]["state"] == "done"
    assert state["records"]["values"] == one.view.get_state("records")["records"]["values"]
