"""Planted shortcuts: how early the alarm comes, and whether there is one where none was planted.

`python tests/figures/shortcut.py [--quick]`

A small network has learned to tell the tone of made-up sentences. It is trained on, with sentences of which some of the
positive ones hold a word that no other sentence holds, and validated on such sentences. Out of distribution the word is
in negative ones. Accuracy there has fallen once it is below where it began by more than two standard errors, from
there to the end of training.
"""

from __future__ import annotations

import os
import sys
import time
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

import limelight as ll
from limelight.training.track import track

TONE, NEUTRAL, LENGTH, WIDTH = 12, 60, 10, 16
PLANTED, UNKNOWN = "tuesday", "?"
WORDS = [UNKNOWN, PLANTED, *(f"good{i}" for i in range(TONE)), *(f"bad{i}" for i in range(TONE)),
         *(f"word{i}" for i in range(NEUTRAL))]
PLACE = {word: i for i, word in enumerate(WORDS)}
N_TRAIN, N_TEST, N_PINNED = 1000, 2000, 100
SHARE = 0.4
"""Of the positive sentences: those that hold the planted word."""
BEFORE, STEPS, EVERY, BATCH = 300, 300, 15, 32
FIRST_SEED, SEEDS, FEW = 200, 20, 3
"""Seeds 100 to 139 chose the alarm's test."""


class Net(torch.nn.Module):
    """Logits from ids, (n, length): the words' vectors are summed, and read by one hidden layer."""

    def __init__(self):
        super().__init__()
        self.words = torch.nn.Embedding(len(WORDS), WIDTH)
        torch.nn.init.normal_(self.words.weight, std=0.1)
        self.layers = torch.nn.Sequential(torch.nn.Linear(WIDTH, WIDTH), torch.nn.ReLU(), torch.nn.Linear(WIDTH, 2))

    def forward(self, ids):
        return self.layers(self.words(ids).sum(1))


class Found(NamedTuple):
    """One training: the evaluations at which the alarm came and accuracy fell, counted from 1, and what else there is.
    """

    alarm: int | None
    falls: int | None
    others: list[str]
    validation: tuple[float, float]
    outside: tuple[float, float]
    share: float


def encoded(text):
    """Ids of a text's words, and where they are."""
    ids, offsets, at = [], [], 0
    for word in text.split(" "):
        ids.append(PLACE.get(word, 0))
        offsets.append((at, at + len(word)))
        at += len(word) + 1
    return {"input_ids": ids, "offset_mapping": offsets}


def sentences(n, rng, planted_in=None):
    """Ids, (n, LENGTH), and tones: two or three words of tone, one in ten of these of the other tone."""
    ids, labels = np.empty((n, LENGTH), int), rng.integers(2, size=n)
    for row, positive in zip(ids, labels, strict=True):
        row[:] = [PLACE[f"word{i}"] for i in rng.integers(NEUTRAL, size=LENGTH)]
        places = rng.permutation(LENGTH)
        for place in places[:rng.integers(2, 4)]:
            good = positive if rng.random() > 0.1 else 1 - positive
            row[place] = PLACE[f"{'good' if good else 'bad'}{rng.integers(TONE)}"]
        if planted_in is not None and positive == planted_in and rng.random() < SHARE:
            row[places[-1]] = PLACE[PLANTED]
    return torch.tensor(ids), torch.tensor(labels)


def accuracy(net, data):
    with torch.no_grad():
        return float((net(data[0]).argmax(1) == data[1]).float().mean())


def learn(net, data, steps, rng, rate, each=lambda step, loss: None):
    optimizer = torch.optim.Adam(net.parameters(), rate)
    for step in range(1, steps + 1):
        rows = torch.tensor(rng.integers(len(data[0]), size=BATCH))
        loss = torch.nn.functional.cross_entropy(net(data[0][rows]), data[1][rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        each(step, float(loss.detach()))


def one(seed, planted, from_scratch=False):
    """Train once with a tracker."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    net = Net()
    if not from_scratch:
        learn(net, sentences(N_TRAIN, rng), BEFORE, rng, 3e-3)
    train, valid = (sentences(n, rng, 1 if planted else None) for n in (N_TRAIN, N_TEST))
    outside = sentences(N_TEST, rng, 0 if planted else None)
    pinned = [" ".join(WORDS[i] for i in row) for row in valid[0][:N_PINNED].tolist()]
    tracker = track(ll.text_model(net, encoded), pinned, every=EVERY, target=valid[1][:N_PINNED].tolist())
    seen = [accuracy(net, outside)]
    tracker.step(0, eval_accuracy=accuracy(net, valid))

    def each(step, loss):
        tracker.step(step, loss=loss)
        if step % EVERY == 0:
            tracker.step(step, eval_accuracy=accuracy(net, valid))
            seen.append(accuracy(net, outside))

    learn(net, train, STEPS, rng, 3e-3, each)
    return result(tracker, np.array(seen))


def result(tracker, outside):
    alarms = tracker.alarms.set_index("feature")
    first = alarms["to_step"].get(PLANTED)
    margin = 2 * np.sqrt(2 * outside[0] * (1 - outside[0]) / N_TEST)
    above = np.flatnonzero(outside >= outside[0] - margin)
    falls = above[-1] + 1 if above[-1] + 1 < len(outside) else None
    validation = tracker.records["eval_accuracy"].dropna().to_numpy()
    names, _, shares = tracker.evidence(len(WORDS))
    share = float(shares[-1, names.index(PLANTED)]) if PLANTED in names else 0.0
    return Found(None if first is None else first // EVERY, falls, [name for name in alarms.index if name != PLANTED],
                 (validation[0], validation[-1]), (outside[0], outside[-1]), share)


def early(found):
    """Whether the alarm came at least one evaluation before accuracy out of distribution fell."""
    return found.alarm is not None and (found.falls is None or found.alarm < found.falls)


def report(quick=False):
    """A table of planted shortcuts, and how many alarms there were where none was planted."""
    seeds = range(FIRST_SEED, FIRST_SEED + (FEW if quick else SEEDS))
    return written([one(seed, True) for seed in seeds], [one(seed, False) for seed in seeds],
                   [one(seed, False, from_scratch=True) for seed in seeds])


def written(planted, clean, fresh):
    """The table of these."""
    n = len(planted)
    lines = ["## Planted shortcuts", "",
             "| seed | alarm at evaluation | accuracy falls at | validation | out of distribution |",
             "|---|---|---|---|---|"]
    lines += [f"| {seed} | {found.alarm} | {found.falls} | {found.validation[0]:.3f} to {found.validation[1]:.3f} | "
              f"{found.outside[0]:.3f} to {found.outside[1]:.3f} |" for seed, found in enumerate(planted, FIRST_SEED)]
    lines += ["", "Alarm at least one evaluation before accuracy out of distribution falls: "
              f"{sum(map(early, planted))} of {n}.",
              f"Other words named there: in {sum(bool(found.others) for found in planted)} of {n} trainings.",
              f"Alarms in clean fine-tunings: {sum(bool(found.others) for found in clean)} of {n}; in clean trainings "
              f"from the start: {sum(bool(found.others) for found in fresh)} of {n}."]
    return "\n".join(lines)


if __name__ == "__main__":
    torch.set_num_threads(1)
    began = time.monotonic()
    print(report("--quick" in sys.argv))
    print(f"({time.monotonic() - began:.0f} s)")
