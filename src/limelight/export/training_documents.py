"""A tracker as a document: its log's entries, and back."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from io import StringIO
from typing import TYPE_CHECKING, Any

from limelight.export._fields import Wrong, fields, listed, number, one_of, optional, text, texts

if TYPE_CHECKING:
    from limelight.training.tracker import Tracker

FIRST = ("state", "overhead", "notes", "validation")
"""What a reader looks for stands first."""


def fields_of(tracker: Tracker) -> dict[str, Any]:
    """Everything of a tracker but its model."""
    from limelight.export.documents import document
    from limelight.training import stored

    history = tracker._history
    return {"state": tracker.state, "overhead": tracker.overhead, "notes": list(tracker.notes),
            "validation": history.validation, "pinned": [document(each) for each in history.pinned],
            "records": [stored.of_row(step, row) for step, row in history.rows.items()] + [
                stored.of_found(step, found) for step, found in history.found.items()]}


def tracker_of(found: Mapping[str, Any]) -> Tracker:
    """Make the tracker of a document's fields.

    Raises
    ------
    Wrong
        If a field is not what it should be.
    """
    from limelight.training import stored
    from limelight.training.history import History
    from limelight.training.known import State
    from limelight.training.tracker import Tracker

    fields(found, {"state": one_of("running", "done", "stopped", "failed"), "overhead": number, "notes": texts,
                   "validation": optional(text), "pinned": listed, "records": listed}, "")
    history = History(tuple(stored.pinned_of(found)), validation=found["validation"])
    # Each kind is in the order of its steps; together they are not, and none was taken back.
    for kind in ("row", "found"):
        stored.replay([each for each in found["records"] if each.get("kind") == kind], history, rewind=False)
    # Of one that was saved while it ran this is how far it had come: nothing runs here.
    state: State = "stopped" if found["state"] == "running" else found["state"]
    return Tracker(history, None, state, found["notes"], found["overhead"])


def of_log(content: bytes, name: str) -> Tracker:
    """Make a tracker of a log's bytes; its last record may be cut off.

    Raises
    ------
    InputError
        If it is no log, or damaged.
    """
    from limelight.export.documents import reading
    from limelight.training import stored
    from limelight.training.history import History
    from limelight.training.log import whole
    from limelight.training.tracker import Tracker

    entries, end = whole(content, name)
    with reading(name):
        if not entries:
            raise Wrong("it holds no record yet")
        stored.check_header(entries[0])
        history = History(tuple(stored.pinned_of(entries[0])), validation=entries[0].get("validation"))
        stored.replay(entries[1:], history)
    cut = ["The log's last record was cut off, and is left out."] if end < len(content) else []
    return Tracker(history, None, "stopped", cut)


def as_csv(tracker: Tracker, cell: Callable[[Any], str]) -> bytes:
    """Metrics, and the share of the evidence that moved since the first record, as a table: one row a step.

    Parameters
    ----------
    cell : callable
        Writes one value, so that no spreadsheet runs it.
    """
    drift = tracker.drift
    moved = drift[(drift["against"] == "first") & (drift["measure"] == "l1")].set_index("step")
    table = tracker.records.set_index("step").join(
        moved[["value", "floor", "detectable"]].add_prefix("drift_"), how="outer").reset_index()
    file = StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow([cell(name) for name in table.columns])
    rows.writerows([cell(None if value != value else value) for value in row]
                   for row in table.itertuples(index=False, name=None))
    return file.getvalue().encode("utf-8-sig", "backslashreplace")
