"""The view of a training: js/views/training.js."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import traitlets

from limelight.preferences import options
from limelight.widgets import busy
from limelight.widgets import training_payload as payload
from limelight.widgets.messages import Widget, chosen_or_kept, ignored, is_index, is_message, log, sendable, shown
from limelight.widgets.view import STATIC

if TYPE_CHECKING:
    from limelight.training.drawn import Drawn

GAP, LONGEST_GAP = 0.4, 20.0
"""Seconds between two messages: at least, and at most."""
SHARE = 40
"""The next message is no nearer than so many times what one takes: pushing takes 2.5 % of the time."""
RATE = 300_000
"""Bytes a second, at most: a notebook may be far away."""
GROWING = ("status", "metrics", "records")
MOST_STEP = 2**53
SHOWN = {"against": ("first", "previous"), "values": ("values", "change")}
"""What the reader may choose among."""


class TrainingView(Widget):
    """A tracker, drawn. Python tells it what is new, as no message reaches most kernels while training goes on.

    `status`, `metrics` and `records` are never assigned: they are read from the tracker whenever they are wanted.

    Parameters
    ----------
    drawn : Drawn
        What is drawn of a tracker.
    """

    _esm = STATIC / "training.js"
    about = traitlets.Dict().tag(sync=True)  # {model, method, outputs, signed, closed}; never changes
    subjects: Any = traitlets.List().tag(sync=True)  # [subject]: the pinned examples (CONTRIBUTING.md); never change
    status = traitlets.Dict().tag(sync=True)  # {state, overhead, step, n, notes}
    metrics: Any = traitlets.List().tag(sync=True)  # [{name, steps, values}]
    records = traitlets.Dict().tag(sync=True)  # {steps, evidence, drift, figures, values, ...}
    settings = traitlets.Dict().tag(sync=True)  # {step, example, against, values, measure}: what the reader chose
    look = traitlets.Dict().tag(sync=True)  # {language, theme}, as ll.options said; never changes
    fallback = traitlets.Unicode().tag(sync=True)  # name of the picture that stands where it can't run; never changes

    def __init__(self, drawn: Drawn, clock: Callable[[], float] = time.monotonic):
        self.drawn, self._clock = drawn, clock
        self._next, self._size, self._behind, self._said = 0.0, 0, False, ""
        self._made: dict[str, Any] = {}
        self._took = deque([0.0], 3)  # seconds: any one may have come at a bad moment
        self.ended: Callable[[], None] = lambda: None
        busy.watch()
        busy.after_cells(self)
        subjects = [dict(each.subject) for each in drawn.pinned]
        super().__init__(about=payload.about(drawn), subjects=subjects, look=options.look, fallback=token_hex(8),
                         settings={"step": None, "example": 0, "against": "first", "values": "values",
                                   "measure": drawn.measures[0]})
        self.on_msg(self._receive)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the whole state as it is now, as it can be sent."""
        state = super().get_state(key, drop_defaults)
        now = {"status": payload.status, "metrics": payload.metrics, "records": payload.records}
        wanted = now.keys() & state
        # On another thread the training would grow while it is read: what was told last is whole.
        if not (busy.elsewhere() and wanted <= self._made.keys()):
            self._made |= {name: sendable(now[name](self.drawn)) for name in wanted}
        state |= {name: self._made[name] for name in wanted}
        self._size = payload.size(state)
        return state

    def follow(self) -> None:
        """Something is new: tell it now, or with the next that comes after a while. Never fails."""
        self._behind = True
        state = self.drawn.state
        if state != self._said or self._clock() >= self._next:
            self._push()
        if state != self._said and state != "running":
            self.ended()
        self._said = state

    def settle(self) -> None:
        """A cell has ended, perhaps by an interrupt: tell what was held back."""
        if self._behind or self._said == "running":
            self._push()

    def _push(self) -> None:
        began = self._clock()
        try:
            self.send_state(list(GROWING))
            self._behind = False
        except Exception as error:  # training goes on, whatever becomes of its view
            log.warning("the training view was not told: %s", shown(error))
        now = self._clock()
        self._took.append(now - began)
        self._next = now + min(max(GAP, SHARE * min(self._took), self._size / RATE), LONGEST_GAP)

    def usable(self, settings: Any) -> dict[str, Any] | None:
        """What a reader chose, if it can be used here."""
        if not isinstance(settings, dict):
            return None
        step, example, measure = (settings.get(name) for name in ("step", "example", "measure"))
        chosen = {name: settings.get(name) for name in SHOWN}
        fits = (step is None or is_index(step, MOST_STEP)) and is_index(example, len(self.subjects))
        known = all(isinstance(value, str) and value in SHOWN[name] for name, value in chosen.items())
        if not fits or not known or not isinstance(measure, str) or measure not in self.drawn.measures:
            return None
        return {"step": step, "example": example, **chosen, "measure": measure}

    @traitlets.validate("settings")
    def _checked_settings(self, proposal: Any) -> dict[str, Any]:
        return chosen_or_kept(self.usable(proposal.value), self.settings, proposal.value)

    def _receive(self, _: Any, content: Any, buffers: Any) -> None:
        """Answer, so that the view knows whether it is heard; and stop a training that goes on.

        What was pressed while nothing could be heard may come when training is over: then it means nothing more.
        """
        if not is_message(content) or content["type"] not in ("hear", "stop"):
            return ignored("a message", content)
        if content["type"] == "stop" and payload.status(self.drawn)["state"] == "running":
            self.drawn.stop()
        self.send({"type": content["type"], "id": content.get("id"), "status": payload.status(self.drawn)})
