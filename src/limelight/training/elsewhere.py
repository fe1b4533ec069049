"""The tracker of a process that does not explain: of several ones that train a model, the first one does."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from limelight.training.history import History
from limelight.training.tracker import Tracker


class Elsewhere(Tracker):
    """Takes whatever a tracker is told, and does nothing with it: no log, no explanations, no view, no file."""

    def __init__(self) -> None:
        super().__init__(History(()), state="elsewhere")

    def begin(self) -> None:
        """Explain nothing."""

    def turn_to(self, module: Any, step: int, last: int) -> None:
        """Explain nothing."""

    def step(self, step: int, **metrics: Any) -> bool:
        """Go on: whether a reader stopped the training is known to the first process."""
        return True

    def evaluated(self, step: int, metrics: Any) -> None:
        """Keep nothing."""

    def stop(self) -> None:
        """Only the first process can stop."""

    def resume(self) -> None:
        """Count no time."""

    def finish(self, step: int | None = None, *, explain: bool = True) -> None:
        """Explain nothing."""

    def broken_off(self, error: BaseException) -> None:
        """Keep nothing."""

    def to(self, board: Any) -> Any:
        """Write nothing."""
        return self

    def save(self, path: str | PathLike[str], *, title: str | None = None, fragment: bool = False) -> Path:
        """Write nothing: the first process does, where it is told to."""
        return Path(path)

    @property
    def callback(self) -> Any:
        """As of any tracker: it tells of nothing."""
        from limelight.training.callback import callback_of

        return callback_of(self)

    def __repr__(self) -> str:
        return "<Tracker: the first process of this training explains, and this one does not>"

    def _ipython_display_(self) -> None:
        """Show nothing."""

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"text/plain": repr(self)}, {}
