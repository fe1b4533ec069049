"""ReLU without its corner, so that its gradient has a gradient everywhere."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from limelight.errors import InputError


def softened(beta: float | None) -> AbstractContextManager[object]:
    """Have softplus, log(1 + exp(beta x)) / beta, stand for each ReLU (Dombrowski et al. 2019, arXiv:1906.07983).

    The gradient of a ReLU network by its input depends on its weights and on
    which units are on. Where these flip it jumps, and between jumps it does
    not depend on them at all: a loss on it says nothing to what turns units
    on and off, biases above all. With softplus it does. Large beta is nearer
    to the network that is trained, and flatter.

    Parameters
    ----------
    beta : float or None
        None leaves the network as it is, as does one without ReLUs. It sees
        torch's functions and so modules, too: not LeakyReLU and the like.

    Raises
    ------
    InputError
        If it is no number above 0.
    """
    if beta is None:
        return nullcontext()
    if not beta > 0:
        raise InputError(f"softplus={beta!r} can't be used: give a number above 0, such as 10, or None")
    return _mode(beta)


def _mode(beta: float) -> AbstractContextManager[object]:
    import torch
    from torch.nn import functional
    from torch.overrides import TorchFunctionMode

    relus = {torch.relu, torch.relu_, torch.Tensor.relu, torch.Tensor.relu_, functional.relu, functional.relu_}

    class Softened(TorchFunctionMode):
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if function in relus:
                given = args[0] if args else kwargs["input"]
                return functional.softplus(given, beta=beta)
            return function(*args, **(kwargs or {}))

    return Softened()
