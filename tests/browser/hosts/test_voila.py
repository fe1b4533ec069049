"""Voila runs a notebook for each reader, and shows its outputs only."""

import nbformat
from browser.card import Card
from browser.conftest import free_port
from browser.hosts.alive import assert_alive, assert_narrowed, cell
from browser.hosts.served import served
from playwright.sync_api import expect


def test_a_view_streams_and_answers_and_outlives_its_server(tmp_path, page):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell(0.001))], metadata={"kernelspec": {
        "name": "python3", "display_name": "Python 3", "language": "python"}})
    nbformat.write(notebook, tmp_path / "page.ipynb")
    port = free_port()
    command = ["voila", "page.ipynb", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    with served(tmp_path, port, "/voila/static/voila.js", *command) as (address, process):
        page.goto(address)
        view = page.locator(".ll-view")
        view.wait_for(timeout=60_000)
        card = Card(view).says("streaming").says("done")
        assert_alive(card)
        expect(page.locator("img[src^='data:image/svg+xml']")).to_be_hidden()  # what stands for a view that can't run
        process.terminate()
        process.wait(15)
        card.turn_to("Shapley")
        assert_narrowed(card)
