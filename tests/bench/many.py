"""explain_many: how much memory it takes, and what a second worker brings."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from memory import MB, own_peak
from timing import Figure, cpu_seconds

import limelight as ll
from limelight.bulk.chunks import Chunk, Pieces
from limelight.bulk.ray import on_ray
from limelight.bulk.tables import TableWork
from limelight.bulk.work import Part
from limelight.models.tabular import TabularModel

AT_ONCE = 5_000
QUICK = Path(__file__).parents[1] / "unit" / "bulk" / "quick"


def figures(quick: bool) -> list[Figure]:
    """Memory in processes of their own, many rows at once, and a cluster of two workers."""
    return [*together(300 if quick else 2_000), flat("linear", "closed form", 10_000, 100_000 if quick else 1_000_000),
            flat("function", "a function, 16 coalitions", 1_000, 10_000 if quick else 100_000),
            two_workers(400 if quick else 2_000)]


def together(n_rows: int) -> list[Figure]:
    """`explain_many` over the forward passes alone, of the same composed rows in batches of 8,000; 1,000 of a network.

    What is asked is kept by asking once beforehand: passes of other rows would take trees another time.
    """
    import lightgbm
    import torch

    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_rows, 12))
    y = X[:, 0] * X[:, 1] + X[:, 2] > 0
    boosted = lightgbm.LGBMClassifier(n_estimators=50, num_leaves=15, n_jobs=1, verbose=-1).fit(X, y)
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(12, 32), torch.nn.ReLU(), torch.nn.Linear(32, 2)).eval()

    def forward(rows: np.ndarray) -> None:
        with torch.no_grad():
            torch.softmax(net(torch.as_tensor(rows, dtype=torch.float32)), 1).numpy()

    figures = []
    for name, model, ask, size, most in (("LightGBM", boosted.predict_proba, boosted.predict_proba, 8_000, 1.5),
                                         ("a network", net, forward, 1_000, 2.5)):
        for n_background, n in ((4, 64), (10, 256)):
            figures.append(over_passes(name, model, ask, X, n_background, n, size, most))
    return figures


def over_passes(name: str, model: object, ask: Callable[[np.ndarray], object], X: np.ndarray, n_background: int,
                n: int, size: int, most: float) -> Figure:
    """One of them."""
    wrapped, asked = ll.tabular_model(model, X[:n_background]), []
    explain = partial(ll.explain_many, wrapped, X, method="shapley", n_samples=n, progress=False)
    with pytest.MonkeyPatch.context() as patch:
        raw = TabularModel.raw
        patch.setattr(TabularModel, "raw", lambda self, rows: raw(self, (asked.append(np.asarray(each)) or each
                                                                         for each in rows)))
        explain()
    composed = np.concatenate(asked)
    batches = [composed[start : start + size] for start in range(0, len(composed), size)]
    rounds = [(cpu_seconds(explain), cpu_seconds(lambda: [ask(batch) for batch in batches])) for _ in range(3)]
    ours, alone = (min(each) for each in zip(*rounds, strict=True))
    return Figure(f"explain_many / forward passes alone, {name}, {n} evaluations of {n_background} rows",
                  median(a / b for a, b in rounds), "at most", most, "x",
                  f"{len(X) / ours:,.0f} and {len(X) / alone:,.0f} rows a second of the processor")


def flat(model: str, what: str, few: int, many: int) -> Figure:
    """Peaks of processes that differ in the number of rows alone. Rows come from a generator and go to a file."""
    small, large = (int(subprocess.check_output([sys.executable, __file__, model, str(n)])) for n in (few, many))
    alone = int(subprocess.check_output([sys.executable, __file__, model, "0"]))
    return Figure(f"memory of explain_many, {many:,} rows over {few:,}, {what}", (large - small) / MB, "at most", 30,
                  " MB", f"{(small - alone) / MB:.0f} and {(large - alone) / MB:.0f} MB above the packages' own "
                  f"{alone / MB:.0f} MB")


def main() -> None:
    """Do the work of one process and print its peak; without rows, load what it takes."""
    import pandas  # noqa: F401
    import pyarrow.dataset
    import pyarrow.parquet  # noqa: F401

    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("rows", type=int)
    asked = parser.parse_args()
    model = {"linear": linear, "function": function}[asked.model]()
    if asked.rows:
        with tempfile.TemporaryDirectory() as folder:
            ll.explain_many(model, rows(asked.rows), out=f"{folder}/out.parquet", progress=False)
    print(own_peak())


def rows(n: int) -> Iterator[np.ndarray]:
    """So many rows, a few at a time."""
    rng = np.random.default_rng(0)
    for start in range(0, n, AT_ONCE):
        yield rng.normal(size=(min(AT_ONCE, n - start), 4))


def linear() -> object:
    """A linear model of four columns."""
    from sklearn.linear_model import LinearRegression

    X = next(rows(100))
    return ll.tabular_model(LinearRegression().fit(X, X @ [1.0, 2.0, 3.0, 4.0]), X)


def function() -> object:
    """A black box of four columns."""
    return ll.tabular_model(smooth, next(rows(2)))


def smooth(table: np.ndarray) -> np.ndarray:
    """What the black box says."""
    return np.tanh(table[:, 0] * table[:, 1]) + table[:, 2] - table[:, 3] ** 2


class Clocked:
    """The work, with the processor time of each chunk and the process that spent it."""

    def __init__(self, work: TableWork):
        self._work, self.module = work, work.module
        self.chunk_rows, self.block_rows = work.chunk_rows, work.block_rows
        self.settings, self.outputs = work.settings, work.outputs

    def __call__(self, chunk: Chunk) -> Part:
        """Explain the rows of a chunk."""
        found: list[Part] = []
        seconds = cpu_seconds(lambda: found.append(self._work(chunk)))
        found[0].records.attrs = {"process": os.getpid(), "seconds": seconds}
        return found[0]


def two_workers(n_rows: int) -> Figure:
    """T1 / (2 T2) by processor time: a machine that others use too says nothing of real time.

    T1 is what the chunks take here. With two workers it takes as long as the
    busier of them does, or half of all that is spent, by this process too.
    """
    import ray

    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_rows, 12))
    weights = rng.normal(size=(12, 64)), rng.normal(size=64)
    work = Clocked(TableWork(ll.tabular_model(lambda table: np.tanh(table @ weights[0]) @ weights[1], X[:100]), X[:256],
                             method="shapley", n_samples=256, output="probability", groups=None, seed=0,
                             std_error=True))
    chunks = list(Pieces([X], n_rows).chunks(3 * work.block_rows))
    here = sum(work(chunk).records.attrs["seconds"] for chunk in chunks)
    os.environ.update(RAY_USAGE_STATS_ENABLED="0", RAY_AUTH_MODE="disabled",
                      PYTHONPATH=os.pathsep.join([str(QUICK), os.environ.get("PYTHONPATH", "")]))
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        spent, seconds = spread(work, chunks)
    finally:
        ray.shutdown()
    there = max(max(spent.values()), sum(spent.values()) / 2)
    workers = sorted((value for process, value in spent.items() if process != os.getpid()), reverse=True)
    return Figure(f"{len(chunks)} chunks on two workers: T1 / (2 T2), processor time", here / (2 * there), "at least",
                  .85, "", f"T1 {here:.1f} s; workers {' and '.join(f'{value:.1f}' for value in workers)} s, this "
                  f"process {spent[os.getpid()]:.1f} s; {seconds:.1f} s by the clock from the first chunk on")


def spread(work: Clocked, chunks: list[Chunk]) -> tuple[Counter[int], float]:
    """Processor time by process, and real time from the first answer on: before it workers load their packages."""
    spent: Counter[int] = Counter()
    done, begun, first = on_ray(work, chunks), time.process_time(), 0.0
    for _, part in done:
        first = first or time.perf_counter()
        spent[part.records.attrs["process"]] += part.records.attrs["seconds"]
    spent[os.getpid()] += time.process_time() - begun
    return spent, time.perf_counter() - first


if __name__ == "__main__":
    main()
