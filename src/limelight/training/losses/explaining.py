"""Explanations that a model can be trained by: attributions with a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import InputError
from limelight.training.losses.asking import Asked, ask
from limelight.training.losses.softened import softened

if TYPE_CHECKING:
    import torch

    from limelight.training.losses.asking import Batch, Moved

METHODS = ("input_x_gradient", "integrated_gradients")


def attributions(model: torch.nn.Module, inputs: Batch, targets: torch.Tensor | None = None, *,
                 method: str = "input_x_gradient", steps: int = 8, baseline: Any = 0.0,
                 softplus: float | None = None, create_graph: bool = True) -> tuple[torch.Tensor, Asked]:
    """Attribute a logit to a batch's inputs, keeping the graph.

    Parameters
    ----------
    targets : torch.Tensor of shape (n,), optional
        Which output of each example. Default: the largest logit.
    method : {"input_x_gradient", "integrated_gradients"}
        The latter (Sundararajan et al. 2017, arXiv:1703.01365) by Gauss-Legendre, from `baseline`.
    steps : int
        Points on the way from the baseline: each is a pass, and its graph is kept.
    baseline : float or torch.Tensor
        Where the way begins, as the inputs' numbers or embeddings.
    softplus : float, optional
        See `softened`.
    create_graph : bool
        False where it is not trained on, as of a teacher.

    Returns
    -------
    values : torch.Tensor of shape (n, *cells)
        One value a column, token or pixel; zero at padding.
    asked : Asked

    Raises
    ------
    InputError
        If the method is unknown, `steps` is no whole number from 1 on, or targets don't fit.
    """
    if method not in METHODS:
        raise InputError(f"method={method!r} can't be trained by: there are {', '.join(METHODS)}")
    if method == METHODS[0]:
        nodes, shares, baseline = np.ones(1), np.ones(1), 0.0
    else:
        nodes, shares = _gauss_legendre(steps)
        targets = largest(model, inputs) if targets is None else targets
    total: Any = 0
    with softened(softplus):
        for node, share in zip(nodes, shares, strict=True):
            asked = ask(model, inputs, _towards(baseline, float(node)))
            score = asked.logits.gather(1, _column(asked.logits, targets)).sum()
            total = total + float(share) * asked.gradient(score, create_graph)
    return asked.cells((asked.x - baseline) * total), asked


def _towards(baseline: Any, node: float) -> Moved:
    return lambda x: baseline + node * (x - baseline) if node < 1 else x


def largest(model: torch.nn.Module, inputs: Batch) -> torch.Tensor:
    """Tell the largest logit of each example, shape (n,)."""
    return ask(model, inputs).logits.argmax(1)


def _column(logits: torch.Tensor, targets: torch.Tensor | None) -> torch.Tensor:
    if targets is None:
        return logits.argmax(1, keepdim=True)
    targets = targets.to(logits.device)
    if targets.shape != logits.shape[:1] or targets.is_floating_point() or bool((targets < 0).any()) or bool(
            (targets >= logits.shape[1]).any()):
        raise InputError(f"targets should be one index below {logits.shape[1]} for each of the {len(logits)} examples; "
                         f"{targets.dtype} of shape {tuple(targets.shape)} came")
    return targets[:, None]


def _gauss_legendre(steps: int) -> tuple[np.ndarray, np.ndarray]:
    if not isinstance(steps, int) or steps < 1:
        raise InputError(f"steps={steps!r} can't be used: give a whole number from 1 on, such as 8")
    nodes, shares = np.polynomial.legendre.leggauss(steps)
    return (nodes + 1) / 2, shares / 2
