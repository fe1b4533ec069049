"""An explanation, overview or tracker as a document: JSON that people and programs can read, and back without loss."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from types import MappingProxyType
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.export import overview_documents, training_documents
from limelight.export._checks import check
from limelight.export._fields import Wrong
from limelight.export._leaves import as_json, digest, filled, from_json, mapped
from limelight.export.named import is_a
from limelight.export.plain import plain, value_of
from limelight.feedback import Feedback
from limelight.loaded import with_run
from limelight.neighborhood import Neighborhood
from limelight.quality.report import Quality
from limelight.question import Question, to_keep
from limelight.types import Estimate

FORMAT, VERSION = "limelight-explanation", 2
OF_OVERVIEWS = "limelight-overview"
"""The format of an overview, of the same version."""
OF_TRACKERS = "limelight-training"
"""That of a tracker."""
WIDTH = 110
"""Of a line, in characters, where it can be kept."""
ALIKE = ("values", "std_error", "base_values", "prediction", "data", "feature_names", "output_names", "output_space",
         "target", "method", "params", "n_evals", "exact", "pixels", "interactions", "interactions_std_error")
"""Fields that are written under their own names."""


SLACK, GROWTH = 2**26, 100
"""Unpacked, a file may take so many bytes, and so many times its own size: no more than arrays of numbers do."""


def most_unpacked(size: int) -> int:
    """How many bytes a file of so many may take unpacked: one that takes more is not believed."""
    return SLACK + GROWTH * size


class Unreadable(ValueError):
    """Why a file can't be read, in a sentence without its end."""


def dumps(explanation: Any) -> bytes:
    """Write an explanation, overview or tracker as JSON (RFC 8259), in UTF-8.

    Raises
    ------
    InputError
        If it is none of these, or holds what can't be written without loss.
    """
    return (_laid_out(mapped(document(explanation), as_json)) + "\n").encode("utf-8", "backslashreplace")


def loads(content: bytes, name: str = "the document") -> Any:
    """Read what `dumps` wrote. It is data: nothing in it is run, and nothing that it names is imported.

    What it may hold is in fixed tables: torch and pandas are imported for tensors and timestamps, and times may
    have a zone of the standard database (`plain.py`).

    Parameters
    ----------
    content : bytes
    name : str
        What errors call it.

    Raises
    ------
    InputError
        If it is no such document, of a newer version, cut short or altered.
    """
    with reading(name):
        found = parsed(content)
        known(found)
        return made_of(filled(found, from_json))


def document(explanation: Any) -> dict[str, Any]:
    """Everything of an explanation, overview or tracker but its model, in the types of JSON, arrays and bytes.

    Raises
    ------
    InputError
        If it is neither, or holds what can't be written without loss.
    """
    if is_a("Overview", explanation):
        return _overview_document(explanation)
    if is_a("Tracker", explanation):
        return _tracker_document(explanation)
    if not isinstance(explanation, Explanation):
        raise InputError(f"a file of data holds one explanation, and a {type(explanation).__name__} came: save each "
                         "explanation of a comparison to a file of its own, or the comparison to .html")
    question = explanation._question
    quality = explanation.quality
    found = {name: getattr(explanation, name) for name in ALIKE} | {
        "feature_names": list(explanation.feature_names), "output_names": list(explanation.output_names),
        "subject": None if question is None else to_keep(question.subject),
        "seed": 0 if question is None else question.seed,
        "input": {} if question is None else question.input,
        "feedback": explanation.feedback.pairs,
        "quality": {"values": dict(quality), "reasons": {name: quality.reason(name) for name in quality}},
        "neighborhood": _rows(explanation.neighborhood)}
    with _saving("explanation"):
        check(found)
    return _written(FORMAT, found, _FIRST)


def _overview_document(overview: Any) -> dict[str, Any]:
    with _saving("overview"):
        return _written(OF_OVERVIEWS, overview_documents.fields_of(overview), overview_documents.FIRST)


def _tracker_document(tracker: Any) -> dict[str, Any]:
    """Its fields hold documents, which are written already."""
    found = training_documents.fields_of(tracker)
    written = {"format": OF_TRACKERS, "version": VERSION, **found}
    return written | {"checksum": digest(written)}


@contextmanager
def _saving(what: str) -> Iterator[None]:
    try:
        yield
    except Wrong as error:
        raise InputError(f"this {what} can't be saved: {error}. If limelight made it, that is a mistake of "
                         "limelight's: tell us") from error


def _written(form: str, found: Mapping[str, Any], first: Sequence[str]) -> dict[str, Any]:
    head = {"format": form, "version": VERSION}
    written = head | {name: plain(found[name], name) for name in (*first, *sorted(set(found) - set(first)))}
    return written | {"checksum": digest(written)}


_FIRST = ("method", "output_space", "output_names", "target", "feature_names", "values", "std_error", "base_values",
          "prediction", "n_evals", "exact", "params", "quality")
"""What a reader looks for stands first."""


def known(found: Any) -> None:
    """Raise `Unreadable` unless this is a document of a version that is known."""
    if not isinstance(found, dict) or found.get("format") not in (FORMAT, OF_OVERVIEWS, OF_TRACKERS):
        raise Unreadable("it is no explanation that limelight saved")
    version = found.get("version")
    if type(version) is not int or version < 1:
        raise Unreadable(f"its version should be a whole number; {version!r:.40} came")
    if version > VERSION:
        raise Unreadable(f"a newer limelight wrote it (version {version} of the format, and this one reads up to "
                         f"{VERSION}): upgrade limelight")


def made_of(found: dict[str, Any]) -> Any:
    """Make the explanation, overview or tracker of a document, its arrays put back.

    Raises
    ------
    Unreadable, Wrong
        If its checksum is another, or a field is not what it should be.
    """
    if digest(found) != found.get("checksum"):
        raise Unreadable("it was altered or damaged after it was saved: its checksum is another")
    if found["format"] == OF_TRACKERS:
        return training_documents.tracker_of(found)
    values = {name: value_of(each) for name, each in found.items()}
    return overview_documents.overview_of(values) if found["format"] == OF_OVERVIEWS else _explanation_of(values)


def _explanation_of(values: dict[str, Any]) -> Explanation:
    if values["version"] == 1:
        values = {**values, "feedback": []}
    check(values)
    parts: dict[str, Any] = {name: values[name] for name in ALIKE}
    for name, each in parts.items():
        if isinstance(each, np.ndarray) and name != "data":
            each.flags.writeable = False
    features, outputs = tuple(parts["feature_names"]), tuple(parts["output_names"])
    question = None if values["subject"] is None else Question(
        values["subject"], parts["data"], features, outputs, parts["output_space"], parts["target"], values["seed"],
        values["input"])
    return with_run(Explanation(**{
        **parts, "feature_names": features, "output_names": outputs, "params": MappingProxyType(parts["params"]),
        "feedback": Feedback(values["feedback"], features), "quality": Quality(**values["quality"]),
        "neighborhood": _neighborhood(values["neighborhood"]),
        "_question": question}))


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Whatever a file holds, one kind of error comes of it, which names the file."""
    try:
        with np.errstate(all="ignore"):
            yield
    except (Unreadable, Wrong) as error:
        raise InputError(f"{name} can't be read: {error}. Load another copy, or save the explanation again") from error
    except Exception as error:  # of whatever type: the file is not what was written
        raise InputError(f"{name} can't be read: it is damaged or cut short ({type(error).__name__}: {error!s:.100}). "
                         "Load another copy, or save the explanation again") from error


def parsed(content: bytes) -> Any:
    """Read JSON as RFC 8259 has it, where no name may come twice."""
    return json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable("a name comes twice in one of its objects")
    return found


def _no_constant(name: str) -> Any:
    raise Unreadable(f"{name} is no number in JSON")


def _rows(rows: Neighborhood | None) -> dict[str, Any] | None:
    if rows is None:
        return None
    return {"law": rows.law, "coalitions": rows.coalitions, "outputs": rows.outputs, "chosen": rows.chosen,
            "closed_form": None if rows.closed_form is None else _of_estimate(rows.closed_form)}


def _of_estimate(estimate: Estimate) -> dict[str, Any]:
    parts = {each.name: getattr(estimate, each.name) for each in fields(estimate)}
    return {name: each for name, each in parts.items() if name not in ("base_values", "pixels")}


def _neighborhood(found: Mapping[str, Any] | None) -> Neighborhood | None:
    if found is None:
        return None
    rows = Neighborhood(found["coalitions"].shape[1], found["outputs"].shape[1], found["law"])
    rows.append(found["coalitions"], found["outputs"], found["chosen"])
    rows.closed_form = None if found["closed_form"] is None else Estimate(**found["closed_form"])
    return rows


def _laid_out(node: Any, before: str = "") -> str:
    """JSON with a line for each part that does not fit into one."""
    line = json.dumps(node, ensure_ascii=False, allow_nan=False)
    if not isinstance(node, (dict, list)) or len(before) + len(line) <= WIDTH:
        return line
    inside = before + " "
    if isinstance(node, list):
        return "[\n" + ",\n".join(inside + _laid_out(each, inside) for each in node) + f"\n{before}]"
    return "{\n" + ",\n".join(f"{inside}{json.dumps(name, ensure_ascii=False)}: {_laid_out(each, inside)}"
                              for name, each in node.items()) + f"\n{before}}}"
