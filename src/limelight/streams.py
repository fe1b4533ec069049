"""A method that finds its answer step by step, and needs no neighborhood."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from limelight.errors import InputError, LimelightError, ModelError, said
from limelight.estimators.interactions import Interactions
from limelight.explanation import Explanation
from limelight.others import Others
from limelight.question import Question
from limelight.sources import MaskedGame
from limelight.stopping import Stopping
from limelight.types import Array, Budget, Estimate, State

NEVER = Stopping()
GROWTH = 1.15
"""An estimate is kept for the sliders each time it took so many times more evaluations."""


class Allowance:
    """Evaluations that may be spent, and those that were."""

    def __init__(self, limit: int):
        self.limit, self.spent = limit, 0

    @property
    def left(self) -> int:
        return max(0, self.limit - self.spent)

    def take(self, most: int) -> int:
        """Spend `most` evaluations, or what is left."""
        taken = min(most, self.left)
        self.spent += taken
        return taken


class Stream:
    """The estimates of one output, or of all, as they come.

    Parameters
    ----------
    start : callable
        Given a budget, iterates over estimates, each better than the last;
        None where what is left of the budget is too little for the next.
    limit : int

    Attributes
    ----------
    seconds : float
        Spent on it so far.
    """

    def __init__(self, start: Callable[[Budget], Iterator[Estimate | None]], limit: int):
        self.limit = limit
        self.kept: list[Estimate] = []
        self.state: State = "running"
        self.error: Exception | None = None
        self.ended = False
        self.seconds = 0.0
        self._start = start
        self._begin()

    def _begin(self) -> None:
        self.budget = Allowance(self.limit)
        self._estimates = self._start(self.budget)

    def more(self, limit: int) -> None:
        """Raise the limit."""
        self.limit = self.budget.limit = limit
        if self.state == "done" and not self.ended:
            self.state = "running"

    def resume(self) -> None:
        """Go on, unless it has ended."""
        self.error, self.state = None, "done" if self.ended else "running"

    def advance(self) -> None:
        """Take the next estimate; done when there is none within the budget."""
        try:
            found = None if self.ended else next(self._estimates, self)
        except BaseException:
            self._begin()  # what raised can't go on: after `resume` it begins anew
            raise
        if found is None or isinstance(found, Stream):
            self.ended, self.state = self.ended or found is self, "done"
        elif not self.kept or found.n_evals > self.kept[-1].n_evals:
            self._keep(found)

    def _keep(self, found: Estimate) -> None:
        check_finite(found.values)
        if len(self.kept) > 1 and found.n_evals < self.kept[-2].n_evals * GROWTH:
            self.kept.pop()
        self.kept.append(found)

    def at(self, n: int | None) -> Estimate:
        """The last estimate that took no more than `n` evaluations, or else the first."""
        within = [found for found in self.kept if n is None or found.n_evals <= n]
        return within[-1] if within else self.kept[0]


class StreamRun:
    """Asks for estimates until they end, or the limit is reached. No threads: work is done inside `step`.

    Parameters
    ----------
    question : Question
    opening : ndarray of shape (2, n_outputs)
        Outputs with nothing and with everything present.
    start : callable
        From an output's index to what a `Stream` starts.
    per_output : bool
        Whether each output is computed for itself, when it is wanted.
    columns : ndarray of shape (n_outputs,)
        Which of the model's outputs are kept.
    probe : callable
        Answers what-ifs.
    game : MaskedGame
        The same input as coalitions: what metrics ask.
    stopping : Stopping
        When to end before the limit.

    Attributes
    ----------
    seconds : float
        Spent so far, on this output where each is computed for itself.
    """

    neighborhood = None
    kernel_width = 0.25
    least = 1
    no_model = ""

    def __init__(self, question: Question, opening: Array,
                 start: Callable[[int], Callable[[Budget], Iterator[Estimate | None]]], *, method: str, limit: int,
                 params: Mapping[str, Any], per_output: bool, columns: Array,
                 probe: Callable[[Mapping[str, Any]], Array], game: MaskedGame, stopping: Stopping = NEVER):
        self.question, self.method, self.limit, self.params = question, method, limit, params
        self.base_values, self.prediction = opening
        self._start, self._per_output, self._columns, self.probe = start, per_output, columns, probe
        self._streams: dict[int, Stream] = {}
        self.game, self.ask, self.stopping = game, game.answers, stopping
        self.others = Others(self)
        self.aim(question.target)

    def aim(self, target: int) -> None:
        """Turn to another output: it begins, goes on, or stays stopped, done or failed, as it was left."""
        self._target = target
        column = target if self._per_output else -1
        if column not in self._streams:
            self._streams[column] = Stream(self._start(target), self.limit)
        self._stream = self._streams[column]
        self.seconds = self._stream.seconds

    @property
    def state(self) -> State:
        return self._stream.state

    @property
    def error(self) -> Exception | None:
        return self._stream.error

    def step(self, seconds: float = 0.1) -> None:
        """Take estimates for about so long; nothing when not running."""
        started = time.perf_counter()
        try:
            while self.state == "running":
                self._stream.advance()
                self._end_if_good_enough()
                if time.perf_counter() - started >= seconds:
                    break
        except LimelightError as error:
            self._fail(error)
        except Exception as error:
            self._fail(ModelError(f"the model raised {type(error).__name__}: {said(error)}. {self.method} asks it "
                                  "about changed inputs, with gradients where it needs them"), error)
        finally:
            self._stream.seconds += time.perf_counter() - started
            self.seconds = self._stream.seconds

    def _end_if_good_enough(self) -> None:
        if self.state == "running" and self.answered and self.stopping != NEVER:
            column = 0 if self._per_output else self._target
            if self.stopping.reached(self._stream.kept[-1], column):
                self._stream.state = "done"

    def _fail(self, error: LimelightError, cause: Exception | None = None) -> None:
        error.__cause__ = cause
        self._stream.error, self._stream.state = error, "failed"

    def stop(self) -> None:
        """Ask no more, until `resume` or `more`."""
        if self.state == "running":
            self._stream.state = "stopped"

    def resume(self) -> None:
        """Go on, after a failure from the start."""
        self._stream.resume()

    def more(self, n_samples: int) -> None:
        """Raise the limit and go on."""
        self.limit, self.stopping = max(self.limit, n_samples), NEVER
        for stream in self._streams.values():
            stream.more(self.limit)
        self.resume()

    @property
    def n(self) -> int:
        return self._stream.kept[-1].n_evals if self._stream.kept else 0

    @property
    def answered(self) -> bool:
        return bool(self._stream.kept)

    @property
    def warning(self) -> str:
        """What is wrong with the answer, once no better one is on its way; or ""."""
        return "" if self.state == "running" or not self.answered else self._stream.kept[-1].params.get("warning", "")

    @property
    def exact(self) -> bool:
        return self.answered and self._stream.ended

    def refit(self, method: str, kernel_width: float | None = None, n_samples: int | None = None) -> Estimate:
        """The estimate after so many evaluations, of shape (n_features, n_outputs); outputs not computed are NaN."""
        found = self._stream.at(n_samples)
        if not self._per_output:
            return found
        columns = {k: stream.at(n_samples) for k, stream in self._streams.items() if stream.kept}
        shape = len(self.question.feature_names), len(self.question.output_names)
        values, errors, fidelity = np.full(shape, np.nan), np.full(shape, np.inf), np.full(shape[1], np.nan)
        for k, one in columns.items():
            values[:, k], errors[:, k], fidelity[k] = one.values[:, 0], one.std_error[:, 0], one.fidelity[0]
        return replace(found, values=values, std_error=errors, fidelity=fidelity)

    def kept(self) -> list[tuple[int | None, list[Estimate]]]:
        """Estimates on the way, by output (None: all outputs); the output that is explained comes last."""
        order = sorted(self._streams, key=lambda k: self._streams[k] is self._stream)
        return [(k if self._per_output else None, self._streams[k].kept) for k in order if self._streams[k].kept]

    def links(self) -> Interactions | None:
        """What every two features do together, if the method knows and was asked for it."""
        together = self._stream.kept[-1].together if self.answered else None
        return None if together is None else Interactions(*together, exact=True)

    def explanation(self, chosen: Mapping[str, Any] | None = None) -> Explanation:
        """What there is now, frozen."""
        settings = dict(chosen or {})
        self.aim(settings.get("target", self._target))
        while self.state == "running" and not self.answered:
            self.step()
        if not self.answered:
            raise self.error or InputError(f"{self.method} has no answer yet: resume it")
        estimate = self.refit(self.method, None, settings.get("n_samples"))
        question = replace(self.question, target=self._target)
        base = self.base_values if estimate.base_values is None else estimate.base_values[self._columns]
        return Explanation.of(question, (base, self.prediction), self.method, estimate, self.params,
                              estimate.n_evals, run=self)


def check_finite(values: Array) -> None:
    """Raise ModelError where attributions are NaN or infinite."""
    if not np.isfinite(values).all():
        raise ModelError("the model's gradients or outputs are NaN or infinite here, so there are no attributions: "
                         "check it on this input, in float32")
