"""The view of explanations side by side: js/views/compare.js."""

from __future__ import annotations

import math
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import traitlets

from limelight.preferences import options
from limelight.widgets.messages import Widget
from limelight.widgets.payload import quantised
from limelight.widgets.view import STATIC

if TYPE_CHECKING:
    from limelight.comparison import Comparison


class CompareView(Widget):
    """A comparison, drawn. It asks nothing: all that it shows is in its traits.

    Parameters
    ----------
    comparison : Comparison
    """

    _esm = STATIC / "compare.js"
    subjects: Any = traitlets.List().tag(sync=True)  # [subject]: what is drawn, each once (CONTRIBUTING.md)
    # [{name, said, warning, subject: index, keys: [index], signed, own, scale, values: bytes, margins: bytes, pixels:
    # bytes | null, marks: [[feature, mark]]}]; `keys` tells which feature of one column is which of another; `signed`:
    # values say for or against; `own`: the scale is only this column's; `values` and `margins` are float32, one number
    # a feature; not finite: not known. `pixels`: of a picture int8, row by row, 127 the strongest. `marks`: a reader's.
    columns: Any = traitlets.List().tag(sync=True)
    # {space, one_output, shared, features: [name, most important first], pairs: [{first, second, common, of, few, top,
    # shared, rank: number | None, disagree: [key]}]}; `one_output`, `shared`: whether all show one output, on one
    # scale; `few`: too few are common to speak of an order.
    agreement = traitlets.Dict().tag(sync=True)
    look = traitlets.Dict().tag(sync=True)  # {language, theme}, as ll.options said; never changes
    fallback = traitlets.Unicode().tag(sync=True)  # name of the picture that stands where it can't run; never changes

    def __init__(self, comparison: Comparison):
        subjects = _once([each.subject for each in comparison.explanations])
        super().__init__(subjects=[dict(subject) for subject in subjects], columns=_columns(comparison, subjects),
                         agreement=_agreement(comparison), look=options.look, fallback=token_hex(8))


def _once(subjects: list[Any]) -> list[Any]:
    """Each different subject once: a picture is large."""
    found: list[Any] = []
    for subject in subjects:
        if subject not in found:
            found.append(subject)
    return found


def _columns(comparison: Comparison, subjects: list[Any]) -> list[dict[str, Any]]:
    places = {key: i for i, key in enumerate(comparison.keys)}
    return [{"name": column.name, "said": _said(each), "warning": each.params.get("warning", ""),
             "subject": subjects.index(each.subject), "keys": [places[key] for key in column.keys], "scale": scale,
             "signed": column.signed, "own": own, "pixels": _pixels(each), "marks": each.feedback.pairs,
             "values": column.values.astype("<f4").tobytes(), "margins": column.margins.astype("<f4").tobytes()}
            for column, each, scale, own in zip(comparison.columns, comparison.explanations, comparison.scales,
                                                comparison.own_scale, strict=True)]


def _pixels(explanation: Any) -> bytes | None:
    """Those of a picture, where they are as many as it has."""
    pixels, subject = explanation.pixels, explanation.subject
    fits = pixels is not None and pixels.shape == (subject.get("height"), subject.get("width"))
    return quantised(pixels)[0] if fits else None


def _said(explanation: Any) -> list[Any]:
    """The output and what the model says of it, or None."""
    prediction = float(explanation.prediction[explanation.target])
    return [explanation.output_names[explanation.target], None if math.isnan(prediction) else prediction]


def _agreement(comparison: Comparison) -> dict[str, Any]:
    places = {key: i for i, key in enumerate(comparison.keys)}
    pairs = [{**found._asdict(), "few": found.few, "first": first, "second": second,
              "rank": None if math.isnan(found.rank) else found.rank,
              "disagree": [places[key] for key in found.disagree]} for first, second, found in comparison.pairs]
    return {"space": comparison.explanations[0].output_space, "one_output": comparison.one_output,
            "shared": comparison.shared_scale, "features": [name for name, _ in comparison.keys], "pairs": pairs}
