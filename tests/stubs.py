"""A small masker that counts, and runs of it."""

from types import SimpleNamespace

import numpy as np

from limelight.question import Question
from limelight.runs import NeighborhoodRun
from limelight.sources import MaskedGame, PairedSource
from limelight.stopping import Stopping

D = 14
WEIGHTS = 2 * (-0.7) ** np.arange(D)


class CountingMasker:
    """Asks a smooth function of the kept features, and remembers every row."""

    law, batch_size, hide = "uniform", 16, "delete"

    def __init__(self, n_outputs=2, fails_at=None, answer=None):
        self.feature_names = [f"word {i}" for i in range(D)]
        self.model = SimpleNamespace(output_names=None)
        self.asked = []
        self.calls = []
        self.fails_at, self.answer, self.n_outputs = fails_at, answer, n_outputs

    def __call__(self, coalitions, output):
        if self.fails_at is not None and len(self.asked) + len(coalitions) > self.fails_at:
            raise RuntimeError("the disk is full")
        self.asked += [row.tobytes() for row in coalitions]
        self.calls.append(len(coalitions))
        if self.answer is not None:
            return self.answer(coalitions)
        p = 1 / (1 + np.exp(-(coalitions @ WEIGHTS) - 0.3 * coalitions[:, 0] * coalitions[:, 5]))
        return np.column_stack([p] + [(1 - p) / (self.n_outputs - 1)] * (self.n_outputs - 1))


def running(masker=None, limit=200, seed=0, target=None, **stopping):
    masker = masker or CountingMasker()
    game = MaskedGame(masker, "probability", target)
    subject = {"kind": "text", "model": "stub", "hide": "delete", "notes": [], "cut": None,
               "features": masker.feature_names, "pieces": [[f"{w} ", i] for i, w in enumerate(masker.feature_names)]}
    question = Question(subject, masker.feature_names, tuple(masker.feature_names), game.chosen.names,
                        "probability", game.chosen.target, seed)
    return NeighborhoodRun(PairedSource(game, seed), question, method="lime", kernel_width=0.25, options={},
                           params={}, limit=limit, stopping=Stopping(**stopping))


def finished(*args, seconds=1.0, **keywords):
    run = running(*args, **keywords)
    while run.state == "running":
        run.step(seconds)
    return run
