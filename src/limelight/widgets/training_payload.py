"""What a tracker sends to its view: numbers as bytes, of so many records at most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.widgets import busy

if TYPE_CHECKING:
    from limelight.explanation import Explanation
    from limelight.training.drawn import Drawn

MOST_NOTES = 20


def about(drawn: Drawn) -> dict[str, Any]:
    """What never changes: the model, the method, and the output that is explained of each example."""
    from limelight.export.shown import method_label

    first = drawn.pinned[0]
    outputs = [_output(each, drawn.history.multi_label) for each in drawn.pinned]
    return {"model": str(first.subject.get("model", "")), "method": method_label(first.method), "outputs": outputs,
            "signed": first.params.get("signed") is not False, "closed": drawn.closed}


def _output(explained: Explanation, alone: bool) -> dict[str, Any]:
    """What is explained, among what it is predicted among; alone: of several labels, each a yes or no of its own."""
    names, target = list(explained.output_names), explained.target
    names, target = ([names[target]], 0) if alone else (names, target)
    return {"names": names, "space": explained.output_space, "target": target}


def status(drawn: Drawn) -> dict[str, Any]:
    """How far it is. A loop that has not begun, or was interrupted, waits for its next step."""
    state = drawn.state
    if state == "running":
        state = "stopped" if drawn.closed else "running" if drawn.goes_on and busy.running() else "waiting"
    overhead = None if np.isnan(drawn.overhead) else drawn.overhead
    return {"state": state, "overhead": overhead, "step": drawn.last, "n": len(drawn.history.found),
            "notes": list(drawn.notes)[-MOST_NOTES:]}


def metrics(drawn: Drawn) -> list[dict[str, Any]]:
    """Metrics, each over its own steps."""
    return [{"name": name, "steps": _steps(steps), "values": _floats(values)}
            for name, steps, values in drawn.metrics()]


def records(drawn: Drawn) -> dict[str, Any]:
    """What examples were explained by, and what is made of it, at so many steps."""
    flips, alarms = drawn.told()
    marked = [step for alarm in alarms for step in (alarm["from_step"], alarm["to_step"])]
    steps = drawn.steps([*marked, *(flip["step"] for flip in flips)])
    names, shares = drawn.evidence(steps, [alarm["feature"] for alarm in alarms])
    figures = drawn.figures(steps)
    found = [[drawn.history.found[step][i] for step in steps] for i in range(len(drawn.pinned))]
    targets = [each.target for each in drawn.pinned]
    return {"steps": _steps(steps), "flips": flips, "alarms": [_plain(alarm) for alarm in alarms],
            "evidence": {"names": names, "shares": _floats(shares)},
            "figures": [{"name": name, "values": _floats(each)}
                        for name, each in zip(figures.names, figures.values.T, strict=True)],
            "drift": {against: _drift(found) for against, found in drawn.drift(steps).items()},
            "values": [_floats(drawn.values(i, steps)) for i in range(len(found))],
            "predictions": [_floats([one.prediction[k] for one in each])
                            for each, k in zip(found, targets, strict=True)],
            "predicted": [drawn.predicted(i, steps).astype("<u2").tobytes() for i in range(len(found))]}


def size(sent: Any) -> int:
    """How many bytes of numbers there are."""
    if isinstance(sent, bytes):
        return len(sent)
    inside = sent.values() if isinstance(sent, dict) else sent if isinstance(sent, list) else ()
    return sum(map(size, inside))


def _drift(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By measure: values and floors over the steps, and whether each is more than noise."""
    return [{"measure": measure, "values": _floats([each[measure].value for each in found]),
             "floors": _floats([each[measure].floor for each in found]),
             "detectable": np.array([each[measure].detectable for each in found], "u1").tobytes()}
            for measure in (found[0] if found else ())]


def _plain(alarm: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in alarm.items()
            if name != "said"}


def _floats(values: Any) -> bytes:
    return np.asarray(values, "<f4").tobytes()


def _steps(steps: Any) -> bytes:
    """Steps as float64: whole numbers of any size that is counted."""
    return np.asarray(steps, "<f8").tobytes()
