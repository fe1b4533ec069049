"""A text, any word, token or sentence of which can be hidden from its model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import compress, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import InputError, NothingToExplain
from limelight.maskers import labels, tokens
from limelight.maskers.words import Span, needs_space, sentences, words
from limelight.types import Array, Law, Output

if TYPE_CHECKING:
    from limelight.models._rows import TokenRows
    from limelight.models._tokens import TokenReader, Tokens
    from limelight.models.text import TextModel


class TextMasker:
    """A text for a model: coalitions of its words in, the model's outputs out.

    A hidden word leaves nothing behind, or one space where two words would
    run into one. Where that is the same as leaving out its token ids (with
    WordPiece, unless two features share one of the tokenizer's own words, as
    in Thai or "hello😀"), no text is tokenized again. "drop_tokens" and
    "mask" work on token ids always: features that share a token become one.

    Parameters
    ----------
    model : TextModel
    text : str
    word : str or int, optional
        Whose labels are explained, where the model labels tokens; see `labels`.

    Attributes
    ----------
    feature_names, data : tuple of str
        The words.
    hide : {"delete", "drop_tokens", "mask"}
    word : str or int or None
        As it was given.
    read : Tokens or None
        What the tokenizer made of the text; None where it does not tell where its tokens are.
    owner : ndarray of shape (n_tokens,), or None
        Which feature each token is in; -1 for none.
    rows : callable or None
        Chooses the token ids for coalitions; None where texts are tokenized again.
    subject : mapping
        See CONTRIBUTING.md, "What crosses to the browser".
    notes : tuple of str
        What the model never sees.

    Raises
    ------
    InputError
        If this is no text, or there is nothing in it to hide.
    """

    law: Law = "uniform"

    def __init__(self, model: TextModel, text: str, word: str | int | None = None):
        _check_text(text)
        self.model, self.hide, self.word = model, model.hide, word
        read = model.reader.read(text) if model.reader is not None and model.reader.fast else None
        end, room = (read.end, read.room) if read is not None else _end(model, text)
        notes = _notes(text, read.start if read is not None else 0, end, room)
        if read is not None and read.start:
            text, end = text[read.start :], end - read.start
        spans = _features(model.granularity, text[:end], read)
        if spans and read is not None and self.hide != "delete":
            spans = tokens.merged(spans, read.spans)
        if not spans:
            raise NothingToExplain(_nothing_to_hide(text, end, model.granularity))
        self.batch_size: int = model.batch_size(len(spans) if read is None else len(read.ids))
        self.read = read
        self.owner = None if read is None else tokens.owners(spans, read.spans)
        self.rows = _by_ids(model, text[:end], spans, read)
        self._pieces = pieces(text[:end], spans)
        self._feature = np.array([feature for _, feature in self._pieces])
        self._touching = any(a[1] == b[0] for a, b in pairwise(spans))
        self.feature_names: Sequence[str] = tuple(text[start:stop] for start, stop in spans)
        self.data = self.feature_names
        self.notes = notes
        if model.per_token and read is not None:
            token, note = labels.explained(model, text[:end], spans, read, word)
            self.model, self.notes = model.at(token), (*self.notes, note)
        self.subject: Mapping[str, Any] = self._drawn(text[end:])

    def __repr__(self) -> str:
        return f"<TextMasker: {len(self.data)} {self.model.granularity}s, hidden by {self.hide!r}>"

    def __call__(self, coalitions: Array, output: Output) -> Array:
        """Ask the model: bool (n, n_features) -> float64 (n, all outputs)."""
        if self.rows is not None:
            return self.model.tokens(self.rows(coalitions), output)
        return self.model.texts(self.texts(coalitions), output)

    def edited(self, changes: Mapping[int, Any], output: Output) -> Array:
        """Refuse: a word has no other value to be given.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError("a text has no values to edit: hide some of its words, or explain another text")

    def texts(self, coalitions: Array) -> list[str]:
        """Write out what is left of the text for each coalition."""
        present = np.concatenate([coalitions, np.ones((len(coalitions), 1), bool)], axis=1)
        rows = present[:, self._feature].tolist()
        parts = [piece for piece, _ in self._pieces]
        if not self._touching:
            return ["".join(compress(parts, kept)) for kept in rows]
        return [parted(parts, kept) for kept in rows]

    def _drawn(self, unseen: str) -> dict[str, Any]:
        drawn = [list(piece) for piece in self._pieces]
        return {"kind": "text", "model": self.model.name, "hide": self.hide, "notes": list(self.notes),
                "features": list(self.feature_names), "pieces": drawn + [[unseen, -1]] * bool(unseen),
                "cut": len(drawn) if unseen else None}


def pieces(text: str, spans: Sequence[Span]) -> list[tuple[str, int]]:
    """Cut a text into features and what is between them (-1), in order."""
    found, at = [], 0
    for i, (start, stop) in enumerate(spans):
        found += [(text[at:start], -1), (text[start:stop], i)]
        at = stop
    return [piece for piece in [*found, (text[at:], -1)] if piece[0]]


def parted(parts: Sequence[str], kept: Sequence[bool]) -> str:
    """Join the parts that are kept, with a space where two words would run into one."""
    left: list[str] = []
    last = -1
    for i in compress(range(len(parts)), kept):
        if left and i > last + 1 and needs_space(left[-1], parts[i]):
            left.append(" ")
        left.append(parts[i])
        last = i
    return "".join(left)


def _check_text(text: Any) -> None:
    if not isinstance(text, str):
        raise InputError(f"expected one text, as a str; {type(text).__name__} came")
    if not text.strip():
        raise NothingToExplain("the text is empty: there is nothing to explain")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"the text holds half a character at position {error.start} (a lone surrogate), "
                         f"which no tokenizer reads: decode it with errors='replace'") from error


def _end(model: TextModel, text: str) -> tuple[int, int | None]:
    """Find where the model stops reading, if its tokenizer does not say where its tokens are."""
    if model.reader is None:
        return len(text), None
    return model.reader.seen(text, [stop for _, stop in words(text)])


def _features(granularity: str, text: str, read: Tokens | None) -> list[Span]:
    if granularity == "token" and read is not None:
        return tokens.spans(read.spans)
    return sentences(text) if granularity == "sentence" else words(text)


def _by_ids(model: TextModel, text: str, spans: Sequence[Span],
            read: Tokens | None) -> Callable[[Array], TokenRows] | None:
    """Make the function that hides by choosing among token ids, where that may be done."""
    if model.reader is None or read is None:
        return None
    if model.hide == "delete" and not (model.reader.word_by_word(text)
                                       and tokens.separable(text, spans, read.spans, read.words)):
        return None
    return partial(_hidden, model.reader, read, tokens.owners(spans, read.spans), model.hide)


def _hidden(reader: TokenReader, read: Tokens, owner: Array, hide: str, coalitions: Array) -> TokenRows:
    return reader.hidden(read, tokens.kept(coalitions, owner), hide)


def _notes(text: str, start: int, end: int, room: int | None) -> tuple[str, ...]:
    unseen = sum(stop <= start or first >= end for first, stop in words(text)) if room is not None else 0
    if not unseen:
        return ()
    if start:
        return (f"The model reads the last {room:,} tokens; words before them, which it does not see: {unseen:,}.",)
    many = f"{unseen:,} words after them are" if unseen > 1 else "1 word after them is"
    return (f"The model reads the first {room:,} tokens: {many} not seen.",)


def _nothing_to_hide(text: str, end: int, granularity: str) -> str:
    start = text[:40] + ("..." if len(text) > 40 else "")
    if end < len(text):
        return f"the model's limit leaves no whole word of {start!r} to be seen: give it more tokens"
    return (f"there is no {granularity} in {start!r}, only marks and spaces: give a text with words, or "
            f"granularity='token' for a model with its tokenizer")
