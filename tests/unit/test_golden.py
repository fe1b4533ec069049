"""The golden vectors that Python and JavaScript both meet (tests/js/golden.test.js)."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from limelight.estimators import lime
from limelight.neighborhood import Neighborhood
from limelight.quality.intervals import critical
from limelight.quality.stability import settled

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "lime.json").read_text())


@pytest.mark.parametrize("case", range(len(GOLDEN["neighborhoods"])))
def test_lime_meets_the_golden_vectors(case):
    rows = Neighborhood.from_bytes(base64.b64decode(GOLDEN["neighborhoods"][case]["bytes"]))
    for expected in GOLDEN["neighborhoods"][case]["readings"]:
        found, k = lime(rows.first(expected["n"]), kernel_width=expected["width"]), expected["target"]
        assert found.values[:, k] == pytest.approx(expected["values"], abs=1e-9)
        assert found.params["intercept"][k] == pytest.approx(expected["intercept"], abs=1e-9)
        assert found.effective_samples == pytest.approx(expected["effectiveSamples"])
        error = found.std_error[:, k]
        assert error == pytest.approx(expected["stdError"], rel=1e-6) if expected["stdError"] else np.isinf(error).all()
        assert settled(found.values[:, k], error) == pytest.approx(expected["settled"], abs=1e-6)


@pytest.mark.parametrize("case", GOLDEN["critical"])
def test_critical_values_are_students(case):
    assert critical(case["dof"], case["level"]) == pytest.approx(case["value"])
