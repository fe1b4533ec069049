"""A tracker as a document: its log's entries, and back."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from io import StringIO
from typing import TYPE_CHECKING, Any

from limelight.export._fields import Wrong, fields, listed, one_of, optional, share, text, texts

if TYPE_CHECKING:
    from limelight.training.tracker import Tracker

FIRST = ("state", "overhead", "notes", "validation")
"""What a reader looks for stands first."""


def fields_of(tracker: Tracker) -> dict[str, Any]:
    """Everything of a tracker but its model."""
    from limelight.export.documents import document
    from limelight.export.plain import plain
    from limelight.training import stored

    history = tracker._history
    return {"state": tracker.state, "overhead": plain(tracker.overhead, "overhead"), "notes": list(tracker.notes),
            "validation": history.validation, "lower_is_better": history.lower_is_better,
            "multi_label": history.multi_label,
            "pinned": [document(each) for each in history.pinned],
            "records": [stored.of_row(step, row) for step, row in history.rows.items()] + [
                stored.of_found(step, found) for step, found in history.found.items()]}


def tracker_of(found: Mapping[str, Any]) -> Tracker:
    """Make the tracker of a document's fields.

    Raises
    ------
    Wrong
        If a field is not what it should be.
    """
    from limelight.export.plain import value_of
    from limelight.training import stored
    from limelight.training.known import State
    from limelight.training.tracker import Tracker

    found = {**found, "overhead": value_of(found.get("overhead"))}
    fields(found, {"state": one_of("running", "done", "stopped", "failed", "not ended"), "overhead": share,
                   "notes": texts, "validation": optional(text), "pinned": listed, "records": listed}, "")
    history = stored.history_of(found)
    # Each kind is in the order of its steps; together they are not, and none was taken back.
    for each in found["records"]:
        fields(each, {"kind": one_of("row", "found")}, "records")
    stored.replay(found["records"], history, rewind=False)
    if not history.found:
        raise Wrong("it holds no record")
    # Of one that was saved while it ran this is how far it had come: nothing runs here.
    state: State = "not ended" if found["state"] == "running" else found["state"]
    return Tracker(history, None, state, found["notes"], found["overhead"])


def of_log(content: bytes, name: str) -> Tracker:
    """Make a tracker of a log's bytes, as far as they are whole.

    Raises
    ------
    InputError
        If it is no log, holds no record, or holds what is none.
    """
    from limelight.export.documents import reading
    from limelight.training import endings, stored
    from limelight.training.log import read
    from limelight.training.tracker import Tracker

    log = read(content, name)
    with reading(name):
        if not log.entries:
            raise Wrong(f"it is damaged at byte {log.end:,}, and nothing whole comes before" if log.damaged else
                        "it holds no record yet")
        stored.check_header(log.entries[0])
        history = stored.history_of(log.entries[0])
        stored.replay(log.entries[1:], history)
        if not history.found:
            raise Wrong("it holds no record yet")
        state, overhead, notes = endings.end_of(log.entries)
    return Tracker(history, None, "not ended" if log.damaged else state, [*notes, *log.remarks], overhead)


def as_csv(tracker: Tracker, cell: Callable[[Any], str]) -> bytes:
    """Metrics, and the share of the evidence that moved since the first record, as a table: one row a step.

    Parameters
    ----------
    cell : callable
        Writes one value, so that no spreadsheet runs it.
    """
    drift = tracker._history.drift(["l1"])
    moved = drift[drift["against"] == "first"].set_index("step")
    table = tracker.records.set_index("step").join(
        moved[["value", "floor", "detectable"]].add_prefix("drift_"), how="outer").reset_index()
    file = StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow([cell(name) for name in table.columns])
    rows.writerows([cell(None if value != value else value) for value in row]
                   for row in table.itertuples(index=False, name=None))
    return file.getvalue().encode("utf-8-sig", "backslashreplace")
