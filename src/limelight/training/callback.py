"""The callback by which a transformers Trainer tells a tracker of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from limelight.scalars import is_number
from limelight.training.processes import check_whole

if TYPE_CHECKING:
    from limelight.training.tracker import Tracker

OURS = "limelight/"
"""What we log begins with this; it comes back to us with all else that is logged."""
LEFT_OUT = ("epoch", "total_flos", "train_runtime", "train_samples_per_second", "train_steps_per_second", "train_loss")
TIMES = ("_runtime", "_per_second", "_preparation_time")
"""Endings of names that tell how long something took."""


def callback_of(tracker: Tracker) -> Any:
    """Make a callback for a Trainer. Of several processes only the first one tells, and can't end the others."""
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
            if is_number(value) and name not in LEFT_OUT and not name.endswith(TIMES) and not name.startswith(OURS)}


@cache
def _kind() -> Any:
    """The class, made where transformers is there already."""
    from transformers import TrainerCallback

    class Tracking(TrainerCallback):
        """Tells a tracker of steps and metrics; ends the training where a reader stopped it."""

        def __init__(self, tracker: Tracker):
            self.tracker, self._replaced = tracker, False

        def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
            check_whole(model)
            self._replaced = False
            if state.is_world_process_zero:
                self.tracker.turn_to(model, state.global_step, state.max_steps)
                self.tracker.resume()
            else:  # the tracker may be older than the process group
                self.tracker.state = "elsewhere"

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.is_world_process_zero and not self.tracker.step(state.global_step):
                if args.world_size == 1:
                    control.should_training_stop = True
                else:
                    self.tracker.go_on_after_stop()
            self._last_before_the_best(args, state, control, state.global_step >= state.max_steps)

        def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self._last_before_the_best(args, state, control)

        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self._last_before_the_best(args, state, control)

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            found = metrics_of(logs or {})
            if not state.is_world_process_zero or not found or self._replaced:
                return
            if self.tracker.goes_on:
                self.tracker.step(state.global_step, **found)
            else:
                self.tracker.evaluated(state.global_step, found)

        def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self._replaced = args.load_best_model_at_end and state.best_model_checkpoint is not None
            if state.is_world_process_zero:
                self.tracker.finish(state.global_step, explain=not self._replaced)

        def _last_before_the_best(self, args: Any, state: Any, control: Any, last: bool = False) -> None:
            """Explain the last weights, where the Trainer is about to load the best ones in their place."""
            if state.is_world_process_zero and args.load_best_model_at_end and (last or control.should_training_stop):
                self.tracker.explain(state.global_step)

    return Tracking
