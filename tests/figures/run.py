"""Print the tables of accuracy, time and coverage, and write them to RESULTS.md: all, or those that are named.

`python tests/figures/run.py [--quick] [accuracy seconds leverage wide intervals choices shortcut]`; a quick run writes
nothing.
"""

from __future__ import annotations

import importlib
import os
import platform
import re
import sys
import time
import warnings
from pathlib import Path

# Before anything imports torch.
os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "notebooks")]

PARTS = ("accuracy", "seconds", "leverage", "wide", "intervals", "choices", "shortcut")
RESULTS = HERE / "RESULTS.md"
HEAD = """# Accuracy and coverage

Printed by `make figures` (tests/figures). Half of the games, "tune", were looked at while the estimators were made;
the other half, "held", was not. Of tables every other pair of data set and model is held, of texts and photos every
other one. Peers: {peers}. Python {python}, one thread.
"""


def main(arguments: list[str]) -> None:
    """Run the parts that are named, or all, and write down what they printed."""
    warnings.simplefilter("ignore")
    quick = "--quick" in arguments
    named = [name for name in arguments if name != "--quick"]
    found = []
    for part in named or PARTS:
        start = time.monotonic()
        found.append(importlib.import_module(part).report(quick))
        print(found[-1], f"({part}: {time.monotonic() - start:.0f} s)", sep="\n\n", flush=True)
    if not quick:
        before = RESULTS.read_text() if named else head()
        RESULTS.write_text(renewed(before, found))


def renewed(document: str, parts: list[str]) -> str:
    """Put these sections in place of those of the same title, or at the end."""
    sections = {section.splitlines()[0]: section for section in re.split(r"^(?=## )", document, flags=re.MULTILINE)}
    sections.update({part.splitlines()[0]: part for part in parts})
    return "\n\n".join(section.strip() for section in sections.values()) + "\n"


def head() -> str:
    """What was run, and with which peers."""
    lines = (HERE / "requirements.txt").read_text().split()
    peers = ", ".join(line.replace("==", " ") for line in lines if line.startswith(("shap==", "shapiq==")))
    return HEAD.format(peers=peers, python=platform.python_version())


if __name__ == "__main__":
    main(sys.argv[1:])
