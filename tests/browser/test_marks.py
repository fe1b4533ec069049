"""A reader's objection, from the page to Python, into a file, and into its page."""

from browser.card import Card, until
from playwright.sync_api import expect

CELL = """
import limelight as ll
from browser import models
view = ll.live(ll.text_model(models.sentiment(), output_names=["bad", "good"]), models.TEXT, n_samples=200)
view"""
NOT, SHOULD = "should not matter", "should matter"


def test_what_a_reader_marks_python_knows_and_a_saved_page_shows(lab, browser, axe, tmp_path):
    lab.open(CELL).run_all()
    card = lab.card().says("done")

    def is_known(**marks):
        say = "e = view.explanation; print({e.feature_names[i]: m for i, m in e.feedback.items()})"
        until(lambda: lab.python(say) == str(marks))

    expect(card.root.locator(".ll-marker")).to_contain_text("Press a word to mark it:")
    card.token("thin").click()
    card.button(NOT).click()
    is_known(thin=NOT)
    expect(card.token("thin").locator(".ll-objection")).to_be_visible()
    card.token("lovely").click()
    card.token("lovely").press("Alt+m")  # JupyterLab's own key turns a cell into text
    expect(card.button(SHOULD)).to_have_attribute("aria-pressed", "true")
    is_known(thin=NOT, lovely=SHOULD)
    card.button(SHOULD).click()
    is_known(thin=NOT)
    lab.python("view.widget.marks = view.explanation.mark('plot', 'should matter').feedback.pairs")
    expect(card.root.locator(".ll-feedback")).to_contain_text("should matter: plot")
    lab.python(f"view.save({str(tmp_path / 'x.html')!r})")
    assert lab.errors == []

    page = browser.new_page(bypass_csp=True, viewport={"width": 360, "height": 800})  # or axe could not come in
    page.goto(f"file://{tmp_path}/x.html")
    saved = Card(page.locator(".ll-card"))
    expect(saved.root.locator(".ll-feedback > li")).to_have_count(2)
    saved.token("thin").locator(".ll-objection").click(force=True)  # an icon is a part of its word
    expect(saved.root.locator(".ll-marking > p")).to_have_text(
        "A saved page: marks that you change are kept only while it is open.")
    saved.button(NOT).click()
    expect(saved.root.locator(".ll-feedback > li")).to_have_count(1)
    assert axe(page, ".ll-view") == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.close()
