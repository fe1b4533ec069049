"""A page of our documentation: built and opened with no network, and its views are alive."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser.card import Card, number, until
from playwright.sync_api import expect

REPOSITORY = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The notebook about pages like this one, built as `make docs` builds it, and the reference."""
    folder = tmp_path_factory.mktemp("docs") / "html"
    env = {**os.environ, "http_proxy": NOWHERE, "https_proxy": NOWHERE, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(REPOSITORY / "notebooks/site/build.py"), str(folder), "embedding", "api"]
    built = subprocess.run(command, env=env, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture
def read(page, site):
    """Open a page of the site with no network; in the end there was no fault, and nothing from elsewhere."""
    faults, asked = [], []
    page.context.set_offline(True)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("request", lambda request: asked.append(request.url))

    def visit(name):
        page.goto((site / f"{name}.html").as_uri())
        return page

    yield visit
    assert faults == []
    assert [url for url in asked if not url.startswith((site.as_uri(), "data:", "about:srcdoc"))] == []


def fragment(page, place):
    """The view in a frame of the page."""
    frame = page.locator("iframe").nth(place)
    frame.scroll_into_view_if_needed()
    view = Card(page.frame_locator("iframe").nth(place).locator(".ll-view"))
    expect(view.root.locator(".ll-bars li").first).to_be_visible()
    return view


def test_a_view_in_a_page_answers_its_sliders(read):
    view = fragment(read("embedding"), 0)
    before, width = view.bars(), view.effective()

    view.drag("Kernel width", 0.95)
    view.drop()
    expect(view.root.locator(".ll-deck")).not_to_contain_text(f"effective samples {width} ")
    wide = view.bars()
    view.drag("Perturbations", 0.3)
    view.drop()
    expect(view.slider("Perturbations")).not_to_have_attribute("aria-valuenow", "1")

    assert before != wide
    assert wide != view.bars()


def test_a_frame_is_as_high_as_its_view_in_a_narrow_window_too(read, page):
    page.set_viewport_size({"width": 360, "height": 800})
    view = fragment(read("embedding"), 0)

    def higher():
        frame, card = page.locator("iframe").first.bounding_box(), view.root.bounding_box()
        return frame["height"] - card["height"]

    expect(page.locator("iframe").first).not_to_have_attribute("height", "560")
    until(lambda: abs(higher()) < 24)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_view_follows_the_theme_that_was_pressed(browser, site):
    page = browser.new_context(color_scheme="null").new_page()
    page.goto((site / "embedding.html").as_uri())
    view = fragment(page, 0)

    def shade():
        return number(view.root.evaluate("el => getComputedStyle(el).color"), r"\((\d+)")

    seen = {}
    for _ in range(3):
        page.locator(".theme-toggle:visible").first.click()
        seen[page.evaluate("document.body.dataset.theme")] = shade()
    page.context.close()

    assert set(seen) == {"auto", "light", "dark"}
    assert seen["light"] < 80 < 180 < seen["dark"]


def test_the_search_finds_a_name(page, site):
    page.route("http://docs.test/**", lambda route: route.fulfill(path=site / urlsplit(route.request.url).path[1:]))

    page.goto("http://docs.test/search.html?q=kernel_width")

    expect(page.locator("#search-results li").first).to_contain_text("API")
