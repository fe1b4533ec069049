"""A training as explanations tell of it."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from limelight.errors import InputError
from limelight.scalars import is_whole
from limelight.training import stored
from limelight.training.cells import at_end_of_cell
from limelight.training.endings import ENDED
from limelight.training.history import History
from limelight.training.known import State
from limelight.training.pace import MOST
from limelight.training.prospects import never_told, no_alarms, no_validation
from limelight.training.recorder import Recorder, shortened
from limelight.training.stored import MOST_STEP
from limelight.training.watched import Watched


class Tracker(Recorder):
    """A training as explanations tell of it. `ll.track` begins one, `ll.load` opens one.

    In a plain loop call `step` after each step of the optimizer; a
    transformers Trainer that was given to `ll.track` does that itself. Used as
    `with ll.track(...) as tracker:`, it knows when training is over. Where
    training is interrupted, or raises, what was recorded is kept: a Trainer, a
    `with` and a notebook's cell tell of that by themselves. A loop without any
    of these is "running" until `finish` is called; what its log holds was
    "stopped" where the process ends first.

    Attributes
    ----------
    state : {"running", "done", "stopped", "failed", "not ended", "elsewhere"}
        "stopped": by `stop`, by a reader, or interrupted. "failed": training
        raised an error, which `notes` has. "not ended": it came from a file, and
        went on when that was read or saved, or may do so on another machine.
        "elsewhere": this is not the first of the training's processes, and that one explains.
    changed : list of callable
        Called with nothing after each record: what a view hangs itself on.
    notes : list of str
        Sentences that a reader must see, such as why a step was not explained.
    """

    def __init__(self, history: History, watched: Watched | None = None, state: State = "running",
                 notes: Sequence[str] = (), overhead: float = 0.0):
        super().__init__(history, watched, state, notes, overhead)
        self._at = history.last or 0
        self._going, self._asked_to_stop = False, False
        if watched is not None:
            weakref.finalize(self, watched.left)

    # -- while it trains ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Explain the weights there are: as step 0, where nothing is known yet; and see how long it takes.

        Raises
        ------
        LimelightError
            If the model can't be explained.
        """
        watched = self._alive()
        said = no_alarms(self._history)
        self.notes += [said] if said and said not in self.notes else []
        found = watched.measured(self._at)
        if not self._history.found:
            self._keep(0, found, watched)

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
            `if not tracker.step(...): break`. Of several processes (DDP) only
            the first one learns it: have it tell the others before any breaks.

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
        self._record(self._at, row, watched.pace.due(self._at, self._history.last or 0))
        return not self._asked_to_stop

    def explain(self, step: int) -> None:
        """Explain the weights that there are after a step, if that was not done, whatever is due."""
        self._at = _whole_step(step)
        self._record(self._at, {}, True)

    def evaluated(self, step: int, metrics: Mapping[str, Any]) -> None:
        """Keep metrics of weights that are not trained just now: nothing goes on because of them."""
        watched, row = self._alive(), {name: _metric(name, value) for name, value in metrics.items()}
        step = _whole_step(step)
        if step < (self._history.last or 0):  # of weights that were overtaken, in the training that its log tells of
            return
        self._history.add_row(step, row)
        self._kept(lambda: watched.write(stored.of_row(step, row)))
        if self.state in ENDED:
            self._kept(lambda: watched.end(self.state, self.notes))
        self._tell()

    def turn_to(self, module: Any, step: int, last: int) -> None:
        """A Trainer is about to train a module from a step on: explain that one, if it made another than there was.

        Where it begins anew after steps were told, its first weights are step 0 from now on.
        """
        watched = self._alive()
        watched.pace.expect(step, last)
        strange = watched.strange(module)
        if strange and not watched.turn_to(module):
            said = ("The model that is trained has no part in common with the one that is explained: if it was made "
                    "anew, as with model_init=, give ll.track the Trainer itself.")
            self._note("strange", said)
        elif step == 0 and (strange or self._history.last):
            self._begin_anew(watched)

    def _begin_anew(self, watched: Watched) -> None:
        try:
            found = watched.measured(0)
        except Exception as error:  # training goes on, and what is known stays until it tells of a step
            return self._unexplained(0, error)
        self._take_back(0, watched)
        self._keep(0, found, watched)

    def go_on_after_stop(self) -> None:
        """Say that a training of several processes goes on: to end one of them would leave the others waiting."""
        said = "This training has several processes and goes on after the stop: only explaining has ended."
        self._note("stop", said)

    @property
    def last(self) -> int:
        """The latest step that was told."""
        return max(self._at, super().last)

    @property
    def goes_on(self) -> bool:
        """Whether a training is between its beginning and its end, as far as it told."""
        return self._going

    def stop(self) -> None:
        """Explain no more, and have the training loop or the Trainer end after this step. What has ended stays so."""
        if self.state == "running":
            self.state = "stopped"
        # What is not going on has nothing to end: the next loop is not meant.
        self._asked_to_stop = self._going

    def resume(self) -> None:
        """Training begins, or goes on after it was stopped: its time is counted from now on."""
        self._asked_to_stop, self._taken_up = False, True
        self._go_on(self._alive())

    def finish(self, step: int | None = None, *, explain: bool = True) -> None:
        """Training is over: explain the last weights, if they were not, and have the log on the disk.

        Parameters
        ----------
        step : int, optional
            The last one; default the last that was told.
        explain : bool
            False where other weights than those of the last step are in the model by now, such as the best ones.
        """
        watched = self._alive()
        last = self._at if step is None else _whole_step(step)
        self._taken_up = False  # no step was told since: these are the weights there were
        if explain:
            self._record(last, {}, True)
        elif last not in self._history.found:
            said = f"Step {last:,} was not explained: by then the model had its best weights again."
            self._note("best", said)
        with watched.pace.spending():
            self._draw_on_boards(last)
        watched.pace.pause()
        if not watched.pace.kept:
            said = (f"Explaining took {watched.pace.overhead:,.0%} of the training's own time, and not {MOST:.0%} at "
                    "most: the last weights are explained however short a training was.")
            self._note("cost", said)
        unheard = no_validation(self._history)
        if unheard:
            self._note("validation", unheard)
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
            self.notes.append(shortened(said))
        self._end("failed" if failed else "stopped", self._alive())
        self._draw_on_boards(self._at)  # last: where that is interrupted, too, all else is kept

    def _go_on(self, watched: Watched) -> None:
        self.state = "running"
        watched.pace.begin()
        self._follow()

    def _follow(self) -> None:
        """Hear of the end of the cell in which training goes on. In a thread of its own it goes on without one."""
        if not self._going:
            self._going = True
            if threading.current_thread() is threading.main_thread():
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
        watched.pace.pause()
        unheard = never_told(self._history)
        if unheard:
            self._note("validation", unheard)
        self.state, self._overhead = state, watched.pace.overhead
        self._going = False
        self._kept(lambda: watched.end(state, self.notes))
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


def _metric(name: str, value: Any) -> float:
    try:
        return float(value.detach() if hasattr(value, "detach") else value)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        raise InputError(f"{name}={value!r:.60} is no number: tell of a step's metrics as numbers, or tensors of "
                         "one") from None


def _whole_step(step: Any) -> int:
    if not is_whole(step) or not 0 <= step < MOST_STEP:
        raise InputError(f"step={step!r:.40} should be a whole number from 0 to {MOST_STEP - 1:,}: how many steps the "
                         "model was trained")
    return int(step)
