"""What is left when the kernel is gone: a saved notebook, and a page made of one."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from browser.notebook import end_kernels
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
    lab.page.wait_for_timeout(500)
    bars = card.bars()
    lab.save()
    state = nbformat.read(lab.path, 4).metadata["widgets"]
    assert len(json.dumps(state)) < 250_000
    end_kernels(lab.address)
    lab.visit()
    card = lab.card().says("no kernel", seconds=15)
    assert card.bars() == bars
    expect(card.chip("bad")).to_have_attribute("aria-pressed", "true")
    card.chip("good").click()
    lab.page.wait_for_timeout(300)
    assert max(card.bars().values()) == pytest.approx(-min(bars.values()), abs=1e-9)
    card.drag("Kernel width", 0.05)
    lab.page.wait_for_timeout(200)
    assert "effective" in card.root.inner_text()
    assert card.effective() < 200
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


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The notebook after `jupyter nbconvert --execute`, as documentation builds do it."""
    folder = tmp_path_factory.mktemp("executed")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    nbformat.write(notebook, folder / "page.ipynb")
    convert(folder, "--execute", "--inplace")
    return folder


def convert(folder, *options):
    tests = str(Path(__file__).parents[1])
    env = {**os.environ, "LIMELIGHT_WAIT": "1", "PYTHONPATH": tests, "JUPYTER_DATA_DIR": str(folder / "data")}
    subprocess.run([sys.executable, "-m", "nbconvert", *options, str(folder / "page.ipynb")], env=env, check=True)


def test_nbconvert_keeps_the_whole_answer_for_the_widget(page, executed):
    convert(executed, "--to", "html")
    page.route(re.compile("^https?:"), lambda route: route.abort())
    page.goto(f"file://{executed}/page.html")
    script = page.locator("script[type='application/vnd.jupyter.widget-state+json']")
    models = json.loads(script.text_content())["state"].values()
    [view] = [model["state"] for model in models if "subject" in model["state"]]
    assert (view["status"]["state"], view["status"]["n"]) == ("done", 600)
    assert [estimate["n"] for estimate in view["answers"]["estimates"]][-1] == 600


def test_nbconvert_shows_a_picture_where_no_widget_runs(page, executed):
    notebook = nbformat.read(executed / "page.ipynb", 4)
    del notebook.metadata["widgets"]
    nbformat.write(notebook, executed / "page.ipynb")
    convert(executed, "--to", "html")
    page.route(re.compile("^https?:"), lambda route: route.abort())
    page.goto(f"file://{executed}/page.html")
    picture = page.locator(".jp-OutputArea-output svg, .jp-OutputArea-output img").first
    expect(picture).to_be_visible()
    assert picture.bounding_box()["width"] > 200
