"""L1 that makes true zeros: a proximal step after each of the optimizer's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from limelight.errors import InputError

if TYPE_CHECKING:
    import torch
    from torch.utils.hooks import RemovableHandle


def l1_proximal(optimizer: torch.optim.Optimizer, strength: float,
                parameters: Iterable[torch.Tensor] | None = None) -> RemovableHandle:
    """Have each step of an optimizer end in a soft threshold: lasso's, with true zeros.

    A step minimises `loss + strength * sum(|w|)` by
    `w <- sign(w) max(|w| - threshold, 0)`, the proximal map of the penalty in
    the metric in which the optimizer took its step (Yun et al. 2020,
    arXiv:2007.07484). With learning rate r, as it is at that step:

    - SGD: r * strength, and r * strength * (1 - dampening) / (1 - momentum)
      with momentum, which lengthens its steps by that much in the long run.
    - Adam, AdamW: r * strength / (sqrt(v) + eps), one for each weight, where v
      is Adam's bias-corrected mean of squared gradients. With r * strength it
      would rest where the gradient divided by sqrt(v) equals the strength, and
      not the gradient: another penalty for every weight. A weight that no
      gradient has reached (v = 0, as of words not seen yet) stays as it is.

    A subgradient of |w| in the loss leads to the same minimum, but steps to
    and fro over zero and never rests there.

    Parameters
    ----------
    optimizer : torch.optim.SGD, Adam or AdamW
        Or what accelerate made of one.
    strength : float
        Of the penalty, in the loss's units a weight.
    parameters : iterable of torch.Tensor, optional
        Default: all of the optimizer's with two dimensions or more, so that
        biases and the scales of norms are left alone.

    Returns
    -------
    RemovableHandle
        `.remove()` ends it.

    Raises
    ------
    InputError
        If it is another optimizer, the strength is no number from 0 on, or a parameter is not among what it trains.
    """
    import torch

    inner = getattr(optimizer, "optimizer", optimizer)
    if not isinstance(inner, torch.optim.SGD | torch.optim.Adam | torch.optim.AdamW):
        raise InputError(f"l1_proximal knows the steps of SGD, Adam and AdamW, and {type(inner).__name__} came: a "
                         "threshold for other steps would be another penalty; use one of these")
    if not strength >= 0:
        raise InputError(f"strength={strength!r} can't be used: give a number from 0 on, such as 1e-5")
    chosen = _chosen(inner, parameters)

    @torch.no_grad()
    def shrink(stepped: torch.optim.Optimizer, *_: Any) -> None:
        for group in stepped.param_groups:
            for weight in group["params"]:
                if id(weight) in chosen and weight.grad is not None:
                    weight.copy_(_soft(weight, strength * _reach(stepped, group, weight)))

    return inner.register_step_post_hook(shrink)


def zeros(weights: torch.nn.Module | Iterable[torch.Tensor]) -> float:
    """Return the share of weights that are exactly zero.

    Parameters
    ----------
    weights : torch.nn.Module or iterable of torch.Tensor
        Of a module, its parameters with two dimensions or more.
    """
    import torch

    found = _large(weights.parameters()) if isinstance(weights, torch.nn.Module) else list(weights)
    n = sum(weight.numel() for weight in found)
    return sum(int((weight == 0).sum()) for weight in found) / n if n else 0.0


def _large(parameters: Iterable[torch.Tensor]) -> list[torch.Tensor]:
    return [weight for weight in parameters if weight.ndim > 1]


def _chosen(optimizer: torch.optim.Optimizer, parameters: Iterable[torch.Tensor] | None) -> set[int]:
    held = [weight for group in optimizer.param_groups for weight in group["params"]]
    chosen = {id(weight) for weight in (_large(held) if parameters is None else parameters)}
    strangers = chosen - {id(weight) for weight in held}
    if strangers:
        raise InputError(f"{len(strangers)} of the {len(chosen)} parameters for l1_proximal are not the optimizer's, "
                         "which would never shrink them: give some that it trains")
    if not chosen:
        raise InputError("l1_proximal has no parameter to shrink: the optimizer has none with two dimensions or more; "
                         "name them by parameters=")
    return chosen


def _soft(weight: torch.Tensor, threshold: torch.Tensor | float) -> torch.Tensor:
    return weight.sign() * (weight.abs() - threshold).clamp_min(0)


def _reach(optimizer: torch.optim.Optimizer, group: dict[str, Any], weight: torch.Tensor) -> torch.Tensor | float:
    """How far a lasting gradient of one moves a weight in a step: a number, or one for each of its entries."""
    rate = float(group["lr"])
    if "betas" not in group:
        momentum = group["momentum"]
        return rate * (1 - group["dampening"]) / (1 - momentum) if momentum else rate
    state = optimizer.state[weight]
    squares = state["max_exp_avg_sq" if group["amsgrad"] else "exp_avg_sq"]
    scale = (squares / (1 - group["betas"][1] ** float(state["step"]))).sqrt() + group["eps"]
    return (rate / scale).masked_fill(squares == 0, 0)
