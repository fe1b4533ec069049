"""A user's text is text: nothing of it becomes an element."""

from playwright.sync_api import expect


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
