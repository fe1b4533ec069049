"""What other packages answer with so many evaluations: each a function (value, n, m, seed) -> values.

They run in an environment of their own (requirements.txt: the newest shap and shapiq need Python
3.12), as a program: `peers.py FOLDER` reads tasks, a JSON list of [peer, game, m, seed], from its
standard input and prints a line of JSON for each: [task, [relative squared error, evaluations,
seconds]]. See answers.py.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from functools import cache, partial
from math import comb
from pathlib import Path

import numpy as np
import shap
from exact import Array, Value, relative
from games import KINDS, Game, games
from shapiq import approximator

Peer = Callable[[Value, int, int, int], Array]


def shap_kernel(value: Value, n: int, m: int, seed: int) -> Array:
    """KernelExplainer without its l1 selection; nothing and everything are two of the m."""
    np.random.seed(seed)  # it has no seed of its own
    explainer = shap.KernelExplainer(partial(_of_numbers, value), np.zeros((1, n)))
    return explainer.shap_values(np.ones((1, n)), nsamples=m - 2, l1_reg=False, silent=True)[0]


def shap_permutation(value: Value, n: int, m: int, seed: int) -> Array:
    """PermutationExplainer: as many permutations, forwards and backwards, as m pays for."""
    explainer = shap.PermutationExplainer(partial(_of_numbers, value), np.zeros((1, n)), seed=seed)
    return explainer(np.ones((1, n)), max_evals=m, silent=True).values[0]


def leverage(value: Value, n: int, m: int, seed: int) -> Array:
    """LeverageSHAP (Musco & Witter 2025) of shapiq."""
    return _first_order(approximator.LeverageSHAP(n, random_state=seed), value, m)


def paired_kernel(value: Value, n: int, m: int, seed: int) -> Array:
    """KernelSHAP of shapiq, in complementary pairs."""
    return _first_order(approximator.KernelSHAP(n, pairing_trick=True, random_state=seed), value, m)


def odd(value: Value, n: int, m: int, seed: int) -> Array:
    """OddSHAP (arXiv 2602.01399) of shapiq."""
    return _first_order(approximator.OddSHAP(n, random_state=seed), value, m)


def poly(value: Value, n: int, m: int, seed: int) -> Array:
    """PolySHAP (arXiv 2601.18608) of shapiq, in pairs: interactions of two and three, as many terms as pairs.

    On the games for tuning that was better than fewer or more of them, than no pairs, and than those of three alone.
    """
    terms = min(m // 2, n + 1 + comb(n, 2) + comb(n, 3))
    estimator = approximator.PolySHAP(n, max_order=3, max_terms=max(n + 1, terms), pairing_trick=True,
                                      random_state=seed)
    return _first_order(estimator, value, m)


PEERS: dict[str, Peer] = {"shap Kernel": shap_kernel, "shap permutation": shap_permutation, "LeverageSHAP": leverage,
                          "paired Kernel": paired_kernel, "OddSHAP": odd, "PolySHAP": poly}


def _of_numbers(value: Value, X: Array) -> Array:
    return value(X > 0.5)


def _first_order(estimator: approximator.Approximator, value: Value, m: int) -> Array:
    found = estimator.approximate(m, value)
    return np.array([found[(i,)] for i in range(found.n_players)])


class Counted:
    """A game that counts how often it is asked, and is never asked more often than `most`."""

    def __init__(self, value: Value, most: int):
        self._value, self._most, self.asked = value, most, 0

    def __call__(self, present: Array) -> Array:
        rows = np.atleast_2d(present)
        self.asked += len(rows)
        if self.asked > self._most:
            raise RuntimeError(f"asked {self.asked} times, and {self._most} were allowed")
        return self._value(rows)


def answer(folder: Path, peer: str, name: str, m: int, seed: int) -> tuple[float, int, float]:
    """Relative squared error, evaluations, seconds of processor time."""
    game = _by_name(folder)[name]
    counted, start = Counted(game.value, m), time.process_time()
    found = PEERS[peer](counted, game.n, m, seed)
    return relative(found, game.exact), counted.asked, time.process_time() - start


@cache
def _by_name(folder: Path) -> dict[str, Game]:
    return {game.name: game for game in games(KINDS, folder=folder)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for task in json.load(sys.stdin):
        print(json.dumps([task, answer(Path(sys.argv[1]), *task)]), flush=True)
