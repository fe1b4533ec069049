"""Write lime.json: neighborhoods and what LIME reads from them, for Python and JavaScript alike.

Run `python tests/golden/make.py` only when the mathematics is meant to change.
"""

from __future__ import annotations

import base64
import itertools
import json
from pathlib import Path

import numpy as np

from limelight.estimators.coalitions import coalitions
from limelight.estimators.lime import lime
from limelight.neighborhood import Neighborhood
from limelight.quality.intervals import critical
from limelight.quality.stability import settled

HERE = Path(__file__).parent
CASES = [("uniform", 6, 64), ("uniform", 14, 300), ("binomial", 20, 400), ("bins", 8, 200), ("uniform", 1, 2),
         ("binomial", 70, 600), ("uniform", 90, 700)]
WIDTHS = (0.08, 0.25, 1.0)


def neighborhood(law: str, d: int, n: int) -> Neighborhood:
    """Ask a smooth game with two outputs."""
    rng = np.random.default_rng(d)
    weights = rng.normal(size=(d, 2))
    if law == "bins":
        rows = np.vstack([np.ones(d, bool), rng.random((n - 1, d)) < 0.4])
    else:
        rows = np.array(list(itertools.islice(coalitions(d, law, seed=7), n)))
    made = Neighborhood(d, 2, law)
    made.append(rows, 1 / (1 + np.exp(-(rows @ weights) / np.sqrt(d) - rows[:, :1] * rows[:, -1:])))
    return Neighborhood.from_bytes(made.to_bytes())


def readings(rows: Neighborhood) -> list[dict]:
    """Read prefixes at several widths."""
    prefixes = sorted({len(rows), max(2 * rows.n_features, len(rows) // 2)})
    scale = np.sqrt(rows.n_features) * 3 if rows.law == "bins" else 1
    found = []
    for n, width, target in itertools.product(prefixes, WIDTHS, (0, 1)):
        e = lime(rows.first(n), kernel_width=width * scale)
        known = np.isfinite(e.std_error[:, target]).all()
        found.append({"n": n, "width": width * scale, "target": target,
                      "values": e.values[:, target].tolist(), "intercept": e.params["intercept"][target],
                      "effectiveSamples": e.effective_samples, "dof": e.dof,
                      "stdError": e.std_error[:, target].tolist() if known else None,
                      "fidelity": None if np.isnan(e.fidelity[target]) else e.fidelity[target],
                      "settled": settled(e.values[:, target], e.std_error[:, target])})
    return found


def golden() -> dict:
    """All that lime.json holds."""
    made = [neighborhood(*case) for case in CASES]
    return {"neighborhoods": [{"bytes": base64.b64encode(rows.to_bytes()).decode(), "readings": readings(rows)}
                              for rows in made],
            "critical": [{"dof": dof, "level": 0.95, "value": critical(dof)} for dof in (9, 12, 30, 200, 10_000)]}


if __name__ == "__main__":
    (HERE / "lime.json").write_text(json.dumps(golden(), indent=None) + "\n")
