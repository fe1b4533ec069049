"""What a model answered, made into rows of numbers: the same for models of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from limelight.errors import InputError, LimelightError, ModelError, said
from limelight.types import Array

_NEVER_QUITE = 1e-12
"""Log-odds of 0 and 1 are infinite: they are taken at this distance, +-27.6."""


@contextmanager
def in_our_words() -> Iterator[None]:
    """Ask a model what its answers are, before anything is explained: what it raises comes as a ModelError."""
    try:
        yield
    except LimelightError:
        raise
    except Exception as error:
        raise ModelError(f"the model raised {type(error).__name__}: {said(error)}. Check that it answers this "
                         "input, without limelight") from error


def as_rows(answer: Any, n: int, what: str) -> Array:
    """Read an answer as float64, shape (n, n_outputs); one dimension is one column.

    Parameters
    ----------
    answer : array_like or torch.Tensor
    n : int
        Rows that were asked.
    what : str
        What a row is, in the plural, for the message: "texts".

    Raises
    ------
    ModelError
        If these are no numbers, or not one row for each row asked.
    """
    if isinstance(answer, (list, tuple)) and answer and isinstance(_first(answer), dict):
        raise ModelError("the model answered with dicts, as a Hugging Face pipeline does: give the pipeline itself, "
                         "or a function that picks the numbers, one row each, always in the same order of outputs")
    try:
        if answer is None:  # which numpy takes for NaN
            raise TypeError("does the function return something?")
        numbers = np.asarray(_on_cpu(answer))
        if numbers.dtype.kind == "c":
            raise TypeError("complex numbers: answer with their sizes, or one of their parts")
        rows = numbers.astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise ModelError(f"the model should answer {n} {what} with an array of numbers, one row each; "
                         f"{type(answer).__name__} came, which can't be read as one ({error})") from error
    columns = rows[:, None] if rows.ndim == 1 else rows
    if columns.ndim != 2 or len(columns) != n or columns.shape[1] == 0:
        raise ModelError(f"{n} {what} went into the model and an answer of shape {rows.shape} came back: "
                         f"expected ({n},) or ({n}, outputs), one row each, in the same order")
    return columns


def log_odds(probabilities: Array) -> Array:
    """Compute log(p / (1 - p)); 0 and 1, whose log-odds are infinite, count as 1e-12 from there.

    Raises
    ------
    InputError
        If some values are no probabilities. NaN passes.
    """
    outside = (probabilities < 0) | (probabilities > 1)
    if outside.any():
        raise InputError(f"output='logit' needs a model that answers with probabilities, and it answered "
                         f"{probabilities[outside][0]:.4g}: use output='probability' to explain its values "
                         f"as they are")
    inside = np.clip(probabilities, _NEVER_QUITE, 1 - _NEVER_QUITE)
    return np.log(inside / (1 - inside))


def _first(answer: Any) -> Any:
    """The first element that is no list."""
    while isinstance(answer, (list, tuple)) and answer:
        answer = answer[0]
    return answer


def _on_cpu(answer: Any) -> Any:
    # A torch tensor may lie elsewhere, want a gradient, or be of a type that numpy has not.
    if not hasattr(answer, "detach"):
        return answer
    host = answer.detach().cpu()
    return host if host.is_complex() else host.double()
