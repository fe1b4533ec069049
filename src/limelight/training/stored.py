"""A training as entries of a log and back: a header, metrics of a step, what examples were explained by at a step.

Between them is which process began to write, and how it ended (`endings.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.training import endings
from limelight.training.history import History
from limelight.training.pinned import Estimated

VERSION = 3
"""The first one had no beginnings and ends, the second no examples that were not explained."""
MOST_EXAMPLES = 1000
"""More would be no view but a flood: js/lib/damaged_training.js has it, too."""
MOST_STEP = 2**53
"""Steps are counted exactly below it, in a browser too."""


def header(identity: Mapping[str, Any], history: History) -> dict[str, Any]:
    """What a log begins with: what was tracked, and how; each example as its file would hold it."""
    from limelight.export.documents import document

    return {"kind": "header", "version": VERSION, **identity, "validation": history.validation,
            "lower_is_better": history.lower_is_better, "multi_label": history.multi_label,
            "pinned": [document(each) for each in history.pinned]}


def of_row(step: int, metrics: Mapping[str, float]) -> dict[str, Any]:
    """Metrics as an entry."""
    from limelight.export.plain import plain

    return {"kind": "row", "step": step, "metrics": plain(dict(metrics), "metrics")}


def taken_up(step: int) -> dict[str, Any]:
    """That training was taken up at a step again, as an entry: it and later ones are forgotten."""
    return {"kind": "taken up", "step": step}


def of_found(step: int, found: Sequence[Estimated]) -> dict[str, Any]:
    """Estimates as an entry."""
    from limelight.export.plain import plain

    return {"kind": "found", "step": step, "examples": [
        {each.name: plain(getattr(one, each.name), each.name) for each in fields(Estimated)} for one in found]}


def identity_of(method: str, seed: int, output: str, options: Mapping[str, Any],
                pinned: Sequence[Explanation]) -> dict[str, Any]:
    """What has to be the same where a log goes on."""
    from limelight.export._leaves import digest
    from limelight.export.plain import plain
    from limelight.question import to_keep

    told = [digest({"subject": plain({**to_keep(each.subject), "model": "", "notes": []}, "subject"),
                    "outputs": list(each.output_names), "target": each.target}) for each in pinned]
    return {"method": method, "seed": seed, "output": output, "options": repr(dict(sorted(options.items()))),
            "examples": told}


def check_same(there: Mapping[str, Any], now: Mapping[str, Any], name: str) -> None:
    """Raise InputError where a log is of another tracker."""
    apart = [f"{key}={there.get(key)!r:.60} there, {now[key]!r:.60} here" for key in now
             if key != "examples" and there.get(key) != now[key]]
    if there.get("examples") != now["examples"]:
        apart.append("other examples, outputs or targets")
    if apart:
        raise InputError(f"{name} is the log of another tracker: {'; '.join(apart)}. Give the same, or another "
                         "log=, or delete it to begin anew")


def replay(entries: Sequence[Mapping[str, Any]], history: History, rewind: bool = True) -> None:
    """Tell a history what entries say.

    Parameters
    ----------
    rewind : bool
        Whether a step before the last means that training was taken up there again. Else steps have to ascend.

    Raises
    ------
    Wrong
        If an entry is not what it should be.
    """
    from limelight.export._fields import Wrong
    from limelight.export.plain import value_of

    for entry in entries:
        found = value_of(entry)
        _check(found, history.pinned)
        if found["kind"] in ("begun", "ended"):
            continue
        step = found["step"]
        if rewind:
            _rewind(history, step, found["kind"])
        elif step <= next(reversed(history.rows if found["kind"] == "row" else history.found), -1):
            raise Wrong(f"its steps should ascend, and {step:,} does not")
        if found["kind"] == "row":
            history.add_row(step, found["metrics"])
        elif found["kind"] == "found":
            history.add_found(step, [Estimated(**each) for each in found["examples"]])


def _rewind(history: History, step: int, kind: str) -> None:
    last = history.last
    if last is not None and (step < last or (step == last and kind == "taken up")):
        history.rewind(step)


def check_header(entry: Mapping[str, Any]) -> None:
    """Raise `Wrong` unless a log begins as one of a version that is known."""
    from limelight.export._fields import Wrong, fields, optional, text

    if entry.get("kind") != "header" or entry.get("version") not in range(1, VERSION + 1):
        raise Wrong(f"it should begin with a header of a version up to {VERSION}")
    fields(entry, {"validation": optional(text)}, "header")


def history_of(found: Mapping[str, Any]) -> History:
    """Make the history that a header or a document begins with, without records."""
    # Older ones don't say whether they are of several labels, nor which way a metric goes.
    lower = found.get("lower_is_better")
    return History(tuple(pinned_of(found)), validation=found.get("validation"),
                   lower_is_better=lower if isinstance(lower, bool) else None,
                   multi_label=found.get("multi_label") is True)


def pinned_of(found: Mapping[str, Any]) -> list[Explanation]:
    """The examples of a header or a document.

    Raises
    ------
    Wrong, Unreadable
        If they are not what they should be.
    """
    from limelight.export._fields import Wrong, listed
    from limelight.export.documents import known, made_of

    listed(found.get("pinned"), "pinned")
    for each in found["pinned"]:
        known(each)
    explained = [made_of(each) for each in found["pinned"]]
    if any(type(each) is not Explanation or not each.subject for each in explained) or not (
            0 < len(explained) <= MOST_EXAMPLES):
        raise Wrong(f"its examples should be explanations, 1 to {MOST_EXAMPLES:,}")
    return explained


def _check(entry: Mapping[str, Any], pinned: Sequence[Explanation]) -> None:
    from limelight.export._fields import Wrong, fields, mapping, one_of, real, whole

    fields(entry, {"kind": one_of("row", "found", "taken up", "begun", "ended")}, "")
    if entry["kind"] in ("begun", "ended"):
        return endings.check(entry)
    fields(entry, {"step": whole}, "")
    if entry["step"] >= MOST_STEP:
        raise Wrong(f"its steps should be below {MOST_STEP:,}")
    if entry["kind"] == "taken up":
        return
    if entry["kind"] == "row":
        mapping(entry.get("metrics"), "metrics")
        for name, value in entry["metrics"].items():
            real(value, f"metrics.{name}")
        return
    examples = entry.get("examples")
    if not isinstance(examples, list) or len(examples) != len(pinned):
        raise Wrong(f"a record should be of the {len(pinned)} examples")
    for each, of in zip(examples, pinned, strict=True):
        _check_estimated(each, len(of.feature_names), len(of.output_names))


def _check_estimated(found: Any, n: int, k: int) -> None:
    from limelight.export._fields import Wrong, fields, numbers, real

    shapes = {"values": numbers(n), "std_error": numbers(n), "other": numbers(n), "base_values": numbers(k),
              "prediction": numbers(k), "fidelity": real, "lost": real}
    fields(found, shapes, "example")
    known = [np.isfinite(found[name]) for name in ("values", "other", "base_values", "prediction")]
    missing = all(np.isnan(found[name]).all() for name in shapes)
    if set(found) != set(shapes) or not (missing or all(map(np.all, known))) or (found["std_error"] < 0).any():
        raise Wrong("an example should hold finite values and predictions, or NaN alone where it was not explained, "
                    "errors from 0, and nothing else")
