"""Breast cancer: a torch network with a background, and lime_tabular on a forest."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from statistics import median

import numpy as np
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from timing import Figure, Work, explained, fastest, interleaved, overhead, ratio

import limelight as ll

BATCHES = (1_000, 2_000, 4_000, 8_000)
BACKGROUND = 100
MOST_ROWS = 200_000
ROW = 7


def figures(quick: bool) -> list[Figure]:
    """Measure all of them; `quick` with fewer repeats, for development."""
    repeats = 3 if quick else 25
    return [against_network(2_000, repeats), forest(5_000, repeats)]


def breast_cancer() -> tuple[np.ndarray, np.ndarray]:
    """Standardised rows, float32 (569, 30), and classes."""
    rows, classes = load_breast_cancer(return_X_y=True)
    return ((rows - rows.mean(0)) / rows.std(0)).astype(np.float32), classes


def network(width: int) -> torch.nn.Module:
    """A small network, where all that is not the network weighs most."""
    torch.manual_seed(0)
    sizes = (width, 128, 128, 2)
    layers = [part for a, b in pairwise(sizes) for part in (torch.nn.Linear(a, b), torch.nn.ReLU())]
    return torch.nn.Sequential(*layers[:-1]).eval()


def against_network(n: int, repeats: int) -> Figure:
    """The forward passes take little here, so everything else shows."""
    rows, _ = breast_cancer()
    net = network(rows.shape[1])
    model = ll.tabular_model(net, rows[:BACKGROUND])
    ll.explain(model, rows[ROW], n_samples=n, progress=False)  # what is imported and compiled once
    forward = {size: forward_passes(net, n * BACKGROUND, rows.shape[1], size) for size in BATCHES}
    return overhead(f"table, torch 30-128-128-2, {n:,} evaluations of {BACKGROUND} rows", 1.35,
                    lambda: explained(model, rows[ROW], n, "lime"), forward[fastest(forward)], repeats)


def forward_passes(net: torch.nn.Module, n: int, width: int, size: int) -> list[Work]:
    """Nothing but the network, on rows made ready."""
    rows = torch.randn(min(n, MOST_ROWS), width)
    return [partial(ask, net, rows[at % len(rows) :][:size]) for at in range(0, n, size)]


def ask(net: torch.nn.Module, rows: torch.Tensor) -> None:
    """One forward pass."""
    with torch.no_grad():
        net(rows)


def forest(n: int, repeats: int) -> Figure:
    """lime_tabular over ours, by the same law: values drawn within quartiles."""
    from lime.lime_tabular import LimeTabularExplainer

    rows, classes = breast_cancer()
    model = RandomForestClassifier(100, random_state=0).fit(rows, classes)
    wrapped = ll.tabular_model(model, rows)
    explainer = LimeTabularExplainer(rows, random_state=0)
    times = interleaved({
        "lime": lambda: explainer.explain_instance(rows[ROW], model.predict_proba, num_samples=n,
                                                   num_features=rows.shape[1]),
        "explain": lambda: ll.explain(wrapped, rows[ROW], method="lime", discretize="quartile", n_samples=n,
                                      progress=False)}, repeats)
    return Figure(f"table: lime_tabular, {n:,} samples / limelight, quartile law",
                  ratio(times["lime"], times["explain"]), "at least", 2, "x",
                  f"{median(times['lime']):.3f} s and {median(times['explain']):.3f} s, forest of 100")
