"""What all views share: traits, and one handler that always answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import Any

import traitlets

from limelight.errors import LimelightError
from limelight.feedback import marked
from limelight.preferences import options
from limelight.types import Run
from limelight.widgets import busy, payload
from limelight.widgets.messages import (
    MOST_AHEAD,
    MOST_EVALUATIONS,
    Widget,
    change_of,
    chosen_or_kept,
    ignored,
    is_index,
    is_message,
    log,
    marks_of,
    sendable,
    settings_of,
    shown,
    told,
)
from limelight.widgets.quality import WANTS, Qualities
from limelight.widgets.readings import Kept, Readings, readings_of

STATIC = Path(__file__).parent.parent / "static"
STEP_SECONDS, LONG_STEP_SECONDS = 0.1, 0.2
AT_FIRST = 1.0
"""After so many seconds of a run its steps are long: each costs a message, a fit and a picture."""
LIST_SECONDS = 10.0
"""Which methods can run here takes long to find out: a view opens with those that are known at once, and is told of the
rest when its run ends or has taken so long."""
FAILS = (Exception, KeyboardInterrupt, SystemExit)
"""Whatever a model does, and however often a cell is interrupted: the view is told, and goes on."""


class View(Widget):
    """Runs, drawn: that of the method chosen goes on. The browser asks for more; nothing is computed unasked.

    `rows`, `answers`, `status` and `quality` are never assigned: their state is read from
    the runs whenever it is wanted, so it is always complete.

    Parameters
    ----------
    run : Run
    settings : dict, optional
        What to show first: method, target, kernel_width, n_samples.
    marks : list of [feature, mark], optional
        What a reader said before: see `limelight.feedback`.
    """

    subject = traitlets.Dict().tag(sync=True)  # {kind, model, features: [name], ...}: what is drawn
    outputs = traitlets.Dict().tag(sync=True)  # {names, prediction, space, predicted}
    settings = traitlets.Dict().tag(sync=True)  # {method, target, kernel_width, n_samples: int | None}
    marks: Any = traitlets.List().tag(sync=True)  # [[feature, "should not matter" | "should matter"]]: a reader's
    rows = traitlets.Dict().tag(sync=True)  # {data: bytes of the neighborhood}
    answers = traitlets.Dict().tag(sync=True)  # {methods, outputs, default_width, distance, links, estimates}
    status = traitlets.Dict().tag(sync=True)  # {state, generation, n, limit, rate, ...}
    quality = traitlets.Dict().tag(sync=True)  # {found: [what was measured of one explanation]}
    look = traitlets.Dict().tag(sync=True)  # {language, theme}, as ll.options said; never changes
    fallback = traitlets.Unicode().tag(sync=True)  # name of the picture that stands where it can't run; never changes

    def __init__(self, run: Run, settings: dict[str, Any] | None = None, marks: Any = ()):
        self.run = run
        self._lock = threading.Lock()
        self._generation = 0
        self._refusal = ""
        self._opening, self._listed = True, False
        self._readings: dict[str, Readings | Kept] = {}
        self.qualities = Qualities()
        busy.watch()
        first = {"method": run.method, "target": run.question.target,
                 "kernel_width": run.kernel_width, "n_samples": None, **(settings or {})}
        self._followed = first["method"], first["target"]
        run.aim(first["target"])
        super().__init__(subject=dict(run.question.subject), outputs=payload.outputs(run), settings=first,
                         marks=list(marks), look=options.look, fallback=token_hex(8))
        self._opening = False
        self.ended: Callable[[], None] = lambda: None
        self.observe(self._turn, "settings")
        self.on_msg(self._receive)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the whole state as it is now, as it can be sent."""
        state = super().get_state(key, drop_defaults)
        now = {"outputs": self._outputs, "rows": self._rows, "answers": self._answers, "status": self._status,
               "quality": self._quality}
        return {name: sendable(now[name]()) if name in now else value for name, value in state.items()}

    def sync(self) -> None:
        """Tell every browser what there is; and unless more is to come, who shows it elsewhere."""
        self._listed = True
        self.send_state(["outputs", "rows", "answers", "status", "quality"])
        if self.run.state != "running":
            self.ended()

    def usable(self, settings: Any) -> dict[str, Any] | None:
        """The settings, if they can be used here."""
        method = settings.get("method") if isinstance(settings, dict) else None
        names = [method] if isinstance(method, str) and self.run.others.available(method) else []
        return settings_of(settings, names, len(self.run.question.output_names), self._most)

    @traitlets.validate("settings")
    def _checked_settings(self, proposal: Any) -> dict[str, Any]:
        return chosen_or_kept(self.usable(proposal.value), self.settings, proposal.value)

    def usable_marks(self, marks: Any) -> list[list[Any]] | None:
        """A reader's marks, if they can be used here."""
        return marks_of(marks, len(self.run.question.feature_names))

    @traitlets.validate("marks")
    def _checked_marks(self, proposal: Any) -> list[list[Any]]:
        given = self.usable_marks(proposal.value)
        if given is None:
            ignored("marks", proposal.value)
        return list(self.marks) if given is None else given

    @property
    def _most(self) -> int:
        """The most evaluations that a message may speak of: Python may have asked for more than a browser can."""
        return max(MOST_EVALUATIONS, self.run.limit)

    def _turn(self, _: Any) -> None:
        """Turn at once where that is safe; otherwise the next message does."""
        if not busy.elsewhere() and self._lock.acquire(blocking=False):
            try:
                self.follow()
            finally:
                self._lock.release()

    def follow(self) -> None:
        """Turn to the run of the method and output that the reader chose: it goes on where it was."""
        method, target = self.settings["method"], self.settings["target"]
        if (method, target) == self._followed:
            return
        before = self._status()
        try:
            self.run = self.run.others.of(method)
            self._refusal = ""
        except FAILS as error:  # the view stays where it was
            log.warning("%s can't run here: %s", method, shown(error))
            self._refusal = f"{method} can't run here: {told(error)}"
            self.settings = {**self.settings, "method": self._followed[0]}
        self._followed = self.settings["method"], target
        self.run.aim(target)
        if self._status() != before:
            self._generation += 1
            self.sync()
        elif self.run.state != "running":
            self.ended()

    def readings(self, run: Run) -> Readings | Kept:
        """What can be shown of a run."""
        return self._readings.setdefault(payload.shared_name(run), readings_of(run))

    def _receive(self, _: Any, content: Any, buffers: Any) -> None:
        handlers = {"step": self._on_step, "stop": self._on_stop, "resume": self._on_resume,
                    "read": self._on_read, "probe": self._on_probe, "quality": self._on_quality}
        if not is_message(content) or content["type"] not in handlers:
            ignored("a message", content)
        elif busy.elsewhere() or not self._lock.acquire(blocking=False):
            self.send({"type": "waiting", "id": content.get("id")})
        else:
            try:
                self.follow()
                handlers[content["type"]](content)
            except FAILS as error:
                log.warning("%s can't be answered: %s", shown(content), shown(error))
            finally:
                self._lock.release()

    def _on_step(self, content: dict[str, Any]) -> None:
        have, ahead = content.get("have", -1), content.get("ahead", 0)
        if not (is_index(have, self._most + 1) and is_index(ahead, MOST_AHEAD + 1)):
            return ignored("a step", content)
        running = self.run.state == "running"
        nothing_newer = have >= self.run.n or ahead
        if running and nothing_newer and content.get("generation") == self._generation:
            self._step()
        self._send_rows(have, content.get("id"))
        if running and self.run.state != "running":
            self.sync()
        elif not self._listed and self.run.seconds > LIST_SECONDS:
            self._listed = True
            self.send_state("answers")

    def _step(self) -> None:
        """Ask for a while; what a run can't end in by itself, such as an interrupt, stops it, and the view says why."""
        try:
            self.run.step(STEP_SECONDS if self.run.seconds < AT_FIRST else LONG_STEP_SECONDS)
        except FAILS as error:
            log.warning("%s was stopped: %s", self.run.method, shown(error))
            self._refusal = told(error)
            self.run.stop()

    def _send_rows(self, have: int, asked: Any) -> None:
        message = {"type": "rows", "id": asked, "generation": self._generation, "start": min(have, self.run.n),
                   "status": self._status()}
        buffers = [self._rows_after(have)]
        found = self._estimate()
        if found is not None:
            message["estimate"], values = _apart(found)
            buffers += values
        self.send(message, buffers)

    def _estimate(self) -> dict[str, Any] | None:
        """What an answer brings besides rows, once it is due; None, too, where the kernel is too narrow for any."""
        readings, method = self.readings(self.run), self.settings["method"]
        try:
            return readings.at(method, self.settings["kernel_width"], self.run.n) if readings.due(method) else None
        except LimelightError as error:
            log.warning("%s has no estimate: %s", method, shown(error))
            return None

    def _rows_after(self, have: int) -> bytes:
        """Rows that a page has not; nothing for a method that reads none."""
        rows = self.run.neighborhood
        return b"" if rows is None else rows.to_bytes(have)

    def _on_stop(self, content: dict[str, Any]) -> None:
        self.run.stop()
        self._generation += 1
        self._send_status(content)

    def _on_resume(self, content: dict[str, Any]) -> None:
        limit = content.get("limit")
        if limit is not None and not is_index(limit, MOST_EVALUATIONS + 1):
            return ignored("a limit", content)
        self._refusal = ""
        self._generation += 1
        self.run.resume() if limit is None else self.run.more(limit)
        self._send_status(content)

    def _send_status(self, content: dict[str, Any]) -> None:
        self.send({"type": "status", "id": content.get("id"), "status": self._status()})
        self.sync()

    def _on_read(self, content: dict[str, Any]) -> None:
        asked = self.usable({**content, "target": 0})
        if asked is None:
            return ignored("a reading", content)
        run = self.run.others.of(asked["method"])
        found = self.readings(run).asked(asked["method"], asked["kernel_width"], asked["n_samples"])
        parts = [_apart(estimate) for estimate in found]
        self.send({"type": "estimates", "id": content.get("id"), "estimates": [head for head, _ in parts]},
                  [values for _, pair in parts for values in pair])

    def _on_probe(self, content: dict[str, Any]) -> None:
        answer = {"type": "probe", "id": content.get("id")}
        try:
            found = self.run.probe(change_of(content, len(self.run.question.feature_names)))
            self.send({**answer, "outputs": found.tolist(), "evaluated": True})
        except FAILS as error:
            self.send({**answer, "error": told(error)})

    def _on_quality(self, content: dict[str, Any]) -> None:
        """Measure a little more of the answer on show; "nothing": the reader asks no more, and all pages are told."""
        wants = content.get("wants")
        if wants not in (*WANTS, "nothing"):
            return ignored("a wish to measure", content)
        explanation = self._explanation()
        ended = wants == "nothing" or self._measured(explanation, wants)
        self.send({"type": "quality", "id": content.get("id"), "found": self.qualities.payload(explanation)})
        if ended:
            self.send_state("quality")

    def measure_known(self, seconds: float) -> None:
        """Measure what takes no evaluations, of the answer on show."""
        if self.run.answered:
            self._measured(self._explanation(), "known", seconds)

    def _explanation(self) -> Any:
        """The answer on show, with the reader's marks."""
        return marked(self.run.explanation(dict(self.settings)), self.marks)

    def _measured(self, explanation: Any, wants: str, seconds: float = STEP_SECONDS) -> bool:
        """Whether a part of the work came to its end."""
        try:
            return self.qualities.go_on(explanation, wants, seconds)
        except FAILS as error:
            log.warning("metrics of %s were left: %s", explanation.method, shown(error))
            self.qualities.failed(explanation, told(error))
            return True

    def _quality(self) -> dict[str, Any]:
        return {"found": self.qualities.all()}

    def _outputs(self) -> dict[str, Any]:
        return payload.outputs(self.run)

    def _rows(self) -> dict[str, Any]:
        run = self.run.others.neighborhood
        return {"data": None if run is None else run.neighborhood.to_bytes()}

    def _status(self) -> dict[str, Any]:
        return payload.status(self.run, self._generation, self._followed[1], self._refusal)

    def _answers(self) -> dict[str, Any]:
        asked = self.run.others.neighborhood or self.run
        bins = asked.neighborhood is not None and asked.neighborhood.law == "bins"
        estimates = [found for run in self.run.others.begun for found in self.readings(run).all(
            self.settings["method"] if run is self.run else run.method)]
        outputs = {payload.shared_name(run): payload.outputs(run) for run in self.run.others.begun}
        soon = self._opening and self.run.state == "running"
        methods = self.run.others.at_once if soon else self.run.others.methods
        return {"methods": methods, "outputs": outputs, "default_width": asked.kernel_width,
                "distance": "euclidean" if bins else "cosine", **payload.linked(self.run), "estimates": estimates}


def _apart(found: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Split an estimate into what is JSON and its buffers: values, errors and, where there is a `scale`, pixels."""
    head = {name: value for name, value in found.items() if not isinstance(value, bytes)}
    return head, [found[name] for name in ("values", "std_error", "pixels") if found[name] is not None]
