"""Whatever a browser sends, a view answers or ignores it: nothing is raised, and no more is asked than was allowed."""

import json
import logging
import threading
from contextlib import contextmanager

import hostile
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stubs import CountingMasker, D, running

import limelight as ll
from limelight import estimators, runs
from limelight.errors import ModelError
from limelight.streams import StreamRun
from limelight.types import Estimate
from limelight.widgets.compare import CompareView
from limelight.widgets.messages import LONGEST_LINE, LONGEST_SENTENCE, MOST_EVALUATIONS, sendable, shown, told
from limelight.widgets.table import TableView
from limelight.widgets.text import TextView

LIMIT = 60


@pytest.fixture(autouse=True, scope="module")
def read_once():
    """The same rows are read once: hundreds of views are opened of them."""
    found = {}

    def read(rows, *how):
        key = rows.to_bytes(), repr(how)
        if key not in found:
            found[key] = estimators.read(rows, *how)
        return found[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "read", read)
        yield


class Recorded:
    """Keeps what is sent, as it would go over the wire."""

    def __init__(self, shown):
        self.sent = []
        super().__init__(shown)

    def send(self, content, buffers=None):
        content = sendable(content)
        json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
        self.sent.append((content, buffers or []))


class Text(Recorded, TextView):
    """A view of words."""


class Table(Recorded, TableView):
    """A view of a row."""


class Compared(Recorded, CompareView):
    """A view of two explanations."""


@contextmanager
def logged():
    """The lines that are written to the log meanwhile."""
    lines, logger = [], logging.getLogger("limelight")
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logger.addHandler(handler)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)


def words(limit=LIMIT, **options):
    masker = CountingMasker(**options)
    return Text(running(masker, limit=limit)), masker


def row(risk=None):
    """A view of a row of numbers and of a category."""
    import pandas

    frame = pandas.DataFrame({"size": [1.0, 2.0, 3.0, 4.0], "site": ["left", "right", "left", "both"]})

    def told_apart(rows):
        return (rows["size"] + (rows["site"] == "left")).to_numpy()

    found = ll.live(ll.tabular_model(risk or told_apart, frame, output_names=["y"]), frame.iloc[1])
    return Table(found.widget.run)


def compared():
    given = ll.show(np.array([1.0, 2.0]), "two words")
    return Compared(ll.compare(given, given))


def deep(levels=200):
    value = []
    for _ in range(levels):
        value = [value, {"x": value}][:1]
    return value


ODD = st.sampled_from([
    None, True, False, 0, 1, -1, 2, 10**6, 10**6 + 1, 2**31, 2**63, 10**400, -10**400, 1e308, 5e-324, 0.5, 2.0, -0.0,
    float("nan"), float("inf"), -float("inf"), b"bytes", bytearray(10), memoryview(b"x"), {1, 2}, object(), "lime",
    "shapley", "occlusion", "running", "step", "0", "-1", "1e3", "\u0661", deep(), [0] * 10_000, "x" * 10_000,
    {str(i): i for i in range(1000)}, *hostile.TEXTS.values()])
JUNK = st.recursive(ODD | st.integers() | st.floats() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
                    max_leaves=6)
FIELDS = ["type", "id", "generation", "have", "ahead", "limit", "method", "kernel_width", "n_samples", "absent",
          "values", "target", "__proto__", "status"]
USUAL = [{"type": "step", "id": "a-1", "generation": 0, "have": 2, "ahead": 0}, {"type": "stop", "generation": 0},
         {"type": "resume", "generation": 0, "limit": 40}, {"type": "resume", "generation": 1},
         {"type": "read", "id": 2, "method": "shapley", "kernel_width": 0.25, "n_samples": None},
         {"type": "read", "method": "lime", "kernel_width": 1e-3, "n_samples": 30},
         {"type": "probe", "id": "a-3", "absent": [0, 1]}, {"type": "probe", "values": {"0": 1.5, "1": "left"}}]
MESSAGE = st.one_of(
    st.builds(lambda usual, more: {**usual, **more}, st.sampled_from(USUAL),
              st.dictionaries(st.sampled_from(FIELDS), JUNK, max_size=3)),
    st.builds(lambda usual, left_out: {name: each for name, each in usual.items() if name != left_out},
              st.sampled_from(USUAL), st.sampled_from(FIELDS)), JUNK)
CHOICE = {"method": "lime", "target": 0, "kernel_width": 0.25, "n_samples": None}
CHOSEN = st.builds(lambda more: {**CHOICE, **more},
                   st.dictionaries(st.sampled_from([*CHOICE, "more"]), JUNK, max_size=2)) | JUNK


def without_bytes(value):
    """What of a state is sent as JSON."""
    if isinstance(value, dict):
        return {name: without_bytes(each) for name, each in value.items() if not isinstance(each, bytes)}
    return [without_bytes(each) for each in value] if isinstance(value, list) else value


def check(view):
    """Its traits can be used and sent, and it answers."""
    assert view.usable(view.settings) == view.settings
    state = view.get_state()
    json.dumps(without_bytes(state), ensure_ascii=False, allow_nan=False).encode()
    view.sent = []
    view._receive(view, {"type": "step", "id": "last", "have": 2, "generation": view._generation}, [])
    assert [message["id"] for message, _ in view.sent] == ["last"]


def check_lines(lines):
    for line in lines:
        assert line.isascii() and line.isprintable() and len(line) < 3 * LONGEST_LINE


@settings(max_examples=120)
@given(st.lists(MESSAGE, min_size=1, max_size=4))
def test_a_message_is_answered_or_ignored_with_a_line_in_the_log(messages):
    view, masker = words()
    limit, probes = LIMIT, 0
    for message in messages:
        view.sent = []
        with logged() as lines:
            view._receive(view, message, [b"unasked for"])
        check_lines(lines)
        assert view.sent or lines
        if isinstance(message, dict) and message.get("type") == "probe":
            probes += 1
        if any(answer["type"] == "status" for answer, _ in view.sent):
            limit = max(limit, view.run.limit)
    assert len(set(masker.asked)) <= limit + probes and limit <= MOST_EVALUATIONS
    if limit < 10**5:
        check(view)


@settings(max_examples=100)
@given(MESSAGE)
def test_what_ifs_on_a_row_change_one_value_or_none(message):
    view = row()
    if isinstance(message, dict):
        message = {**message, "type": "probe", "id": 7}
    with logged() as lines:
        view._receive(view, message, [])
    check_lines(lines)
    for answer, _ in view.sent:
        assert ("error" in answer) != ("outputs" in answer)
        assert len(answer.get("error", "")) <= LONGEST_SENTENCE
    check(view)


@settings(max_examples=120)
@given(CHOSEN, st.dictionaries(st.sampled_from(["subject", "outputs", "rows", "answers", "status", "look", "_esm",
                                                "layout", "self", "no trait"]), JUNK, max_size=2))
def test_a_page_writes_settings_that_can_be_used_and_nothing_else(chosen, more):
    view, _ = words()
    before = {name: getattr(view, name) for name in ("subject", "outputs", "_esm", "layout", "look")}
    with logged() as lines:
        view.set_state({"settings": chosen, **more})
        view.set_state(more)
        view.set_state(chosen)
        view.settings = {"odd": chosen}
    check_lines(lines)
    assert lines
    assert {name: getattr(view, name) for name in before} == before
    assert set(view.settings) == set(CHOICE)
    check(view)


@settings(max_examples=40)
@given(CHOSEN)
def test_a_comparison_takes_nothing(chosen):
    view = compared()
    before = view.get_state()
    with logged() as lines:
        view.set_state({"columns": chosen, "look": chosen})
        view.set_state(chosen)
        view._handle_custom_msg(chosen, [])
    check_lines(lines)
    assert view.get_state() == before


def test_a_page_that_chose_what_can_not_be_is_told_what_holds(monkeypatch):
    view, _ = words()
    told_again = []
    monkeypatch.setattr(view, "send_state", told_again.append)
    view.set_state({"settings": {**CHOICE, "method": "magic"}})
    assert told_again == ["settings"]


def test_ten_thousand_steps_ask_no_more_than_the_limit():
    view, masker = words()
    for have in range(10_000):
        view._receive(view, {"type": "step", "have": have % LIMIT, "generation": 0, "id": str(have)}, [])
    assert len(view.sent) == 10_000 and len(masker.asked) == LIMIT


def test_resuming_over_and_over_asks_no_more_than_the_highest_limit():
    view, masker = words()
    for limit in [100, 10**7, 90, 10**400, 0, -5, True, None, 110, 2] * 20:
        view._receive(view, {"type": "resume", "limit": limit}, [])
        view._receive(view, {"type": "step", "have": 0, "generation": view._generation}, [])
    while view.run.state == "running":
        view._receive(view, {"type": "step", "have": view.run.n, "generation": view._generation}, [])
    assert len(masker.asked) == view.run.limit == 110


class Endless:
    """A method without a neighborhood that never has enough."""

    spent = 0

    def start(self, target):
        def estimates(budget):
            while True:
                self.spent += budget.take(10)
                yield Estimate(np.ones((D, 1)), np.ones((D, 1)), 3, False, np.full(1, np.nan), 1.0, {},
                               n_evals=self.spent) if budget.left else None

        return estimates


def test_a_method_without_a_neighborhood_keeps_its_limit_too():
    first, endless = running(), Endless()
    view = Text(StreamRun(first.question, first.neighborhood.outputs[:2], endless.start, method="rise", limit=50,
                          params={}, per_output=True, columns=np.arange(2), probe=first.probe, game=first.game))
    for limit in [None, 10**9, 80, None, 60]:
        for have in (0, 1000, 0):
            view._receive(view, {"type": "resume", "limit": limit}, [])
            view._receive(view, {"type": "step", "have": have, "generation": view._generation}, [])
    assert endless.spent == 80


@pytest.mark.parametrize("answer", [lambda rows: np.full((len(rows), 2), np.nan), lambda rows: None,
                                    lambda rows: [object()] * len(rows), lambda rows: "text"],
                         ids=["NaN", "None", "objects", "text"])
def test_a_model_that_answers_nonsense_ends_the_run_and_not_the_view(answer):
    view, masker = words(limit=500)
    masker.answer = answer
    view._receive(view, {"type": "step", "have": 2, "generation": 0}, [])
    view._receive(view, {"type": "probe", "id": 3, "absent": [3, 4, 5]}, [])
    assert view.run.state in ("failed", "stopped") and "error" in view.sent[-1][0]
    masker.answer = None
    view._receive(view, {"type": "resume", "generation": 0}, [])
    check(view)
    assert view.run.state in ("running", "done")


class Unsayable(Exception):
    """An error that fails when it is asked what it is."""

    def __str__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit("bye"), Unsayable(), RecursionError("deep"),
                                   ValueError(hostile.TEXTS["megabyte"]), ValueError(hostile.TEXTS["terminal clears"]),
                                   UnicodeError("half: \ud800")], ids=lambda error: type(error).__name__)
def test_a_model_that_raises_anything_stops_the_run_and_the_view_says_why(error):
    view, masker = words(limit=500)

    def fail(rows):
        raise error

    masker.answer = fail
    with logged() as lines:
        for message in ({"type": "step", "have": 2, "generation": 0}, {"type": "probe", "id": 3, "absent": [3, 4]}):
            view._receive(view, message, [])
    check_lines(lines)
    rows, probe = (answer for answer, _ in view.sent)
    assert rows["status"]["state"] in ("failed", "stopped")
    assert 0 < len(rows["status"]["message"]) <= LONGEST_SENTENCE and 0 < len(probe["error"]) <= LONGEST_SENTENCE
    masker.answer = None
    view._receive(view, {"type": "resume", "generation": 1}, [])
    assert view.sent[-1][0]["status"]["message"] == ""
    check(view)


def test_while_a_model_hangs_other_messages_are_told_to_wait():
    view, masker = words(limit=500)
    began, go_on = threading.Event(), threading.Event()

    def hang(rows):
        began.set()
        go_on.wait(20)
        return np.zeros((len(rows), 2))

    masker.answer = hang
    asking = threading.Thread(target=view._receive, args=(view, {"type": "step", "have": 2, "generation": 0}, []))
    asking.start()
    assert began.wait(20)
    view._receive(view, {"type": "probe", "id": "b-1", "absent": [1]}, [])
    view.set_state({"settings": {**CHOICE, "target": 1}})
    assert view.sent == [({"type": "waiting", "id": "b-1"}, [])]
    go_on.set()
    asking.join(20)
    assert view.settings["target"] == 1 and len(view.sent) == 2


def test_a_width_that_is_next_to_nothing_leaves_the_estimate_out_and_answers_the_rest():
    view, _ = words()
    view._receive(view, {"type": "step", "have": 2, "generation": 0}, [])
    for width in (5e-324, 1e-160, 1e-9, 1e160, 1.7e308):
        view.set_state({"settings": {**CHOICE, "kernel_width": width}})
        assert view.settings["kernel_width"] == width
        check(view)


def test_readings_of_every_number_of_rows_do_not_pile_up():
    view, _ = words(limit=700)
    while view.run.state == "running":
        view._receive(view, {"type": "step", "have": view.run.n, "generation": 0}, [])
    for n in range(20, 700):
        view._receive(view, {"type": "read", "method": "banzhaf", "kernel_width": 0.25, "n_samples": n}, [])
    assert len(view.get_state()["answers"]["estimates"]) <= 210


@pytest.mark.parametrize("name", hostile.TEXTS)
def test_an_output_may_be_named_anything(name):
    masker = CountingMasker()
    masker.model.output_names = [hostile.TEXTS[name], "half \ud800"]
    view = Text(running(masker, limit=LIMIT))
    check(view)
    view._receive(view, {"type": "stop", "id": 1}, [])
    assert view.get_state()["outputs"]["names"][1] == "half \ufffd"


@pytest.mark.parametrize("name", hostile.TEXTS)
def test_half_characters_are_replaced_and_all_else_is_sent_as_it_is(name):
    text = hostile.TEXTS[name]
    sent = sendable({text: [text, (text,), {"x": text}, 1, None, b"\xff"]})
    [(key, values)] = sent.items()
    assert values == [key, [key], {"x": key}, 1, None, b"\xff"] and len(key) == len(text)
    key.encode()
    assert all(a == b or (b == "\ufffd" and "\ud800" <= a <= "\udfff") for a, b in zip(text, key, strict=True))


@pytest.mark.parametrize("value", [*hostile.TEXTS.values(), 10**5000, {"a": deep()}, [hostile.TEXTS] * 10**5],
                         ids=lambda value: type(value).__name__)
def test_a_line_of_the_log_is_short_and_plain(value):
    line = shown(value)
    assert line.isascii() and line.isprintable() and len(line) <= LONGEST_LINE


def test_what_is_told_of_an_error_is_what_it_says():
    assert told(ModelError("the disk is full")) == "the disk is full"
    assert told("") == "" and told(ValueError()) == "ValueError"
