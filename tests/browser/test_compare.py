"""Explanations side by side, and what other packages found: in a notebook, by pointer and by keyboard."""

import json

import pytest
from browser.conftest import COLOURS, RULES
from playwright.sync_api import expect

TEXT, TABLE, IMAGE, SHOWN = range(4)
CELLS = [
    """import json
import numpy as np
import limelight as ll
from browser import models
model = ll.text_model(models.sentiment(), output_names=["bad", "good"])
text = ll.explain(model, models.TEXT, n_samples=600, progress=False)
texts = ll.compare(text, text.refit(method="shapley"), text.refit(target="bad"))
texts""",
    """background, row = models.table()
table = ll.tabular_model(models.risk, background, feature_names=models.FEATURES, output_names=["low", "high"])
rows = [ll.explain(table, each, target="high", progress=False) for each in (row, background[0])]
ll.compare(*rows, names=["this row", "another"])""",
    """image = ll.image_model(models.brightness, segments=models.squares(), hide="black",
                       output_names=["red", "green", "blue"])
picture = ll.explain(image, models.photo(), n_samples=500, progress=False)
ll.compare(picture, picture.refit(method="shapley"))""",
    """ll.show(np.array([0.5, -0.25, 0.125]), "not so bad", output_names=["good"], method="Their method")""",
]


@pytest.fixture(scope="module")
def notes(desk):
    """A notebook with three comparisons and a result that was found elsewhere."""
    desk.open(*CELLS).run_all()
    for place in (TEXT, TABLE, IMAGE, SHOWN):
        desk.card(place)
    yield desk
    assert desk.errors == []


def lit(card):
    """Names of what is lit, one a column."""
    return card.root.locator(".ll-token[data-lit], .ll-bars > li[data-lit] .ll-label")


def hints(card):
    return card.root.locator(".ll-column > .ll-hint").all_inner_texts()


def test_a_word_lights_in_every_column_with_pythons_numbers(notes):
    card = notes.card(TEXT)
    card.token("lovely").hover()
    expect(lit(card)).to_have_text(["lovely"] * 3)
    values = json.loads(notes.python("print(json.dumps(texts.to_frame().loc['lovely'].tolist()))"))
    shown = [hint.replace("\u2212", "-").split()[1] for hint in hints(card)]
    assert [float(each) for each in shown] == pytest.approx(values, abs=0.006)
    card.root.locator(".ll-foot").hover()
    expect(lit(card)).to_have_count(0)


def test_the_foot_tells_pythons_agreement(notes):
    ranks = json.loads(notes.python("print(json.dumps(texts.agreement['rank'].tolist()))"))
    card = notes.card(TEXT)
    shown = card.root.locator(".ll-foot .ll-figure").first.locator("b").all_inner_texts()
    assert [float(each.replace("\u2212", "-")) for each in shown] == pytest.approx(ranks, abs=0.006)
    expect(card.root.locator(".ll-foot")).to_contain_text("signs differ on lovely")


def test_words_are_gone_through_and_pressed_by_keyboard(notes):
    card, press = notes.card(TEXT), notes.page.keyboard.press
    first = card.root.locator(".ll-column").first.locator(".ll-token")
    first.first.focus()
    press("ArrowRight")
    expect(first.nth(1)).to_be_focused()
    expect(lit(card)).to_have_text(["plot"] * 3)
    press("Enter")
    expect(card.root.locator(".ll-token[aria-pressed=true]")).to_have_text(["plot"] * 3)
    press("Tab")
    expect(card.root.locator(".ll-column").nth(1).locator(".ll-token").first).to_be_focused()
    press("Shift+Tab")
    press("Enter")
    expect(card.root.locator(".ll-token[aria-pressed=true]")).to_have_count(0)


def test_rows_of_tables_light_with_their_values(notes):
    card = notes.card(TABLE)
    card.root.locator(".ll-row", has_text="radius").first.hover()
    expect(lit(card)).to_have_text(["radius"] * 2)
    assert hints(card)[0].startswith("radius = 1.5:")


def test_a_segment_under_the_pointer_lights_in_the_picture_and_the_bars_beside_it(notes):
    card = notes.card(IMAGE)
    picture = card.root.locator(".ll-picture").first
    box = picture.bounding_box()
    picture.hover(position={"x": box["width"] * 0.4, "y": box["height"] * 0.4})
    expect(lit(card)).to_have_text(["segment 5"] * 2)
    assert [hint.split(" ")[:2] for hint in hints(card)] == [["segment", "5"]] * 2


@pytest.mark.parametrize("width", [420, 700, 1300])
def test_columns_fit_whatever_the_width(notes, width):
    notes.page.set_viewport_size({"width": width + 400, "height": 2600})
    try:
        for place in (TEXT, TABLE, IMAGE):
            root = notes.card(place).root
            assert root.evaluate("el => el.scrollWidth <= el.clientWidth")
            assert root.locator(".ll-column").evaluate_all("all => all.every(el => el.scrollWidth <= el.clientWidth)")
    finally:
        notes.page.set_viewport_size({"width": 1400, "height": 2600})


def test_what_was_found_elsewhere_has_no_sliders_and_no_what_if(notes):
    card = notes.card(SHOWN)
    assert card.bars() == {0: 0.5, 1: -0.25, 2: 0.13}
    expect(card.root.locator(".ll-foot")).to_contain_text("opened from an array")
    assert card.root.get_by_role("slider").count() == 0
    before = len(notes.sent)
    card.token("bad").click()
    expect(card.root.locator("[data-out]")).to_have_count(0)
    expect(card.root.locator(".ll-bars li[data-lit]")).to_have_text("bad +0.13, no interval is known")
    assert not any(b'"probe"' in frame for frame in notes.sent[before:])


@pytest.mark.parametrize(("theme", "rules"), [("JupyterLab Light", RULES), ("JupyterLab Dark", COLOURS)],
                         ids=["light", "dark"])
def test_axe_finds_nothing(notes, theme, rules, axe):
    notes.command("apputils:change-theme", {"theme": theme})
    try:
        for place in (TEXT, TABLE, IMAGE, SHOWN):
            expect(notes.card(place).root).to_have_attribute("data-ll-theme", theme.split()[1].lower())
        notes.card(TEXT).token("lovely").hover()
        assert axe(notes.page, ".ll-view", rules) == []
    finally:
        notes.command("apputils:change-theme", {"theme": "JupyterLab Light"})
