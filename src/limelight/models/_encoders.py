"""A user's own way from a text to token ids: a function, or a tiktoken Encoding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from limelight.errors import InputError, ModelError
from limelight.models._gradients import padding_of, plain
from limelight.models._parts import Parts
from limelight.models._rows import TokenRows
from limelight.models._tokens import TokenReader, Tokens, token_limit
from limelight.types import Array


class EncodeReader(TokenReader):
    """A function from a text to token ids, read as a tokenizer.

    It may cut a long text; what it left out is known where it tells where its
    tokens are. The ids of its padding or mask token are read off the object
    that it is, or is a method of (`pad_token_id`, `mask_token_id`).

    Parameters
    ----------
    encode : tiktoken Encoding, or callable
        A callable gives the ids of one text, or {"input_ids", "offset_mapping"}
        with start and end of each token in the text, in characters: (0, 0)
        for those that are not in it.
    pad_id : int, optional
        The padding token, where the module tells.

    Raises
    ------
    InputError
        If it is neither, or gives something else.
    """

    word_piece = False

    def __init__(self, encode: Any, pad_id: int | None = None):
        self._encode, self._pad_id = _as_function(encode), pad_id
        super().__init__(getattr(encode, "__self__", encode), None)
        self.fast = isinstance(self._encode(""), Mapping)

    def read(self, text: str) -> Tokens:
        """Encode one text: needs an encode that tells where its tokens are."""
        found = self._encode(text)
        ids, spans = _ids(found), np.array(found["offset_mapping"], np.int64).reshape(-1, 2)
        if len(spans) != len(ids) or spans.min(initial=0) < 0 or spans.max(initial=0) > len(text):
            raise ModelError(f"encode gave {len(ids)} input_ids and an offset_mapping of {len(spans)} pairs, up to "
                             f"{spans.max(initial=0)} in a text of {len(text)} characters: expected start and end of "
                             "each token, in characters")
        real = spans[:, 0] < spans[:, 1]
        last = int(spans[:, 1].max(initial=0))
        cut = bool(text[last:].strip())
        return Tokens(np.array(ids, np.int64), np.zeros(len(ids), np.int64), spans, np.where(real, 0, -1),
                      last if cut else len(text), int(real.sum()) if cut else None)

    def seen(self, text: str, stops: Sequence[int]) -> tuple[int, int | None]:
        """The whole text: an encode that does not tell where its tokens are does not tell what it cuts."""
        return len(text), None

    def rows(self, texts: Sequence[str]) -> TokenRows:
        """Encode texts."""
        ids = [_ids(self._encode(text)) for text in texts]
        return TokenRows.of(ids, [[0] * len(row) for row in ids])

    def special(self, kind: str) -> int | None:
        """The id of the mask, pad, unk or eos token."""
        told = super().special(kind)
        return self._pad_id if told is None and kind == "pad" else told


def reader_of(parts: Parts) -> TokenReader:
    """What reads texts for a module: its tokenizer, or the user's own encode.

    Raises
    ------
    InputError
        If a model of transformers comes with an encode.
    """
    module = plain(parts.module)
    if hasattr(parts.tokenizer, "model_input_names"):
        return TokenReader(parts.tokenizer, token_limit(parts.tokenizer, module, parts.max_length))
    if not parts.own:
        raise InputError(f"{parts.name} is a model of transformers and goes with a tokenizer of theirs; "
                         f"{type(parts.tokenizer).__name__} came")
    return EncodeReader(parts.tokenizer, padding_of(module))


def token_spans(tokens: Sequence[bytes]) -> Array:
    """Where tokens are in the text that their bytes make up, in characters: shape (n_tokens, 2).

    Tokens that share the bytes of one character share it.
    """
    begun = np.array([sum(byte & 0xC0 != 0x80 for byte in token) for token in tokens], np.int64)
    goes_on = np.array([token[0] & 0xC0 == 0x80 for token in tokens], np.int64)
    stops = begun.cumsum()
    return np.stack([stops - begun - goes_on, stops], axis=1)


def _as_function(encode: Any) -> Any:
    if hasattr(encode, "encode_ordinary") and hasattr(encode, "decode_tokens_bytes"):
        return lambda text: _of_bytes(encode, text)
    if not callable(encode):
        raise InputError("a torch module needs what makes its token ids of a text: a transformers tokenizer, a "
                         f"tiktoken Encoding, or a function; {type(encode).__name__} came")
    return encode


def _of_bytes(encoding: Any, text: str) -> dict[str, Any]:
    ids = encoding.encode_ordinary(text)
    return {"input_ids": ids, "offset_mapping": token_spans(encoding.decode_tokens_bytes(ids))}


def _ids(found: Any) -> list[int]:
    """Read the ids of one text, as a list, an array or a row of a tensor."""
    if isinstance(found, Mapping) and not {"input_ids", "offset_mapping"} <= set(found):
        raise ModelError(f"encode gave a mapping of {', '.join(map(repr, found))}: expected 'input_ids' and "
                         "'offset_mapping', or a list of ids")
    ids = np.asarray(found["input_ids"] if isinstance(found, Mapping) else found)
    if ids.size and (ids.ndim != 1 or ids.dtype.kind not in "iu"):
        raise ModelError(f"encode should give the ids of one text, a list of whole numbers; it gave "
                         f"{type(found).__name__} of shape {ids.shape} and type {ids.dtype}")
    read: list[int] = ids.reshape(-1).tolist()
    return [int(token) for token in read]
