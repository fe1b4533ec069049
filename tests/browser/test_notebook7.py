"""Notebook 7 shows the same views."""

import pytest
from browser.card import until
from browser.notebook import end_kernels
from playwright.sync_api import expect


@pytest.mark.parametrize("notebook", ["notebook7"], indirect=True)
def test_a_text_is_explained_in_notebook_7(notebook):
    notebook.open("""
import limelight as ll
from browser import models
slow = models.sentiment(0.002)
view = ll.live(ll.text_model(slow, output_names=["bad", "good"]), models.TEXT, n_samples=600)
view""").run_all()
    card = notebook.card().says("streaming").says("done")
    card.chip("bad").click()
    card.drag("Kernel width", 0.2)
    card.drop()
    card.token("lovely").click()
    expect(card.root.locator(".ll-whatif")).to_contain_text("1 out: bad")
    until(lambda: min(card.bars().values()) < -0.3)
    until(lambda: notebook.python("print(view.explanation.target)") == "0")
    bars = card.bars()
    end_kernels(notebook.address)
    card.button("put all back").click()
    card.drag("Kernel width", 0.9)
    card.drop()
    until(lambda: card.bars() != bars)
