"""A row of an overview that came from a file, explained by a model that is given again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight import api
from limelight.errors import InputError
from limelight.models.tabular import TabularModel
from limelight.types import Output

if TYPE_CHECKING:
    from limelight.dataset.result import Overview
    from limelight.explanation import Explanation

SAME = 1e-3
"""Of the largest prediction: by how much a model may differ from the one that was explained."""


def row_again(overview: Overview, row: int, model: Any, options: Mapping[str, Any]) -> Explanation:
    """Explain a row of an overview that came from a file, by a model that is given again.

    Raises
    ------
    InputError
        If the row is not in the file, or the model says something else of it.
    """
    i = overview.place_of(row)
    if i is None:
        raise InputError(f"row {row} was not explained, and a file holds only rows that were: .rows has their numbers")
    model = _wrapped(model, overview)
    x = overview.data.iloc[[i]] if hasattr(overview.data, "iloc") else overview.data[i]
    output: Output = "probability" if overview.output_space in ("probability", "value", "margin") else "logit"
    kept = {name: value for name, value in overview.params.items() if name in ("seed", "groups")}
    own = {name: value for name, value in overview.params.items() if name not in kept}
    name = overview.output_names[overview.target]
    target = overview.target if overview.kind == "table" else name  # of texts and images some outputs are kept
    given = {"method": overview.method, "target": target, "output": output, **kept,
             **(own if options.get("method", overview.method) == overview.method else {}), **options}
    explanation = api.explain(model, x, **given)
    place = explanation.target if "target" not in options else None
    if name in explanation.output_names:
        place = explanation.output_names.index(name)
    if place is not None and explanation.output_space == overview.output_space:
        came = explanation.prediction[place]
        expected = overview.all_predictions[i, overview.target]
        if not abs(came - expected) <= SAME * max(np.abs(overview.prediction).max(), 1e-12):
            raise InputError(f"model= does not answer as the model that was explained: {expected:.4g} was expected of "
                             f"row {row} and {came:.4g} came. Give that model, or call ll.overview again")
    return explanation


def _wrapped(model: Any, overview: Overview) -> Any:
    """A table's model as it came, with the background of the overview; others as they are."""
    if overview.kind != "table" or overview.background is None or getattr(model, "kind", None) is not None:
        return model
    listed = [name for name, kind in zip(overview.feature_names, overview.kinds, strict=True) if kind == "category"]
    wrapped = TabularModel(model, overview.background, categorical=listed)
    if wrapped.output_names is None:
        wrapped = TabularModel(model, overview.background, categorical=listed, output_names=overview.output_names)
    return wrapped
