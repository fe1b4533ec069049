"""What a document must hold to be an overview: whatever passes here can be drawn, read again and saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np

from limelight.export._checks import check_image
from limelight.export._fields import (
    Check,
    Wrong,
    anything,
    boolean,
    fields,
    finite,
    listed,
    mapping,
    numbers,
    one_of,
    optional,
    seed,
    text,
    texts,
    whole,
    wrong,
)
from limelight.export.overview_columns import check_background, check_columns
from limelight.types import OutputSpace

KINDS = ("number", "category", "text", "group", "word", "segment")
LATER = ("rows", "all_values", "all_std_error", "all_base_values", "all_predictions", "data", "codes", "outcome")
"""What depends on how many rows, features and outputs there are."""


def check(document: Mapping[str, Any]) -> None:
    """Raise `Wrong` unless every field of a document is what it should be."""
    fields(document, {
        "kind": one_of("table", "text", "image"), "model": text, "n_rows": whole, "feature_names": texts,
        "kinds": texts, "categories": listed, "output_names": texts, "output_space": one_of(*get_args(OutputSpace)),
        "target": whole, "method": text, "params": _params, "n_evals": whole, "exact": boolean, "target_name": text,
        "remarks": texts, "importance": texts, "corpus": optional(mapping), "subject": optional(mapping),
        "background": optional(mapping), "labels": optional(texts),
        "measures": listed, "dependences": listed, "pairs": listed, **dict.fromkeys(LATER, anything)}, "")
    d, k = len(document["feature_names"]), len(document["output_names"])
    rows = document["rows"]
    if not isinstance(rows, np.ndarray) or rows.ndim != 1 or rows.dtype.kind not in "iu":
        raise wrong(rows, "rows", "an array of whole numbers")
    n = len(rows)
    if not d or not n or document["target"] >= k:
        raise Wrong(f"{n} rows, {d} features and output {document['target']} of {k} make no overview")
    if rows[0] < 0 or rows[-1] >= document["n_rows"] or (np.diff(rows.astype(np.int64)) <= 0).any():
        raise Wrong(f"rows should ascend, from 0 to below {document['n_rows']}")
    _check_arrays(document, n, d, k)
    _check_features(document, n, d)
    check_columns(document["data"], n)
    if document["labels"] is not None and len(document["labels"]) != n:
        raise Wrong(f"labels should be of the {n} rows")
    if document["background"] is not None:
        check_background(document["background"])
    _check_kind(document, n, d, k)
    _check_known(document, d, k)


def _check_arrays(document: Mapping[str, Any], n: int, d: int, k: int) -> None:
    numbers(n, d, k)(document["all_values"], "all_values")
    optional(numbers(n, d, k))(document["all_std_error"], "all_std_error")
    for name in ("all_base_values", "all_predictions"):
        numbers(n, k)(document[name], name)
        finite(document[name], name)
    finite(document["all_values"], "all_values")
    errors = document["all_std_error"]
    if errors is not None and not (errors >= 0).all():
        raise Wrong("all_std_error should hold numbers, 0 or more")
    numbers(n, d)(document["codes"], "codes")
    optional(numbers(n))(document["outcome"], "outcome")
    if np.isinf(document["codes"]).any():
        raise Wrong("codes should hold finite numbers, or NaN")
    outcome = document["outcome"]
    if outcome is not None and k > 1 and not np.isin(outcome[~np.isnan(outcome)], range(k)).all():
        raise Wrong(f"outcome should hold indices of the {k} outputs, or NaN")


def _check_features(document: Mapping[str, Any], n: int, d: int) -> None:
    if len(document["kinds"]) != d or len(document["categories"]) != d:
        raise Wrong(f"kinds and categories should be of the {d} features")
    if len(set(document["feature_names"])) < d or sorted(document["importance"]) != sorted(document["feature_names"]):
        raise Wrong("feature_names should name each feature once, and importance the same")
    for j, (kind, known) in enumerate(zip(document["kinds"], document["categories"], strict=True)):
        one_of(*KINDS)(kind, f"kinds.{j}")
        optional(texts)(known, f"categories.{j}")
        if (kind == "category") != (known is not None):
            raise Wrong(f"categories.{j} should be there for a category, and only there")
        codes = document["codes"][:, j]
        if known is not None and not np.isin(codes[~np.isnan(codes)], range(len(known))).all():
            raise Wrong(f"the codes of feature {j} should number its {len(known)} categories")


def _check_kind(document: Mapping[str, Any], n: int, d: int, k: int) -> None:
    kind = document["kind"]
    if (kind == "text") != (document["corpus"] is not None) or (kind == "image") != (document["subject"] is not None):
        raise Wrong("a corpus belongs to texts and a subject to images")
    if kind != "table" and document["data"]["form"] != "texts":
        raise Wrong("data should be texts")
    if kind == "text":
        _check_corpus(document["corpus"], document, n, k)
    if kind == "image":
        check_image(document["subject"], d)


def _check_corpus(corpus: Mapping[str, Any], document: Mapping[str, Any], n: int, k: int) -> None:
    names = ("text", "word", "start", "stop")
    fields(corpus, {"words": texts, "counts": anything, **dict.fromkeys((*names, "values", "std_error"), anything)},
           "corpus")
    if sorted(corpus) != sorted(("words", "counts", *names, "values", "std_error")):
        raise Wrong("corpus holds a field that is not known")
    if list(corpus["words"]) != list(document["feature_names"]):
        raise Wrong("the words of the corpus should be the features")
    places = [_whole_numbers(corpus[name], f"corpus.{name}") for name in names]
    counts = _whole_numbers(corpus["counts"], "corpus.counts")
    text_of, word, start, stop = places
    if len({len(each) for each in places}) > 1 or len(counts) != len(corpus["words"]):
        raise Wrong("the corpus should have a text, a word, a start and a stop for each place")
    numbers(len(word), k)(corpus["values"], "corpus.values")
    numbers(len(word), k)(corpus["std_error"], "corpus.std_error")
    finite(corpus["values"], "corpus.values")
    if ((text_of < 0) | (text_of >= n) | (word < -1) | (word >= len(counts)) | (start < 0) | (stop <= start)).any():
        raise Wrong("a place of the corpus should be in one of its texts, and of one of its words")
    lengths = np.array([len(each) for each in document["data"]["texts"]])
    ordered = (np.diff(text_of) >= 0) & ((np.diff(text_of) > 0) | (start[1:] >= stop[:-1]))
    if (stop > lengths[text_of]).any() or not ordered.all():
        raise Wrong("places of the corpus should stand one after the other in their texts")


def _check_known(document: Mapping[str, Any], d: int, k: int) -> None:
    for i, part in enumerate(document["measures"]):
        where = f"measures.{i}"
        fields(part, {"target": whole, "name": text, "said": text, "signed": boolean, "notes": texts, "n_evals": whole,
                      "groups": listed, **dict.fromkeys(("values", "low", "high"), numbers(d))}, where)
        _only(part, 10, where)
        if part["target"] >= k or not all(_is_group(group, d) for group in part["groups"]):
            raise Wrong(f"{where} should be of one of the {k} outputs, and its groups of the {d} features")
    for i, part in enumerate(document["dependences"]):
        _check_dependence(part, document, k, f"dependences.{i}")
    for i, part in enumerate(document["pairs"]):
        _check_pairs(part, document, k, f"pairs.{i}")


def _check_dependence(part: Any, document: Mapping[str, Any], k: int, where: str) -> None:
    fields(part, {"target": whole, "feature": whole, "note": text, "categories": optional(texts),
                  "grid": anything, "ice": anything, "ale_grid": anything, "ice_rows": anything}, where)
    _only(part, 14, where)
    d = len(document["feature_names"])
    if part["target"] >= k or part["feature"] >= d or document["kind"] != "table":
        raise Wrong(f"{where} should be of one of the outputs and columns")
    known = document["categories"][part["feature"]]
    if (part["categories"] is None) != (known is None):
        raise Wrong(f"{where}.categories should be there for a category, and only there")
    grid, ale = (_array(part[name], f"{where}.{name}") for name in ("grid", "ale_grid"))
    for name, size in (*((name, len(grid)) for name in ("pdp", "pdp_low", "pdp_high")),
                       *((name, len(ale)) for name in ("ale", "ale_low", "ale_high"))):
        fields(part, {name: numbers(size)}, where)
    rows = _whole_numbers(part["ice_rows"], f"{where}.ice_rows")
    numbers(len(rows), len(grid))(part["ice"], f"{where}.ice")
    for name in ("pdp", "ice", "ale"):
        finite(part[name], f"{where}.{name}")
    if not len(grid) or (np.diff(grid) <= 0).any():
        raise Wrong(f"{where}.grid should ascend")
    if known is not None:
        for each in (grid, ale):
            if not np.isin(each, range(len(part["categories"]))).all():
                raise Wrong(f"{where} should number the {len(part['categories'])} categories")


def _check_pairs(part: Any, document: Mapping[str, Any], k: int, where: str) -> None:
    fields(part, {"target": whole, "first": texts, "second": texts}, where)
    _only(part, 7, where)
    n = len(part["first"])
    fields(part, dict.fromkeys(("value", "low", "high", "h2"), numbers(n)), where)
    names = set(document["feature_names"])
    if part["target"] >= k or len(part["second"]) != n or not {*part["first"], *part["second"]} <= names:
        raise Wrong(f"{where} should be pairs of features")


def _only(part: Mapping[str, Any], most: int, where: str) -> None:
    if len(part) != most:
        raise Wrong(f"{where} holds a field that is not known")


def _is_group(group: Any, d: int) -> bool:
    return isinstance(group, list) and all(type(j) is int and 0 <= j < d for j in group)


def _array(value: Any, where: str) -> Any:
    """Finite float64 numbers, however many."""
    size: Check = numbers(len(value)) if isinstance(value, np.ndarray) and value.ndim == 1 else numbers(0)
    size(value, where)
    finite(value, where)
    return value


def _whole_numbers(value: Any, where: str) -> Any:
    if not isinstance(value, np.ndarray) or value.ndim != 1 or value.dtype.kind != "i":
        raise wrong(value, where, "an array of whole numbers")
    return value


def _params(value: Any, where: str) -> None:
    mapping(value, where)
    if "seed" in value:
        seed(value["seed"], f"{where}.seed")
