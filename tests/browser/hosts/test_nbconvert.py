"""`jupyter nbconvert --execute --to html`: pages with neither a kernel nor a network."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from browser.card import Card
from browser.hosts.alive import answer, assert_narrowed, assert_shows, cell
from browser.hosts.served import TESTS
from playwright.sync_api import expect

SHARE = Path(sys.prefix) / "share/jupyter"
SCRIPTS = {
    "embed-amd.js": TESTS.parent / "build/embed/embed-amd.js",
    "require.js": SHARE / "voila/templates/base/static/require.min.js",
    "anywidget.js": SHARE / "nbextensions/anywidget/index.js",
}
BESIDE = ["--HTMLExporter.require_js_url=require.js", "--HTMLExporter.widget_renderer_url=embed-amd.js"]


@pytest.fixture
def converted(tmp_path, page):
    """converted(*options, **environment): opens the page that nbconvert makes, with all of the network blocked."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell(0))])
    nbformat.write(notebook, tmp_path / "page.ipynb")

    def convert(*options, **environment):
        env = {**os.environ, "PYTHONPATH": str(TESTS), "JUPYTER_DATA_DIR": str(tmp_path / "data"), **environment}
        command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", *options]
        subprocess.run([*command, str(tmp_path / "page.ipynb")], env=env, check=True)
        page.route(re.compile("^https?:"), lambda route: route.abort())
        page.goto(f"file://{tmp_path}/page.html")
        return tmp_path

    return convert


def assert_answers(view):
    """What was asked is there: another method and class, a narrower kernel, a word taken out."""
    view.wait_for(timeout=60_000)
    card = Card(view)
    assert_shows(card, answer())
    card.turn_to("Shapley")
    card.chip("bad").click()
    assert_shows(card, answer().refit(method="shapley", target="bad"))
    assert_narrowed(card)
    card.token("lovely").click()
    expect(card.root.locator(".ll-whatif")).to_contain_text("1 out: bad 0.19 → 0.74")


def test_a_fragment_needs_nothing_beside_it(page, converted):
    converted(LIMELIGHT_DISPLAY="page")
    assert_answers(page.frame_locator("iframe").locator(".ll-view"))


def test_a_widget_is_its_picture_until_its_scripts_lie_beside_it(page, converted):
    folder = converted(*BESIDE, LIMELIGHT_WAIT="1")
    picture = page.locator(".jp-OutputArea-output > :is(svg, img)")
    expect(picture).to_be_visible()
    assert SCRIPTS["embed-amd.js"].exists(), "make browser brings it"
    for name, path in SCRIPTS.items():
        shutil.copy(path, folder / name)
    page.reload()
    assert_answers(page.locator(".ll-view"))
    expect(picture).to_be_hidden()
