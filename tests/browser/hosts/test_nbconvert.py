"""`jupyter nbconvert --execute`: pages with neither a kernel nor a network, and with no scripts at all."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from browser.card import Card
from browser.hosts.alive import N, answer, assert_narrowed, assert_shows, cell
from browser.hosts.served import TESTS
from playwright.sync_api import expect

SHARE = Path(sys.prefix) / "share/jupyter"
SCRIPTS = {
    "embed-amd.js": TESTS.parent / "build/embed/embed-amd.js",
    "require.js": SHARE / "voila/templates/base/static/require.min.js",
    "anywidget.js": SHARE / "nbextensions/anywidget/index.js",
}
BESIDE = ["--HTMLExporter.require_js_url=require.js", "--HTMLExporter.widget_renderer_url=embed-amd.js"]
PICTURE = ".jp-OutputArea-output > :is(svg, img)"
IMAGES = "img[src^='data:image/svg+xml']"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What nbconvert makes of a notebook: of its widget, of one whose widget's state is left out, and of a fragment."""
    folder = tmp_path_factory.mktemp("converted")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell(0))])
    for name, variable in [("widget", "LIMELIGHT_WAIT=1"), ("fragment", "LIMELIGHT_DISPLAY=page")]:
        nbformat.write(notebook, folder / f"{name}.ipynb")
        convert(folder, "--execute", "--inplace", f"{name}.ipynb", **dict([variable.split("=")]))
    executed = nbformat.read(folder / "widget.ipynb", 4)
    del executed.metadata["widgets"]
    nbformat.write(executed, folder / "bare.ipynb")
    convert(folder, "--to", "html", *BESIDE, "widget.ipynb", "bare.ipynb", "fragment.ipynb")
    convert(folder, "--to", "markdown", "bare.ipynb")
    return folder


def convert(folder, *options, **environment):
    env = {**os.environ, "PYTHONPATH": str(TESTS), "JUPYTER_DATA_DIR": str(folder / "data"), **environment}
    subprocess.run([sys.executable, "-m", "nbconvert", *options], cwd=folder, env=env, check=True)


@pytest.fixture
def visit(page, folder):
    """Open one of the pages, with all of the network blocked."""
    def visit(name):
        page.route(re.compile("^https?:"), lambda route: route.abort())
        page.goto(f"file://{folder}/{name}.html")
        return page

    return visit


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


def test_a_fragment_needs_nothing_beside_it(visit):
    assert_answers(visit("fragment").frame_locator("iframe").locator(".ll-view"))


def test_a_widget_is_its_picture_until_its_scripts_lie_beside_it(visit, folder):
    page = visit("widget")
    expect(page.locator(PICTURE)).to_be_visible()
    script = page.locator("script[type='application/vnd.jupyter.widget-state+json']")
    models = json.loads(script.text_content())["state"].values()
    [view] = [model["state"] for model in models if "subject" in model["state"]]
    assert (view["status"]["state"], view["status"]["n"]) == ("done", N)
    assert [estimate["n"] for estimate in view["answers"]["estimates"]][-1] == N
    assert SCRIPTS["embed-amd.js"].exists(), "make browser brings it"
    for name, path in SCRIPTS.items():
        shutil.copy(path, folder / name)
    page.reload()
    assert_answers(page.locator(".ll-view"))
    expect(page.locator(PICTURE)).to_be_hidden()


def test_a_page_that_has_no_widget_shows_the_last_answer(visit):
    [picture] = visit("bare").locator(IMAGES).all()
    assert picture.is_visible() and picture.bounding_box()["width"] > 600


def test_a_page_without_scripts_shows_the_last_answer(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route(re.compile("^https?:"), lambda route: route.abort())
    page.goto(f"file://{folder}/bare.html")
    [picture] = page.locator(IMAGES).all()
    assert picture.is_visible() and picture.bounding_box()["width"] > 600
    expect(page.locator("body")).to_contain_text(f"<LiveView: done, {N:,} of {N:,} evaluations>")
    context.close()


def test_markdown_shows_the_last_answer(folder):
    [name] = re.findall(r"!\[\w+\]\((.+\.svg)\)", (folder / "bare.md").read_text())
    assert f"{N:,} evaluations" in (folder / name).read_text()
    assert "widget" not in (folder / "bare.md").read_text()
