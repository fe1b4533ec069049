"""Text models taken apart: module, tokenizer and what a pipeline was told."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

from limelight.errors import InputError
from limelight.models._estimators import classes_of, estimator_of
from limelight.models._gradients import plain
from limelight.models._outputs import Meaning, told
from limelight.models._tasks import check_usual, refused_task


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
    tokenizer : transformers tokenizer, callable or None
        What makes token ids of a text; callables belong to the user's own modules.
    meaning : Meaning or None
        Of the module's raw outputs; None where its first answer tells.
    max_length : int or None
        The limit that the pipeline was given.
    per_token : bool
        Whether the module answers for each token.
    own : bool
        Whether the module is the user's own, and none of transformers'.
    names : list of str or None
        Of the outputs of a method of an estimator.
    """

    name: str
    ask: Any
    module: Any = None
    tokenizer: Any = None
    meaning: Meaning | None = "value"
    max_length: int | None = None
    per_token: bool = False
    own: bool = False
    names: list[str] | None = None


def taken_apart(model: Any, tokenizer: Any) -> Parts:
    """Tell what the user brought.

    Raises
    ------
    InputError
        If it is no pipeline for classification of texts or tokens, no module
        with its tokenizer and no function, or the tokenizer is too many.
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
        raise InputError(f"a text model is a text-classification or token-classification pipeline, a torch module "
                         f"with its tokenizer, or a function of a list of strings; "
                         f"{type(model).__name__} came{advice}")
    if tokenizer is not None:
        raise InputError(f"a tokenizer goes with a torch module, and {name_of(model)} is a function of "
                         f"texts: leave the tokenizer out")
    return Parts(name_of(model), model, names=_classes_of(model))


def name_of(model: Any) -> str:
    """Name a function, or the object whose method it is."""
    owner = getattr(model, "__self__", None)
    if owner is not None and not inspect.ismodule(owner):
        return type(owner).__name__
    name = getattr(model, "__name__", type(model).__name__)
    return "function" if name == "<lambda>" else name


def _classes_of(function: Any) -> list[str] | None:
    """Names of the outputs of an estimator's predict_proba or decision_function; None for other functions."""
    owner = estimator_of(function)
    return None if owner is function else classes_of(owner, function.__name__)


def _of_pipeline(pipe: Any, tokenizer: Any, families: set[str]) -> Parts:
    if not families & {"TextClassificationPipeline", "TokenClassificationPipeline"}:
        raise refused_task(pipe)
    check_usual(pipe)
    before = getattr(pipe, "_preprocess_params", {})
    return _of_module(pipe.model, tokenizer or pipe.tokenizer, told(pipe), before.get("max_length"))


def _of_module(module: Any, tokenizer: Any, meaning: Meaning | None = None, max_length: int | None = None) -> Parts:
    found = plain(module)
    name, config = type(found).__name__, getattr(found, "config", None)
    if not hasattr(config, "num_labels"):
        if tokenizer is None:
            raise InputError(f"{name} needs what makes its token ids of a text: text_model(module, encode), where "
                             "encode is a tokenizer, a tiktoken Encoding or a function; or give a function that takes "
                             "a list of strings and returns an array of numbers")
        return Parts(name, module, module, tokenizer, None, max_length, own=True)
    if not callable(tokenizer):
        raise InputError(f"{name} needs its tokenizer: text_model(model, AutoTokenizer.from_pretrained(...))")
    if any(base.__name__.endswith("ForTokenClassification") for base in type(found).__mro__):
        return Parts(name, module, module, tokenizer, "softmax", max_length, per_token=True)
    return Parts(name, module, module, tokenizer, meaning or _meaning(config), max_length)


def _meaning(config: Any) -> Meaning:
    """Choose what to make of logits as transformers' pipeline does."""
    problem = getattr(config, "problem_type", None)
    if problem == "regression":
        return "value"
    return "sigmoid" if problem == "multi_label_classification" or config.num_labels == 1 else "softmax"
