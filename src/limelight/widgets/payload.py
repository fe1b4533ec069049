"""What crosses to the browser: see CONTRIBUTING.md."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from limelight.neighborhood import least
from limelight.types import Estimate, Run

MOST_LINKS = 10
NEGLIGIBLE = 1e-6
"""Of the strongest: weaker interactions are rounding."""
LABELS = {"lime": "LIME", "shapley": "Shapley", "banzhaf": "Banzhaf", "occlusion": "Occlusion"}


def outputs(run: Run) -> dict[str, Any]:
    """Names, prediction and space of the outputs."""
    question, opening = run.question, run.neighborhood.outputs
    prediction = opening[0 if run.neighborhood.law == "bins" else 1]
    return {"names": list(question.output_names), "prediction": prediction.tolist(),
            "space": question.output_space, "predicted": int(np.argmax(prediction))}


def status(run: Run, generation: int) -> dict[str, Any]:
    """How far the run is."""
    n = len(run.neighborhood)
    return {"state": run.state, "generation": generation, "n": n, "limit": run.limit,
            "least": least(run.neighborhood.n_features), "exact": run.neighborhood.complete,
            "rate": n / run.seconds if run.seconds else 0.0, "seconds": run.seconds,
            "message": "" if run.error is None else str(run.error)}


def methods(run: Run) -> list[dict[str, Any]]:
    """Methods the reader can choose: all readings of the neighborhood it is."""
    bins = run.neighborhood.law == "bins"
    reason = "needs a neighborhood of its own: this one was drawn for lime(discretize='quartile')"
    return [{"name": name, "label": label, "available": name == "lime" or not bins,
             "reason": reason if bins and name != "lime" else ""} for name, label in LABELS.items()]


def estimate(method: str, kernel_width: float | None, n: int, found: Estimate) -> dict[str, Any]:
    """One reading of the first `n` rows."""
    return {"method": method, "kernel_width": kernel_width if method == "lime" else None, "n": n,
            "dof": min(found.dof, 1e9), "exact": found.exact, "route": found.params.get("route", ""),
            "values": found.values.astype("<f4").tobytes(), "std_error": found.std_error.astype("<f4").tobytes(),
            "fidelity": [None if math.isnan(f) else float(f) for f in found.fidelity],
            "effective_samples": float(found.effective_samples)}


def links(run: Run) -> list[list[list[float]]] | None:
    """For each output the strongest interactions, [feature, feature, value, standard error].

    None while the run goes on: they take long to compute.
    """
    found = run.links() if run.state != "running" else None
    if found is None or not np.isfinite(found.std_error).all():
        return None
    first, second = np.triu_indices(len(found.values), 1)
    values, errors = found.values[first, second], found.std_error[first, second]
    strongest = np.argsort(-np.abs(values), axis=0, kind="stable")[:MOST_LINKS]
    telling = np.abs(values) > NEGLIGIBLE * np.abs(values).max(0)
    return [[[int(first[i]), int(second[i]), float(values[i, k]), float(errors[i, k])]
             for i in strongest[:, k] if telling[i, k]] for k in range(values.shape[1])]
