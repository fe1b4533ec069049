"""What `explain` costs on a GPU over the forward passes alone; nothing where there is none."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median

import image
import numpy as np
import table
import text
import torch
from skimage.data import chelsea
from timing import Figure, Work

import limelight as ll
from assets.models import efficientnet, sentiment

ROUNDS = 7


def figures(quick: bool) -> list[Figure]:
    """Measure all of them; `quick` with fewer samples, for development."""
    if not torch.cuda.is_available():
        return []
    return [of_text(1_000 if quick else 5_000), of_image(400 if quick else 2_000), of_table(500 if quick else 5_000)]


def of_text(n: int) -> Figure:
    """MiniLM on a sentence of 22 words; the forward passes read the same rows, sorted and padded beforehand."""
    model = ll.text_model(sentiment("cuda"))
    explain = partial(ll.explain, model, text.SENTENCE, n_samples=n, progress=False)
    works = {size: [partial(text.ask, model.module, planes.cuda())
                    for planes in text.ready(model, text.SENTENCE, n, size)] for size in (128, 256, 512, 1024)}
    return overhead(f"text, {n:,} evaluations", 1.05, explain, works)


def of_image(n: int) -> Figure:
    """EfficientNet-Lite0 on a photo."""
    net, preprocess, names = efficientnet()
    model = ll.image_model(net.cuda(), preprocess, output_names=names)
    explain = partial(ll.explain, model, chelsea(), n_samples=n, progress=False)
    batch = torch.rand(512, 3, 224, 224, device="cuda")
    works = {size: [partial(image.ask, net, batch[: min(size, n - at)]) for at in range(0, n, size)]
             for size in (32, 64, 128, 256, 512)}
    return overhead(f"image, {n:,} evaluations", 1.05, explain, works)


def of_table(n: int) -> Figure:
    """A small network and 100 background rows: all that is not the network weighs most."""
    rows, _ = table.breast_cancer()
    net = table.network(rows.shape[1]).cuda()
    model = ll.tabular_model(net, rows[: table.BACKGROUND])
    explain = partial(ll.explain, model, rows[table.ROW], n_samples=n, progress=False, method="lime")
    ready = torch.tensor(np.tile(rows, (300, 1)), device="cuda")
    works = {size: [partial(table.ask, net, ready[: min(size, n * table.BACKGROUND - at)])
                    for at in range(0, n * table.BACKGROUND, size)] for size in (16_384, 65_536, 131_072)}
    return overhead(f"table, {n:,} evaluations of {table.BACKGROUND} rows", 1.35, explain, works)


def overhead(name: str, target: float, explain: Work, forward: dict[int, list[Work]]) -> Figure:
    """`explain` over the forward passes alone at the best batch size, in turns."""
    explain()  # what is loaded and compiled once
    alone = {size: partial(all_of, works) for size, works in forward.items()}
    best = min(alone, key=lambda size: median(seconds(alone[size]) for _ in range(3)))
    rounds = [(seconds(explain), seconds(alone[best])) for _ in range(ROUNDS)]
    ours, theirs = (median(each) for each in zip(*rounds, strict=True))
    return Figure(f"GPU: {name}: explain / forward passes alone", median(a / b for a, b in rounds), "at most", target,
                  "x", f"{ours:.3g} s and {theirs:.3g} s in batches of {best:,}, {torch.cuda.get_device_name()}")


def all_of(works: list[Callable[[], object]]) -> None:
    """One after the other."""
    for work in works:
        work()


def seconds(work: Work) -> float:
    """Real time, until the device is done."""
    torch.cuda.synchronize()
    start = time.perf_counter()
    work()
    torch.cuda.synchronize()
    return time.perf_counter() - start
