"""Functions as straight lines from a reference to their input: values as they are, derivatives as rules have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch

    from limelight.attribution._watch import Call

NODES = 128
"""Of the quadrature for the softmax of the outputs, which costs little beside the model."""


def deriving(value: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """One tensor's value with the derivative of another of its shape."""
    return value.detach() + (like - like.detach())


def damped(value: torch.Tensor, share: torch.Tensor) -> torch.Tensor:
    """A tensor that was just made, of whose derivative a share is kept: cheaper than `deriving` of share * value."""
    value.register_hook(lambda gradient: gradient * share)
    return value


def scaled(tensor: torch.Tensor, factor: float) -> torch.Tensor:
    """A tensor whose derivative is multiplied by a factor."""
    return deriving(tensor, factor * tensor)


def chord(call: Call, reference: torch.Tensor) -> torch.Tensor:
    """f(z) of each number, with the slope (f(z) - f(reference)) / (z - reference) as derivative.

    Where both are so close that rounding would decide, it is the derivative in the middle.
    """
    import torch

    z = call.args[0].detach()
    value = call.of(z)
    z, reference = z.expand_as(value), reference.expand_as(value)
    run = z - reference
    close = run.abs() <= torch.finfo(z.dtype).eps ** 0.5 * (z.abs() + reference.abs())
    slope = (value - call.of(reference)) / run.masked_fill(close, 1)
    if close.any():
        slope = torch.where(close, _tangent(call, (z + reference) / 2), slope)
    return deriving(value, slope * call.args[0])


def _tangent(call: Call, z: torch.Tensor) -> torch.Tensor:
    """The derivative at each number."""
    import torch

    at = z.requires_grad_()
    with torch.enable_grad():
        (found,) = torch.autograd.grad(call.of(at).sum(), at)
    return found


def maximum(call: Call, reference: torch.Tensor) -> torch.Tensor:
    """A maximum over windows, whose change is shared by the places where the input and the reference have theirs."""
    import torch

    z, pool, axes = call.args[0], getattr(torch.nn.functional, call.name), int(call.name[-2])
    options = {**call.options, "return_indices": True}
    (value, here), (other, there) = (pool(at, *call.args[1:], **options) for at in (z.detach(), reference))
    top, run = torch.maximum(value, other), (z.detach() - reference).flatten(-axes)

    def part(rise: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        places = places.flatten(-axes)
        step = run.gather(-1, places).view_as(rise)
        slope = torch.where(step == 0, 0, rise / step.masked_fill(step == 0, 1))
        return slope * z.flatten(-axes).gather(-1, places).view_as(rise)

    return deriving(value, part(top - other, here) + part(value - top, there))


def softmax_line(call: Call, reference: torch.Tensor) -> torch.Tensor:
    """A (log) softmax with its mean derivative between the reference and the input.

    Of two numbers this is the chord of the sigmoid of their difference.
    """
    import torch

    z = call.args[0]
    dim = call.options.get("dim", call.args[1] if len(call.args) > 1 else None)
    change, total = z - z.detach(), torch.zeros_like(z)
    for node, weight in zip(*np.polynomial.legendre.leggauss(NODES), strict=True):
        share = torch.lerp(reference, z.detach(), float(node + 1) / 2).softmax(dim)
        across = change - (share * change).sum(dim, keepdim=True)
        total = total + float(weight) / 2 * (across if call.name == "log_softmax" else share * across)
    return deriving(call.plain(), total)
