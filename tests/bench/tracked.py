"""track: what explaining adds to a training, and what a record costs. `python tests/bench/run.py tracked`"""

from __future__ import annotations

from statistics import median

import numpy as np
from timing import Figure, cpu_seconds

import limelight as ll
from assets.finetuning import film_reviews, trainer_of
from assets.models import sentiment
from limelight.training.boards import scalars
from limelight.training.history import History
from limelight.training.pace import MOST
from limelight.training.pinned import Estimated
from limelight.training.tracker import Tracker

PINNED = 8
STEPS, SHORT = 75, 3
"""Of 16 reviews each."""
WORDS, EARLY, LATE, LATE_QUICK = 40, 10, 10_000, 1_000
"""Features of an example, and records."""
REPEATS = 15


def figures(quick: bool) -> list[Figure]:
    """Trainings of MiniLM on film reviews by a Trainer, without its evaluations; and records of made-up numbers."""
    early, late = record_costs(EARLY, LATE_QUICK if quick else LATE)
    return [*([] if quick else [long_training()]), short_training(),
            Figure("a late record beside an early one", late / early, "at most", 2, " x",
                   f"what a board is told: {1000 * early:.2g} and {1000 * late:.2g} ms of CPU time, {PINNED} examples "
                   f"of {WORDS} features")]


def long_training() -> Figure:
    """Long enough for the last explanation to be a small part of it."""
    n, steps, overhead, _ = trained(STEPS)
    return Figure("overhead of track, MiniLM on film reviews", 100 * overhead, "at most", 5, " %",
                  f"{PINNED} reviews explained {n} times in {steps} steps, every=\"auto\"; once takes as long as "
                  f"{overhead * steps / (n - 1):.2g} steps of 16")


def short_training() -> Figure:
    """Too short for that: its last weights are explained in any case, and a note says what it took."""
    n, steps, overhead, notes = trained(SHORT)
    told = overhead <= MOST or any(note.startswith("Explaining took") for note in notes)
    return Figure("what it takes of a short training is said", float(told), "at least", 1, "",
                  f"{100 * overhead:.3g} %: explained {n} times in {steps} steps")


def trained(steps: int) -> tuple[int, int, float, list[str]]:
    """Train so many steps: how often reviews were explained, steps, the overhead, and notes."""
    pipeline = sentiment()
    _, later, valid, _ = film_reviews()
    trainer = trainer_of(pipeline.model, pipeline.tokenizer, later[:16 * steps])
    tracker = ll.track(trainer, valid.texts[:PINNED], target=valid.labels[:PINNED].tolist())
    trainer.train()
    return len(tracker.explanations), trainer.state.global_step, tracker.overhead, tracker.notes


def record_costs(*sizes: int) -> list[float]:
    """Seconds of CPU time that one more record takes, with what a board is told of it, where there are so many."""
    rng = np.random.default_rng(0)
    model = ll.tabular_model(lambda rows: rows[:, :2], rng.normal(size=(5, WORDS)))
    pinned = ll.track(model, rng.normal(size=(PINNED, WORDS)), method="occlusion")._history.pinned
    history = History(pinned)
    tracker, found = Tracker(history, None, "done"), []
    most: dict[str, float] = {}

    def one() -> None:
        values = rng.normal(size=(PINNED, WORDS))
        history.add_found(len(history.found), [
            Estimated(each, np.zeros(WORDS), each * 1.01, np.zeros(2), np.array([0.4, 0.6]), np.nan, 0.1)
            for each in values])

    for size in sizes:
        while len(history.found) < size:
            one()
        found.append(median(cpu_seconds(lambda: (one(), scalars(tracker, most))) for _ in range(REPEATS)))
    return found
