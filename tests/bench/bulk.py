"""2,560 rows with 12 grouped features and 100 background rows, as in Alibi's distributed benchmark of KernelSHAP.

Rows are drawn at random, each feature with the shares that it has in the Adult
data set (Kohavi 1996; rare categories and values put together), so that as many
values are alike as there. A second table has no two values alike.
"""

from __future__ import annotations

import time
from functools import cache
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from timing import Figure, cpu_seconds

import limelight as ll
from limelight.bulk.rows import Rows, RowsExplainer

N_ROWS, N_BACKGROUND, N_PEERS = 2_560, 100, 12
SHARES = {
    "workclass": (.70, .08, .06, .06, .04, .03, .03),
    "education": (.55, .16, .13, .08, .05, .02, .01),
    "marital status": (.46, .33, .18, .03),
    "occupation": (.31, .13, .13, .12, .12, .10, .06, .03),
    "relationship": (.40, .26, .16, .10, .05, .03),
    "race": (.85, .10, .03, .01, .01),
    "sex": (.67, .33),
    "country": (.90, .06, .02, .02),
    "capital gain": (.917, .083),
    "capital loss": (.953, .047),
    "hours per week": (.47, .53),
    "age": (0.0, 1.0),
}
"""Of each category; of the last four, which are numbers, that of the commonest value, and of all others together."""
NUMBERS = ("capital gain", "capital loss", "hours per week", "age")
N_VALUES = 70
"""Other values of a number."""


class Table(NamedTuple):
    """Rows as the model is given them, which feature each column is in, and the model."""

    rows: np.ndarray
    groups: dict[str, list[int]]
    model: LogisticRegression

    @property
    def background(self) -> np.ndarray:
        return self.rows[:N_BACKGROUND]

    @property
    def explained(self) -> np.ndarray:
        return self.rows[-N_ROWS:]


def figures(quick: bool) -> list[Figure]:
    """Measure all of them; `quick` with fewer rows, for development."""
    n_rows = N_ROWS // 10 if quick else N_ROWS
    return [*black_box("Adult's shares", adult(), n_rows), *black_box("no values alike", unlike(), n_rows),
            exact_route("Adult's shares", adult(), n_rows), exact_route("no values alike", unlike(), n_rows)]


@cache
def adult() -> Table:
    """One-hot columns of eight categories, and four numbers."""
    rng, parts = np.random.default_rng(0), []
    for name, shares in SHARES.items():
        drawn = rng.choice(len(shares), N_ROWS + 2 * N_BACKGROUND, p=np.array(shares) / sum(shares))
        parts.append(np.where(drawn, rng.integers(1, N_VALUES + 1, len(drawn)) / N_VALUES, 0)[:, None]
                     if name in NUMBERS else np.eye(len(shares))[drawn])
    return fitted(parts, rng)


@cache
def unlike() -> Table:
    """As many columns in as many groups, all of them normal numbers."""
    rng = np.random.default_rng(1)
    widths = [1 if name in NUMBERS else len(shares) for name, shares in SHARES.items()]
    return fitted([rng.normal(size=(N_ROWS + 2 * N_BACKGROUND, width)) / np.sqrt(width) for width in widths], rng)


def fitted(parts: list[np.ndarray], rng: np.random.Generator) -> Table:
    """Put columns together, and fit a model of two classes to them."""
    rows, stops = np.hstack(parts), np.cumsum([part.shape[1] for part in parts])
    groups = {name: list(range(stop - part.shape[1], stop))
              for name, part, stop in zip(SHARES, parts, stops, strict=True)}
    log_odds = rows @ rng.normal(size=rows.shape[1]) * 1.5
    return Table(rows, groups, LogisticRegression().fit(rows, rng.random(len(rows)) < 1 / (1 + np.exp(-log_odds))))


def black_box(name: str, table: Table, n_rows: int) -> list[Figure]:
    """The model is a function that nothing is known of."""
    asked = Counted(table.model.predict_proba)
    model = ll.tabular_model(asked, table.background)
    found, seconds, elapsed = timed(model, table, n_rows)
    peer, peer_seconds = kernel_shap(table)
    unchosen, _ = kernel_shap(table, l1_reg=False)
    truth = exactly(table, N_PEERS)
    ours, theirs, all_of_theirs = (median(errors(values, truth.values))
                                   for values in (found.values[:N_PEERS], peer, unchosen))
    said = f"{seconds:.1f} s of the processor, {elapsed:.1f} s in all, {asked.n / 1e6:.0f} million rows asked"
    return [
        Figure(f"bulk, black box, {n_rows:,} rows, {name}", seconds * N_ROWS / n_rows, "at most", 60, " s",
               f"{said}; KernelSHAP would take {peer_seconds / N_PEERS * N_ROWS:.0f} s"),
        Figure(f"bulk, black box, {name}: median error / KernelSHAP's at its default budget",
               ours / theirs, "at most", 1, "x", f"{ours:.2g} and {theirs:.2g} of the values' length, {N_PEERS} rows"),
        Figure(f"bulk, black box, {name}: median error / KernelSHAP's with l1_reg=False", ours / all_of_theirs,
               "at most", 1, "x", f"{ours:.2g} and {all_of_theirs:.2g}"),
    ]


def exact_route(name: str, table: Table, n_rows: int) -> Figure:
    """The model is known to be a logistic regression: its probabilities need no asking."""
    found, seconds, elapsed = timed(ll.tabular_model(table.model, table.background), table, n_rows)
    gap = np.abs(found.values.sum(1) + found.base_values - found.prediction).max()
    return Figure(f"bulk, exact route, {n_rows:,} rows, {name}", seconds * N_ROWS / n_rows, "at most", 20, " s",
                  f"{seconds:.1f} s of the processor, {elapsed:.1f} s in all; values miss the prediction by {gap:.0e}")


def timed(model: Any, table: Table, n_rows: int) -> tuple[Rows, float, float]:
    """Explain rows: (what was found, seconds of the processor, seconds), preparations and all."""
    begun, found = time.perf_counter(), []
    seconds = cpu_seconds(lambda: found.append(
        RowsExplainer(model, method="shapley", groups=table.groups, X=table.explained).explain(
            table.explained[:n_rows])))
    return found[0], seconds, time.perf_counter() - begun


def exactly(table: Table, n_rows: int) -> Rows:
    """The truth: the black box asked about all coalitions."""
    model = ll.tabular_model(table.model.predict_proba, table.background)
    return RowsExplainer(model, method="shapley", n_samples=2 ** len(table.groups), groups=table.groups).explain(
        table.explained[:n_rows])


def kernel_shap(table: Table, **options: Any) -> tuple[np.ndarray, float]:
    """What shap's KernelExplainer says of some rows, with its default budget, and the seconds that it takes."""
    import shap
    from shap.utils._legacy import DenseData

    data = DenseData(table.background, list(table.groups), list(table.groups.values()))
    explainer, found = shap.KernelExplainer(table.model.predict_proba, data), []
    np.random.seed(0)  # which it draws from
    rows = table.explained[:N_PEERS]
    seconds = cpu_seconds(lambda: found.append(explainer.shap_values(rows, silent=True, **options)))
    return np.asarray(found[0]), seconds


def errors(values: np.ndarray, truth: np.ndarray) -> list[float]:
    """Euclidean distance of each row's values from the true ones, over the length of these."""
    axes = (1, 2)
    return list(np.sqrt(((values - truth) ** 2).sum(axes) / (truth**2).sum(axes)))


class Counted:
    """A model that counts the rows that it is asked about."""

    def __init__(self, ask: Any):
        self._ask, self.n = ask, 0

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Ask."""
        self.n += len(rows)
        return self._ask(rows)
