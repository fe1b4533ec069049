"""What comes from a browser: anyone may have written it, so it is believed only as far as it was checked."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from reprlib import Repr
from typing import Any

from limelight.feedback import MARKS
from limelight.scalars import is_finite, is_whole
from limelight.widgets import busy
from limelight.widgets.reopened import Reopened

MOST_EVALUATIONS = 1_000_000
MOST_AHEAD = 8
LONGEST_ID = 64
LONGEST_LINE, LONGEST_SENTENCE = 200, 2000

log = logging.getLogger("limelight")

_brief = Repr()
_brief.maxlevel, _brief.maxstring, _brief.maxother, _brief.maxlong = 3, 60, 60, 40


class Widget(Reopened):
    """A widget to which browsers may write `settings` and `marks`, where it has them, and nothing else."""

    def set_state(self, sync_data: Any) -> None:
        """Take what can be used; a page that wrote anything else is told what holds."""
        written = sync_data if isinstance(sync_data, dict) else {}
        read = {"settings": self.usable(written.get("settings")), "marks": self.usable_marks(written.get("marks"))}
        chosen = {name: value for name, value in read.items() if value is not None}
        if not chosen or len(written) > len(chosen):
            ignored("a state", sync_data)
        if chosen:
            super().set_state(chosen)
        ours = [name for name in read if self.has_trait(name)]
        refused = [name for name in ours if name in written and name not in chosen]
        for name in refused or ([] if chosen else ours):
            self.send_state(name)

    def usable(self, settings: Any) -> dict[str, Any] | None:
        """The settings, if they can be used. None can where there are none."""
        return None

    def usable_marks(self, marks: Any) -> list[list[Any]] | None:
        """A reader's marks, if they can be used. None can where there are none."""
        return None

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the state as it can be sent."""
        state: dict[str, Any] = sendable(super().get_state(key, drop_defaults))
        return state

    def send(self, content: Any, buffers: Any = None) -> None:
        """Send what can be sent of a message."""
        super().send(sendable(content), buffers)

    def open(self) -> None:
        """Tell pages that there is this widget."""
        super().open()
        busy.heard_anywhere(self.comm)

    def _send(self, msg: Any, buffers: Any = None) -> None:
        super()._send(msg, buffers)
        busy.heard_anywhere(self.comm)


def ignored(what: str, value: Any) -> None:
    """Write to the log that something was ignored, and how it began."""
    log.warning("ignored %s that can't be used: %s", what, shown(value))


def chosen_or_kept(chosen: dict[str, Any] | None, kept: Mapping[str, Any], came: Any) -> dict[str, Any]:
    """What a reader chose; where that is None, as what came can't be used, what holds, and a line in the log."""
    if chosen is None:
        ignored("settings", came)
    return dict(kept) if chosen is None else chosen


def shown(value: Any) -> str:
    """Write a value for a log: in one short line of plain letters, however large and whatever it is."""
    try:
        text = _brief.repr(value)
    except Exception:  # such as a number of more digits than Python writes
        text = f"<{type(value).__name__}>"
    return text.encode("ascii", "backslashreplace").decode()[:LONGEST_LINE]


def told(error: object) -> str:
    """What a reader is told of an error, or of a warning: not more than can be read."""
    try:
        text = str(error)
    except Exception:  # an error of someone's own, that can't say what it is
        text = ""
    text = text or ("" if isinstance(error, str) else type(error).__name__)
    return text if len(text) <= LONGEST_SENTENCE else text[: LONGEST_SENTENCE - 1] + "…"


def sendable(value: Any) -> Any:
    """Replace half characters (lone surrogates), which no message can hold, wherever there are any."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {sendable(name): sendable(each) for name, each in value.items()}
    return [sendable(each) for each in value] if isinstance(value, (list, tuple)) else value


def is_message(content: Any) -> bool:
    """True if it says what it is, and has an id that can be repeated, or none."""
    if not isinstance(content, dict) or not isinstance(content.get("type"), str):
        return False
    asked = content.get("id")
    return (asked is None or is_index(asked, 2**53)
            or (isinstance(asked, str) and len(asked) <= LONGEST_ID and asked.isascii() and asked.isprintable()))


def is_index(value: Any, end: int) -> bool:
    """True for a whole number from 0 to `end` - 1."""
    return is_whole(value) and 0 <= value < end


def settings_of(value: Any, methods: Collection[str], n_outputs: int, most: int) -> dict[str, Any] | None:
    """Read settings, or return None where they can't be used.

    Parameters
    ----------
    methods
        Names of those that can be chosen.
    most : int
        The largest number of evaluations that can be asked for.
    """
    if not isinstance(value, dict):
        return None
    method, target, width, n = (value.get(name) for name in ("method", "target", "kernel_width", "n_samples"))
    if not is_finite(width) or width <= 0:
        return None
    usable = isinstance(method, str) and method in methods and is_index(target, n_outputs)
    if not usable or not (n is None or is_index(n, most + 1)):
        return None
    return {"method": method, "target": target, "kernel_width": float(width), "n_samples": n}


def marks_of(value: Any, n_features: int) -> list[list[Any]] | None:
    """Read marks, by feature, or return None where they can't be used: a feature has one at most."""
    if not isinstance(value, (list, tuple)) or len(value) > n_features:
        return None
    for pair in value:
        fits = isinstance(pair, (list, tuple)) and len(pair) == 2 and is_index(pair[0], n_features)
        if not fits or not isinstance(pair[1], str) or pair[1] not in MARKS:
            return None
    found = {feature: mark for feature, mark in value}
    return [[feature, found[feature]] for feature in sorted(found)] if len(found) == len(value) else None


def change_of(content: dict[str, Any], n_features: int) -> dict[str, Any]:
    """Return a what-if that can be asked, or raise ValueError."""
    values, absent = content.get("values"), content.get("absent")
    if isinstance(values, dict) and len(values) <= n_features:
        edits = {int(i): value for i, value in values.items() if isinstance(i, str) and i.isdecimal() and len(i) < 10}
        if len(edits) == len(values) and all(is_index(i, n_features) for i in edits):
            return {"values": edits}
    elif isinstance(absent, list) and len(absent) <= n_features and all(is_index(i, n_features) for i in absent):
        return {"absent": absent}
    raise ValueError(f"a what-if names features by index, 0 to {n_features - 1}")
