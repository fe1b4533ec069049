"""What crosses to the browser: see CONTRIBUTING.md."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from limelight.types import Array, Estimate, Run
from limelight.widgets.messages import told

MOST_LINKS = 10
NEGLIGIBLE = 1e-6
"""Of the strongest: weaker interactions are rounding."""


def outputs(run: Run) -> dict[str, Any]:
    """Names, prediction and space of the outputs."""
    question, prediction = run.question, run.prediction
    known = [None if math.isnan(each) else each for each in prediction.tolist()]
    return {"names": list(question.output_names), "prediction": known,
            "space": question.output_space, "predicted": int(np.argmax(prediction))}


def status(run: Run, generation: int, target: int, refusal: str = "") -> dict[str, Any]:
    """How far the run is; `target` is null where the run answers for all outputs at once."""
    return {"state": run.state, "generation": generation, "method": run.method,
            "target": None if run.neighborhood is not None else target, "n": run.n, "limit": run.limit,
            "least": run.least, "exact": run.exact, "closed": bool(run.no_model),
            "rate": run.n / run.seconds if run.seconds else 0.0, "seconds": run.seconds,
            "message": told(run.error or refusal or run.warning)}


def estimate(method: str, kernel_width: float | None, n: int, found: Estimate,
             target: int | None = None) -> dict[str, Any]:
    """What a method says after `n` evaluations, of all outputs or of one."""
    pixels, scale = quantised(found.pixels)
    gap = found.params.get("relative_gap")
    return {"method": method, "kernel_width": kernel_width if method == "lime" else None, "n": n, "target": target,
            "dof": min(found.dof, 1e9), "exact": found.exact, "route": found.params.get("route", ""),
            "warning": found.params.get("warning", ""), "scale": scale,
            "relative_gap": None if gap is None else float(gap), "signed": bool(found.params.get("signed", True)),
            "values": found.values.astype("<f4").tobytes(), "std_error": found.std_error.astype("<f4").tobytes(),
            "pixels": pixels, "fidelity": [None if math.isnan(f) else float(f) for f in found.fidelity],
            "effective_samples": float(found.effective_samples)}


def quantised(pixels: Array | None) -> tuple[bytes | None, float | None]:
    """Attributions of pixels as int8, row by row, and what 127 of these stands for."""
    if pixels is None:
        return None, None
    scale = float(np.abs(pixels).max()) or 1.0
    return np.round(pixels * (127 / scale)).astype("i1").tobytes(), scale


def shared_name(run: Run) -> str:
    """The name of a run: methods that read the neighborhood share one."""
    return run.method if run.neighborhood is None else "neighborhood"


def linked(run: Run, *, now: bool = False) -> dict[str, Any]:
    """What every two features do together, `links`, and the name of the run that was asked for it, `linked`."""
    begun = run.others.begun
    asked = next((each for each in begun if getattr(each, "params", {}).get("order") == 2), begun[0])
    return {"links": links(asked, now=now), "linked": shared_name(asked)}


def links(run: Run, *, now: bool = False) -> list[list[list[float]]] | None:
    """For each output the strongest interactions, [feature, feature, value, standard error].

    None while the run goes on, unless they are wanted `now`: they take long to compute.
    """
    found = run.links() if now or run.state != "running" else None
    if found is None or not np.isfinite(found.std_error).all():
        return None
    first, second = np.triu_indices(len(found.values), 1)
    values, errors = found.values[first, second], found.std_error[first, second]
    strongest = np.argsort(-np.abs(values), axis=0, kind="stable")[:MOST_LINKS]
    telling = np.abs(values) > NEGLIGIBLE * np.abs(values).max(0)
    return [[[int(first[i]), int(second[i]), float(values[i, k]), float(errors[i, k])]
             for i in strongest[:, k] if telling[i, k]] for k in range(values.shape[1])]
