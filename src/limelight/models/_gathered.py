"""A network's answers to many blocks of rows, as one tensor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from limelight.errors import ModelError

if TYPE_CHECKING:
    import torch


def gathered(answers: Iterable[torch.Tensor]) -> torch.Tensor:
    """Join answers of shape (n, ...) along their first axis, each copied as it comes and then let go.

    Kept until the end, they would lie in memory between what the network frees
    and takes anew, which then never is the same: a small network slows down by
    more than the copies cost.

    Raises
    ------
    ModelError
        If their numbers of outputs differ.
    """
    import torch

    whole, n = None, 0
    for answer in answers:
        size = answer.shape[0]  # several times quicker than len()
        if whole is None:
            whole = answer.new_empty((16 * size, *answer.shape[1:]))
        if answer.shape[1:] != whole.shape[1:]:
            raise ModelError(f"the model gave {whole[0].numel()} outputs before, and {answer[0].numel()} now: "
                             "it must give as many every time")
        while n + size > whole.shape[0]:
            whole = torch.cat([whole, torch.empty_like(whole)])
        whole[n : n + size] = answer
        n += size
        del answer
    if whole is None:
        raise ValueError("there is no answer to join")
    return whole[:n]
