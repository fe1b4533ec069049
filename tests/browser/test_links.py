"""What two features do together, in a text and in a table that were explained with order=2."""

import json

import pytest
from browser.card import until
from browser.conftest import COLOURS, RULES
from playwright.sync_api import expect

TEXT, TABLE = range(2)
CELLS = [
    """import json
import limelight as ll
from browser import models
text = ll.live(ll.text_model(models.sentiment(), output_names=["bad", "good"]), models.TEXT, n_samples=600, order=2)
text""",
    """background, row = models.table()
model = ll.tabular_model(models.risk, background, feature_names=models.FEATURES, output_names=["low", "high"])
table = ll.live(model, row, order=2)
table""",
]


@pytest.fixture(scope="module")
def notes(desk):
    """A notebook with a text and a table, all evaluated."""
    desk.open(*CELLS).run_all()
    for place, state in [(TEXT, "done"), (TABLE, "exact")]:
        desk.card(place).says(state)
    yield desk
    assert desk.errors == []


def pairs(card):
    """The entries in sight."""
    return card.root.get_by_role("option")


@pytest.mark.parametrize(("place", "view"), [(TEXT, "text"), (TABLE, "table")])
def test_the_strongest_interactions_are_shown(notes, place, view):
    expect(pairs(notes.card(place))).to_have_count(5)
    names, value = json.loads(notes.python(f"""
import numpy as np
found = {view}.explanation
both = np.triu(found.interactions[:, :, found.target], 1)
at = np.unravel_index(np.abs(both).argmax(), both.shape)
print(json.dumps([[found.feature_names[i] for i in at], both[at]]))"""))
    strongest = pairs(notes.card(place)).first
    shown = strongest.locator(".ll-number").inner_text()
    assert strongest.get_attribute("title").startswith(f"{' with '.join(names)}: {shown}, ")
    assert float(shown.replace("\u2212", "-")) == pytest.approx(value, rel=0.06)


def test_a_pair_lights_both_words_and_a_thread_joins_them(notes):
    card = notes.card(TEXT)
    pair = pairs(card).first
    pair.hover()
    words = pair.locator(".ll-label").all_inner_texts()
    for word in words:
        expect(card.token(word)).to_have_attribute("data-lit", "")
        expect(card.root.locator(".ll-bars li[data-lit]", has_text=word)).to_have_count(1)
    ends = [card.token(word).bounding_box() for word in words]
    thread = card.root.locator(".ll-thread path").bounding_box()
    middles = sorted(end["x"] + end["width"] / 2 for end in ends)
    assert [thread["x"], thread["x"] + thread["width"]] == pytest.approx(middles, abs=3)
    card.button("Shapley").hover()
    expect(card.root.locator(".ll-token[data-lit]")).to_have_count(0)
    until(lambda: card.root.locator(".ll-thread path").get_attribute("d") is None)


def test_pairs_by_keyboard(notes):
    card, press = notes.card(TABLE), notes.page.keyboard.press
    items = pairs(card)
    card.root.locator(".ll-links .ll-more").focus()
    press("Shift+Tab")
    expect(items.nth(0)).to_be_focused()
    for key, place in [("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("End", 4)]:
        press(key)
        expect(items.nth(place)).to_be_focused()
    expect(items.nth(4)).to_have_attribute("aria-selected", "true")
    expect(card.root.locator(".ll-bars li[data-lit]")).to_have_count(2)
    press("Tab")
    press("Enter")
    expect(items.nth(5)).to_be_visible()
    press("Enter")
    expect(items).to_have_count(5)


def test_another_output_turns_the_signs(notes):
    card = notes.card(TEXT)
    before = pairs(card).first.locator(".ll-number").inner_text()
    card.chip("bad").click()
    turned = {"+": "\u2212", "\u2212": "+"}[before[0]] + before[1:]
    expect(pairs(card).first.locator(".ll-number")).to_have_text(turned)
    card.chip("good").click()
    expect(pairs(card).first.locator(".ll-number")).to_have_text(before)


@pytest.mark.parametrize(("theme", "rules"), [("JupyterLab Light", RULES), ("JupyterLab Dark", COLOURS)],
                         ids=["light", "dark"])
def test_axe_finds_nothing(notes, theme, rules, axe):
    notes.command("apputils:change-theme", {"theme": theme})
    try:
        for place in (TEXT, TABLE):
            expect(notes.card(place).root).to_have_attribute("data-ll-theme", theme.split()[1].lower())
            pairs(notes.card(place)).first.hover()
        assert axe(notes.page, ".ll-view", rules) == []
    finally:
        notes.command("apputils:change-theme", {"theme": "JupyterLab Light"})
