"""What a Hugging Face tokenizer makes of a text, and how its family lets words be hidden."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.models._rows import TokenRows
from limelight.types import Array

MEAN = "the mean of all embeddings"
_UNSET = 1_000_000
"""Tokenizers that know no limit say 1e30."""


@dataclass(frozen=True)
class Tokens:
    """One text as the model reads it, cut to the model's limit.

    Attributes
    ----------
    ids, types : ndarray of shape (n_tokens,)
        Token ids, specials included, and their segments.
    spans : ndarray of shape (n_tokens, 2)
        Start and end of each in what is seen of the text, in characters;
        (0, 0) for specials.
    words : ndarray of shape (n_tokens,)
        Which of the tokenizer's own words each belongs to; -1 for specials.
    end : int
        Where the model stops reading, in characters of the text.
    room : int or None
        Tokens the model can read besides its specials, if the text has more.
    start : int
        Where it begins: tokenizers that truncate at the left keep a text's end.
    """

    ids: Array
    types: Array
    spans: Array
    words: Array
    end: int
    room: int | None
    start: int = 0


class TokenReader:
    """A tokenizer together with the limit of its model.

    Parameters
    ----------
    tokenizer : transformers tokenizer
    limit : int or None
        The most tokens the model reads, specials included.
    """

    def __init__(self, tokenizer: Any, limit: int | None):
        self.tokenizer, self.limit = tokenizer, limit
        self.fast = bool(getattr(tokenizer, "is_fast", False))
        """Whether it tells where in the text each token is."""

    @property
    def word_piece(self) -> bool:
        """Whether words are tokenized one by one, so that dropping ids is dropping words.

        True for WordPiece with BERT's rules for what a word is.
        """
        inner = getattr(self.tokenizer, "backend_tokenizer", None)
        parts = [type(getattr(inner, name, None)).__name__
                 for name in ("model", "normalizer", "pre_tokenizer")]
        return self.fast and parts == ["WordPiece", "BertNormalizer", "BertPreTokenizer"]

    def word_by_word(self, text: str) -> bool:
        """Tell whether this is so for a text, which must not spell a special token."""
        names = (token.strip("[]<>|") for token in self.tokenizer.all_special_tokens)
        return self.word_piece and not any(name in text for name in names)

    def read(self, text: str) -> Tokens:
        """Encode one text, and cut what is beyond the limit. Needs a fast tokenizer."""
        encoding = self.tokenizer(text, truncation=False, padding=False, verbose=False,
                                  return_offsets_mapping=True, return_special_tokens_mask=True,
                                  return_token_type_ids=True)
        special = np.array(encoding["special_tokens_mask"], bool)
        room = self._room(len(special), int(special.sum()))
        kept = special | self._within(~special, math.inf if room is None else room)
        spans = np.array(encoding["offset_mapping"], np.int64).reshape(-1, 2)
        start = int(spans[kept & ~special, 0].min(initial=len(text))) if room is not None and self._at_left else 0
        end = int(spans[kept & ~special, 1].max(initial=0)) if room is not None and not self._at_left else len(text)
        spans = np.where(special[:, None], 0, spans - start)
        words = np.array([-1 if word is None else word for word in encoding.word_ids()], np.int64)
        return Tokens(np.array(encoding["input_ids"], np.int64)[kept],
                      np.array(encoding["token_type_ids"], np.int64)[kept], spans[kept], words[kept], end, room, start)

    def seen(self, text: str, stops: Sequence[int]) -> tuple[int, int | None]:
        """Find where to cut a text for a tokenizer that does not tell where its tokens are.

        Returns the last of `stops` (ends of words, ascending) up to which the
        text fits, and the tokens that the model can read besides its specials;
        the text's length and None if it fits as a whole.

        Raises
        ------
        InputError
            If it would be cut at its beginning.
        """
        room = self._room(self._count(text), self._count(""))
        if room is None:
            return len(text), None
        if self._at_left:
            raise InputError(f"the model reads {room:,} tokens, and {self.name} cuts longer texts at the left without "
                             "telling where: give the end of the text, or set its truncation_side to 'right'")
        low, high = 0, len(stops)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self._count(text[: stops[middle - 1]]) <= (self.limit or 0)
            low, high = (middle, high) if fits else (low, middle - 1)
        return stops[low - 1] if low else 0, room

    def rows(self, texts: Sequence[str]) -> TokenRows:
        """Tokenize texts anew, as the model's pipeline does, cut to the limit."""
        encoding = self.tokenizer(list(texts), truncation=self.limit is not None, max_length=self.limit,
                                  padding=False, return_token_type_ids=True)
        return TokenRows.of(encoding["input_ids"], encoding["token_type_ids"])

    def hidden(self, tokens: Tokens, keep: Array, how: str) -> TokenRows:
        """Drop tokens, or put the mask token in their place: where bool `keep`, (n, n_tokens), is False."""
        if how == "mask":
            mask = self.special("mask")
            assert mask is not None, "TextModel checks that there is one"
            return TokenRows.masked(tokens.ids, tokens.types, keep, mask)
        return TokenRows.kept(tokens.ids, tokens.types, keep)

    @property
    def name(self) -> str:
        return getattr(self.tokenizer, "__name__", type(self.tokenizer).__name__)

    def special(self, kind: str) -> int | None:
        """The id of the mask, pad, unk or eos token, if there is one."""
        found: int | None = getattr(self.tokenizer, f"{kind}_token_id", None)
        return found

    def stand_in(self, name: str | None = None) -> tuple[str, int | None]:
        """Name the token that stands for absent ones, and give its id.

        Parameters
        ----------
        name : {"mask", "pad", "unk", "eos", "the mean of all embeddings"}, optional
            Default: the first of these that there is; the last has no id.

        Raises
        ------
        InputError
            If there is no such token.
        """
        ids = {kind: self.special(kind) for kind in ("mask", "pad", "unk", "eos")}
        there = {kind: number for kind, number in ids.items() if number is not None}
        if name is not None and name not in (*there, MEAN):
            raise InputError(f"baseline={name!r} can't be used: this tokenizer has "
                             + (" and ".join(map(repr, there)) if there else "no token that could stand for absence"))
        found = name or next(iter(there), MEAN)
        return found, there.get(found)

    @property
    def _at_left(self) -> bool:
        """Whether the beginning of a text that is too long is left out, and not its end."""
        return getattr(self.tokenizer, "truncation_side", "right") == "left"

    def _within(self, real: Array, room: float) -> Array:
        """Which of the tokens that are no specials, bool (n_tokens,), are among those that the model can read."""
        return np.cumsum(real[::-1])[::-1] <= room if self._at_left else np.cumsum(real) <= room

    def _room(self, n: int, n_special: int) -> int | None:
        return None if self.limit is None or n <= self.limit else max(self.limit - n_special, 0)

    def _count(self, text: str) -> int:
        return len(self.tokenizer(text, truncation=False, padding=False, verbose=False)["input_ids"])


def token_limit(tokenizer: Any, module: Any, asked: int | None = None) -> int | None:
    """Find the most tokens a model reads: the least of what it, its tokenizer and the user say."""
    positions = getattr(getattr(module, "config", None), "max_position_embeddings", None)
    if isinstance(positions, int) and positions > 0:
        positions -= _unused_positions(module)
    said = [n for n in (getattr(tokenizer, "model_max_length", None), positions, asked)
            if isinstance(n, int) and 0 < n < _UNSET]
    return min(said, default=None)


def _unused_positions(module: Any) -> int:
    # RoBERTa and its kin number positions after that of the padding token.
    for name, part in module.named_modules():
        if name.endswith("position_embeddings") and getattr(part, "padding_idx", None) is not None:
            return part.padding_idx + 1
    return 0
