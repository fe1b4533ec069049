"""A user's text is text: nothing of it becomes an element, and no page asks for anything."""

import hostile
import numpy as np
import pytest
from browser import models
from browser.card import Card
from playwright.sync_api import expect

import limelight as ll

TEXTS = [text for text in hostile.SHORT.values() if text.strip()]
WORDS = " ".join(text.encode("utf-8", "ignore").decode() for text in TEXTS)
OURS = ".ll-view"
MARKUP = "script, iframe, object, embed, form, link, meta, base, img, a, style, [onload], [onerror], [onfocus]"


@pytest.fixture
def watched(page):
    """A page, what it asked for, and what went wrong on it."""
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    return page, asked, wrong


def read(card):
    """Press and point at all that can be."""
    for chip in card.root.locator(".ll-chip").all():
        chip.click()
    for row in card.root.locator(".ll-bars li").all():
        row.hover()
    for more in card.root.locator(".ll-more:visible").all():
        more.click()


@pytest.fixture(scope="module")
def explanations():
    words = ll.explain(ll.text_model(models.sentiment(), output_names=[TEXTS[0], TEXTS[1]]), WORDS, n_samples=800,
                       progress=False)
    rng = np.random.default_rng(0)
    weights = rng.normal(size=len(TEXTS))
    row = ll.tabular_model(lambda rows: rows @ weights, rng.normal(size=(5, len(TEXTS))), feature_names=TEXTS,
                           output_names=[TEXTS[2]])
    found = ll.explain(row, rng.normal(size=len(TEXTS)), n_samples=400, progress=False)
    return [words, found, ll.compare(found, found, names=TEXTS[3:5])]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_saved_page_full_of_them_runs_nothing_and_asks_for_nothing(watched, explanations, theme, tmp_path):
    page, asked, wrong = watched
    path = ll.save(explanations, tmp_path / "x.html", title=hostile.TEXTS["end of a title and a style"])
    page.emulate_media(color_scheme=theme)
    page.goto(path.as_uri())
    page.locator(OURS).nth(2).wait_for()
    for place in range(3):
        read(Card(page.locator(OURS).nth(place)))
    page.locator(".ll-token").first.click()
    assert page.locator(OURS).locator(MARKUP).count() == 0
    assert page.title().startswith("</title></style>")
    assert page.evaluate("globalThis.hacked") is None
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert wrong == []


def test_a_frame_full_of_them_leaves_the_page_around_it_alone(watched, explanations, tmp_path):
    page, asked, wrong = watched
    fragment = ll.save(explanations, tmp_path / "f.html", fragment=True, title=hostile.TEXTS["selector"])
    around = f"<!doctype html><title>Docs</title><p>before</p>{fragment.read_text(encoding='utf-8')}<p>after</p>"
    (tmp_path / "docs.html").write_text(around, encoding="utf-8")
    page.goto((tmp_path / "docs.html").as_uri())
    inside = page.frame_locator("iframe")
    inside.locator(OURS).nth(2).wait_for()
    read(Card(inside.locator(OURS).nth(1)))
    assert page.locator("body > p").all_inner_texts() == ["before", "after"]
    assert page.locator("iframe").count() == 1 and page.locator("body script").count() == 1
    assert page.evaluate("[globalThis.hacked, document.title]") == [None, "Docs"]
    assert page.frames[1].evaluate("globalThis.hacked") is None
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
    assert wrong == []


def test_hostile_words_stay_words(lab):
    lab.open("""
import limelight as ll
from browser import models
evil = models.HOSTILE
model = ll.text_model(models.sentiment(), output_names=[evil, "good"])
ll.live(model, f"<b>lovely</b> {evil} film <style>*{{display:none}}</style>", n_samples=300)""", """
background, row = models.table()
model = ll.tabular_model(models.risk, background, feature_names=[evil, *models.FEATURES[1:]],
                         output_names=["low", evil])
ll.live(model, row)""", """
import pandas
frame = pandas.DataFrame({"size": [1.0, 2.0, 3.0], evil: ["small", evil, "large"]})
risk = lambda rows: (rows["size"] + (rows[evil] == evil)).to_numpy()
ll.live(ll.tabular_model(risk, frame, output_names=[evil]), frame.iloc[1])""")
    lab.page.set_viewport_size({"width": 1400, "height": 2400})
    lab.run_all()
    for place, state in enumerate(["done", "exact", "exact"]):
        card = lab.card(place).says(state)
        assert "onerror=globalThis.hacked" in card.root.inner_text()
        for chip in card.root.locator(".ll-chip").all():
            chip.click()
        for row in card.root.locator(".ll-bars li").all():
            row.hover()
    lab.card(0).root.locator(".ll-token").first.click()
    expect(lab.card(0).root.locator(".ll-whatif")).to_contain_text("1 out")
    assert lab.page.locator(".ll-view").locator("img, script, b b, .ll-token *").count() == 0
    assert lab.page.evaluate("globalThis.hacked") is None
    assert lab.errors == []
