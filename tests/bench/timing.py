"""How times are taken on a machine that others use too, and what a figure is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from limelight.api import start

Work = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """One measured number and what was promised.

    Attributes
    ----------
    name, unit : str
    value, target : float
    bound : {"at most", "at least"}
    note : str
        What the number is made of.
    """

    name: str
    value: float
    bound: Literal["at most", "at least"]
    target: float
    unit: str
    note: str = ""

    @property
    def met(self) -> bool:
        return self.value <= self.target if self.bound == "at most" else self.value >= self.target

    def cells(self) -> list[str]:
        """What a row of the table says."""
        return [self.name, f"{self.value:.3g}{self.unit}", f"{self.bound} {self.target:g}{self.unit}",
                "yes" if self.met else "NO", self.note]


def cpu_seconds(work: Work) -> float:
    """Processor time of this process: what other programs take does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def interleaved(works: Mapping[str, Work], repeats: int) -> dict[str, list[float]]:
    """Time each work in turn, again and again (A B A B), so that drift meets them alike."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            times[name].append(cpu_seconds(work))
    return times


def explained(model: Any, x: Any, n: int, method: str) -> Iterator[None]:
    """What `explain` does, with a pause after each micro-batch."""
    run = start(model, x, method=method, target=None, output="probability", n_samples=n, kernel_width=None,
                tolerance=None, seed=0, options={})
    while run.state == "running":
        run.step(0)
        yield
    run.explanation()


def overhead(name: str, target: float, explain: Callable[[], Iterator[None]], forward: Sequence[Work],
             repeats: int) -> Figure:
    """`explain` over the forward passes alone, both in pieces, done in turns: a busy moment meets both."""
    seconds = [side_by_side(explain(), (ask() for ask in forward)) for _ in range(repeats)]
    ours, alone = (median(found) for found in zip(*seconds, strict=True))
    return Figure(f"{name}: explain / forward passes alone", median(a / b for a, b in seconds), "at most", target, "x",
                  f"{ours:.3g} s and {alone:.3g} s")


def side_by_side(first: Iterable[object], second: Iterable[object]) -> tuple[float, float]:
    """Processor time of two works; whichever has had less of it goes on."""
    works, seconds, left = (iter(first), iter(second)), [0.0, 0.0], {0, 1}
    while left:
        i = min(left, key=seconds.__getitem__)
        begun = time.process_time()
        if next(works[i], left) is left:
            left.remove(i)
        seconds[i] += time.process_time() - begun
    return seconds[0], seconds[1]


class Timed:
    """A game that knows how long the model was asked, in seconds of the processor."""

    def __init__(self, game: Any):
        self._game, self.seconds = game, 0.0

    def __call__(self, coalitions: Any) -> Any:
        """Ask, by the clock."""
        begun = time.process_time()
        outputs = self._game(coalitions)
        self.seconds += time.process_time() - begun
        return outputs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._game, name)


def outside_the_model(name: str, model: Any, x: Any, n: int) -> Figure:
    """Share of a run of shapley that goes into choosing what to ask and reading it."""
    run = start(model, x, method="shapley", target=None, output="probability", n_samples=n, kernel_width=None,
                tolerance=None, seed=0, options={})
    game = run.source.game = Timed(run.source.game)

    def explain() -> None:
        while run.state == "running":
            run.step()
        run.explanation()

    total = cpu_seconds(explain)
    return Figure(f"{name}, {n:,} evaluations by shapley: share of the time outside the model",
                  100 * (1 - game.seconds / total), "at most", 10, " %", f"{total:.3g} s in all")


def fastest(works: Mapping[int, Sequence[Work]], repeats: int = 3) -> int:
    """Which of the works, by batch size, takes least time."""
    times = interleaved({str(size): lambda asks=asks: [ask() for ask in asks] for size, asks in works.items()}, repeats)
    return min(works, key=lambda size: median(times[str(size)]))


def ratio(over: list[float], under: list[float]) -> float:
    """Median of the ratios within each round."""
    return median(a / b for a, b in zip(over, under, strict=True))
