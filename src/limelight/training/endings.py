"""How a training in a log ended: by what the log says, or else by whether the process that wrote it is there."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from limelight.training.known import State

ENDED = ("done", "stopped", "failed")
APART = 60.0
"""Seconds: a process with the same number that began so much later is another one. Clocks are set now and then."""


def begun() -> dict[str, Any]:
    """What a log says of the process that begins to write it."""
    return {"kind": "begun", "host": platform.node(), "pid": os.getpid(), "began": _began(os.getpid())}


def ended(state: State, overhead: float, notes: Sequence[str]) -> dict[str, Any]:
    """What a log says of an end."""
    return {"kind": "ended", "state": state, "overhead": overhead, "notes": list(notes)}


def end_of(entries: Sequence[Mapping[str, Any]]) -> tuple[State, float, list[str]]:
    """State, overhead and notes of the training in a log, all of whose entries were checked.

    Without an end it was "stopped" where its process is gone, and has "not
    ended" where that is there, or can't be known: on another machine, and
    where psutil is missing. What it cost is not known then: NaN.
    """
    last = entries[-1]
    if last["kind"] == "ended":
        return last["state"], last["overhead"], last["notes"]
    by = next((entry for entry in reversed(entries) if entry["kind"] == "begun"), None)
    return "stopped" if by is not None and _is_gone(by) else "not ended", math.nan, []


def check(entry: Mapping[str, Any]) -> None:
    """Raise `Wrong` unless a beginning or an end is as it should be."""
    from limelight.export._fields import fields, number, one_of, optional, share, text, texts, whole

    if entry["kind"] == "begun":
        fields(entry, {"host": text, "pid": whole, "began": optional(number)}, "begun")
    else:
        fields(entry, {"state": one_of(*ENDED), "overhead": share, "notes": texts}, "ended")


def _is_gone(by: Mapping[str, Any]) -> bool:
    """Whether the process that began to write is surely there no more."""
    if by["host"] != platform.node() or by["began"] is None or _began(os.getpid()) is None:
        return False
    began = _began(by["pid"])
    return began is None or abs(began - by["began"]) > APART


def _began(pid: int) -> float | None:
    """When a process began, in seconds since 1970; None where there is none, or psutil (Jupyter has it) is missing."""
    try:
        import psutil
    except ImportError:
        return None
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return None
