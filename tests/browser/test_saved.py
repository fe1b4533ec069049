"""What is left when the kernel is gone: a saved notebook."""

import json

import nbformat
from browser.card import until
from playwright.sync_api import expect

CELL = """
import limelight as ll
from browser import models
view = ll.live(ll.text_model(models.sentiment(), output_names=["bad", "good"]), models.TEXT, n_samples=600)
view"""


def test_a_saved_notebook_is_opened_again(lab):
    lab.open(CELL).run_all()
    card = lab.card().says("done")
    card.chip("bad").click()
    until(lambda: lab.python("print(view.explanation.target)") == "0")
    bars = card.rests().bars()
    lab.save()
    [kept] = nbformat.read(lab.path, 4).metadata["widgets"].values()
    assert any("_esm" in one["state"] for one in kept["state"].values())
    assert len(json.dumps(kept)) < 250_000
    card = lab.reopen().card().says("no kernel")
    expect(card.chip("bad")).to_have_attribute("aria-pressed", "true")
    until(lambda: card.bars() == bars)
    card.chip("good").click()
    expect(card.chip("good")).to_have_attribute("aria-pressed", "true")
    card.shows({feature: -value for feature, value in bars.items()}, tolerance=1e-9)
    card.drag("Kernel width", 0.05)
    until(lambda: card.effective() < 200)
    card.drop()
    card.drag("Perturbations", 0.2)
    card.drop()
    expect(card.root.locator(".ll-deck")).to_contain_text("of 600")
    card.token("lovely").click()  # leave-one-out was evaluated
    expect(card.root.locator(".ll-whatif")).to_contain_text("1 out: good 0.81")
    for word in ("thin", "flat", "plot", "people"):
        card.token(word).click()
    expect(card.root.locator(".ll-whatif")).to_contain_text("no kernel here to ask the model")
    assert lab.errors == []
