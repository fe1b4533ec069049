"""From what the user has at hand to a model that limelight can ask."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.models._machines import is_machine, made_up
from limelight.models._tasks import refused_task
from limelight.models.image import ImageModel
from limelight.models.tabular import TabularModel
from limelight.models.text import TextModel
from limelight.types import Model

TEXT = {"TextClassificationPipeline", "TokenClassificationPipeline"}
IMAGE = {"ImageClassificationPipeline"}


def as_model(model: Any, x: Any) -> Model:
    """Wrap a raw model by what it is and what it is asked about.

    Parameters
    ----------
    model
        One of limelight's models, a Hugging Face pipeline, a (model,
        tokenizer), (module, encode) or (model, image processor) pair, a torch
        module, a callable on a list of strings or a batch of images, or an
        explainable boosting machine.
    x : str, image or row

    Raises
    ------
    InputError
        If something is missing, such as background rows: says how to give it.
    """
    if isinstance(model, (TextModel, ImageModel, TabularModel)):
        return model
    if is_machine(model):
        wrapped = TabularModel(model, made_up(model))
        wrapped.made_up = True
        return wrapped
    if isinstance(getattr(model, "task", None), str) and hasattr(model, "model"):
        return _pipeline(model)
    if isinstance(model, tuple) and len(model) == 2:
        return ImageModel(*model) if hasattr(model[1], "image_mean") else TextModel(*model)
    if not callable(model) and not hasattr(model, "predict"):
        raise InputError(f"a {type(model).__name__} is no model: give a Hugging Face pipeline, a (model, tokenizer) "
                         "pair, a torch module, an estimator with predict, or a function of a batch")
    if isinstance(x, str):
        return TextModel(model)
    if _is_image(x):
        return ImageModel(model)
    raise InputError("a table's model needs rows to take absent features from: "
                     "give ll.tabular_model(model, background) with, for example, 100 rows of the training data")


def _pipeline(pipeline: Any) -> Model:
    # One that was made by its class does not name its task.
    families = {base.__name__ for base in type(pipeline).__mro__}
    if families & TEXT:
        return TextModel(pipeline)
    if families & IMAGE:
        return ImageModel(pipeline)
    raise refused_task(pipeline)


def _is_image(x: Any) -> bool:
    if hasattr(x, "convert") and hasattr(x, "getbands"):  # Pillow
        return True
    return np.ndim(x) >= 2 and not hasattr(x, "iloc")
