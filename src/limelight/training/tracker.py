"""A training as explanations tell of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.training import stored
from limelight.training.cells import at_end_of_cell
from limelight.training.history import History
from limelight.training.known import Known, State
from limelight.training.pinned import Estimated
from limelight.training.watched import Watched

log_ = logging.getLogger("limelight")
LONG = 200
"""Characters of a note that repeats what training raised."""


class Tracker(Known):
    """A training as explanations tell of it. `ll.track` begins one, `ll.load` opens one.

    In a plain loop call `step` after each step of the optimizer; a
    transformers Trainer that was given to `ll.track` does that itself. Used as
    `with ll.track(...) as tracker:`, it knows when training is over. Where
    training is interrupted, or raises, what was recorded is kept: a Trainer, a
    `with` and a notebook's cell tell of that by themselves.

    Attributes
    ----------
    state : {"running", "done", "stopped", "failed"}
        "stopped": by `stop`, by a reader, or interrupted. "failed": training
        raised an error, which `notes` has.
    changed : list of callable
        Called with nothing after each record: what a view hangs itself on.
    notes : list of str
        Sentences that a reader must see, such as why a step was not explained.
    """

    def __init__(self, history: History, watched: Watched | None = None, state: State = "running",
                 notes: Sequence[str] = (), overhead: float = 0.0):
        super().__init__(history, state, notes, overhead)
        self._watched, self._at = watched, history.last or 0
        self._going, self._asked_to_stop = False, False
        self._boards: list[Any] = []

    # -- while it trains ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Explain the weights there are: as step 0, where nothing is known yet; and see how long it takes.

        Raises
        ------
        LimelightError
            If the model can't be explained.
        """
        watched = self._alive()
        found = watched.measured()
        if not self._history.found:
            self._keep(0, found, watched)
        self._follow()

    def step(self, step: int, **metrics: Any) -> bool:
        """Tell of a step of training.

        Parameters
        ----------
        step : int
            How many steps the model has been trained. One before the last that
            was told means that training was taken up from there again: what was
            known of it and later ones is forgotten.
        **metrics
            Numbers by name, such as loss=, eval_accuracy=; of one step they may
            come in several calls. A tensor of one number is read.

        Returns
        -------
        bool
            False once a reader pressed Stop, or `stop` was called:
            `if not tracker.step(...): break`.

        Raises
        ------
        InputError
            If the tracker came from a file, or an argument is no number.
        """
        watched = self._alive()
        if self._asked_to_stop:
            return False
        row = {name: _metric(name, value) for name, value in metrics.items()}
        self._at = _whole_step(step)
        self._go_on(watched)
        self._record(step, row, watched.pace.due(step) and self._is_new(step))
        return not self._asked_to_stop

    def stop(self) -> None:
        """Explain no more, and have the training loop or the Trainer end after this step."""
        self.state = "stopped"
        # What is not going on has nothing to end: the next loop is not meant.
        self._asked_to_stop = self._going

    def resume(self) -> None:
        """Training begins, or goes on after it was stopped: its time is counted from now on."""
        self._asked_to_stop = False
        self._go_on(self._alive())

    def finish(self, step: int | None = None) -> None:
        """Training is over: explain the last weights, if they were not, and have the log on the disk.

        Parameters
        ----------
        step : int, optional
            The last one; default the last that was told.
        """
        watched = self._alive()
        last = self._at if step is None else _whole_step(step)
        self._record(last, {}, last not in self._history.found)
        for board in self._boards:
            board(self, last, True)
        self._end("stopped" if self._asked_to_stop else "done", watched)

    def broken_off(self, error: BaseException) -> None:
        """Training was interrupted, or raised an error: keep what was recorded, and say so.

        Parameters
        ----------
        error : BaseException
            What is no `Exception`, such as KeyboardInterrupt, is a wish and no failure.
        """
        failed = isinstance(error, Exception)
        if failed:
            said = f"Training failed after step {self._at:,}: {type(error).__name__}: {error}"
            self.notes.append(said if len(said) <= LONG else f"{said[:LONG]}...")
        self._end("failed" if failed else "stopped", self._alive())

    def _go_on(self, watched: Watched) -> None:
        self.state = "running"
        watched.pace.begin()
        self._follow()

    def _follow(self) -> None:
        """Hear of the end of the cell in which training goes on."""
        if not self._going:
            self._going = True
            at_end_of_cell(self)

    def cell_ended(self, error: BaseException | None) -> None:
        """A notebook's cell is over: the time until the next one is no training."""
        if not self._going:
            return
        if error is not None and self.state == "running":
            self.broken_off(error)
        self._alive().pace.pause()
        self._going = self._asked_to_stop = False

    def _end(self, state: State, watched: Watched) -> None:
        self.state, self._overhead = state, watched.pace.overhead
        self._going = False
        watched.pace.pause()
        self._kept(watched.settle)
        self._tell()

    def __enter__(self) -> Tracker:
        self.resume()
        return self

    def __exit__(self, kind: Any, error: BaseException | None, *_: object) -> None:
        if error is not None:
            self.broken_off(error)
        elif self._going:  # a Trainer has told of its end already
            self.finish()

    @cached_property
    def callback(self) -> Any:
        """For `Trainer(callbacks=[tracker.callback])`, where not the Trainer was given to `ll.track`."""
        from limelight.training.callback import callback_of

        self._alive()
        return callback_of(self)

    def to(self, board: Any) -> Tracker:
        """Write scalars and figures to a TensorBoard SummaryWriter or a W&B run, too.

        Parameters
        ----------
        board
            With `add_scalar` and `add_figure`, as torch's SummaryWriter; with
            `log`, as what `wandb.init` returns; or a Trainer, which passes on to all that its `report_to` names.

        Raises
        ------
        InputError
            If it is none of these.
        """
        from limelight.training.boards import board_of

        self._boards.append(board_of(board))
        return self

    def _is_new(self, step: int) -> bool:
        """Whether these weights were not explained: the step is new, or training was taken up before it."""
        return step not in self._history.found or step < (self._history.last or 0)

    def _record(self, step: int, row: Mapping[str, float], explain: bool) -> None:
        """Keep what is told of a step, and explain the examples where that is due."""
        watched = self._alive()
        if not row and not explain:
            return
        with watched.pace.spending(explain):
            self._history.rewind(step)
            if row:
                self._history.add_row(step, row)
                self._kept(lambda: watched.write(stored.of_row(step, row)))
            if explain:
                self._explain(step, watched)
            self._tell()

    def _explain(self, step: int, watched: Watched) -> None:
        try:
            found = watched.estimate()
        except Exception as error:  # training goes on, whatever becomes of its explanations
            said = f"Step {step:,} was not explained: {error}"
            log_.warning("%s", said)
            self.notes.append(said)
            return
        self._keep(step, found, watched)
        for board in self._boards:
            board(self, step, False)

    def _keep(self, step: int, found: Sequence[Estimated], watched: Watched) -> None:
        self._history.add_found(step, found)
        self._kept(lambda: watched.write(stored.of_found(step, found)))

    def _kept(self, write: Callable[[], None]) -> None:
        """Write to the log. Where that fails training goes on, and a note says so once."""
        try:
            write()
        except OSError as error:
            said = f"The log can't be written, and lacks some records: {error.strerror or error}."
            self.notes += [] if said in self.notes else [said]

    def _tell(self) -> None:
        for changed in list(self.changed):
            changed()

    def _alive(self) -> Watched:
        if self._watched is None:
            raise InputError("this tracker came from a file, and there is no model behind it: call ll.track with "
                             "log= that file's log, and the training goes on in it")
        return self._watched

    @property
    def examples(self) -> list[tuple[Any, Mapping[str, Any], tuple[str, ...]]]:
        """The pinned examples: the input as it was given, what a view draws of it, and the names of its features."""
        inputs = [] if self._watched is None else [(each.x,) for each in self._watched.pinned]
        told = super().examples
        return [(*x, *each[1:]) for x, each in zip(inputs, told, strict=True)] if inputs else told

    @property
    def overhead(self) -> float:
        """What tracking added to the time of training, as a share of it."""
        running = self._watched is not None and self.state == "running"
        return self._watched.pace.overhead if running and self._watched is not None else self._overhead


def _metric(name: str, value: Any) -> float:
    try:
        return float(value.detach() if hasattr(value, "detach") else value)
    except (TypeError, ValueError, RuntimeError):
        raise InputError(f"{name}={value!r:.60} is no number: tell of a step's metrics as numbers, or tensors of "
                         "one") from None


def _whole_step(step: Any) -> int:
    if isinstance(step, bool) or not isinstance(step, (int, np.integer)) or step < 0:
        raise InputError(f"step={step!r:.40} should be a whole number from 0: how many steps the model was trained")
    return int(step)
