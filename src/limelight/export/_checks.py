"""What a document must hold to be an explanation: whatever passes here can be drawn, read again and saved."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, get_args

import numpy as np

from limelight.estimators import READINGS
from limelight.export._fields import (
    Check,
    Wrong,
    anything,
    boolean,
    data,
    degrees,
    fields,
    finite,
    flag,
    listed,
    mapping,
    number,
    numbers,
    one_of,
    optional,
    positive,
    real,
    seed,
    text,
    texts,
    truths,
    whole,
    wrong,
)
from limelight.feedback import MARKS
from limelight.neighborhood import LAWS, keys, least
from limelight.types import Array, OutputSpace

MOST_PIXELS = 89_478_485
"""Pillow calls larger pictures bombs."""
FEW_PIXELS, A_BYTE = 2**24, 100
"""Of more than so few, no more than so many for each byte of the file: a small file can't ask for much memory."""
LATER = ("values", "std_error", "base_values", "prediction", "data", "pixels", "interactions", "interactions_std_error",
         "neighborhood")
"""What depends on how many features and outputs there are."""


def check(document: Mapping[str, Any]) -> None:
    """Raise `Wrong` unless every field of a document is what it should be.

    Parameters
    ----------
    document : dict
        With its arrays, and with its values as Python has them.
    """
    fields(document, {
        "method": text, "output_names": texts, "feature_names": texts, "output_space": one_of(*get_args(OutputSpace)),
        "target": whole, "n_evals": whole, "exact": boolean, "seed": seed, "params": _params, "quality": _quality,
        "subject": optional(mapping), "input": mapping, "feedback": listed, **dict.fromkeys(LATER, anything),
    }, "")
    n, k = len(document["feature_names"]), len(document["output_names"])
    if not n or document["target"] >= k:
        raise Wrong(f"{n} features and output {document['target']} of {k} make no explanation")
    for name in ("values", "std_error"):
        numbers(n, k)(document[name], name)
    for name in ("base_values", "prediction"):
        numbers(k)(document[name], name)
    if not np.isfinite(document["values"][:, document["target"]]).all():
        raise Wrong("the values of the output that is shown should be finite numbers")
    for name in ("interactions", "interactions_std_error"):
        optional(numbers(n, n, k))(document[name], name)
    if (document["interactions"] is None) != (document["interactions_std_error"] is None):
        raise Wrong("interactions and their errors should come together")
    optional(numbers(k))(document["params"].get("intercept"), "params.intercept")
    if not hasattr(document["data"], "__len__") or len(document["data"]) != n:
        raise Wrong(f"data should say what each of the {n} features is")
    _neighborhood(document, n, k)
    if document["subject"] is not None:
        _subject(document["subject"], n)
    _feedback(document["feedback"], n)
    _pixels(document["pixels"], document["subject"] or {})
    _input(document["input"])


def _width(value: Any, where: str) -> None:
    number(value, where)
    positive(value, where)


def _discretize(value: Any, where: str) -> None:
    if value != "quartile":
        flag(value, where)


PARAMS: dict[str, Check] = {
    "kernel_width": optional(_width), "order": optional(whole), "seed": seed, "hide": text, "route": text,
    "warning": text, "source": text, "adds_up": flag, "signed": flag, "n_probes": whole, "n_read": whole,
    "ridge": number, "relative_gap": real, "path_dependent": flag, "discretize": _discretize,
}


def _params(value: Any, where: str) -> None:
    fields(value, {"degrees_of_freedom": degrees}, where)
    fields(value, {name: each for name, each in PARAMS.items() if name in value}, where)


def _quality(value: Any, where: str) -> None:
    fields(value, {"values": mapping, "reasons": mapping}, where)
    for name, each in value["values"].items():
        optional(real)(each, f"{where}.values.{name}")
    for name, each in value["reasons"].items():
        text(each, f"{where}.reasons.{name}")


def _neighborhood(document: Mapping[str, Any], n: int, k: int) -> None:
    found = document["neighborhood"]
    if found is None:
        return
    m = document["n_evals"]
    fields(found, {"law": one_of(*LAWS), "coalitions": truths(m, n), "chosen": truths(m), "outputs": numbers(m, k),
                   "closed_form": optional(_closed_form(n, k))}, "neighborhood")
    one_of(*READINGS)(document["method"], "method")
    finite(found["outputs"], "neighborhood.outputs")
    coalitions = found["coalitions"]
    if m < 1 or (m < least(n) and found["law"] != "bins"):
        raise Wrong(f"{m} evaluations of {n} features are too few for an answer")
    if found["law"] != "bins" and (coalitions[0].any() or not coalitions[1].all() or len(set(keys(coalitions))) < m):
        raise Wrong("coalitions should begin with nothing and everything, and none should come twice")
    if found["law"] == "bins" and (document["method"] != "lime" or not coalitions[0].all()):
        raise Wrong("rows of quartiles should begin with the row itself, and are read by lime alone")


def _closed_form(n: int, k: int) -> Check:
    def check_estimate(value: Any, where: str) -> None:
        fields(value, {"values": numbers(n, k), "std_error": numbers(n, k), "dof": degrees, "exact": boolean,
                       "fidelity": numbers(k), "effective_samples": number, "n_evals": whole, "params": mapping}, where)
        fields(value["params"], {"route": text}, f"{where}.params")
        finite(value["values"], f"{where}.values")
    return check_estimate


def _subject(subject: Mapping[str, Any], n: int) -> None:
    fields(subject, {"kind": one_of("text", "image", "table"), "model": text, "hide": text, "notes": texts,
                     "features": texts, **({"source": text} if "source" in subject else {})}, "subject")
    if len(subject["features"]) != n:
        raise Wrong(f"subject.features should name the {n} features")
    {"text": _text, "image": check_image, "table": _table}[subject["kind"]](subject, n)


def _text(subject: Mapping[str, Any], n: int) -> None:
    fields(subject, {"pieces": listed, "cut": optional(whole)}, "subject")
    for piece in subject["pieces"]:
        if not isinstance(piece, (list, tuple)) or len(piece) != 2 or type(piece[0]) is not str or not (
                type(piece[1]) is int and -1 <= piece[1] < n):
            raise wrong(piece, "a piece of the text", "a text and its feature, or -1")
    if (subject["cut"] or 0) > len(subject["pieces"]):
        raise wrong(subject["cut"], "subject.cut", "the index of a piece")


def check_image(subject: Mapping[str, Any], n: int) -> None:
    fields(subject, {"width": whole, "height": whole, "picture": data, "segments": data}, "subject")
    width, height, picture = subject["width"], subject["height"], subject["picture"]
    if not 0 < width * height <= min(MOST_PIXELS, max(FEW_PIXELS, A_BYTE * len(picture))):
        raise Wrong(f"a picture of {width} x {height} pixels in {len(picture):,} bytes can't be shown")
    if not _is_png(picture, (width, height)):
        raise Wrong(f"subject.picture should be a PNG of {width} x {height} pixels")
    if len(subject["segments"]) % 4:
        raise Wrong("subject.segments should be pairs of a segment and a run's length")
    runs = np.frombuffer(subject["segments"], "<u2").reshape(-1, 2)
    if runs[:, 1].sum(dtype=np.int64) != width * height or (runs[:, 0] >= n).any():
        raise Wrong(f"subject.segments should number each of the {width * height} pixels by its segment, of {n}")


def _is_png(picture: bytes, size: tuple[int, int]) -> bool:
    """Whether all of it can be read. Its size is compared first: reading takes memory."""
    from PIL import Image

    try:
        with Image.open(BytesIO(picture), formats=["PNG"]) as found:
            if found.size == size:
                found.load()
            return bool(found.size == size)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _table(subject: Mapping[str, Any], n: int) -> None:
    fields(subject, {"columns": listed}, "subject")
    if len(subject["columns"]) != n:
        raise Wrong(f"subject.columns should describe the {n} features")
    for i, column in enumerate(subject["columns"]):
        fields(column, {"value": _shown, "kind": one_of("number", "category", "text", "group", "fixed"),
                        "categories": optional(texts)}, f"subject.columns.{i}")


def _shown(value: Any, where: str) -> None:
    if not isinstance(value, str):
        number(value, where)


def _feedback(pairs: list[Any], n: int) -> None:
    for place, pair in enumerate(pairs):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or type(pair[0]) is not int or not 0 <= pair[0] < n:
            raise wrong(pair, f"feedback.{place}", f"a feature of {n}, and its mark")
        one_of(*MARKS)(pair[1], f"feedback.{place}")
    if len({feature for feature, _ in pairs}) < len(pairs):
        raise Wrong("feedback marks a feature twice")


def _pixels(pixels: Array | None, subject: Mapping[str, Any]) -> None:
    if pixels is None:
        return
    fits = isinstance(pixels, np.ndarray) and pixels.dtype.kind == "f" and pixels.shape == (
        subject.get("height"), subject.get("width"))
    if not fits or not np.isfinite(pixels).all():
        raise wrong(pixels, "pixels", "finite numbers, one for each of the picture's pixels")


def _input(value: Mapping[str, Any]) -> None:
    known: dict[str, Check] = {"groups": listed, "word": _word, "row": listed, "pixels": _picture, "hidden": _picture,
                               "segments": data}
    unknown = sorted(set(value) - set(known))
    if unknown:
        raise Wrong(f"input holds {unknown[0]!r:.40}, which is not known")
    fields(value, {name: known[name] for name in value}, "input")


def _word(value: Any, where: str) -> None:
    if type(value) is not str:
        whole(value, where)


def _picture(value: Any, where: str) -> None:
    if not isinstance(value, np.ndarray) or value.ndim != 3 or value.dtype.kind not in "uif":
        raise wrong(value, where, "numbers of shape (height, width, channels)")
