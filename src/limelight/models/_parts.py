"""Text models taken apart: module, tokenizer and what a pipeline was told."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

from limelight.errors import InputError
from limelight.models._outputs import Meaning


@dataclass(frozen=True)
class Parts:
    """What `TextModel` is made of.

    Attributes
    ----------
    name : str
    ask : callable
        The function of texts, or the module.
    module : torch.nn.Module or None
        None for functions, and so is `tokenizer`.
    tokenizer : transformers tokenizer or None
    meaning : Meaning
        Of the module's raw outputs.
    max_length : int or None
        The limit that the pipeline was given.
    """

    name: str
    ask: Any
    module: Any = None
    tokenizer: Any = None
    meaning: Meaning = "value"
    max_length: int | None = None


def taken_apart(model: Any, tokenizer: Any) -> Parts:
    """Tell what the user brought.

    Raises
    ------
    InputError
        If it is no text-classification pipeline, no transformers model with
        its tokenizer and no function, or the tokenizer is too many.
    """
    if isinstance(model, tuple) and len(model) == 2 and tokenizer is None:
        model, tokenizer = model
    families = {base.__name__ for base in type(model).__mro__}
    if "Pipeline" in families and hasattr(model, "task"):
        return _of_pipeline(model, tokenizer, families)
    if "Module" in families and hasattr(model, "named_modules"):
        return _of_module(model, tokenizer)
    if not callable(model):
        advice = ": pass its predict_proba method" if hasattr(model, "predict_proba") else ""
        raise InputError(f"a text model is a text-classification pipeline, a transformers model with its "
                         f"tokenizer, or a function of a list of strings; "
                         f"{type(model).__name__} came{advice}")
    if tokenizer is not None:
        raise InputError(f"a tokenizer goes with a transformers model, and {name_of(model)} is a function of "
                         f"texts: leave the tokenizer out")
    return Parts(name_of(model), model)


def name_of(model: Any) -> str:
    """Name a function, or the object whose method it is."""
    owner = getattr(model, "__self__", None)
    if owner is not None and not inspect.ismodule(owner):
        return type(owner).__name__
    name = getattr(model, "__name__", type(model).__name__)
    return "function" if name == "<lambda>" else name


def _of_pipeline(pipe: Any, tokenizer: Any, families: set[str]) -> Parts:
    if "TextClassificationPipeline" not in families:
        raise InputError(f"expected a text-classification pipeline; this one does {pipe.task!r}. Wrap it in "
                         f"a function that takes a list of strings and returns an array of numbers")
    before, after = getattr(pipe, "_preprocess_params", {}), getattr(pipe, "_postprocess_params", {})
    return _of_module(pipe.model, tokenizer or pipe.tokenizer, after.get("function_to_apply"),
                      before.get("max_length"))


def _of_module(module: Any, tokenizer: Any, function: Any = None, max_length: int | None = None) -> Parts:
    name = type(module).__name__
    if not hasattr(getattr(module, "config", None), "num_labels"):
        raise InputError(f"{name} is no transformers model: wrap it in a function that takes a list of "
                         f"strings and returns an array of numbers")
    if not callable(tokenizer):
        raise InputError(f"{name} needs its tokenizer: text_model(model, AutoTokenizer.from_pretrained(...))")
    return Parts(name, module, module, tokenizer, _meaning(module.config, function), max_length)


def _meaning(config: Any, function: Any) -> Meaning:
    """Choose what to make of logits as transformers' pipeline does."""
    told: dict[str, Meaning] = {"softmax": "softmax", "sigmoid": "sigmoid", "none": "value"}
    if function is not None:
        return told[str(getattr(function, "value", function)).lower()]
    problem = getattr(config, "problem_type", None)
    if problem == "regression":
        return "value"
    return "sigmoid" if problem == "multi_label_classification" or config.num_labels == 1 else "softmax"
