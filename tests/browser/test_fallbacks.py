"""What stands where no view runs: the picture of the last answer, in the notebook's file."""

import json
import urllib.request

import nbformat
import pytest
from browser.notebook import end_kernels
from browser.test_saved import CELL
from playwright.sync_api import expect

PICTURES = "img[src^='data:image/svg+xml']"
MANAGER = "lab/api/settings/@jupyter-widgets/jupyterlab-manager:plugin"
SIDE_BY_SIDE = """
import limelight as ll
from browser import models
found = ll.explain(models.brightness, models.photo(), n_samples=64, progress=False)
ll.compare(found, found.refit("shapley"))"""


def choose(address, *, save_state):
    """Whether JupyterLab saves the widgets' state; by default it does not."""
    chosen = json.dumps({"raw": json.dumps({"saveState": save_state})}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{address}/{MANAGER}", data=chosen, method="PUT"))


@pytest.fixture
def stateless(notebook):
    """A notebook whose host saves no widgets' state, as hosts do unless they are told to."""
    choose(notebook.address, save_state=False)
    yield notebook
    choose(notebook.address, save_state=True)


def picture_in(path):
    """The one picture in a notebook's file."""
    [cell] = nbformat.read(path, 4).cells
    [found] = [each.data["image/svg+xml"] for each in cell.outputs if "image/svg+xml" in each.data]
    return "".join(found)


def test_a_notebook_opened_without_its_state_shows_the_last_answer(stateless):
    notebook = stateless.open(CELL).run_all()
    card = notebook.card().says("done")
    expect(notebook.page.locator(PICTURES)).to_be_attached()
    expect(notebook.page.locator(PICTURES)).to_be_hidden()
    card.chip("bad").click()
    renewed = notebook.page.locator(f"{PICTURES}[src*='raises%20the%20probability%20of%20bad']")
    expect(renewed).to_be_attached(timeout=20_000)
    expect(renewed).to_be_hidden()
    notebook.save()
    assert "widgets" not in nbformat.read(notebook.path, 4).metadata
    assert "600 evaluations" in picture_in(notebook.path) and "probability of bad" in picture_in(notebook.path)
    end_kernels(notebook.address)
    notebook.visit()
    expect(notebook.page.locator(PICTURES)).to_be_visible(timeout=20_000)
    assert notebook.page.locator(PICTURES).bounding_box()["width"] > 600
    assert "Run the cell for the live view" in picture_in(notebook.path)
    assert notebook.views.count() == 0


def test_a_comparison_has_its_picture_too(lab):
    lab.open(SIDE_BY_SIDE).run_all()
    lab.views.first.wait_for(timeout=40_000)
    expect(lab.page.locator(PICTURES)).to_be_attached()
    expect(lab.page.locator(PICTURES)).to_be_hidden()
    lab.save()
    assert "Shapley" in picture_in(lab.path)
