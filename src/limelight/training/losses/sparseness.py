"""Explanations of few parts, as a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.errors import InputError
from limelight.training.losses.explaining import attributions

if TYPE_CHECKING:
    import torch

    from limelight.training.losses.asking import Batch

MEASURES = ("l1", "gini", "entropy")


def sparse_attributions(model: torch.nn.Module, inputs: Batch, targets: torch.Tensor | None = None, *,
                        measure: str = "l1", method: str = "input_x_gradient", steps: int = 8,
                        baseline: Any = 0.0, softplus: float | None = None) -> torch.Tensor:
    """How far a model's attributions are spread, the mean over examples: smaller is sparser.

    - "l1": the sum of |a|, in logits. A model that is less sure has less of it, too.
    - "gini": 1 less the Gini index of |a| (Chalasani et al. 2020,
      arXiv:1810.06583; as a prior, of mean |a|: Erion et al. 2021, arXiv:1906.10670).
    - "entropy": of the shares of |a|, in nats (Bhatt et al. 2020, arXiv:2005.00631).

    The latter two know no size, so the model need not become less sure. Of an
    example whose attributions are zero all three are 0.

    Of a ReLU network the second derivative by the input is zero. The loss
    still has a gradient by the weights, which multiply one another in the
    first one, but none by what turns units on and off: `softplus`, or
    `method="integrated_gradients"`, whose ways cross many corners.

    Parameters
    ----------
    inputs : torch.Tensor or mapping
        A batch, as the model takes it.
    targets : torch.Tensor of shape (n,), optional
        Which output to explain. Default: the largest logit.
    measure : {"l1", "gini", "entropy"}
    method, steps, baseline
        "input_x_gradient" takes one pass, "integrated_gradients" `steps`.
    softplus : float, optional
        Of ReLU networks, explain them with softplus(beta) in their place.

    Returns
    -------
    torch.Tensor
        A number.

    Raises
    ------
    InputError
        If there is no such measure.
    """
    if measure not in MEASURES:
        raise InputError(f"measure={measure!r} is none of {', '.join(MEASURES)}")
    values, asked = attributions(model, inputs, targets, method=method, steps=steps, baseline=baseline,
                                 softplus=softplus)
    sizes = values.abs().flatten(1)
    if measure == "l1":
        return sizes.sum(1).mean()
    counts = sizes.new_full((len(sizes),), sizes.shape[1]) if asked.real is None else asked.real.sum(1)
    return (_one_less_gini(sizes, counts) if measure == "gini" else _entropy(sizes)).mean()


def _one_less_gini(sizes: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """1 - sum_i (2 i - m - 1) a_i / (m sum a), a ascending, of the m that are real: padding is 0 and comes first."""
    import torch

    n, m = sizes.shape[1], counts.to(sizes)
    rank = torch.arange(1, n + 1, device=sizes.device) - (n - m[:, None])
    total = sizes.sum(1)
    some = torch.where(total > 0, total, 1.0)
    gini = ((2 * rank - m[:, None] - 1) * sizes.sort(1).values).sum(1) / (m * some)
    return torch.where(total > 0, 1 - gini, 0.0)


def _entropy(sizes: torch.Tensor) -> torch.Tensor:
    import torch

    total = sizes.sum(1, keepdim=True)
    shares = sizes / torch.where(total > 0, total, 1.0)
    return -(shares * torch.where(shares > 0, shares, 1.0).log()).sum(1)
