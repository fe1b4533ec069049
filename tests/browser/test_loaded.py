"""An explanation that came from a file, in a notebook: alive as far as its perturbations tell."""

import json

from browser.card import until
from playwright.sync_api import expect

CELLS = ["""import json
import limelight as ll
from browser import models
ll.explain(models.sentiment(), models.TEXT, n_samples=300, progress=False).save("{name}.npz")""",
         """before = models.asked
loaded = ll.load("{name}.npz")
loaded"""]


def test_it_refits_and_answers_from_its_file_and_offers_no_more(lab):
    lab.open(*(cell.format(name="loaded") for cell in CELLS)).run_all()
    card = lab.card().says("loaded from a file: nothing more can be asked")
    assert card.evaluated() == 300
    for name in ("More", "Stop", "Resume"):
        expect(card.button(name)).to_be_hidden()
    lime = card.bars()
    card.turn_to("Shapley")
    until(lambda: card.bars() != lime and lab.python("print(loaded.view.explanation.method)") == "shapley")
    said = json.loads(lab.python("e = loaded.view.explanation; print(json.dumps(e.values[:, e.target].tolist()))"))
    card.shows(said, tolerance=0.06 * max(map(abs, said)))
    card.token("lovely").click()
    expect(card.root.locator(".ll-whatif")).to_contain_text("1 out")
    card.token("thin").click()
    expect(card.root.locator(".ll-whatif")).to_contain_text("the model was not asked this before")
    assert lab.python("print(models.asked == before)") == "True"
    assert lab.errors == []
