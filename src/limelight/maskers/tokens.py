"""Which token belongs to which feature of a text, and when dropping ids is dropping words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from limelight.maskers.words import Span, needs_space
from limelight.types import Array

_ISOLATED = re.compile(r"[\t\n\r \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000!-/:-@\[-`{-~"
                       r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df]")
"""Characters that BERT's tokenizers part from their neighbours: spaces, ASCII marks, ideographs."""


def spans(token_spans: Array) -> list[Span]:
    """Make a feature of every token, and one of tokens that share a character."""
    found: list[Span] = []
    for start, stop in token_spans.tolist():
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        elif start < stop:
            found.append((start, stop))
    return found


def merged(features: Sequence[Span], token_spans: Array) -> list[Span]:
    """Join features that have a token in common: half a token can't be hidden."""
    first, last = _touched(features, token_spans)
    joined = np.zeros(len(features), bool)
    for a, b in zip(first, last, strict=True):
        joined[a + 1 : b + 1] = True
    starts = np.flatnonzero(~joined)
    stops = np.r_[starts[1:], len(features)]
    return [(features[a][0], features[b - 1][1])
            for a, b in zip(starts.tolist(), stops.tolist(), strict=True)]


def owners(features: Sequence[Span], token_spans: Array) -> Array:
    """Number tokens by the feature that they are in, shape (n_tokens,); -1 for none."""
    first, last = _touched(features, token_spans)
    return np.where(first <= last, first, -1)


def kept(coalitions: Array, owner: Array) -> Array:
    """Tell which tokens stay: bool (n, n_features) -> bool (n, n_tokens)."""
    return np.where(owner >= 0, coalitions[:, owner], True)


def separable(text: str, features: Sequence[Span], token_spans: Array, token_words: Array) -> bool:
    """Tell whether a WordPiece tokenizer reads what is left of a text as the tokens left of it.

    It does if each of its own words is in one feature or in none, and no two
    of them grow together where features between them are hidden.
    """
    own = _word_spans(token_spans, token_words)
    first, last = _touched(features, own)
    whole = np.array(features)[np.minimum(first, len(features) - 1)]
    inside = (first == last) & (whole[:, 0] <= own[:, 0]) & (own[:, 1] <= whole[:, 1])
    return bool(((first > last) | inside).all()) and all(
        _ISOLATED.match(edge) or needs_space(edge, "a") for edge in _edges(text, features))


def _word_spans(token_spans: Array, token_words: Array) -> Array:
    real = token_words >= 0
    begins = np.flatnonzero(np.diff(token_words[real], prepend=-1))
    if not len(begins):
        return np.zeros((0, 2), np.int64)
    starts, stops = token_spans[real].T
    return np.stack([np.minimum.reduceat(starts, begins), np.maximum.reduceat(stops, begins)], axis=1)


def _edges(text: str, features: Sequence[Span]) -> set[str]:
    """Collect the characters that may come to touch where features are hidden."""
    around = {text[i] for start, stop in features for i in (start - 1, stop) if 0 <= i < len(text)}
    adjacent = [pair for pair in pairwise(features) if pair[0][1] == pair[1][0]]
    return around | {text[i] for pair in adjacent for start, stop in pair for i in (start, stop - 1)}


def _touched(features: Sequence[Span], token_spans: Array) -> tuple[Array, Array]:
    """First and last feature that each token shares a character with; first > last for none."""
    starts, stops = np.array(features, np.int64).reshape(-1, 2).T
    first = np.searchsorted(stops, token_spans[:, 0], side="right")
    last = np.searchsorted(starts, token_spans[:, 1], side="left") - 1
    return first, np.where(token_spans[:, 0] < token_spans[:, 1], last, first - 1)
