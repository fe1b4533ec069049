"""The callback by which a transformers Trainer tells a tracker of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from limelight.training.tracker import Tracker

OURS = "limelight/"
"""What we log begins with this; it comes back to us with all else that is logged."""
LEFT_OUT = ("epoch", "total_flos", "train_runtime", "train_samples_per_second", "train_steps_per_second", "train_loss")
TIMES = ("_runtime", "_per_second", "_preparation_time")
"""Endings of names that tell how long something took."""


def callback_of(tracker: Tracker) -> Any:
    """Make a callback for a Trainer. Only its main process explains."""
    return _kind()(tracker)


def watch_over(trainer: Any, tracker: Tracker) -> None:
    """Have a Trainer tell of its steps, and of an end that no callback hears of: an error, or an interruption."""
    # The first, so that it has its say before others close what they write to.
    trainer.callback_handler.callbacks.insert(0, tracker.callback)
    train = trainer.train

    @wraps(train)
    def tracked(*args: Any, **keywords: Any) -> Any:
        try:
            return train(*args, **keywords)
        except BaseException as error:
            tracker.broken_off(error)
            raise

    trainer.train = tracked


def metrics_of(logs: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of a log that tell how well a model does."""
    return {name: float(value) for name, value in logs.items()
            if isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
            and name not in LEFT_OUT and not name.endswith(TIMES) and not name.startswith(OURS)}


@cache
def _kind() -> Any:
    """The class, made where transformers is there already."""
    from transformers import TrainerCallback

    class Tracking(TrainerCallback):
        """Tells a tracker of steps and metrics; ends the training where a reader stopped it."""

        def __init__(self, tracker: Tracker):
            self.tracker = tracker

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.tracker.resume()

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.is_world_process_zero and not self.tracker.step(state.global_step):
                control.should_training_stop = True

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            found = metrics_of(logs or {})
            if state.is_world_process_zero and found:
                self.tracker.step(state.global_step, **found)

        def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.is_world_process_zero:
                self.tracker.finish(state.global_step)

    return Tracking
