"""Asking a model in training about a batch, so that a gradient by its inputs can be trained on."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from limelight.attribution.gradients import wide
from limelight.errors import InputError, ModelError
from limelight.models._gradients import derivable, embedding_of, plain
from limelight.training.precision import whole_precision

if TYPE_CHECKING:
    import torch

    Batch = torch.Tensor | Mapping[str, Any]
    Moved = Callable[[torch.Tensor], torch.Tensor]

NO_INPUTS = ("labels", "label", "label_ids", "num_items_in_batch")


@dataclass(frozen=True)
class Asked:
    """A batch, and what the model said to it.

    Attributes
    ----------
    x : torch.Tensor of shape (n, *shape)
        The inputs' numbers, or the embeddings of their tokens, (n, n_tokens, width).
    point : torch.Tensor of the same shape
        Where the model was asked: x, or where it was moved to.
    logits : torch.Tensor of shape (n, n_outputs)
    kind : {"tokens", "picture", "numbers"}
    real : torch.Tensor of shape (n, n_tokens) or None
        False at padding.
    """

    x: torch.Tensor
    point: torch.Tensor
    logits: torch.Tensor
    kind: Literal["tokens", "picture", "numbers"]
    real: torch.Tensor | None

    def gradient(self, score: torch.Tensor, create_graph: bool = True) -> torch.Tensor:
        """Differentiate a number by the point, shape (n, *shape); zero at padding.

        Raises
        ------
        InputError
            If the model rounds or detaches its input.
        """
        import torch

        found = None
        if score.requires_grad:
            with torch.autocast(self.point.device.type, enabled=False):
                (found,) = torch.autograd.grad(score, self.point, create_graph=create_graph, allow_unused=True)
        if found is None:
            raise InputError("the model's output has no gradient by its input, so it can't learn by its explanation: "
                             "it rounds the input, detaches it or runs under no_grad")
        return found if self.real is None else found * self.real[..., None]

    def cells(self, numbers: torch.Tensor) -> torch.Tensor:
        """Sum what belongs together, a token's vector or a pixel's channels: (n, *shape) -> (n, *cells)."""
        axis = {"tokens": -1, "picture": 1}.get(self.kind)
        return wide(numbers if axis is None else numbers.sum(axis))


def ask(model: torch.nn.Module, inputs: Batch, moved: Moved | None = None) -> Asked:
    """Ask a model as explanations see it: in evaluation mode, which is put back, and without autocast.

    Dropout would make an explanation a matter of chance, and a gradient in
    half precision loses what the penalty is about.

    Parameters
    ----------
    inputs : torch.Tensor or mapping
        Floating-point numbers, shape (n, *shape); token ids, shape (n,
        n_tokens); or what the model takes by name, its labels left out.
    moved : callable, optional
        From the inputs' numbers or embeddings to where to ask.

    Raises
    ------
    InputError
        If the inputs can't be told, or the model gives something else than one row of outputs an example.
    """
    module = module_of(model)
    with _open(module):
        named = keywords(module, inputs)
        name = _differentiated(named)
        moved = moved or (lambda x: x)
        if name is None:
            return _of_tokens(module, named, moved)
        x = named[name].detach().requires_grad_()
        point = moved(x)
        # A copy, as the module may write into what it is given.
        logits = logits_of(call(module, {**named, name: point.clone()}))
        return Asked(x, point, _rows(logits), "picture" if x.ndim == 4 else "numbers", None)


def logits_of(output: Any) -> torch.Tensor:
    """Read logits from what a model returned: a tensor, a ModelOutput, or what comes after the loss in a tuple."""
    found: Any = output
    if isinstance(output, Mapping):
        found = output.get("logits")
    elif isinstance(output, tuple):
        found = next((part for part in output if getattr(part, "ndim", 0)), None)
    if not hasattr(found, "log_softmax"):
        raise InputError(f"the model gave {type(output).__name__}, in which there are no logits: "
                         "it should return a tensor, or an output with logits")
    return wide(found)


def keywords(module: torch.nn.Module, inputs: Batch) -> dict[str, Any]:
    """Read a batch as what a module's forward takes by name; "" stands for its first argument."""
    if not isinstance(inputs, Mapping):
        return {"": inputs}
    takes = inspect.signature(type(module).forward).parameters
    anything = any(each.kind is each.VAR_KEYWORD for each in takes.values())
    return {name: value for name, value in inputs.items() if name not in NO_INPUTS and (anything or name in takes)}


def module_of(model: Any) -> torch.nn.Module:
    """The module that was compiled or made parallel, or the model itself.

    Raises
    ------
    InputError
        If it is no torch module.
    """
    import torch

    found: torch.nn.Module = plain(model)
    if not isinstance(found, torch.nn.Module):
        raise InputError(f"a loss trains a torch.nn.Module, and {type(found).__name__} came: of a pipeline or a "
                         "wrapped model give its module")
    return found


def _differentiated(named: dict[str, Any]) -> str | None:
    """Tell which input has a gradient; None for the embeddings of token ids."""
    import torch

    tensors = {name: value for name, value in named.items() if isinstance(value, torch.Tensor)}
    floats = [name for name, value in tensors.items() if value.is_floating_point() and name != "attention_mask"]
    if "input_ids" in tensors or (set(tensors) == {""} and tensors[""].dtype in (torch.int64, torch.int32)):
        return None
    for name in ("pixel_values", "inputs_embeds"):
        if name in floats:
            return name
    if len(floats) != 1:
        raise InputError("an explanation needs to know which input it is of: give one tensor of floating-point "
                         f"numbers, pixel_values, input_ids or inputs_embeds; {', '.join(tensors) or 'no tensor'} came")
    return floats[0]


def _of_tokens(module: torch.nn.Module, named: dict[str, Any], moved: Moved) -> Asked:
    layer, ids = embedding_of(module), named["" if "" in named else "input_ids"]
    seen: list[tuple[torch.Tensor, torch.Tensor]] = []

    def put(_: object, __: object, found: torch.Tensor) -> torch.Tensor | None:
        if found.shape[:-1] != ids.shape:
            return None
        x = found if found.requires_grad else found.detach().requires_grad_()
        seen.append((x, moved(x)))
        return seen[-1][1].clone()

    handle = layer.register_forward_hook(put)
    try:
        logits = _rows(logits_of(call(module, named)))
    finally:
        handle.remove()
    if len(seen) != 1:
        raise ModelError(f"{type(layer).__name__} was asked {len(seen)} times for the embeddings of these tokens: "
                         "gradients by tokens need a model that looks them up once")
    mask = named.get("attention_mask")
    real: torch.Tensor = ids.eq(ids) if mask is None else mask.bool()
    return Asked(*seen[0], logits, "tokens", real)


def call(module: torch.nn.Module, named: dict[str, Any]) -> Any:
    """Ask a module, with what `keywords` read."""
    return module(named[""]) if "" in named else module(**named)


def _rows(logits: torch.Tensor) -> torch.Tensor:
    found = logits[:, None] if logits.ndim == 1 else logits
    if found.ndim != 2:
        raise InputError(f"an explanation is of one row of outputs an example, and logits of shape "
                         f"{tuple(logits.shape)} came: of a model that labels tokens or writes a text, give the "
                         "outputs of one place")
    return found


@contextmanager
def _open(module: torch.nn.Module) -> Iterator[None]:
    """Evaluation mode, gradients on, no autocast, attention whose gradient has a gradient, and nothing done twice."""
    from torch.nn.attention import SDPBackend, sdpa_kernel

    with ExitStack() as stack:
        stack.enter_context(derivable(module))
        stack.enter_context(whole_precision(module))
        stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        stack.enter_context(_kept(module))
        yield


@contextmanager
def _kept(module: torch.nn.Module) -> Iterator[None]:
    """Refuse checkpoints: the loss's own gradient would compute these parts again in training mode, with dropout."""
    from torch.autograd.graph import disable_saved_tensors_hooks

    refusal = (f"{type(module).__name__} checkpoints a part of itself also in evaluation mode, and a loss on its "
               "explanations would see that part with dropout: call torch.utils.checkpoint only where self.training, "
               "as transformers does")
    with ExitStack() as stack:
        # Where the whole training keeps its tensors elsewhere (save_on_cpu), these hooks are in use, and can't be told.
        with suppress(RuntimeError):
            stack.enter_context(disable_saved_tensors_hooks(refusal))
        try:
            yield
        except RuntimeError as error:
            if refusal not in str(error):
                raise
            raise InputError(refusal) from error
