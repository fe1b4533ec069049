"""Of words: how large their attributions are, and which way they go, where they occur."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limelight.dataset.measure import LABELS, Measure
from limelight.quality.intervals import critical
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.dataset.corpus import Corpus

OCCURRING = {name: LABELS[name] for name in ("occurring", "direction")}


def occurring(corpus: Corpus, target: int) -> Measure:
    """Mean |attribution| over the texts that have a word, corrected for the estimator's noise."""
    means, errors = _by_text(corpus, target)
    noise = np.where(np.isfinite(errors), errors, 0)
    mean, half = _over_texts(np.sqrt(np.maximum(means**2 - noise**2, 0)))
    return Measure("occurring", "How large a word's attributions are in the texts that have it: the mean of "
                   "|attribution|, in the output's units, with its interval over texts.", mean,
                   np.maximum(mean - half, 0), mean + half)


def direction(corpus: Corpus, target: int) -> Measure:
    """Mean attribution over the texts that have a word: which way it moves the output."""
    mean, half = _over_texts(_by_text(corpus, target)[0])
    return Measure("direction", "Which way a word moves the output in the texts that have it: the mean attribution, "
                   "in the output's units, with its interval over texts.", mean, mean - half, mean + half, signed=True)


def _by_text(corpus: Corpus, target: int) -> tuple[Array, Array]:
    """Mean attribution of each word in each text that has it, and its error: (n_texts, n_words), NaN elsewhere."""
    known = corpus.word >= 0
    shape = (int(corpus.text.max(initial=-1)) + 1, len(corpus.words))
    total, variance, counts = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    at = corpus.text[known], corpus.word[known]
    np.add.at(total, at, corpus.values[known, target])
    np.add.at(variance, at, corpus.std_error[known, target] ** 2)
    np.add.at(counts, at, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return total / np.where(counts, counts, np.nan), np.sqrt(variance) / np.where(counts, counts, np.nan)


def _over_texts(means: Array) -> tuple[Array, Array]:
    """Mean over the texts that have a word, and half its interval: NaN where there is one text.

    Texts are drawn and asked one by one, so the estimator's noise is in the spread over texts already.
    """
    there = np.isfinite(means)
    n = there.sum(0)
    mean = np.where(there, means, 0).sum(0) / np.maximum(n, 1)
    apart = (np.where(there, means - mean, 0) ** 2).sum(0) / np.maximum(n - 1, 1)
    t = np.array([critical(each - 1) if each > 1 else np.nan for each in n])
    return mean, t * np.sqrt(apart / np.maximum(n, 1))
