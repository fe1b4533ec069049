"""What torch models of all kinds share: their device, their mode, their memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from limelight.models._memory import keep_freed_memory

if TYPE_CHECKING:
    import torch


def device_of(module: torch.nn.Module) -> torch.device:
    """Name the device that inputs must go to: that of the first parameter or buffer.

    A module split over several devices takes its inputs on the first; one
    with neither parameters nor buffers works on the CPU.
    """
    import torch

    for tensors in (module.parameters(), module.buffers()):
        for tensor in tensors:
            if tensor.device.type != "meta":
                return tensor.device
    return torch.device("cpu")


def on_accelerator(module: torch.nn.Module) -> bool:
    """Tell whether the module runs on anything but a CPU."""
    return device_of(module).type != "cpu"


def n_linear_weights(module: torch.nn.Module) -> int:
    """Count the weights that every token or row is multiplied with; at least 1."""
    import torch

    linear = (part for part in module.modules() if isinstance(part, torch.nn.Linear))
    return max(1, sum(part.weight.numel() for part in linear))


@contextmanager
def inference(module: torch.nn.Module) -> Iterator[None]:
    """Ask a module in evaluation mode and without gradients; leave it as it was.

    Every submodule's own training flag is put back, also when the module
    raises: a frozen batch norm inside a training network stays frozen.

    This is `no_grad` and not `inference_mode`, which was no faster: a tensor
    that a module makes and keeps (a cache, a lazy parameter) would be one that
    autograd refuses when the model is trained on afterwards.
    """
    import torch

    keep_freed_memory()
    training = [part for part in module.modules() if part.training]
    if training:
        module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for part in training:
            part.training = True


def halving(ask: Callable[[int, int], torch.Tensor], start: int, stop: int,
            told: Callable[[], object] | None = None) -> torch.Tensor:
    """Ask for rows `start` to `stop`; where memory runs out, in halves.

    Parameters
    ----------
    ask : callable
        `ask(start, stop)` gives a tensor whose first axis has `stop - start` rows.
    told : callable, optional
        Called before rows are asked about in halves.

    Raises
    ------
    torch.cuda.OutOfMemoryError
        If even a single row does not fit.
    """
    import torch

    try:
        return ask(start, stop)
    except RuntimeError as error:
        if stop - start < 2 or not _out_of_memory(error):
            raise
    # Out of the except block: the error's traceback would keep the tensors that did not fit.
    _empty_caches()
    if told is not None:
        told()
    middle = (start + stop) // 2
    return torch.cat([halving(ask, start, middle, told), halving(ask, middle, stop, told)])


def _out_of_memory(error: RuntimeError) -> bool:
    import torch

    # Apple's backend raises a plain RuntimeError.
    return isinstance(error, torch.cuda.OutOfMemoryError) or "MPS backend out of memory" in str(error)


def _empty_caches() -> None:
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()
