"""The kernel's side of browser.py: views that are timed, and the forward passes alone."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import torch
from timing import Work

import limelight as ll
from limelight.runs import NeighborhoodRun

torch.set_num_threads(1)
N = {"text": 1_000, "image": 200, "table": 10_000}


class Streamed:
    """One kind of model, explained again and again.

    Attributes
    ----------
    rounds : list of dict
        Seconds of the forward passes `alone` for all `n` rows; of the stream,
        from its first step to its last row; the `share` of rows that came in
        it; and when, by the clock, the model was first asked (`first`). `_cpu`: in processor time.
    """

    def __init__(self, kind: str):
        self.rounds: list[dict[str, float]] = []
        self._n = N[kind]
        self._model, self._input, self._asks = PARTS[kind](self._n)
        self._forward()

    def _forward(self) -> None:
        for ask in self._asks:
            ask()

    def alone(self) -> None:
        """Time the forward passes, and begin a round."""
        real, processor = time.perf_counter(), time.process_time()
        self._forward()
        self.rounds.append({"alone": time.perf_counter() - real, "alone_cpu": time.process_time() - processor})

    def live(self) -> ll.LiveView:
        """Open a view and time what the browser makes it do."""
        found = self.rounds[-1]
        step = NeighborhoodRun.step

        def first(run: NeighborhoodRun, seconds: float = 0.1) -> None:
            found.setdefault("first", time.time())
            step(run, seconds)

        NeighborhoodRun.step = first  # type: ignore[method-assign]
        view = ll.live(self._model, self._input, n_samples=self._n, method="lime", seed=len(self.rounds))
        NeighborhoodRun.step = step  # type: ignore[method-assign]
        self._time(view._run, found)
        return view

    def _time(self, run: NeighborhoodRun, found: dict[str, float]) -> None:
        step = run.step
        found["share"] = 1 - len(run.neighborhood) / self._n

        def timed(seconds: float = 0.1) -> None:
            real = found.setdefault("start", time.perf_counter())
            processor = found.setdefault("start_cpu", time.process_time())
            step(seconds)
            found.update(streamed=time.perf_counter() - real, streamed_cpu=time.process_time() - processor)

        run.step = timed  # type: ignore[method-assign]

    def save(self, path: str) -> None:
        """Write the rounds where browser.py finds them."""
        Path(path).write_text(json.dumps(self.rounds))


def text(n: int) -> tuple[Any, Any, list[Work]]:
    """The model, what is explained, and its forward passes alone."""
    from text import SENTENCE, forward_passes

    from assets.models import sentiment

    model = ll.text_model(sentiment())
    return model, SENTENCE, forward_passes(model, SENTENCE, n, 64)


def image(n: int) -> tuple[Any, Any, list[Work]]:
    from image import forward_passes
    from skimage.data import chelsea

    from assets.models import efficientnet

    net, preprocess, names = efficientnet()
    return ll.image_model(net, preprocess, output_names=names), chelsea(), forward_passes(net, n, 4)


def table(n: int) -> tuple[Any, Any, list[Work]]:
    from table import BACKGROUND, ROW, breast_cancer, forward_passes, network

    rows, _ = breast_cancer()
    net = network(rows.shape[1])
    return (ll.tabular_model(net, rows[:BACKGROUND]), rows[ROW],
            forward_passes(net, n * BACKGROUND, rows.shape[1], 1_000))


PARTS = {"text": text, "image": image, "table": table}
