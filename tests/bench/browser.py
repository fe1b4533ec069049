"""Streaming into a real JupyterLab, in Chromium, in real time."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import nbformat
from playwright.sync_api import Page, sync_playwright
from timing import Figure

from assets.chromium import LAUNCH

SESSION = "window.jupyterapp?.shell?.currentWidget?.sessionContext"
TARGETS = {"text": 1.15, "image": 1.15, "table": 1.45}
PAINTED = """before => new Promise(found => {
  const look = () => document.querySelectorAll(".ll-view .ll-bars li").length > before
    ? found(Date.now() / 1000) : requestAnimationFrame(look);
  look();
})"""


def figures(quick: bool) -> list[Figure]:
    """Measure all of them, each kind in a notebook of its own."""
    found = []
    with tempfile.TemporaryDirectory() as root, jupyter(Path(root)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        for kind, target in TARGETS.items():
            rounds = measured(browser.new_page(), Path(root), address, kind, 1 if quick else 5)
            found.append(overhead(kind, rounds, target))
            if kind == "text":
                found.append(first_paint(rounds))
        browser.close()
    return found


def overhead(kind: str, rounds: list[dict[str, float]], target: float) -> Figure:
    """Seconds of the stream over the forward passes' of as many rows, just before and after."""
    value, streamed, alone = compared(rounds, "")
    return Figure(f"{kind}, streamed into the browser / forward passes alone", value, "at most", target, "x",
                  f"{streamed:.1f} s and {alone:.1f} s; kernel's processor time {compared(rounds, '_cpu')[0]:.2f}x")


def compared(rounds: list[dict[str, float]], clock: str) -> tuple[float, float, float]:
    """Medians of the ratio, the stream and the forward passes; in processor time with clock="_cpu"."""
    alone = [(a["alone" + clock] + b["alone" + clock]) / 2 * a["share"] for a, b in pairwise(rounds)]
    streamed = [found["streamed" + clock] for found in rounds[:-1]]
    return median(a / b for a, b in zip(streamed, alone, strict=True)), median(streamed), median(alone)


def first_paint(rounds: list[dict[str, float]]) -> Figure:
    """From the first step in the kernel to bars on the screen; the first view of a page is its warm-up."""
    waited = [1_000 * (found["painted"] - found["first"]) for found in rounds[:-1]]
    return Figure("text: first attributions on screen", median(waited[1:] or waited), "at most", 300, " ms",
                  f"the first view of a page: {waited[0]:.0f} ms")


def measured(page: Page, root: Path, address: str, kind: str, repeats: int) -> list[dict[str, float]]:
    """Run cell after cell: forward passes, a view to its end, and again; forward passes last."""
    cells = [f"from streamed import Streamed; timed = Streamed({kind!r})", *["timed.alone()", "timed.live()"] * repeats,
             "timed.alone()", f"timed.save({str(root / kind)!r})"]
    path = root / f"{kind}.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(metadata={"kernelspec": kernel},
                                            cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)
    page.set_default_timeout(240_000)
    page.goto(f"{address}/lab/tree/{path.name}?reset", wait_until="domcontentloaded")
    page.wait_for_function(f"() => {SESSION}?.isReady")
    painted = [run_cell(page, i, cell) for i, cell in enumerate(cells)]
    rounds = json.loads((root / kind).read_text())
    page.close()
    return [{**found, "painted": at} for found, at in
            zip(rounds, [*filter(None, painted), 0.0], strict=True)]


def run_cell(page: Page, i: int, cell: str) -> float | None:
    """Run one cell to its end, a view too; return when the view's bars were there."""
    before = page.locator(".ll-view .ll-bars li").count()
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')")
    at = page.evaluate(PAINTED, before) if "live" in cell else None
    if at is not None:
        page.locator(".ll-view").last.locator("[data-state='done']").wait_for()  # cheap to look for again and again
    page.wait_for_function(
        f"""i => {SESSION}.session?.kernel?.status === "idle" &&
            window.jupyterapp.shell.currentWidget.content.widgets[i].model.executionCount !== null""", arg=i)
    return at


@contextlib.contextmanager
def jupyter(root: Path) -> Iterator[str]:
    """A JupyterLab of its own: its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    folders = {name: str(root / f".{name}") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR",
                                                         "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_WORKSPACES_DIR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "lab", "--allow-root", "--no-browser", f"--ServerApp.port={port}",
         "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", f"--ServerApp.root_dir={root}",
         "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"],
        env={**os.environ, **folders}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield ready(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(15)


def ready(address: str) -> str:
    """Wait until the server answers."""
    for _ in range(600):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/api/status")
            return address
        time.sleep(0.1)
    raise TimeoutError("JupyterLab did not start within a minute")
