"""How long the import takes, and how much a page carries."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import numpy as np
from ipywidgets.widgets.widget import _remove_buffers
from timing import Figure

import limelight as ll

STATIC = Path(ll.__file__).parent / "static"
IMPORT = "import time; start = time.process_time(); import limelight; print(time.process_time() - start)"
KB = 1_000


def figures(quick: bool) -> list[Figure]:
    """Measure all of them."""
    largest = max(STATIC.glob("*.js"), key=lambda file: file.stat().st_size)
    return [Figure("import limelight", imported(3 if quick else 9), "at most", 0.1, " s"),
            Figure("largest bundle of a view", largest.stat().st_size / KB, "at most", 100, " KB", largest.name),
            Figure("saved state, 5,000 evaluations of 50 features, 2 outputs", saved(2), "at most", 250, " KB"),
            Figure("the same, 10 outputs", saved(10), "at most", 650, " KB")]


def imported(repeats: int) -> float:
    """Seconds of `import limelight` in processes of its own."""
    return median(float(subprocess.check_output([sys.executable, "-c", IMPORT])) for _ in range(repeats))


def saved(n_outputs: int) -> float:
    """Kilobytes of a finished view in a notebook's file: its JSON, buffers in base64, the bundle apart."""
    words = [f"word{i}" for i in range(50)]
    weights = dict(zip(words, np.random.default_rng(0).standard_normal((50, n_outputs)), strict=True))

    def model(texts: list[str]) -> np.ndarray:
        scores = np.array([sum((weights[word] for word in text.split()), np.zeros(n_outputs)) for text in texts])
        return np.exp(scores) / np.exp(scores).sum(1, keepdims=True)

    view = ll.live(model, " ".join(words), n_samples=5_000).wait()
    state = {name: value for name, value in view.widget.get_state().items() if name not in ("_esm", "_css")}
    state, _, buffers = _remove_buffers(state)
    return (len(json.dumps(state)) + sum(len(base64.b64encode(buffer)) for buffer in buffers)) / KB
