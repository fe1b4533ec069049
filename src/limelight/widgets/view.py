"""What all views share: traits, and one handler that always answers."""

from __future__ import annotations

import logging
import math
import threading
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from limelight.errors import LimelightError
from limelight.preferences import options
from limelight.types import Run
from limelight.widgets import busy, payload
from limelight.widgets.readings import Kept, Readings, readings_of

STATIC = Path(__file__).parent.parent / "static"
MOST_EVALUATIONS = 1_000_000
MOST_AHEAD = 8
STEP_SECONDS = 0.1

log = logging.getLogger("limelight")


class View(anywidget.AnyWidget):
    """Runs, drawn: that of the method chosen goes on. The browser asks for more; nothing is computed unasked.

    `rows`, `answers` and `status` are never assigned: their state is read from
    the runs whenever it is wanted, so it is always complete.

    Parameters
    ----------
    run : Run
    settings : dict, optional
        What to show first: method, target, kernel_width, n_samples.
    """

    subject = traitlets.Dict().tag(sync=True)  # {kind, model, features: [name], ...}: what is drawn
    outputs = traitlets.Dict().tag(sync=True)  # {names, prediction, space, predicted}
    settings = traitlets.Dict().tag(sync=True)  # {method, target, kernel_width, n_samples: int | None}
    rows = traitlets.Dict().tag(sync=True)  # {data: bytes of the neighborhood}
    answers = traitlets.Dict().tag(sync=True)  # {methods, outputs, default_width, distance, links, estimates}
    status = traitlets.Dict().tag(sync=True)  # {state, generation, n, limit, rate, ...}
    look = traitlets.Dict().tag(sync=True)  # {language, theme}, as ll.options said; never changes

    def __init__(self, run: Run, settings: dict[str, Any] | None = None):
        self.run = run
        self._lock = threading.Lock()
        self._generation = 0
        self._refusal = ""
        self._readings: dict[str, Readings | Kept] = {}
        busy.watch()
        first = {"method": run.method, "target": run.question.target,
                 "kernel_width": run.kernel_width, "n_samples": None, **(settings or {})}
        self._followed = first["method"], first["target"]
        run.aim(first["target"])
        super().__init__(subject=dict(run.question.subject), outputs=payload.outputs(run), settings=first,
                         look=options.look)
        self.observe(self._turn, "settings")
        self.on_msg(self._receive)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the whole state as it is now."""
        state = super().get_state(key, drop_defaults)
        now = {"outputs": self._outputs, "rows": self._rows, "answers": self._answers, "status": self._status}
        return {name: now[name]() if name in now else value for name, value in state.items()}

    def sync(self) -> None:
        """Tell every browser what there is."""
        self.send_state(["outputs", "rows", "answers", "status"])

    @traitlets.validate("settings")
    def _checked_settings(self, proposal: Any) -> dict[str, Any]:
        if self._valid_settings(proposal.value):
            return dict(proposal.value)
        log.warning("ignored settings that can't be used: %.200r", proposal.value)
        return dict(self.settings)

    def _valid_settings(self, value: Any) -> bool:
        names = [method["name"] for method in self.run.others.methods if method["available"]]
        n_samples, width = value.get("n_samples"), value.get("kernel_width")
        return (value.get("method") in names and _index(value.get("target"), len(self.run.question.output_names))
                and isinstance(width, (int, float)) and 0 < width < math.inf
                and (n_samples is None or _index(n_samples, MOST_EVALUATIONS + 1)))

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
        except Exception as error:  # whatever a model does, the view is told, and stays where it was
            log.warning("%s can't run here: %s", method, error)
            self._refusal = f"{method} can't run here: {error}"
            self.settings = {**self.settings, "method": self._followed[0]}
        self._followed = self.settings["method"], target
        self.run.aim(target)
        if self._status() != before:
            self._generation += 1
            self.sync()

    def _of(self, run: Run) -> Readings | Kept:
        return self._readings.setdefault(_shared(run), readings_of(run))

    def _receive(self, _: Any, content: Any, buffers: Any) -> None:
        kind = content.get("type") if isinstance(content, dict) else None
        handler = {"step": self._on_step, "stop": self._on_stop, "resume": self._on_resume,
                   "read": self._on_read, "probe": self._on_probe}.get(kind if isinstance(kind, str) else "")
        if handler is None:
            log.warning("ignored a message that is not known: %.200r", content)
        elif busy.elsewhere() or not self._lock.acquire(blocking=False):
            self.send({"type": "waiting", "id": content.get("id")})
        else:
            try:
                self.follow()
                handler(content)
            except LimelightError as error:
                log.warning("ignored a message that can't be answered: %s", error)
            finally:
                self._lock.release()

    def _on_step(self, content: dict[str, Any]) -> None:
        have, ahead = content.get("have", -1), content.get("ahead", 0)
        if not (_index(have, MOST_EVALUATIONS + 1) and _index(ahead, MOST_AHEAD + 1)):
            log.warning("ignored a step without a number of rows: %.200r", content)
            return
        running = self.run.state == "running"
        nothing_newer = have >= self.run.n or ahead
        if running and nothing_newer and content.get("generation") == self._generation:
            self.run.step(STEP_SECONDS)
        self._send_rows(have, content.get("id"))
        if running and self.run.state != "running":
            self.sync()

    def _send_rows(self, have: int, asked: Any) -> None:
        message = {"type": "rows", "id": asked, "generation": self._generation, "start": min(have, self.run.n),
                   "status": self._status()}
        buffers = [self._rows_after(have)]
        readings = self._of(self.run)
        if readings.due(self.settings["method"]):
            found = readings.at(self.settings["method"], self.settings["kernel_width"], self.run.n)
            message["estimate"], values = _apart(found)
            buffers += values
        self.send(message, buffers)

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
        if limit is not None and not _index(limit, MOST_EVALUATIONS + 1):
            log.warning("ignored a limit that can't be used: %.200r", limit)
            return
        self._generation += 1
        self.run.resume() if limit is None else self.run.more(limit)
        self._send_status(content)

    def _send_status(self, content: dict[str, Any]) -> None:
        self.send({"type": "status", "id": content.get("id"), "status": self._status()})
        self.sync()

    def _on_read(self, content: dict[str, Any]) -> None:
        asked = {"target": 0, **content}
        if not self._valid_settings(asked):
            log.warning("ignored a reading that can't be made: %.200r", content)
            return
        run = self.run.others.of(asked["method"])
        found = self._of(run).asked(asked["method"], asked["kernel_width"], asked["n_samples"])
        parts = [_apart(estimate) for estimate in found]
        self.send({"type": "estimates", "id": content.get("id"), "estimates": [head for head, _ in parts]},
                  [values for _, pair in parts for values in pair])

    def _on_probe(self, content: dict[str, Any]) -> None:
        answer = {"type": "probe", "id": content.get("id")}
        try:
            found = self.run.probe(_change(content, len(self.run.question.feature_names)))
            self.send({**answer, "outputs": found.tolist(), "evaluated": True})
        except Exception as error:  # whatever a model or a value does, the view is told
            self.send({**answer, "error": str(error)})

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
        estimates = [found for run in self.run.others.begun for found in self._of(run).all(
            self.settings["method"] if run is self.run else run.method)]
        outputs = {_shared(run): payload.outputs(run) for run in self.run.others.begun}
        return {"methods": self.run.others.methods, "outputs": outputs, "default_width": asked.kernel_width,
                "distance": "euclidean" if bins else "cosine", "links": payload.links(asked), "estimates": estimates}


def _shared(run: Run) -> str:
    """The name of a run: methods that read the neighborhood share one."""
    return run.method if run.neighborhood is None else "neighborhood"


def _apart(found: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Split an estimate into what is JSON and its buffers: values, errors and, where there is a `scale`, pixels."""
    head = {name: value for name, value in found.items() if not isinstance(value, bytes)}
    return head, [found[name] for name in ("values", "std_error", "pixels") if found[name] is not None]


def _change(content: dict[str, Any], n_features: int) -> dict[str, Any]:
    """Return a what-if that can be asked, or raise ValueError."""
    if "values" in content:
        values = {int(i): value for i, value in dict(content["values"]).items()}
        if all(_index(i, n_features) for i in values):
            return {"values": values}
    elif isinstance(content.get("absent"), list) and all(_index(i, n_features) for i in content["absent"]):
        return {"absent": content["absent"]}
    raise ValueError(f"a what-if names features by index, 0 to {n_features - 1}")


def _index(value: Any, end: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < end
