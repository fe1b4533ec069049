"""A tracker's book: what is told and explained is kept, in memory and in the log, and passed on to who shows it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from limelight.errors import InputError, LimelightError
from limelight.training import stored
from limelight.training.history import History
from limelight.training.known import Known, State
from limelight.training.pinned import Estimated
from limelight.training.prospects import faded
from limelight.training.watched import Watched

log_ = logging.getLogger("limelight")
LONG = 200
"""Characters of a note that repeats what something raised."""
MOST_NAMED = 8
"""Examples that a note names."""


class Recorder(Known):
    """Keeps records. Whatever goes wrong with it is noted, and training goes on."""

    def __init__(self, history: History, watched: Watched | None, state: State, notes: Sequence[str],
                 overhead: float):
        super().__init__(history, state, notes, overhead)
        self._watched = watched
        self._boards: list[Any] = []
        self._taken_up = watched is not None and bool(history.found)
        self._last_notes: dict[str, str] = {}
        self._failures: dict[str, tuple[int, int, set[int]]] = {}

    def to(self, board: Any) -> Any:
        """Write scalars and figures to a TensorBoard SummaryWriter or a W&B run, too.

        Parameters
        ----------
        board
            With `add_scalar` and `add_figure`, as torch's SummaryWriter; with
            `log`, as what `wandb.init` returns; or a Trainer, which passes on to all that its `report_to` names.

        Returns
        -------
        Tracker
            Itself.

        Raises
        ------
        InputError
            If it is none of these.
        """
        from limelight.training.boards import board_of

        self._boards.append(board_of(board))
        return self

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

    def _record(self, step: int, row: Mapping[str, float], due: bool) -> None:
        """Keep what is told of a step, and explain the examples where that is due and was not done."""
        watched = self._alive()
        emptied = self._take_back(step, watched)
        explain = emptied or (due and step not in self._history.found)
        if not row and not explain:
            return
        with watched.pace.spending(explain):
            if row:
                self._history.add_row(step, row)
                self._kept(lambda: watched.write(stored.of_row(step, row)))
            if explain:
                self._explain(step, watched)
            self._tell()

    def _take_back(self, step: int, watched: Watched) -> bool:
        """Forget a step and later ones where training was taken up there again; whether no record is left.

        That was so where it is before the last one, or is the last one and the
        first to be told since training was taken up: other weights came to it.
        """
        last, taken_up = self._history.last, self._taken_up
        self._taken_up = False
        if last is None or step > last or (step == last and not (taken_up and step)):
            return False
        self._history.rewind(step)
        self._kept(lambda: watched.write(stored.taken_up(step)))
        said = f"Training was taken up again at step {step:,}: what was told before from there on is forgotten."
        self._note("taken up", said)
        return not self._history.found

    def _explain(self, step: int, watched: Watched) -> None:
        try:
            found = watched.estimate(step)
        except Exception as error:  # training goes on, whatever becomes of its explanations
            return self._unexplained(step, error)
        self._keep(step, found, watched)
        for board in self._boards:
            self._write_to(board, step, False)

    def _unexplained(self, step: int, error: Exception, examples: Iterable[int] = ()) -> None:
        """Say that a step was not explained, or some examples at it: in one sentence for all that raise alike."""
        kind = f"{'some ' if examples else ''}not explained: {type(error).__name__}"
        first, n, before = self._failures.get(kind, (step, 0, set()))
        n, which, why = n + 1, {*before, *examples}, _why(error)
        self._failures[kind] = first, n, which
        if which:
            pinned = _listed(which)
            said = (f"Step {step:,} has no explanation of pinned {pinned}: {why}" if n == 1 else
                    f"{n:,} steps, from step {first:,} to step {step:,}, have no explanation of pinned {pinned}: {why}")
        else:
            said = (f"Step {step:,} was not explained: {why}" if n == 1 else
                    f"{n:,} steps were not explained, from step {first:,} to step {step:,}: {why}")
        if n == 1:
            log_.warning("%s", said)
        self._note(kind, said)

    def _some_unexplained(self, step: int, failed: Mapping[int, Exception]) -> None:
        alike: dict[type, list[int]] = {}
        for i, error in failed.items():
            alike.setdefault(type(error), []).append(i)
        for examples in alike.values():
            self._unexplained(step, failed[examples[0]], examples)

    def _draw_on_boards(self, step: int) -> None:
        """Write the figure of the whole training to them."""
        for board in self._boards:
            self._write_to(board, step, True)

    def _write_to(self, board: Any, step: int, figure: bool) -> None:
        try:
            board(self, step, figure)
        except Exception as error:  # what it writes to may be far away
            said = f"A board can't be written to, and lacks some records: {_why(error)}"
            self._note("board", said)

    def _keep(self, step: int, found: Sequence[Estimated], watched: Watched) -> None:
        self._history.add_found(step, found)
        self._some_unexplained(step, watched.failed)
        said = faded(step, found, self._history.pinned)
        if said:
            self._note("faded", said)
        self._kept(lambda: watched.write(stored.of_found(step, found)))

    def _kept(self, write: Callable[[], None]) -> None:
        """Write to the log. Where that fails training goes on, and a note says so once."""
        try:
            write()
        except OSError as error:
            said = f"The log can't be written, and lacks some records: {error.strerror or error}."
            self._note("log", said)

    def _note(self, sort: str, said: str) -> None:
        """Tell a reader, in the place of what was last said of this sort: a long training has not many notes."""
        before, self._last_notes[sort] = self._last_notes.get(sort), said
        if before in self.notes:
            self.notes[self.notes.index(before)] = said
        else:
            self.notes.append(said)

    def _tell(self) -> None:
        for changed in list(self.changed):
            try:
                changed()
            except Exception as error:
                said = f"A function in `changed` failed: {_why(error)}"
                self._note("changed", said)

    def _alive(self) -> Watched:
        if self._watched is None:
            raise InputError("this tracker came from a file, and there is no model behind it: call ll.track with "
                             "log= that file's log, and the training goes on in it")
        return self._watched


def _why(error: Exception) -> str:
    """What it says; of one that is not ours its kind, too, as it may say little."""
    return shortened(str(error) if isinstance(error, LimelightError) else f"{type(error).__name__}: {error}")


def _listed(examples: Iterable[int]) -> str:
    """Their numbers, as views count them from 1."""
    numbers = [f"{i + 1:,}" for i in sorted(examples)]
    return ", ".join([*numbers[:MOST_NAMED], *["..."] * (len(numbers) > MOST_NAMED)])


def shortened(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= LONG else f"{text[:LONG]}..."
