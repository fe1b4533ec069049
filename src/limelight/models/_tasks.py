"""What to do about pipelines whose answer is no row of scores."""

from __future__ import annotations

from typing import Any

from limelight.errors import InputError

_IN_SCORES = {
    "zero-shot-classification":
        "lambda texts: [[dict(zip(r['labels'], r['scores']))[label] for label in labels] for r in pipe(texts, labels)]",
    "fill-mask":
        "lambda texts: [[{r['token_str'].strip(): r['score'] for r in pipe(text, targets=words)}[word] "
        "for word in words] for text in texts]",
}


def refused_task(pipeline: Any) -> InputError:
    """The error for a Hugging Face pipeline that answers with no fixed row of scores: says how to make one."""
    task = pipeline.task or type(pipeline).__name__
    return InputError(
        f"a pipeline for {task!r} can't be explained as it is: expected text-classification, token-classification or "
        "image-classification. Give a function of a list of inputs that returns one row of scores each, always of the "
        "same things" + (f", such as {_IN_SCORES[task]}" if task in _IN_SCORES else ""))
