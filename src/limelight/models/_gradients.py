"""Asking a torch module with gradients, and leaving it as it was."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from limelight.errors import InputError, ModelError
from limelight.models._outputs import Meaning
from limelight.types import OutputSpace

if TYPE_CHECKING:
    import torch

_NEVER_QUITE = 1e-12


@contextmanager
def derivable(module: torch.nn.Module) -> Iterator[None]:
    """Ask a module in evaluation mode and with gradients; put every submodule's own flag back.

    Gradients are taken by inputs only, so that no parameter's `.grad` changes. What is compiled runs as it was
    written: a compiler would begin anew for every hook.

    Raises
    ------
    InputError
        If the module is quantised: such layers give no gradient, or a wrong one.
    """
    import torch

    _check_numbers(module)
    training = [part for part in module.modules() if part.training]
    if training:
        module.eval()
    try:
        with (torch.inference_mode(False), torch.enable_grad(), _as_written(), _plain_recurrence(module),
              _plain_weights(module)):
            yield
    finally:
        for part in training:
            part.training = True


def _plain_recurrence(module: torch.nn.Module) -> AbstractContextManager[None]:
    """Keep recurrent layers off cuDNN, whose own ones have no gradient in evaluation mode."""
    import torch

    recurs = any(isinstance(part, torch.nn.RNNBase) for part in module.modules())
    return torch.backends.cudnn.flags(enabled=False) if recurs else nullcontext()


@contextmanager
def _plain_weights(module: torch.nn.Module) -> Iterator[None]:
    """Have copies stand in for weights that were made in inference mode: no gradient passes these."""
    kinds: list[dict[str, Any]] = [kept for part in module.modules() for kept in (part._parameters, part._buffers)]
    held = [(kept, name, tensor) for kept in kinds for name, tensor in kept.items()
            if tensor is not None and tensor.is_inference()]
    try:
        for kept, name, tensor in held:
            kept[name] = tensor.detach().clone()
        yield
    finally:
        for kept, name, tensor in held:
            kept[name] = tensor


def plain(module: Any) -> Any:
    """The module that `torch.compile` or DataParallel wrapped: it has the layers, the signature and the config."""
    if hasattr(module, "_orig_mod"):
        return plain(module._orig_mod)
    return plain(module.module) if type(module).__name__.endswith("DataParallel") else module


def embedding_of(module: torch.nn.Module) -> torch.nn.Module:
    """Find the layer that makes vectors of token ids.

    A Hugging Face model tells; of another one it is the embedding with the most rows.

    Raises
    ------
    InputError
        If there is none.
    """
    import torch

    tells = getattr(module, "get_input_embeddings", None)
    if tells is not None:
        found: torch.nn.Module = tells()
        return found
    layers = [part for part in module.modules() if isinstance(part, torch.nn.Embedding)]
    if not layers:
        raise InputError(f"{type(module).__name__} has no embedding layer, so its output has no gradient by tokens: "
                         "use lime or shapley")
    return max(layers, key=lambda layer: layer.num_embeddings)


def padding_of(module: torch.nn.Module) -> int | None:
    """The id that the embedding layer keeps for padding, if there is such a layer and it does."""
    try:
        return getattr(embedding_of(module), "padding_idx", None)
    except InputError:
        return None


@contextmanager
def embedded(layer: torch.nn.Module, embeddings: torch.Tensor) -> Iterator[None]:
    """Have an embedding layer give these vectors, whatever ids it is asked for.

    Parameters
    ----------
    embeddings : torch.Tensor of shape (n, n_tokens, width)

    Raises
    ------
    ModelError
        If the layer was not asked once for as many tokens: then the output depends on something else, too.
    """
    asked = []

    def put(_: object, __: object, found: torch.Tensor) -> torch.Tensor | None:
        if found.shape != embeddings.shape:
            return None
        asked.append(True)
        return embeddings

    handle = layer.register_forward_hook(put)
    try:
        yield
    finally:
        handle.remove()
    if len(asked) != 1:
        raise ModelError(f"{type(layer).__name__} was asked {len(asked)} times for the embeddings of this text's "
                         "tokens: gradients by tokens need a model that looks them up once; use lime or shapley")


def _check_numbers(module: torch.nn.Module) -> None:
    parts = [part for part in module.modules() if ".quantized" in type(part).__module__]
    if parts:
        raise InputError(f"{type(module).__name__} is quantised ({type(parts[0]).__name__}), and such layers have no "
                         "gradient: use lime or shapley, or the module as it was before")


def _as_written() -> AbstractContextManager[None]:
    import torch

    if "torch._dynamo" not in sys.modules:  # which takes seconds to import, and nothing is compiled without it
        return nullcontext()
    stance: Any = getattr(torch.compiler, "set_stance", None)  # since torch 2.6
    return nullcontext() if stance is None else stance("force_eager")


def in_space(raw: torch.Tensor, meaning: Meaning | None, space: OutputSpace | None) -> torch.Tensor:
    """Turn raw outputs into what is explained, keeping their gradient: (n, n_outputs), float32 at least."""
    import torch

    numbers = raw if raw.dtype == torch.float64 else raw.float()
    if space == "probability" and meaning == "softmax":
        return numbers.softmax(1)
    if space == "probability" and meaning == "sigmoid":
        return numbers.sigmoid()
    if space == "log-odds" and meaning == "probability":
        return numbers.clamp(_NEVER_QUITE, 1 - _NEVER_QUITE).logit()
    return numbers
