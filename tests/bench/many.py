"""explain_many: how much memory it takes, and what a second worker brings."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from memory import MB, own_peak
from timing import Figure, cpu_seconds

import limelight as ll
from limelight.bulk.chunks import Chunk, Pieces
from limelight.bulk.ray import on_ray
from limelight.bulk.tables import TableWork
from limelight.bulk.work import Part

AT_ONCE = 5_000
QUICK = Path(__file__).parents[1] / "unit" / "bulk" / "quick"


def figures(quick: bool) -> list[Figure]:
    """Memory in processes of their own, and a cluster of two workers."""
    return [flat("linear", "closed form", 10_000, 100_000 if quick else 1_000_000),
            flat("function", "a function, 16 coalitions", 1_000, 10_000 if quick else 100_000),
            two_workers(400 if quick else 2_000)]


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
        self.chunk_rows, self.settings, self.outputs = work.chunk_rows, work.settings, work.outputs

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
    chunks = list(Pieces([X], n_rows).chunks(20))
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
