"""What a browser asks a view to measure, and what the view keeps of it."""

import json
import re

import pytest
from stubs import CountingMasker, finished, running

from limelight.widgets.quality import MOST_KEPT
from limelight.widgets.text import TextView
from limelight.widgets.whole import whole_state

MANY = 500


class Browser(TextView):
    """A view whose messages are kept, as a browser would get them."""

    def __init__(self, run):
        self.sent, self.synced = [], []
        super().__init__(run)

    def send(self, content, buffers=None):
        json.dumps(content, allow_nan=False)
        self.sent.append(content)

    def send_state(self, key=None):
        self.synced.append(key)

    def ask(self, **message):
        self.sent.clear()
        self._handle_custom_msg({"type": "quality", "id": "page-1", **message}, [])
        return list(self.sent)

    def measure(self, wants):
        """Ask to the end, and return what was found."""
        for _ in range(MANY):
            (answer,) = self.ask(wants=wants)
            if answer["found"]["message"] or not answer["found"]["left"][wants]:
                return answer["found"]
        raise AssertionError(f"{wants} never ends")

    def choose(self, **settings):
        self.settings = {**self.settings, **settings}


def test_a_view_measures_as_long_as_it_is_asked():
    view = Browser(finished(limit=120))
    found = view.measure("usual")
    assert (found["method"], found["target"], found["kernel_width"], found["n"]) == ("lime", 0, 0.25, 120)
    curves = found["curves"]
    assert len(curves["counts"]) == len(curves["deletion"]) == len(curves["random_insertion"]) == 15
    assert sorted(curves["order"]) == list(range(14))
    assert found["metrics"]["insertion_auc"]["value"] > found["metrics"]["insertion_auc"]["random"]
    assert found["n_evals"] > 0 and found["message"] == ""


def test_the_state_holds_all_that_was_measured_and_turning_back_asks_nothing():
    masker = CountingMasker()
    view = Browser(finished(masker, limit=120))
    first = view.measure("usual")
    view.choose(target=1)
    second = view.measure("usual")
    view.choose(target=0)
    asked = len(masker.asked)
    assert view.measure("usual") == first
    assert len(masker.asked) == asked
    assert view.get_state()["quality"] == {"found": [first, second]}
    assert "quality" in view.synced


@pytest.mark.parametrize("settings", [{"kernel_width": 0.5}, {"n_samples": 60}, {"method": "shapley"}], ids=str)
def test_what_was_measured_is_of_one_answer(settings):
    view = Browser(finished(limit=120))
    first = view.measure("known")
    view.choose(**settings)
    second = view.measure("known")
    keys = [tuple(found[name] for name in ("method", "target", "kernel_width", "n")) for found in (first, second)]
    assert keys[0] != keys[1]


def test_the_oldest_of_many_is_forgotten():
    view = Browser(finished(limit=120))
    for i in range(MOST_KEPT + 2):
        view.choose(n_samples=40 + i)
        view.ask(wants="nothing")
    kept = [found["n"] for found in view.get_state()["quality"]["found"]]
    assert kept == list(range(42, 42 + MOST_KEPT))


def test_to_ask_no_more_tells_all_pages_and_measures_nothing():
    masker = CountingMasker()
    view = Browser(finished(masker, limit=120))
    (answer,) = view.ask(wants="nothing")
    assert answer["id"] == "page-1" and answer["found"]["metrics"] == {}
    assert view.synced[-1] == "quality" and len(masker.asked) == 120


@pytest.mark.parametrize("wants", [None, "everything", ["usual"], {"usual": 1}, 3], ids=str)
def test_a_wish_that_nobody_knows_is_ignored(wants, caplog):
    assert Browser(finished(limit=120)).ask(wants=wants) == []
    assert "ignored a wish to measure" in caplog.text


def test_what_a_model_raises_is_told_and_it_can_be_tried_again(caplog):
    masker = CountingMasker(fails_at=150)
    view = Browser(finished(masker, limit=120))
    found = view.measure("usual")
    assert re.search("RuntimeError: the disk is full", found["message"])
    assert view.get_state()["quality"]["found"] == [found] and view.run.state == "done"
    masker.fails_at = None
    assert view.measure("usual")["message"] == ""


def test_an_interrupt_stops_it_and_what_came_is_kept(monkeypatch, caplog):
    view = Browser(finished(limit=120))
    before = view.measure("known")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(view.run, "ask", interrupt)
    found = view.measure("usual")
    assert found["message"] == "KeyboardInterrupt" and found["metrics"] == before["metrics"]


def test_a_run_that_goes_on_is_not_stopped_by_it():
    view = Browser(running(limit=10_000))
    view.run.step(0)
    view.measure("known")
    assert view.run.state == "running"


def test_a_saved_page_has_what_costs_nothing_and_what_was_measured():
    masker = CountingMasker()
    view = Browser(finished(masker, limit=120))
    (found,) = whole_state(view)["quality"]["found"]
    assert found["metrics"]["sparseness"]["value"] > 0 and len(masker.asked) == 120
    measured = view.measure("usual")
    assert whole_state(view)["quality"]["found"] == [measured]


def test_what_a_reader_marks_is_measured_and_no_longer_once_it_is_taken_back():
    view = Browser(finished(limit=120))
    before = view.measure("usual")
    assert not [name for name in before["metrics"] if name.startswith("marked")]
    view.marks = [[3, "should not matter"]]
    found = view.measure("known")
    values = abs(view.run.explanation(dict(view.settings)).values[:, 0])
    share = found["metrics"]["marked_share_should_not"]
    assert share["value"] == pytest.approx(values[3] / values.sum()) and share["random"] == pytest.approx(1 / 14)
    assert found["n_evals"] == before["n_evals"] and "marked_share_should" not in found["metrics"]
    view.marks = [[3, "should matter"]]
    assert {name for name in view.measure("known")["metrics"] if name.startswith("marked")} == {"marked_share_should"}
    view.marks = []
    assert view.measure("known")["metrics"] == before["metrics"]
