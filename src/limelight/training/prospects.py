"""What can't come of the examples and the metric that were chosen: said to who would wait for it in vain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from limelight.explanation import Explanation
from limelight.training.alarms import FEWEST, validation_of
from limelight.training.history import History

if TYPE_CHECKING:
    from limelight.training.pinned import Estimated

MOST_NAMES = 12
FEWEST_RECORDS = 4
"""Two that rise, one that they are held against, and the first: with fewer no alarm is missed."""


def no_alarms(history: History) -> str:
    """Why no alarm can come of these examples, or ""."""
    held = Counter(name for names in history.names for name in set(names))
    said = ""
    if not history.alike:
        said = ("Shortcut alarms compare features by name, and these pictures have none in common: give "
                "ll.image_model segments= that cut all pictures alike, and their regions are compared.")
    elif max(held.values(), default=0) < FEWEST:
        said = (f"Shortcut alarms need a feature that is in {FEWEST} examples, and none is: give more examples, that "
                "have words or columns in common.")
    return said


def faded(step: int, found: Sequence[Estimated], pinned: Sequence[Explanation]) -> str:
    """What it means that examples have no attributions at a record, or ""."""
    n, of = sum(not each.values.any() for each in found), len(found)
    said = f"At step {step:,} all attributions of {n:,} of {of:,} examples are 0: they have no evidence."
    if pinned[0].output_space == "probability":
        said = (f"At step {step:,} all attributions of {n:,} of {of:,} examples are 0: a probability that is certain "
                "has no slope. Take output='logit'.")
    return said if n else ""


def no_validation(history: History) -> str:
    """Why no alarm came, where no metric is one of validation by its name, or ""."""
    told = _told(history)
    if history.validation or not told or validation_of(told) or len(history.found) < FEWEST_RECORDS:
        return ""
    said = ("No metric told of validation, so no alarm could come: tell one by a name such as eval_accuracy, or give "
            "ll.track validation= its name.")
    return "" if no_alarms(history) else said


def never_told(history: History) -> str:
    """Why no alarm came, where the metric that was to tell of validation never came, or ""."""
    told = _told(history)
    if history.validation is None or history.validation in told:
        return ""
    known = ", ".join(told[:MOST_NAMES]) or "none"
    said = f"No metric named {history.validation!r} was told, so no alarm could come. Those that were: {known}."
    return said


def _told(history: History) -> list[str]:
    return list(dict.fromkeys(name for row in history.rows.values() for name in row))
