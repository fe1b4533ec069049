"""What a model's raw outputs mean, and how they become what is explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from limelight.errors import InputError, ModelError
from limelight.models._answers import as_rows, log_odds
from limelight.types import Array, Output, OutputSpace

if TYPE_CHECKING:
    import torch

Meaning = Literal["softmax", "sigmoid", "log-odds", "probability", "margin", "value"]
"""Of raw outputs. "softmax", "sigmoid": logits, and what makes probabilities of them. "log-odds": of two classes."""

_SPACES: dict[Meaning, tuple[OutputSpace, OutputSpace]] = {
    "softmax": ("probability", "logit"),
    "sigmoid": ("probability", "logit"),
    "log-odds": ("probability", "log-odds"),
    "probability": ("probability", "log-odds"),
    "margin": ("margin", "margin"),
    "value": ("value", "value"),
}


def told(pipeline: Any) -> Meaning | None:
    """What a transformers pipeline was told to make of logits, as its function_to_apply; None where it was not."""
    function = getattr(pipeline, "_postprocess_params", {}).get("function_to_apply")
    meanings: dict[str, Meaning] = {"softmax": "softmax", "sigmoid": "sigmoid", "none": "value"}
    return None if function is None else meanings[str(getattr(function, "value", function)).lower()]


class Outputs:
    """Read raw outputs as probabilities, logits or values, always in the same way.

    Parameters
    ----------
    meaning : {"softmax", "sigmoid", "log-odds", "probability", "margin", "value"}, optional
        None: learned from the first outputs. Rows of at least two numbers in
        0..1 that sum to 1 are probabilities; a single number is a value, or,
        in 0..1 and asked for its logit, a probability.
    otherwise : {"softmax", "value"}
        What several outputs are when they aren't probabilities.
    names : sequence of str, optional
        Checked against the number of outputs.
    """

    def __init__(self, meaning: Meaning | None = None, *, otherwise: Meaning = "value",
                 names: Sequence[str] | None = None):
        self.meaning = meaning
        self._otherwise = otherwise
        self._names = names
        self.n_outputs: int | None = None

    def space(self, output: Output) -> OutputSpace | None:
        """Name the space that `output` means; None before the meaning is known."""
        if output not in ("probability", "logit"):
            raise InputError(f'output={output!r} is unknown: choose "probability" or "logit"')
        return self.meaning and _SPACES[self.meaning][output == "logit"]

    def read(self, raw: Any, n: int, what: str, output: Output) -> Array:
        """Turn raw outputs into float64 of shape (n, n_outputs), in the space of `output`.

        Parameters
        ----------
        raw : array_like or torch.Tensor
        n : int
            Rows that were asked.
        what : str
            What they are, in the plural, for messages: "images".
        output : {"probability", "logit"}

        Raises
        ------
        ModelError
            If there are not `n` rows of as many numbers as before.
        InputError
            If there are not as many outputs as output names.
        """
        numbers = self.check(raw, n, what)
        if self.meaning is None:
            self.meaning = _learned(numbers, self._otherwise, output)
        if self.meaning == "probability" and self.space(output) == "log-odds":
            return log_odds(np.clip(numbers, 0, 1))
        if self.space(output) == "probability" and self.meaning in ("softmax", "sigmoid", "log-odds"):
            return _softmax(numbers) if self.meaning == "softmax" else _sigmoid(numbers)
        return numbers

    def keep_gradient(self, raw: torch.Tensor, output: Output) -> torch.Tensor:
        """Turn a module's raw outputs into what is explained, as `read` does, and keep their gradient."""
        from limelight.models._gradients import in_space

        return in_space(raw, self.meaning, self.space(output))

    def check(self, raw: Any, n: int, what: str) -> Array:
        """Read raw outputs as float64 of shape (n, n_outputs); raise as `read` does."""
        numbers = as_rows(raw, n, what)
        self._count(numbers.shape[1])
        return numbers

    def _count(self, n_outputs: int) -> None:
        if self.n_outputs is None and self._names is not None and len(self._names) != n_outputs:
            raise InputError(f"output_names is of length {len(self._names)}, and the model has {n_outputs} "
                             "outputs: give one name each, or none")
        if self.n_outputs not in (None, n_outputs):
            raise ModelError(f"the model gave {self.n_outputs} outputs before, and {n_outputs} now: "
                             "it must give as many every time")
        self.n_outputs = n_outputs


def to_tensor(answer: Any, n: int, what: str) -> torch.Tensor:
    """Find the tensor of shape (n, n_outputs) in what a torch module answered.

    Raises
    ------
    ModelError
        If there is none, or it has not one row for each of the `n` asked.
    """
    tensor = found_tensor(answer)
    if tensor.ndim != 2 or tensor.shape[0] != n:
        as_rows(tensor, n, what)
    return tensor


def found_tensor(answer: Any) -> torch.Tensor:
    """Find the tensor in an answer: itself, its `logits`, the only one of a dict, or the first of a tuple.

    Raises
    ------
    ModelError
        If there is none, or a dict holds several.
    """
    tensor: Any = getattr(answer, "logits", answer)
    if isinstance(answer, Mapping):
        tensors = {name: value for name, value in answer.items() if hasattr(value, "detach")}
        tensor = tensors.get("logits", next(iter(tensors.values())) if len(tensors) == 1 else None)
    elif isinstance(answer, (tuple, list)) and answer:
        tensor = answer[0]
    if not hasattr(tensor, "detach"):
        names = f" of {', '.join(map(repr, answer))}" if isinstance(answer, Mapping) else ""
        raise ModelError(f"a torch model should answer with a tensor; it gave {type(answer).__name__}{names}: "
                         "wrap it in a function, or for gradients in a module, that picks the tensor")
    found: torch.Tensor = tensor
    return found


def _learned(numbers: Array, otherwise: Meaning, output: Output) -> Meaning | None:
    numbers = numbers[np.isfinite(numbers).all(1)]
    if not len(numbers):
        return None
    single = numbers.shape[1] == 1
    within = numbers.min() >= -1e-6 and numbers.max() <= 1 + 1e-6
    if within and not single and np.allclose(numbers.sum(1), 1, atol=1e-3):
        return "probability"
    meaning: Meaning = "value" if single else otherwise
    # Who asks for the logit of numbers in 0..1 says that they are probabilities.
    return "probability" if within and meaning == "value" and output == "logit" else meaning


def _softmax(logits: Array) -> Array:
    # Outputs first: reducing a short last axis is several times slower.
    outputs = np.array(logits.T, order="C")
    outputs -= outputs.max(0)
    np.exp(outputs, out=outputs)
    outputs /= outputs.sum(0)
    return outputs.T


def _sigmoid(logits: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * logits))
