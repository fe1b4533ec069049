"""Measure every figure, print the table, and write it to RESULTS.md.

`python tests/bench/run.py [--quick] [text image table trees bulk many gradients sizes memory kernel_width tracked
browser gpu]`
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import time
from pathlib import Path

# Before anything imports torch. With more threads than idle cores a forward pass can take forty times as long.
os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
HERE = Path(__file__).parent
PATHS = [str(HERE), str(HERE.parents[1] / "notebooks")]
sys.path[:0] = PATHS
os.environ["PYTHONPATH"] = os.pathsep.join(PATHS)

import torch  # noqa: E402
from timing import Figure  # noqa: E402

PARTS = ("text", "image", "table", "trees", "bulk", "many", "gradients", "sizes", "memory", "kernel_width", "tracked",
         "browser", "gpu")
HEAD = ["figure", "measured", "target", "met", "made of"]


def main(arguments: list[str]) -> None:
    """Run the parts that are named, or all; only a whole run is written down."""
    torch.set_num_threads(1)
    quick = "--quick" in arguments
    named = [name for name in arguments if name != "--quick"]
    found: list[Figure] = []
    for part in named or PARTS:
        start = time.monotonic()
        figures = importlib.import_module(part).figures(quick)
        print(table(figures), f"({part}: {time.monotonic() - start:.0f} s)", sep="\n", flush=True)
        found += figures
    if not named and not quick:
        (HERE / "RESULTS.md").write_text(report(found))


def table(figures: list[Figure]) -> str:
    """Markdown: a row a figure."""
    rows = [HEAD, ["---"] * len(HEAD), *(figure.cells() for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def report(figures: list[Figure]) -> str:
    """What is written down: where it was measured, and how."""
    met = sum(figure.met for figure in figures)
    return (f"# Figures\n\nPrinted by `make bench`: {met} of {len(figures)} met. "
            f"Python {platform.python_version()}, torch {torch.__version__}, {platform.machine()}, one thread. "
            "Ratios are medians of interleaved runs in processor time; in the browser, in real time.\n\n"
            f"{table(figures)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
