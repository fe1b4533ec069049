"""A move of the kernel width, computed where it is: in JavaScript."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from timing import Figure

SCRIPT = Path(__file__).parents[1] / "js" / "bench.mjs"
PRINTED = r"^(\d+) coalitions of (\d+) features$(?:.|\n)*?another kernel width: ([\d.]+) ms"
TARGETS = {(5_000, 50): 4, (20_000, 200): 16}


def figures(quick: bool) -> list[Figure]:
    """Read what tests/js/bench.mjs prints: medians over twenty widths."""
    printed = subprocess.check_output(["node", str(SCRIPT)], text=True)
    found = re.findall(PRINTED, printed, re.M)
    times = {(int(n), int(d)): float(time) for n, d, time in found}
    return [Figure(f"kernel width moved, {n:,} evaluations of {d} features: refit", times[n, d],
                   "at most", target, " ms") for (n, d), target in TARGETS.items()]
