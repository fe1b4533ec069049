"""marimo shows all views as the last line of a cell, and shows them again when the cell runs again."""

from textwrap import indent

import pytest
from browser.card import Card, until
from browser.conftest import free_port
from browser.hosts.alive import N, answer, assert_alive, assert_narrowed, assert_shows, cell
from browser.hosts.served import served
from playwright.sync_api import expect

CELLS = [
    cell(0.001),
    f"""found = ll.explain(ll.text_model(models.sentiment(), output_names=["bad", "good"]), models.TEXT,
                   n_samples={N}, progress=False)""",
    "found",
    'both = ll.compare(found, found.refit(method="shapley"))',
    "both",
    """import marimo
marimo.ui.anywidget(view.widget)""",
]
LIVE, EXPLAINED, TWIN = range(3)  # the comparison has no state and no sliders


def written():
    """A marimo notebook of these cells."""
    bodies = [indent(code, "    ") for code in CELLS]
    return "import marimo\n\napp = marimo.App()\n" + "".join(f"\n@app.cell\ndef _():\n{body}\n" for body in bodies)


@pytest.fixture(params=["run", "edit"])
def marimo(request, tmp_path, page):
    """The notebook as an app, or in the editor with dark colours: (page, its process)."""
    (tmp_path / "notebook.py").write_text(written())
    settings = tmp_path / "xdg_config_home/marimo/marimo.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[runtime]\nauto_instantiate = true\n[display]\ntheme = "dark"\n')
    page.set_viewport_size({"width": 1200, "height": 2600})
    port = free_port()
    command = ["marimo", request.param, "notebook.py", "--headless", "--no-token", "--no-sandbox", "-p", str(port)]
    with served(tmp_path, port, "/health", *command) as (address, process):
        page.goto(address)
        yield page, process


def card(page, place):
    view = page.locator(".ll-view:has(.ll-state)").nth(place)
    view.wait_for(timeout=60_000)
    return Card(view)


@pytest.mark.parametrize("marimo", ["run"], indirect=True)
def test_an_app_streams_and_answers_and_outlives_its_server(marimo):
    page, process = marimo
    card(page, LIVE).says("streaming").says("done")
    assert_shows(card(page, EXPLAINED), answer())
    expect(page.locator(".ll-view")).to_have_count(4)
    expect(page.locator(".ll-view").nth(2)).to_contain_text("rank agreement")
    assert_alive(card(page, LIVE))
    expect(card(page, TWIN).chip("bad")).to_have_attribute("aria-pressed", "true")
    process.terminate()
    process.wait(15)
    card(page, LIVE).button("More").click()
    card(page, LIVE).says("no kernel")
    assert_narrowed(card(page, LIVE).turn_to("Shapley"))


@pytest.mark.parametrize("marimo", ["edit"], indirect=True)
def test_the_editor_shows_what_runs_again(marimo):
    page, _ = marimo
    card(page, LIVE).says("done")
    expect(page.locator(".ll-view")).to_have_count(4)
    expect(card(page, EXPLAINED).root).to_have_attribute("data-ll-theme", "dark")
    for place in (2, 4):
        card(page, EXPLAINED).chip("bad").click()
        expect(card(page, EXPLAINED).chip("bad")).to_have_attribute("aria-pressed", "true")
        page.locator(".ll-view").evaluate_all("all => all.forEach((view) => { view.dataset.old = ''; })")
        page.locator("[data-testid=run-button]:enabled").nth(place).evaluate("button => button.click()")
        expect(page.locator(".ll-view:not([data-old])")).to_have_count(1)
        expect(page.locator(".ll-view")).to_have_count(4)
    card(page, EXPLAINED).button("More").click()
    until(lambda: card(page, EXPLAINED).evaluated() > N)  # it said "done" before, too
    card(page, EXPLAINED).says("done")
