"""From a reader's marks to masks of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from limelight.errors import InputError
from limelight.feedback import MARKS
from limelight.training.losses._words import where

if TYPE_CHECKING:
    import torch

    from limelight.training.losses.asking import Batch


class Marked(Protocol):
    """What an Explanation has of a reader's marks."""

    @property
    def feedback(self) -> Mapping[Any, str]:
        """From a feature's name or index to one of `MARKS`."""

    @property
    def feature_names(self) -> tuple[str, ...]: ...

    @property
    def subject(self) -> Mapping[str, Any]: ...


def masks(explanations: Marked | Iterable[Marked], inputs: Batch,
          tokenizer: Any = None) -> tuple[torch.Tensor | None, torch.Tensor | None]:
    """Make masks for `right_reasons` of what readers marked, for any batch.

    A word is masked wherever it stands, as a whole word; a column in every
    row; a picture's segment at its place, in every picture of the batch: mark
    what is always there, such as a logo, or give the marked picture alone.

    Parameters
    ----------
    explanations : Explanation or iterable of them
        With marks: see `Explanation.mark`.
    inputs : torch.Tensor or mapping
        The batch.
    tokenizer : transformers tokenizer, optional
        For texts, the one that made the batch.

    Returns
    -------
    should_not_matter, should_matter : torch.Tensor of bool or None
        One for each column, token or pixel, for `right_reasons`; None where nothing is so marked.

    Raises
    ------
    InputError
        If nothing is marked, or the marked features are none of this batch's.
    """
    given = marked(explanations)
    not_at_all, at_all = (_together([_mask(each, chosen, inputs, tokenizer) for each in given
                                     if (chosen := _features(each, mark))]) for mark in MARKS)
    return not_at_all, at_all


def marked(explanations: Marked | Iterable[Marked]) -> list[Marked]:
    """The explanations, as a list.

    Raises
    ------
    InputError
        If they are none, or nothing is marked.
    """
    given: list[Any] = [explanations] if hasattr(explanations, "feedback") else list(explanations)
    strangers = [each for each in given if not hasattr(each, "feedback")]
    if strangers:
        raise InputError(f"marks should be explanations; {type(strangers[0]).__name__} came: give what ll.explain or "
                         "ll.load returned, after ex.mark(feature, 'should not matter')")
    unknown = {mark for each in given for mark in each.feedback.values()} - set(MARKS)
    if unknown or not any(each.feedback for each in given):
        raise InputError(f"expected explanations with marks, {' or '.join(map(repr, MARKS))}; "
                         f"{', '.join(map(repr, unknown)) or 'none'} came: ex.mark(feature, 'should not matter') "
                         "makes one")
    return given


def _features(explanation: Marked, mark: str) -> list[int]:
    """Indices of what is marked so; a name stands for all features of it."""
    names = explanation.feature_names
    wanted = {feature for feature, given in explanation.feedback.items() if given == mark}
    strangers = wanted - set(names) - set(range(len(names)))
    if strangers:
        raise InputError(f"{strangers} is marked, and is no feature: there are {', '.join(names[:10])}")
    return [i for i, name in enumerate(names) if i in wanted or name in wanted]


def _together(found: Sequence[torch.Tensor]) -> torch.Tensor | None:
    import torch

    return torch.stack([mask for mask in torch.broadcast_tensors(*found)]).any(0) if found else None


def _mask(explanation: Marked, chosen: list[int], inputs: Batch, tokenizer: Any) -> torch.Tensor:
    kind = explanation.subject.get("kind")
    makers = {"text": _of_words, "image": _of_segments, "table": _of_columns}
    if kind not in makers:
        raise InputError("the explanation does not say what its features are, so its marks can't be found in a batch: "
                         "give masks of your own to right_reasons")
    return makers[kind](explanation, chosen, inputs, tokenizer)


def _of_words(explanation: Marked, chosen: list[int], inputs: Batch, tokenizer: Any) -> torch.Tensor:
    if tokenizer is None:
        raise InputError("marked words are found in a batch by its tokenizer: give tokenizer=")
    ids = inputs["input_ids"] if isinstance(inputs, Mapping) else inputs
    return where(set(_said(explanation.subject["pieces"], chosen)), ids, tokenizer)


def _said(pieces: Iterable[tuple[str, int]], chosen: list[int]) -> Iterator[str]:
    """The pieces of marked features; neighbors of one feature are one."""
    last, text = -1, ""
    for piece, feature in [*pieces, ("", -1)]:
        if feature != last and last in chosen:
            yield text
        text = text + piece if feature == last else piece
        last = feature


def _of_columns(explanation: Marked, chosen: list[int], inputs: Batch, tokenizer: Any) -> torch.Tensor:
    import torch

    rows = _numbers(inputs)
    if rows.ndim != 2 or rows.shape[1] != len(explanation.feature_names):
        raise InputError(f"marks of {len(explanation.feature_names)} columns can't be found in rows of shape "
                         f"{tuple(rows.shape)}: the batch needs these columns, ungrouped; or give masks of your own")
    mask = torch.zeros(rows.shape[1], dtype=torch.bool, device=rows.device)
    mask[chosen] = True
    return mask


def _of_segments(explanation: Marked, chosen: list[int], inputs: Batch, tokenizer: Any) -> torch.Tensor:
    import torch

    subject, pictures = explanation.subject, _numbers(inputs)
    size = subject["height"], subject["width"]
    if tuple(pictures.shape[-2:]) != size:
        raise InputError(f"marks of a picture of {size[0]} x {size[1]} pixels can't be found in inputs of shape "
                         f"{tuple(pictures.shape)}: give pictures of that size, or masks of your own")
    runs = np.frombuffer(subject["segments"], "<u2").reshape(-1, 2)
    owner = np.repeat(runs[:, 0], runs[:, 1]).reshape(size)
    return torch.as_tensor(np.isin(owner, chosen), device=pictures.device)


def _numbers(inputs: Batch) -> torch.Tensor:
    if not isinstance(inputs, Mapping):
        return inputs
    found = [value for value in inputs.values() if hasattr(value, "is_floating_point") and value.is_floating_point()]
    if len(found) != 1:
        raise InputError(f"marks of columns and pixels need a batch with one tensor of numbers; {len(found)} came")
    numbers: torch.Tensor = found[0]
    return numbers
