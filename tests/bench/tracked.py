"""track: what explaining adds to a training at the default interval. `python tests/bench/run.py tracked`"""

from __future__ import annotations

from timing import Figure

import limelight as ll
from assets.finetuning import film_reviews, trainer_of
from assets.models import sentiment

PINNED = 8
STEPS, FEW = 75, 20
"""Of 16 reviews each."""


def figures(quick: bool) -> list[Figure]:
    """One training of MiniLM on film reviews by a Trainer, without its evaluations."""
    pipeline = sentiment()
    _, later, valid, _ = film_reviews()
    trainer = trainer_of(pipeline.model, pipeline.tokenizer, later[:16 * (FEW if quick else STEPS)], valid[:16])
    trainer.args.eval_strategy, trainer.args.eval_on_start = "no", False
    tracker = ll.track(trainer, valid.texts[:PINNED], target=valid.labels[:PINNED].tolist())
    trainer.train()
    n, steps = len(tracker.explanations), trainer.state.global_step
    return [Figure("overhead of track, MiniLM on film reviews", 100 * tracker.overhead, "at most", 5, " %",
                   f"{PINNED} reviews explained {n} times in {steps} steps, every=\"auto\"")]
