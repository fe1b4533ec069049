"""The peers' answers: asked once, in their own environment, and kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from games import KEPT

HERE = Path(__file__).parent
FILE = KEPT.parent / "figures" / "peers.jsonl"
PYTHON = Path(os.environ.get("PEERS", KEPT.parent / "peers" / "bin" / "python"))

PEERS = ("shap Kernel", "shap permutation", "LeverageSHAP", "paired Kernel", "OddSHAP", "PolySHAP")


class Task(NamedTuple):
    """One question to a peer."""

    peer: str
    game: str
    m: int
    seed: int


class Answer(NamedTuple):
    """What came back: relative squared error, evaluations spent, seconds of processor time."""

    error: float
    asked: int
    seconds: float


def answers(tasks: Collection[Task]) -> dict[Task, Answer]:
    """Answers to these tasks, from the file or from the peers."""
    known = _known()
    missing = [task for task in tasks if task not in known]
    if missing:
        _ask(missing)
        known = _known()
    return {task: known[task] for task in tasks}


def _known() -> dict[Task, Answer]:
    lines = FILE.read_text().splitlines() if FILE.exists() else []
    whole = [json.loads(line) for line in lines if line.endswith("]]")]  # an interrupted run may leave a part
    return {Task(*task): Answer(*answer) for task, answer in whole}


def _ask(tasks: list[Task]) -> None:
    """Append the peers' lines to the file."""
    if not PYTHON.exists():
        sys.exit(f"{PYTHON} is not there: `make figures` installs the peers there, with a Python 3.12")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with FILE.open("a") as file:
        subprocess.run([PYTHON, HERE / "peers.py", KEPT], input=json.dumps(tasks), stdout=file, text=True, check=True)
