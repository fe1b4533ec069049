"""The state of a view for a page with no kernel: all that its reader may turn to is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.preferences import options
from limelight.question import to_keep
from limelight.types import Run
from limelight.widgets import payload

if TYPE_CHECKING:
    from limelight.widgets.view import View

KNOWN_SECONDS = 1.0
"""So long a page may wait for what can be measured of the answer on show without asking the model."""
NOT_COMPUTED = "was not computed before this page was saved"


def traits_of(widget: Any) -> dict[str, Any]:
    """Our own traits: nothing of the host's, not the script, no name of a notebook's picture, and no other rows.

    Language and theme are those of `ll.options` now, and not of when the view was made: a page is a view of its own.
    """
    ours = {name for name, trait in widget.traits(sync=True).items()
            if trait.this_class.__module__.startswith("limelight.") and not name.startswith("_")}
    state = {name: value for name, value in widget.get_state().items() if name in ours - {"fallback"}}
    state["look"] = options.look
    if "subject" in state:
        return {**state, "subject": to_keep(state["subject"])}
    return {**state, "subjects": [to_keep(subject) for subject in state["subjects"]]}


def whole_state(view: View) -> dict[str, Any]:
    """The state with every reading of the rows, of a run that asks no more."""
    view.follow()
    view.measure_known(KNOWN_SECONDS)
    state = traits_of(view)
    begun = [run for run in view.run.others.begun if run.answered]
    answers = {**state["answers"], "methods": _methods(state["answers"]["methods"], begun),
               "estimates": [found for run in begun for found in _readings(view, run)],
               **payload.linked(view.run, now=True)}
    over = {**state["status"], "state": "stopped"} if view.run.state == "running" else state["status"]
    return {**state, "answers": answers, "status": over}


def _readings(view: View, run: Run) -> list[dict[str, Any]]:
    """Those at prefixes, and the one that the reader looks at."""
    readings, chosen = view.readings(run), view.settings
    found = readings.whole()
    if run is not view.run or chosen["n_samples"] is None or chosen["method"] == "lime":
        return found
    here = readings.asked(chosen["method"], chosen["kernel_width"], chosen["n_samples"])
    return found + [one for one in here if all(one is not each for each in found)]


def _methods(offered: list[dict[str, Any]], begun: list[Run]) -> list[dict[str, Any]]:
    """Those that were not computed can't be chosen, and say so."""
    rows = any(run.neighborhood is not None for run in begun)
    streams = {run.method for run in begun if run.neighborhood is None}
    return [found if not found["available"] or (rows if found["reads"] else found["name"] in streams)
            else {**found, "available": False, "reason": NOT_COMPUTED} for found in offered]
