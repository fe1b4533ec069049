"""The three views, done: what a reader can do with them without asking for more."""

import json

import numpy as np
import pytest
from browser.card import until
from browser.conftest import COLOURS, RULES
from playwright.sync_api import expect

TEXT, TABLE, IMAGE, AGAIN = range(4)
CELLS = [
    """import json
import limelight as ll
from browser import models
text = ll.live(ll.text_model(models.sentiment(), output_names=["bad", "good"]), models.TEXT, n_samples=600)
text""",
    """background, row = models.table()
model = ll.tabular_model(models.risk, background, feature_names=models.FEATURES, output_names=["low", "high"])
table = ll.live(model, row)
table""",
    """model = ll.image_model(models.brightness, segments=models.squares(), hide="black",
                       output_names=["red", "green", "blue"])
image = ll.live(model, models.photo(), n_samples=500)
image""",
    "text",
]


@pytest.fixture(scope="module")
def done(desk):
    """A notebook with a text, a table, an image and the text again, all evaluated."""
    desk.open(*CELLS).run_all()
    for place, state in [(TEXT, "done"), (TABLE, "exact"), (IMAGE, "done"), (AGAIN, "done")]:
        desk.card(place).says(state)
    desk.python("first = {view: dict(view.widget.settings) for view in (text, table, image)}")
    return desk


@pytest.fixture
def notes(done):
    """The same notebook, with nothing chosen and nothing taken out."""
    done.page.mouse.move(0, 0)  # bars under the pointer keep their order
    done.python("for view in first: view.widget.settings = dict(first[view])")
    for place in (TEXT, TABLE, IMAGE, AGAIN):
        back = done.card(place).button("put all back")
        if back.is_visible():
            back.click()
        expect(back).to_be_hidden()
    yield done
    assert done.errors == []


def python_values(notes, view):
    """What Python answers to what the reader chose: {feature: value} of the target."""
    answer = notes.python(f"e = {view}.explanation; print(json.dumps(e.values[:, e.target].tolist()))")
    return dict(enumerate(json.loads(answer)))


def assert_python_agrees(notes, card, view, method=None):
    """The bars are the values of Python's answer to what the reader chose, which it hears a little later."""
    def agrees():
        assert method in (None, notes.python(f"print({view}.explanation.method)"))
        values, bars = python_values(notes, view), card.bars()
        assert len(bars) >= 5
        assert bars == pytest.approx({feature: values[feature] for feature in bars}, abs=0.006)

    until(agrees)


@pytest.mark.parametrize(("place", "view"), [(TEXT, "text"), (TABLE, "table"), (IMAGE, "image")])
def test_bars_show_what_python_answers(notes, place, view):
    assert_python_agrees(notes, notes.card(place), view)
    values, shown = python_values(notes, view), notes.card(place).bars()
    assert max(shown, key=lambda i: abs(shown[i])) == max(values, key=lambda i: abs(values[i]))


def test_another_class_and_another_method(notes):
    card = notes.card(TEXT).rests()
    before = card.bars()
    card.chip("bad").click()
    expect(card.chip("bad")).to_have_attribute("aria-pressed", "true")
    expect(card.chip("good")).to_have_attribute("aria-pressed", "false")
    card.shows({feature: -value for feature, value in before.items()}, tolerance=1e-9)
    for name in ["Shapley", "Banzhaf", "Occlusion", "LIME"]:
        card.turn_to(name)
        assert_python_agrees(notes, card, "text", name.lower())


def test_a_kernel_width_is_tried_without_a_message(notes):
    card = notes.card(TEXT).rests()
    before, mark = (card.bars(), card.effective()), len(notes.sent)
    card.drag("Kernel width", 0.02)
    until(lambda: card.bars() != before[0] and card.effective() < before[1])
    notes.page.wait_for_timeout(300)  # nothing is sent, now or a little later
    assert notes.sent_after(mark) == []
    card.drop()
    until(lambda: notes.sent_after(mark) != [])
    notes.page.wait_for_timeout(300)  # and nothing more
    # Python hears where the knob was let go, and is asked nothing.
    assert len(notes.sent_after(mark)) <= 2
    assert not any(b'"custom"' in frame for frame in notes.sent[mark:])
    until(lambda: float(notes.python("print(text.explanation.params['kernel_width'])")) < 0.07)
    assert_python_agrees(notes, card, "text")


def test_fewer_perturbations_give_the_answer_as_it_was(notes):
    card = notes.card(TEXT)
    everything, asked = card.rests().bars(), notes.python("print(models.asked)")
    card.drag("Perturbations", 0.1)
    card.drop()
    expect(card.root.get_by_text("first", exact=False).first).to_be_visible()
    until(lambda: 50 <= int(notes.python("print(text.explanation.n_evals)")) <= 70)
    assert_python_agrees(notes, card, "text")
    assert card.bars() != everything
    assert notes.python("print(models.asked)") == asked
    card.button("Reset").click()
    until(lambda: card.bars() == everything)


def test_a_word_is_taken_out_and_put_back(notes):
    card = notes.card(TEXT)
    card.token("lovely").click()
    card.token("scene").click()
    expect(card.token("lovely")).to_have_attribute("aria-pressed", "true")
    gone = notes.python("""
without = " ".join(word for word in models.TEXT.split() if word not in ("lovely", "scene"))
print(f"{models.sentiment()([without])[0, 1]:.2f}")""")
    expect(card.root.locator(".ll-whatif")).to_contain_text("2 out: good")
    expect(card.root.locator(".ll-whatif")).to_contain_text(gone)
    card.token("lovely").click()
    expect(card.root.locator(".ll-whatif")).to_contain_text("1 out")
    card.button("put all back").click()
    expect(card.token("scene")).to_have_attribute("aria-pressed", "false")


def test_a_segment_is_taken_out(notes):
    card = notes.card(IMAGE)
    seen = card.root.get_by_role("img").first
    seen.scroll_into_view_if_needed()
    box = seen.bounding_box()
    for x, y in [(0.3, 0.4), (0.7, 0.4)]:  # segments 5 and 6, left and right of the middle
        seen.click(position={"x": x * box["width"], "y": y * box["height"]})
    gone = notes.python("""
import numpy as np
hidden = models.photo()
hidden[np.isin(models.squares(), (5, 6))] = 0
print(f"{models.brightness(hidden[None])[0, 0]:.2f}")""")
    expect(card.root.locator(".ll-whatif")).to_contain_text("2 out: red")
    expect(card.root.locator(".ll-whatif")).to_contain_text(gone)


def test_a_value_is_changed(notes):
    card = notes.card(TABLE)
    entry = card.root.get_by_label("radius, 1.5")
    entry.fill("-3")
    entry.press("Enter")
    gone = notes.python("""
changed = row.copy()
changed[0] = -3
print(f"{models.risk(changed[None])[0, 1]:.2f}")""")
    expect(card.root.locator(".ll-whatif")).to_contain_text("1 changed: high")
    expect(card.root.locator(".ll-whatif")).to_contain_text(gone)
    card.button("put all back").click()
    expect(entry).to_have_value("1.5")


def test_two_views_of_one_explanation_agree(notes):
    one, other = notes.card(TEXT), notes.card(AGAIN)
    one.chip("bad").click()
    one.button("Shapley").click()
    expect(other.chip("bad")).to_have_attribute("aria-pressed", "true")
    expect(other.button("Shapley")).to_have_attribute("aria-pressed", "true")
    until(lambda: other.bars() == one.bars())
    assert_python_agrees(notes, other, "text", "shapley")


def test_python_chooses_and_the_view_follows(notes):
    notes.python("text.widget.settings = {**text.widget.settings, 'target': 0, 'kernel_width': 0.5}")
    expect(notes.card(TEXT).chip("bad")).to_have_attribute("aria-pressed", "true")
    assert_python_agrees(notes, notes.card(TEXT), "text")


def test_all_by_keyboard(notes):
    card, press = notes.card(TEXT), notes.page.keyboard.press
    card.root.locator(".ll-head .ll-methods button").last.focus()
    press("Tab")
    expect(card.token("The")).to_be_focused()
    for _ in range(3):
        press("ArrowRight")
    expect(card.token("thin")).to_be_focused()
    press("Enter")
    expect(card.token("thin")).to_have_attribute("aria-pressed", "true")
    expect(card.root.locator(".ll-whatif")).to_contain_text("1 out")
    press("Space")
    expect(card.token("thin")).to_have_attribute("aria-pressed", "false")
    reached = set()
    for _ in range(60):
        press("Tab")
        name = notes.page.evaluate("document.activeElement.getAttribute('aria-label')")
        if name in ("Perturbations", "Kernel width") and name not in reached:
            reached.add(name)
            before = float(card.slider(name).input_value())
            press("ArrowLeft")
            assert float(card.slider(name).input_value()) < before
    assert reached == {"Perturbations", "Kernel width"}
    card.chip("bad").focus()
    press("Enter")
    expect(card.chip("bad")).to_have_attribute("aria-pressed", "true")


def test_a_bar_lights_its_word(notes):
    card = notes.card(TEXT)
    card.root.locator(".ll-row", has_text="lovely").hover()
    expect(card.token("lovely")).to_have_attribute("data-lit", "")
    card.token("thin").hover()
    expect(card.root.locator("li[data-lit]", has_text="thin")).to_be_visible()
    expect(card.token("lovely")).not_to_have_attribute("data-lit", "")


def luminance(notes, place):
    color = notes.card(place).root.evaluate("el => getComputedStyle(el).backgroundColor")
    return np.mean([float(part) for part in color.strip("rgba()").split(",")[:3]])


@pytest.mark.parametrize(("theme", "rules"), [("JupyterLab Light", RULES), ("JupyterLab Dark", COLOURS)],
                         ids=["light", "dark"])
def test_axe_finds_nothing(notes, theme, rules, axe):
    notes.command("apputils:change-theme", {"theme": theme})
    try:
        name = theme.split()[1].lower()
        for place in (TEXT, TABLE, IMAGE):
            expect(notes.card(place).root).to_have_attribute("data-ll-theme", name)
            assert (luminance(notes, place) < 128) == (name == "dark")
            notes.card(place).root.scroll_into_view_if_needed()
        assert axe(notes.page, ".ll-view", rules) == []
    finally:
        notes.command("apputils:change-theme", {"theme": "JupyterLab Light"})
