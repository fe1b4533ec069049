"""An overview as a document: everything but its model, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.export._overview_checks import check
from limelight.export.overview_columns import columns_of, rows_of

if TYPE_CHECKING:
    from limelight.dataset.result import Overview

ALIKE = ("kind", "model", "n_rows", "rows", "all_values", "all_base_values", "all_predictions", "codes",
         "output_space", "target", "method", "params", "n_evals", "exact", "outcome", "target_name", "subject")
"""Fields that are written under their own names, as they are."""
NAMES = ("feature_names", "kinds", "output_names", "remarks")
"""Those that are tuples of texts."""
FIRST = ("kind", "method", "output_space", "output_names", "target", "feature_names", "n_rows", "importance")
"""What a reader looks for stands first."""


def fields_of(overview: Overview) -> dict[str, Any]:
    """Everything of an overview but its model, not yet in the types of JSON."""
    found = {name: getattr(overview, name) for name in ALIKE} | {
        name: list(getattr(overview, name)) for name in NAMES}
    errors = overview.all_std_error
    found |= {"all_std_error": np.ascontiguousarray(errors) if errors.any() else None,
              "data": columns_of(overview.data), "background": _optional(columns_of, overview.background),
              "labels": _optional(list, overview.labels),
              "categories": [None if known is None else list(known) for known in overview.categories],
              "importance": overview.importance["feature"].tolist(), "params": dict(overview.params),
              "corpus": None if overview.corpus is None else _parts(overview.corpus), **_known(overview)}
    check(found)
    return found


def overview_of(found: Mapping[str, Any]) -> Overview:
    """Make the overview of a document's fields.

    Raises
    ------
    Wrong
        If a field is not what it should be.
    """
    from limelight.dataset.corpus import Corpus
    from limelight.dataset.result import Overview

    if found["version"] == 1:
        found = {**found, "background": None, "labels": None}
    check(found)
    parts = {name: found[name] for name in ALIKE} | {name: tuple(found[name]) for name in NAMES}
    errors = found["all_std_error"]
    if errors is None:
        errors = np.broadcast_to(0.0, found["all_values"].shape)
    for each in (*parts.values(), errors):
        if isinstance(each, np.ndarray) and each.flags.writeable:
            each.flags.writeable = False
    places = found["corpus"]
    corpus = None if places is None else Corpus(**{**places, "words": tuple(places["words"])})
    return Overview(**{**parts, "params": MappingProxyType(parts["params"])}, all_std_error=errors,
                    data=rows_of(found["data"]), corpus=corpus, background=_optional(rows_of, found["background"]),
                    labels=_optional(tuple, found["labels"]),
                    categories=tuple(None if known is None else tuple(known) for known in found["categories"]),
                    _known=_remembered(found))


def _optional(read: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else read(value)


def _parts(shown: Any) -> dict[str, Any]:
    """The fields of a frozen dataclass, tuples as lists."""
    found = {each.name: getattr(shown, each.name) for each in fields(shown)}
    return {name: list(each) if isinstance(each, tuple) else each for name, each in found.items()}


def _known(overview: Overview) -> dict[str, Any]:
    """What was computed, of all outputs that were looked at."""
    known: dict[str, list[Any]] = {"measures": [], "dependences": [], "pairs": []}
    for (what, _, target), found in overview._known.items():
        if what == "pairs":
            known["pairs"].append({"target": target, **{name: found[name].tolist() for name in ("first", "second")},
                                   **{name: found[name].to_numpy(float) for name in PAIRS}})
        else:
            part = _parts(found)
            if what == "measure":
                part["groups"] = [list(group) for group in found.groups]
            known[f"{what}s"].append({"target": target, **part})
    return known


PAIRS = ("value", "low", "high", "h2")


def _remembered(found: Mapping[str, Any]) -> dict[tuple[str, Any, int], Any]:
    import pandas

    from limelight.dataset.dependence import Dependence
    from limelight.dataset.measure import Measure

    known: dict[tuple[str, Any, int], Any] = {}
    for part in found["measures"]:
        rest = {name: each for name, each in part.items() if name != "target"}
        groups = tuple(tuple(group) for group in rest["groups"])
        known["measure", rest["name"], part["target"]] = Measure(**{**rest, "notes": tuple(rest["notes"]),
                                                                   "groups": groups})
    for part in found["dependences"]:
        rest = {name: each for name, each in part.items() if name != "target"}
        names = rest["categories"]
        known["dependence", rest["feature"], part["target"]] = Dependence(
            **{**rest, "categories": None if names is None else tuple(names)})
    for part in found["pairs"]:
        known["pairs", "interaction", part["target"]] = pandas.DataFrame(
            {name: part[name] for name in ("first", "second", *PAIRS)})
    return known
