"""Where words stand among token ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from limelight.errors import InputError

if TYPE_CHECKING:
    import torch


_SPACES = "ĠĊĉč▁"
"""How byte-level tokenizers and SentencePiece write a space, a line's end, a tab."""


def where(words: Iterable[str], ids: torch.Tensor, tokenizer: Any) -> torch.Tensor:
    """Find words, as whole words, in a batch of token ids.

    Parameters
    ----------
    ids : torch.Tensor of shape (n, n_tokens)

    Returns
    -------
    torch.Tensor of bool, shape (n, n_tokens)
        False at special tokens and padding.

    Raises
    ------
    InputError
        If the tokenizer does not know a word.
    """
    import torch

    found = torch.zeros_like(ids, dtype=torch.bool)
    sequences = _written(words, tokenizer)
    begins, ends = _boundaries(ids, tokenizer, _marks_spaces(sequences, tokenizer))
    for sequence in sequences:
        length = len(sequence)
        if length > ids.shape[1]:
            continue
        same = (ids.unfold(1, length, 1) == torch.tensor(sequence, device=ids.device)).all(2)
        n = same.shape[1]
        same &= begins[:, :n] & ends[:, length - 1:]
        for offset in range(length):
            found[:, offset:offset + n] |= same
    return found


def _written(words: Iterable[str], tokenizer: Any) -> set[tuple[int, ...]]:
    """The ids of each word, at the beginning of a text and after a space."""
    found = set()
    unknown = getattr(tokenizer, "unk_token_id", None)
    for word in words:
        written = {tuple(tokenizer(before + word, add_special_tokens=False)["input_ids"]) for before in ("", " ")}
        known = {ids for ids in written if ids and unknown not in ids}
        if not known:
            raise InputError(f"{word!r} is marked, and to this tokenizer it is unknown, as any other unknown word: "
                             "take its mark off, or give masks of your own")
        found |= known
    return found


def _marks_spaces(sequences: Iterable[tuple[int, ...]], tokenizer: Any) -> bool:
    """Whether tokens know the space before them; else they know the word before them (##), or nothing."""
    firsts = tokenizer.convert_ids_to_tokens([sequence[0] for sequence in sequences])
    return any(token[:1] in _SPACES for token in firsts)


def _boundaries(ids: torch.Tensor, tokenizer: Any, spaces: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """Tell where a word may begin and where one may end, each of the ids' shape.

    A token goes on with the word before where WordPiece says so (##), or where
    it begins with a letter or digit, without a space (Ġ, ▁), and the one
    before ends in one.
    """
    import torch

    kinds, places = torch.unique(ids, return_inverse=True)
    tokens = tokenizer.convert_ids_to_tokens(kinds.tolist())
    special = set(tokenizer.all_special_ids)
    texts = ["" if kind in special else token for kind, token in zip(kinds.tolist(), tokens, strict=True)]
    goes_on = [_is_letter(text[:1]) if spaces else text.startswith("##") for text in texts]
    ends_open = [_is_letter(text[-1:]) or not spaces for text in texts]
    after, before = (torch.tensor(flags, device=ids.device)[places] for flags in (goes_on, ends_open))
    inside = after[:, 1:] & before[:, :-1]
    edge = torch.ones_like(ids[:, :1], dtype=torch.bool)
    return torch.cat([edge, ~inside], 1), torch.cat([~inside, edge], 1)


def _is_letter(character: str) -> bool:
    return character.isalnum() and character not in _SPACES
