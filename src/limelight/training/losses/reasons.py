"""Right for the right reasons: what a reader marked, as a loss."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from limelight.errors import InputError
from limelight.training.losses.asking import Asked, ask
from limelight.training.losses.marks import Marked, masks
from limelight.training.losses.softened import softened

if TYPE_CHECKING:
    import torch

    from limelight.training.losses.asking import Batch


def right_reasons(model: torch.nn.Module, inputs: Batch, should_not_matter: torch.Tensor | None = None,
                  should_matter: torch.Tensor | None = None, marks: Marked | Iterable[Marked] | None = None,
                  tokenizer: Any = None, *, softplus: float | None = None) -> torch.Tensor:
    """How much a model goes by what should not matter, and past what should.

    With g the gradient of `sum_k log p_k` by the input, an example costs the
    sum of g**2 over what should not matter (RRR: Ross et al. 2017,
    arXiv:1703.03717), and where something of it should matter, also the share
    of g**2 that is elsewhere (one less the relevance mass of Arras et al. 2022,
    arXiv:2003.07258). The mean over examples.

    The first is in units of the input, so its strength depends on these: it
    should bring the loss near what the task's is. The second is a share.

    Parameters
    ----------
    inputs : torch.Tensor or mapping
        A batch, as the model takes it.
    should_not_matter, should_matter : torch.Tensor of bool, optional
        One for each column, token or pixel: shape (n, n_columns), (n,
        n_tokens) or (n, height, width), or without n where all examples share
        them.
    marks : Explanation or iterable of them, optional
        In their place, with a reader's marks, from which `masks` makes them.
    tokenizer : transformers tokenizer, optional
        With `marks`, for texts, the one that made the batch.
    softplus : float, optional
        Of ReLU networks, take the gradient with softplus(beta) in their place,
        so that biases learn, too.

    Returns
    -------
    torch.Tensor
        A number.

    Raises
    ------
    InputError
        If there is no mask, or one does not fit, or masks and marked explanations come together.
    """
    if marks is not None:
        if should_not_matter is not None or should_matter is not None:
            raise InputError("right_reasons takes masks or marked explanations, and both came: "
                             "limelight.losses.masks makes masks of the explanations, to be joined with yours")
        should_not_matter, should_matter = masks(marks, inputs, tokenizer)
    if should_not_matter is None and should_matter is None:
        raise InputError("right_reasons needs marks=, explanations with a reader's marks, or a mask of what should "
                         "not matter or of what should")
    with softened(softplus):
        asked = ask(model, inputs)
        squares = asked.cells(asked.gradient(_log_probabilities(asked.logits)).square())
    cost = squares.new_zeros(len(squares))
    if should_not_matter is not None:
        cost = cost + (squares * _fitting(should_not_matter, asked, squares)).flatten(1).sum(1)
    if should_matter is not None:
        cost = cost + _elsewhere(squares, _fitting(should_matter, asked, squares))
    return cost.mean()


def _log_probabilities(logits: torch.Tensor) -> torch.Tensor:
    """Sum the log-probabilities of all classes; of one logit, those of yes and no."""
    import torch
    from torch.nn import functional

    if logits.shape[1] == 1:
        return functional.logsigmoid(torch.cat([logits, -logits])).sum()
    return logits.log_softmax(1).sum()


def _elsewhere(squares: torch.Tensor, marked: torch.Tensor) -> torch.Tensor:
    """The share of what is not marked, shape (n,): 0 where nothing is marked, or nothing there at all."""
    import torch

    squares, marked = squares.flatten(1), marked.flatten(1)
    total = squares.sum(1)
    counts = marked.any(1) & (total > 0)
    return torch.where(counts, 1 - (squares * marked).sum(1) / torch.where(counts, total, 1.0), 0.0)


def _fitting(mask: torch.Tensor, asked: Asked, squares: torch.Tensor) -> torch.Tensor:
    import torch

    mask = torch.as_tensor(mask, device=squares.device).bool()
    try:
        return mask.expand(squares.shape)
    except RuntimeError:
        raise InputError(f"a mask of shape {tuple(mask.shape)} came, and inputs of shape {tuple(asked.x.shape)} need "
                         f"{tuple(squares.shape)}, or that without the first") from None
