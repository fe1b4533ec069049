"""Which word's label is explained, where a model labels the tokens of a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import InputError
from limelight.maskers import tokens
from limelight.maskers.words import Span, words
from limelight.scalars import is_whole
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.models._tokens import Tokens
    from limelight.models.text import TextModel

OUTSIDE = ("o", "outside", "other", "none")
"""Names, in small letters, of the label of words that are nothing in particular."""


def word_and_label(model: Any, target: Any) -> tuple[Any, Any]:
    """Read `target`: (word, label) for a model of tokens, the label alone for all others.

    Raises
    ------
    InputError
        If there is a word too many, or none.
    """
    if not getattr(model, "per_token", False):
        if isinstance(target, tuple):
            raise InputError(f"target={target!r} names a word and its label, and {model.name} does not label words: "
                             "give the name or the index of one output")
        return None, target
    if target is None:
        return None, None
    if not isinstance(target, tuple) or len(target) != 2:
        raise InputError(f"target={target!r} should be (word, label), such as ('Paris', 'B-LOC') or (3, None): "
                         f"{model.name} labels each word. The word by its text or index, the label by its name or "
                         "index, None for the predicted one")
    return target


def explained(model: TextModel, text: str, spans: Sequence[Span], read: Tokens,
              word: str | int | None) -> tuple[int, str]:
    """Find the token whose labels are explained: the first one of a word.

    Parameters
    ----------
    spans : sequence of (start, stop)
        The features, among which the word is; of sentences their words.
    word : str or int, optional
        Its text (the first place where it stands) or index; default the one
        whose predicted label is the most certain of those that are not "O".

    Returns
    -------
    token : int
    note : str
        What the view must say.

    Raises
    ------
    InputError
        If there is no such word, or the model reads no token of it.
    """
    found = words(text) if model.granularity == "sentence" else list(spans)
    owner = tokens.owners(found, read.spans)
    firsts = np.array([np.flatnonzero(owner == i)[0] if (owner == i).any() else -1 for i in range(len(found))])
    names = [text[start:stop] for start, stop in found]
    index = _most_certain(model, read, firsts) if word is None else _index(word, names)
    if firsts[index] < 0:
        raise InputError(f"the model reads no token of {names[index]!r}: choose another word")
    return int(firsts[index]), _note(names, index, model.granularity)


def _most_certain(model: TextModel, read: Tokens, firsts: Array) -> int:
    """Index of the word that is most certainly something; where all are nothing, of the least certain one."""
    rows = model.reader.hidden(read, np.ones((1, len(read.ids)), bool), "drop_tokens")  # type: ignore[union-attr]
    said = model.labels(rows)[firsts]
    outside = np.array([str(name).lower() in OUTSIDE for name in model.output_names or ()])
    something = said[:, ~outside].max(1) if not outside.all() else said.max(1)
    predicted = (firsts >= 0) & ~outside[said.argmax(1)]
    return int(np.where(predicted if predicted.any() else firsts >= 0, something, -1).argmax())


def _index(word: Any, names: Sequence[str]) -> int:
    if isinstance(word, str) and word in names:
        return names.index(word)
    if is_whole(word) and -len(names) <= word < len(names):
        return int(word) % len(names)
    shown = ", ".join(f"{name!r} ({i})" for i, name in enumerate(names[:10])) + (", ..." if len(names) > 10 else "")
    raise InputError(f"target names the word {word!r}, which the model does not see here: there is {shown}; give one, "
                     f"or an index from 0 to {len(names) - 1}")


def _note(names: Sequence[str], index: int, granularity: str) -> str:
    places = [i for i, name in enumerate(names) if name == names[index]]
    what = "token" if granularity == "token" else "word"
    others = ", ".join(str(i) for i in places if i != index)
    again = f" It comes {len(places)} times: the other{'s' * (len(places) > 2)} by index, {others}." * (len(places) > 1)
    return f"Explained is the label of {names[index]!r}, {what} {index} counted from 0.{again}"
