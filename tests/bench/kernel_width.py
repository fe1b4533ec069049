"""A move of the kernel width, where it happens: a saved view in Chromium, refitted and repainted with no kernel."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright
from timing import Figure

import limelight as ll
from assets.chromium import LAUNCH

SCRIPT = Path(__file__).parents[1] / "js" / "moves.js"
TARGETS = {(5_000, 50): 4, (20_000, 200): 16}


def figures(quick: bool) -> list[Figure]:
    """Measure both sizes, each in a page of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        found = [moved(browser.new_page(), n, d, 20 if quick else 100) for n, d in TARGETS]
        browser.close()
    return found


def moved(page: Page, n: int, d: int, moves: int) -> Figure:
    """Move the slider again and again, a frame a move."""
    page.set_default_timeout(120_000)
    times = page.evaluate(SCRIPT.read_text(), {"state": saved(n, d), "moves": moves})
    page.close()
    return Figure(f"kernel width moved, {n:,} evaluations of {d} words: refit and repaint", median(times),
                  "at most", TARGETS[n, d], " ms", f"the longest of {moves}: {max(times):.1f} ms")


def saved(n: int, d: int) -> str:
    """A finished view's state as JSON, its bundle within, bytes in base64."""
    words = [f"word{i}" for i in range(d)]
    weights = dict(zip(words, np.random.default_rng(0).standard_normal(d), strict=True))

    def model(texts: list[str]) -> np.ndarray:
        scores = np.array([sum(weights[word] for word in text.split()) for text in texts])
        return np.column_stack([1 / (1 + np.exp(scores)), 1 / (1 + np.exp(-scores))])

    view = ll.live(model, " ".join(words), n_samples=n).wait()
    return json.dumps(view.widget.get_state(), default=as_text)


def as_text(data: Any) -> dict[str, str]:
    """What JSON has no form for: bytes."""
    return {"bytes": base64.b64encode(data).decode()}
