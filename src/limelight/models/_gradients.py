"""Asking a torch module with gradients, and leaving it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from limelight.errors import InputError, ModelError
from limelight.models._outputs import Meaning
from limelight.types import OutputSpace

if TYPE_CHECKING:
    import torch

_NEVER_QUITE = 1e-12


@contextmanager
def derivable(module: torch.nn.Module) -> Iterator[None]:
    """Ask a module in evaluation mode and with gradients; put every submodule's own flag back.

    Gradients are taken by inputs only, so that no parameter's `.grad` changes.
    """
    import torch

    training = [part for part in module.modules() if part.training]
    if training:
        module.eval()
    try:
        with torch.inference_mode(False), torch.enable_grad():
            yield
    finally:
        for part in training:
            part.training = True


def plain(module: torch.nn.Module) -> torch.nn.Module:
    """The module that `torch.compile` wrapped: hooks need its own layers."""
    found: torch.nn.Module = getattr(module, "_orig_mod", module)
    return found


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


@contextmanager
def embedded(layer: torch.nn.Module, embeddings: torch.Tensor) -> Iterator[None]:
    """Have an embedding layer give these vectors, whatever ids it is asked for.

    Parameters
    ----------
    embeddings : torch.Tensor of shape (n, n_tokens, width)

    Raises
    ------
    ModelError
        If the layer was not asked, or for another number of tokens: then the output does not depend on them.
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
    if not asked:
        raise ModelError(f"{type(layer).__name__} was not asked for the embeddings of this text's tokens: "
                         "gradients by tokens need a model that looks them up; use lime or shapley")


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
