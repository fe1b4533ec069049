"""Words over a corpus: where each stands, and what it did there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limelight.types import Array

if TYPE_CHECKING:
    import pandas

AROUND = 40
"""Characters of the text that stand around a word in a table of its places."""
MOST_WORDS = 500
"""Words that are gathered: those with the largest attributions summed over texts."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """Every place of every word in some texts.

    Attributes
    ----------
    words : tuple of str
        As they are gathered: without regard to capitals.
    counts : int ndarray of shape (n_words,)
        How many texts have each.
    text, word : int ndarray of shape (n_places,)
        Which text, of those explained, and which word; -1: one that was not gathered.
    start, stop : int ndarray of shape (n_places,)
        Where in the text, in characters.
    values, std_error : ndarray of shape (n_places, n_outputs)
    """

    words: tuple[str, ...]
    counts: Array
    text: Array
    word: Array
    start: Array
    stop: Array
    values: Array
    std_error: Array

    def places(self, word: int, target: int, texts: Sequence[str], rows: Array) -> pandas.DataFrame:
        """Every place of a word, the largest attribution first: row, before, word, after, value, std_error."""
        import pandas

        found = np.flatnonzero(self.word == word)
        found = found[np.argsort(-np.abs(self.values[found, target]), kind="stable")]
        spans = [(texts[self.text[i]], int(self.start[i]), int(self.stop[i])) for i in found]
        return pandas.DataFrame({
            "row": rows[self.text[found]], "before": [text[max(0, start - AROUND) : start] for text, start, _ in spans],
            "word": [text[start:stop] for text, start, stop in spans],
            "after": [text[stop : stop + AROUND] for text, _, stop in spans],
            "value": self.values[found, target], "std_error": self.std_error[found, target]})

    def to_frame(self, target: int, rows: Array) -> pandas.DataFrame:
        """One row a place, in the texts' order: row, word, start, value, std_error; `word` is "" if not gathered."""
        import pandas

        names = np.array([*self.words, ""], object)
        return pandas.DataFrame({"row": rows[self.text], "word": names[self.word], "start": self.start,
                                 "value": self.values[:, target], "std_error": self.std_error[:, target]})

    def of_text(self, i: int) -> Array:
        """Places in one of the explained texts, in order."""
        return np.flatnonzero(self.text == i)


@dataclass(frozen=True, eq=False)
class Gathered:
    """A corpus, and its words as features of the texts.

    Attributes
    ----------
    corpus : Corpus
    values, std_error : ndarray of shape (n_texts, n_words, n_outputs)
        Summed over a word's places in a text; 0 where it is in none.
    counts : ndarray of shape (n_texts, n_words)
        How often each text has each word; NaN where it has not.
    """

    corpus: Corpus
    values: Array
    std_error: Array
    counts: Array


def gather(names: Sequence[Sequence[str]], starts: Sequence[Array], values: Sequence[Array],
           std_error: Sequence[Array], least: int, most: int = MOST_WORDS) -> Gathered:
    """Gather words over texts, capitals aside.

    Parameters
    ----------
    names : sequence of sequence of str
        The words of each text.
    starts : sequence of int ndarray
        Where each begins.
    values, std_error : sequence of ndarray of shape (n_words_of_the_text, n_outputs)
    least : int
        In how many texts a word must be.
    """
    folded = [[" ".join(name.casefold().split()) for name in each] for each in names]
    every = sorted({name for each in folded for name in each})
    place = {name: i for i, name in enumerate(every)}
    text = np.repeat(np.arange(len(names)), [len(each) for each in names])
    word = np.array([place[name] for each in folded for name in each], int)
    found, errors = np.concatenate(values), np.concatenate(std_error)
    counts = np.bincount(np.unique(np.stack([word, text]), axis=1)[0], minlength=len(every))
    total = np.bincount(word, np.abs(found).max(1), len(every))
    kept = np.flatnonzero(counts >= least)
    kept = np.sort(kept[np.argsort(-total[kept], kind="stable")][:most])
    number = np.full(len(every), -1)
    number[kept] = np.arange(len(kept))
    begin = np.concatenate(list(starts)).astype(int)
    stop = begin + np.array([len(name) for each in names for name in each], int)
    corpus = Corpus(tuple(every[i] for i in kept), counts[kept], text, number[word], begin, stop, found, errors)
    return Gathered(corpus, *_summed(corpus, len(names)))


def _summed(corpus: Corpus, n_texts: int) -> tuple[Array, Array, Array]:
    shape = (n_texts, len(corpus.words), corpus.values.shape[1])
    values, variance, counts = np.zeros(shape), np.zeros(shape), np.zeros(shape[:2])
    known = corpus.word >= 0
    at = corpus.text[known], corpus.word[known]
    np.add.at(values, at, corpus.values[known])
    np.add.at(variance, at, corpus.std_error[known] ** 2)
    np.add.at(counts, at, 1)
    return values, np.sqrt(variance), np.where(counts > 0, counts, np.nan)
