"""What to do about pipelines whose answer is no row of scores."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from limelight.errors import InputError

_IN_SCORES = {
    "zero-shot-classification":
        "lambda texts: [[dict(zip(r['labels'], r['scores']))[label] for label in labels] for r in pipe(texts, labels)]",
    "fill-mask":
        "lambda texts: [[{r['token_str'].strip(): r['score'] for r in pipe(text, targets=words)}[word] "
        "for word in words] for text in texts]",
}

_STEPS = ("preprocess", "_forward", "postprocess")


def refused_task(pipeline: Any) -> InputError:
    """The error for a Hugging Face pipeline that answers with no fixed row of scores: says how to make one."""
    task = pipeline.task or type(pipeline).__name__
    return InputError(
        f"a pipeline for {task!r} can't be explained as it is: expected text-classification, token-classification or "
        "image-classification. Give a function of a list of inputs that returns one row of scores each, always of the "
        "same things" + (f", such as {_IN_SCORES[task]}" if task in _IN_SCORES else ""))


def check_usual(pipeline: Any) -> None:
    """Check that a pipeline does what its model and tokenizer or processor do: these are asked, and not itself.

    Raises
    ------
    InputError
        If a subclass has steps of its own, or it was told to leave special tokens out.
    """
    subclasses = takewhile(lambda kind: not kind.__module__.startswith("transformers."), type(pipeline).__mro__)
    own = [step for kind in subclasses for step in _STEPS if step in vars(kind)]
    bare = getattr(pipeline, "_preprocess_params", {}).get("add_special_tokens") is False
    if own or bare:
        what = f"a {own[0]} of its own" if own else "add_special_tokens=False"
        raise InputError(f"{type(pipeline).__name__} has {what}, and limelight asks its model past that: give a "
                         "function of a list of inputs that calls it, and returns one row of scores each")
