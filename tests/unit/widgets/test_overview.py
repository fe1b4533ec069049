"""What an overview sends to its view, and what the view's Python side answers and refuses."""

import json
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from limelight.dataset.corpus import gather
from limelight.dataset.dependence import Dependence
from limelight.dataset.measure import Measure
from limelight.dataset.measured import FIRST
from limelight.dataset.result import Overview
from limelight.maskers.segments import map_of, run_lengths
from limelight.widgets import overview as view_module
from limelight.widgets import overview_payload as payload
from limelight.widgets.overview import OverviewView

EMPTY = np.zeros(0)


class Asked:
    """A model behind an overview that keeps what it was asked."""

    offers: Mapping[str, str] = {"sage": "SAGE", "splits": "Split importance"}
    labels = None

    def __init__(self):
        self.asked = []

    def of_all(self, name, options):
        return False

    def measure(self, name, target, order, options, watch):
        self.asked.append((name, target))
        yield 0.5
        if name == "splits":
            raise RuntimeError("no trees here")
        unknown = np.full(3, np.nan)
        return (Measure(name, said="What it is.", values=np.array([0.3, np.nan, 0.1]), low=unknown, high=unknown),)

    def dependence(self, feature, target):
        self.asked.append((feature, target))
        yield 0.5
        grid = np.array([0.0, 1, 2, 3])
        line = 2 * grid + 5
        ice = np.stack([grid, 1 + grid])
        return Dependence(feature, grid, None, line, line - 1, line + 1, ice, np.arange(2), *[EMPTY] * 4)


def overview(n=40, *, names=("age", "job", "note"), behind=None, **more):
    """Rows of a number, a category and a text: the number does twice what it is, less twice its mean."""
    rng = np.random.default_rng(1)
    codes = np.stack([rng.integers(0, 4, n), rng.integers(0, 2, n), np.full(n, np.nan)], axis=1).astype(float)
    values = np.nan_to_num(np.stack([2 * codes[:, 0] - 3, codes[:, 1] - 0.5, np.zeros(n)], axis=1))
    both = np.stack([-values, values], axis=2)
    given = {"all_std_error": np.zeros_like(both), "outcome": (np.arange(n) % 2).astype(float), **more}
    predictions = np.stack([-values.sum(1), values.sum(1)], axis=1)
    return Overview("table", "forest", 3 * n, 3 * np.arange(n), both, given.pop("all_std_error"), np.zeros((n, 2)),
                    predictions, codes, tuple(names), ("number", "category", "text"), (None, ("a", "b"), None), codes,
                    ("no", "yes"), "margin", 1, "shapley", {"seed": 0}, 8, True, _behind=behind, **given)


class Browser(OverviewView):
    """A view whose messages are kept, as a browser would get them."""

    def __init__(self, shown):
        self.sent = []
        super().__init__(shown)

    def send(self, content, buffers=None):
        json.dumps(content, allow_nan=False)
        self.sent.append((content, buffers or []))

    def ask(self, **message):
        """Send one message as the browser does, and return the answers."""
        self.sent.clear()
        self._handle_custom_msg(message, [])
        return list(self.sent)


def test_each_row_has_its_own_base_where_these_differ():
    assert Browser(overview()).points["bases"] is None
    shown = overview()
    shown = replace(shown, all_base_values=np.stack([-shown.prediction, shown.prediction], axis=1) / 2)
    np.testing.assert_allclose(floats(Browser(shown).points["bases"]), shown.prediction / 2, rtol=1e-6)


def floats(data, width=None):
    found = np.frombuffer(data, "<f4")
    return found if width is None else found.reshape(-1, width)


def plain(state):
    """The state without its bytes, as JSON takes it."""
    return json.dumps({name: value for name, value in state.items() if name not in ("layout", "tabbable", "tooltip")},
                      default=lambda value: len(value), allow_nan=False)


def test_rows_cross_as_numbers_with_what_is_true_of_them():
    shown = overview()
    points = OverviewView(shown).points
    assert np.frombuffer(points["rows"], "<u4").tolist() == list(range(0, 120, 3)) and points["sampled"] == 40
    assert floats(points["values"], 3).tolist() == shown.values.tolist()
    np.testing.assert_array_equal(floats(points["data"], 3), shown.codes)
    assert points["errors"] is None and points["truths"][:3] == ["no", "yes", "no"]
    assert OverviewView(overview(all_std_error=np.full((40, 3, 2), 0.5))).points["errors"] is not None


def test_of_many_rows_a_sample_crosses_and_behind_it_those_worth_a_look():
    many = overview(5000)
    points, density = payload.points(many), payload.density(many)
    rows = np.frombuffer(points["rows"], "<u4")
    assert len(rows) <= payload.MOST_ROWS and len(set(rows.tolist())) == len(rows)
    assert set(points["notable"]["largest"]) | set(points["notable"]["wrong"]) <= set(rows.tolist())
    assert 0 < points["sampled"] < len(rows)
    assert payload.points(many) == points
    strips = np.frombuffer(density["strips"], "u1").reshape(3, payload.BINS)
    counts = np.histogram(many.values[:, 0], payload.BINS)[0]
    np.testing.assert_array_equal(strips[0] > 0, counts > 0)
    plane, category, text = density["planes"]
    assert (plane["low"], plane["high"]) == (0, 3) and category is None and text is None
    assert len(plane["counts"]) == np.prod(payload.PLANE) and payload.density(overview()) is None


def test_the_state_is_no_larger_for_a_hundred_thousand_rows():
    sizes = [sum(len(value) for value in payload.points(overview(n)).values() if isinstance(value, bytes))
             for n in (2000, 100_000)]
    assert sizes[1] <= sizes[0] * 1.05


def test_wide_tables_carry_fewer_rows():
    names = [f"c{i}" for i in range(400)]
    wide = overview(names=names)
    assert payload.most_rows(wide) == payload.MOST_NUMBERS // 400
    assert payload.most_rows(overview()) == payload.MOST_ROWS


@pytest.mark.parametrize("shown", [overview(), overview(3000), overview(behind=Asked())], ids=["few", "many", "asked"])
def test_the_state_is_plain_json_but_for_its_bytes(shown):
    plain(OverviewView(shown).get_state())


def test_what_the_reader_chose_is_kept_where_it_can_be_used():
    view = Browser(overview())
    chosen = {"measure": FIRST, "feature": 1, "row": 119,
              "cohort": {"feature": 0, "axis": "value", "low": 1, "high": 2.5}}
    view.set_state({"settings": chosen})
    assert view.settings == chosen
    for wrong in [{"measure": "no"}, {"feature": 3}, {"feature": True}, {"row": -1}, {"row": 120}, {"row": 1.5},
                  {"cohort": {**chosen["cohort"], "axis": "x"}}, {"cohort": {**chosen["cohort"], "low": float("nan")}},
                  {"cohort": {**chosen["cohort"], "high": 10**400}}, {"cohort": []}]:
        view.set_state({"settings": {**chosen, **wrong}})
        assert view.settings == chosen
    view.set_state({"points": {}, "settings": chosen})
    assert view.points["rows"]


def test_a_row_is_sent_with_its_values_in_the_readers_terms():
    shown = overview(2000)
    view = Browser(shown)
    i = int(np.flatnonzero(shown.codes[:, 1] == 1)[0])
    [(answer, (values, errors))] = view.ask(type="row", id="a", row=3 * i)
    assert answer["id"] == "a" and answer["cells"] == [f"{shown.codes[i, 0]:g}", "b", ""]
    assert floats(values).tolist() == shown.values[i].tolist() and errors == b""
    assert answer["prediction"] == shown.prediction[i] and answer["truth"] == ["no", "yes"][i % 2]


def test_a_row_that_was_not_explained_is_said_to_be_none():
    asked = Browser(overview()).ask(type="row", row=4)
    assert asked == [({"type": "row", "id": None, "row": 4, "explained": False}, [])]
    [(answer, _)] = Browser(overview()).ask(type="row", row=10**9)
    assert "is no row of these data: give a position from 0 to 119" in answer["error"]


def test_rows_have_their_labels_and_are_found_by_them():
    shown = overview(labels=tuple(f"person {i}" for i in range(40)))
    view = Browser(shown)
    assert view.subject["labelled"] and view.points["labels"][:2] == ["person 0", "person 1"]
    [(answer, _)] = view.ask(type="row", label="person 7")
    assert (answer["row"], answer["label"]) == (21, "person 7")
    [(answer, _)] = view.ask(type="row", label="nobody")
    assert "label='nobody' is in the index of no row here: labels are 'person 0'" in answer["error"]
    assert not Browser(overview()).subject["labelled"] and Browser(overview()).points["labels"] is None
    [(answer, _)] = Browser(overview()).ask(type="row", label="person 7")
    assert "the index of these data only counts their rows" in answer["error"]


def test_a_column_of_whole_numbers_is_known_and_so_is_what_values_are_of():
    view = Browser(overview(target_name="price"))
    assert [column["whole"] for column in view.subject["columns"]] == [True, False, False]
    assert view.outputs["unit"] == ""
    halves = overview(target_name="price")
    halves = replace(halves, codes=halves.codes / 2, output_space="value")
    assert [column["whole"] for column in Browser(halves).subject["columns"]] == [False, False, False]
    assert Browser(halves).outputs["unit"] == "price"


def test_an_image_is_sent_with_its_row_no_larger_than_it_is_drawn():
    def png(grey):
        file = BytesIO()
        Image.new("RGB", (450, 300), (grey,) * 3).save(file, "PNG")
        return file.getvalue()

    segments = np.repeat(np.arange(3), 150)[None].repeat(300, 0)
    mean = {"kind": "image", "width": 450, "height": 300, "picture": png(90), "segments": run_lengths(segments)}
    model = Asked()
    model.pictures = [png(10)] * 40
    view = Browser(replace(overview(behind=model), kind="image", subject=mean))
    assert (view.subject["image"]["width"], view.subject["image"]["height"]) == (224, 149)
    [(answer, (_, _, picture, runs))] = view.ask(type="row", row=3)
    assert answer["subject"] == {"width": 224, "height": 149}
    with Image.open(BytesIO(picture)) as drawn:
        assert drawn.size == (224, 149) and drawn.getpixel((0, 0)) == (10, 10, 10)
    assert set(map_of(runs, 149, 224)[0]) == {0, 1, 2}
    [(_, buffers)] = Browser(replace(overview(), kind="image", subject=mean)).ask(type="row", row=3)
    with Image.open(BytesIO(buffers[2])) as drawn:
        assert drawn.getpixel((0, 0)) == (90, 90, 90)


def test_a_cohort_is_compared_over_all_rows():
    shown = overview(4000)
    [(answer, buffers)] = Browser(shown).ask(type="cohort", id=1, feature=0, axis="value", low=2, high=3)
    inside = shown.codes[:, 0] >= 2
    assert answer["n"] == [inside.sum(), (~inside).sum()]
    np.testing.assert_allclose(answer["predictions"], [shown.prediction[side].mean() for side in (inside, ~inside)])
    np.testing.assert_allclose(floats(buffers[0]), shown.values[inside].mean(0), rtol=1e-6)
    np.testing.assert_allclose(floats(buffers[1]), shown.values[~inside].mean(0), rtol=1e-6)
    expected = shown.cohort(feature="age", low=2)
    np.testing.assert_allclose(floats(buffers[2]), expected.high - expected.values, rtol=1e-5)


def test_a_cohort_whose_end_was_rounded_in_a_view_keeps_the_row_there():
    shown = overview(behind=None)
    end = float(np.float32(shown.values[:, 1].max()))
    [(answer, _)] = Browser(shown).ask(type="cohort", feature=1, axis="attribution", low=end * (1 + 1e-7), high=end)
    assert answer["n"][0] == (shown.values[:, 1] == 0.5).sum()


@pytest.mark.parametrize(("low", "n"), [(9, [0, 40]), (-9, [40, 0])])
def test_a_cohort_of_none_or_of_all_rows_is_counted(low, n):
    [(answer, buffers)] = Browser(overview()).ask(type="cohort", feature=0, axis="value", low=low, high=99)
    assert answer["n"] == n and answer["predictions"] == [None, None]
    assert all(np.isnan(floats(buffer)).all() for buffer in buffers)


def test_a_measure_is_computed_when_it_is_asked_for_and_an_error_is_told():
    model = Asked()
    view = Browser(overview(behind=model))
    assert [one["name"] for one in view.get_state()["measures"]["known"]] == [FIRST] and not model.asked
    answer = {"type": "measure", "id": 1, "name": "sage", "done": 1.0}
    assert view.ask(type="measure", id=1, name="sage")[-1][0] == answer
    assert view.ask(type="measure", id=1, name="sage") == [(answer, [])] and len(model.asked) == 1
    known = view.get_state()["measures"]["known"]
    assert known[1]["label"] == "SAGE" and np.isnan(floats(known[1]["values"])[1]) and model.asked == [("sage", 1)]
    [(answer, _)] = view.ask(type="measure", id=2, name="splits")
    assert answer == {"type": "measure", "id": 2, "error": "no trees here"}


def test_a_measure_goes_on_for_a_moment_a_message_and_where_it_was_left(monkeypatch):
    monkeypatch.setattr(view_module, "SLICE", 0.0)
    model = Asked()
    view = Browser(overview(behind=model))
    assert view.ask(type="measure", name="sage") == [({"type": "measure", "id": None, "name": "sage", "done": 0.5}, [])]
    assert "sage" not in view.overview.measures
    view.ask(type="turn", target=0)
    assert view.ask(type="measure", name="sage")[-1][0]["done"] == 0.5
    view.ask(type="turn", target=1)
    assert view.ask(type="measure", name="sage")[-1][0]["done"] == 1.0
    assert "sage" in view.overview.measures and model.asked == [("sage", 1), ("sage", 0)]


def test_curves_lie_about_their_mean_over_the_rows_as_attributions_do():
    shown = overview(behind=Asked())
    view = Browser(shown)
    assert view.get_state()["curves"] == {}
    assert view.ask(type="dependence", feature=0)[-1][0]["done"] == 1
    found = view.get_state()["curves"]["0"]
    expected = 2 * (floats(found["grid"]) - shown.codes[:, 0].mean())
    np.testing.assert_allclose(floats(found["pdp"]), expected, rtol=1e-5)
    np.testing.assert_allclose(floats(found["pdp_high"]) - floats(found["pdp"]), 1, rtol=1e-5)
    ice = floats(found["ice"], 4)
    np.testing.assert_allclose(ice[0], ice[1], atol=1e-6)


def test_turning_shows_another_output_and_asks_no_model():
    model = Asked()
    view = Browser(overview(behind=model))
    view.ask(type="turn", target=0)
    assert view.outputs["target"] == 0 and floats(view.points["values"], 3)[0, 0] == -overview().values[0, 0]
    assert not model.asked and view.overview.target == 0


@pytest.mark.parametrize("message", [
    {"type": "row", "row": 2**60}, {"type": "row", "label": "x" * 201},
    {"type": "row", "row": "1"}, {"type": "row", "row": True}, {"type": "row"},
    {"type": "cohort", "feature": 7, "axis": "value", "low": 0, "high": 1}, {"type": "cohort", "feature": 0},
    {"type": "dependence", "feature": 2}, {"type": "dependence", "feature": -1}, {"type": "turn", "target": 2},
    {"type": "measure", "name": "__class__"}, {"type": "measure", "name": ["sage"]}, {"type": "open", "path": "/"},
    {"type": "row", "row": 3, "id": "x" * 65}, {}])
def test_messages_that_cannot_be_used_are_left_out(message, caplog):
    model = Asked()
    assert Browser(overview(behind=model)).ask(**message) == []
    assert not model.asked and caplog.text.count("ignored a message") == 1


def test_nothing_is_touched_while_another_message_is_answered():
    view = Browser(overview())
    with view._lock:
        assert view.ask(type="row", id=5, row=3) == [({"type": "waiting", "id": 5}, [])]


def test_texts_cross_in_pieces_with_the_word_at_each_place():
    texts = ("Dull, so dull.", "Not dull!", "Lovely")
    names, starts = [["Dull", "so", "dull"], ["Not", "dull"], ["Lovely"]], [[0, 6, 9], [0, 4], [0]]
    values = [np.array([[-0.5], [0.1], [-0.25]]), np.array([[0.5], [-1]]), np.array([[1.0]])]
    found = gather(names, starts, values, [np.full_like(each, 0.125) for each in values], 1)
    shown = Overview("text", "net", 3, np.arange(3), found.values, found.std_error, np.zeros((3, 1)), np.ones((3, 1)),
                     texts, found.corpus.words, ("word",) * 4, (None,) * 4, found.counts, ("good",), "value", 0,
                     "shapley", {"seed": 0}, 8, False, corpus=found.corpus)
    view = Browser(shown)
    plain(view.get_state())
    first = view.texts[0]
    assert "".join(piece for piece, _ in first["pieces"]) == texts[0]
    assert [piece for piece, place in first["pieces"] if place >= 0] == names[0]
    assert [view.subject["features"][word] for word in first["words"]] == ["dull", "so", "dull"]
    assert floats(first["values"]).tolist() == pytest.approx([-0.5, 0.1, -0.25])
    assert view.subject["columns"][view.subject["features"].index("dull")]["count"] == 2
    [(answer, (sent, _))] = view.ask(type="row", row=1)
    assert answer["names"] == ["Not", "dull"] and floats(sent).tolist() == [0.5, -1]
    assert view.ask(type="dependence", feature=0) == []
