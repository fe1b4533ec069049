"""Explanations of pictures without specks, as a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.errors import InputError
from limelight.training.losses.explaining import attributions

if TYPE_CHECKING:
    import torch

    from limelight.training.losses.asking import Batch


def total_variation(model: torch.nn.Module, inputs: Batch, targets: torch.Tensor | None = None, *,
                    method: str = "input_x_gradient", steps: int = 8, baseline: Any = 0.0,
                    softplus: float | None = None) -> torch.Tensor:
    """How much a picture's attributions change from a pixel to its neighbors.

    `sum |a[i + 1, j] - a[i, j]| + |a[i, j + 1] - a[i, j]|`, channels summed in
    a: the mean over examples (the pixel prior of Erion et al. 2021,
    arXiv:1906.10670). A picture of one number has none.

    Parameters
    ----------
    inputs : torch.Tensor or mapping
        Pictures of shape (n, channels, height, width), or with `pixel_values`.
    targets, method, steps, baseline, softplus
        As of `sparse_attributions`.

    Returns
    -------
    torch.Tensor
        A number, in logits.

    Raises
    ------
    InputError
        If the inputs are no pictures.
    """
    values, asked = attributions(model, inputs, targets, method=method, steps=steps, baseline=baseline,
                                 softplus=softplus)
    if asked.kind != "picture":
        raise InputError(f"total_variation is of pictures, shape (n, channels, height, width), and {asked.kind} of "
                         f"shape {tuple(asked.x.shape)} came: only pixels have neighbors; use sparse_attributions")
    return sum((values.diff(dim=axis).abs().sum((1, 2)) for axis in (1, 2)), values.new_zeros(len(values))).mean()
