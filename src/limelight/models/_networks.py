"""What image networks tell of themselves, and how their processors are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from limelight.models._outputs import Meaning
from limelight.models._pictures import is_pillow, to_picture


def meaning_of(model: Any, pipeline: bool) -> Meaning | None:
    """What transformers' own pipeline makes of the outputs; None for other models."""
    config: Any = getattr(model, "config", None)
    if not hasattr(config, "id2label"):
        return None
    kind, n_labels = getattr(config, "problem_type", None), len(config.id2label)
    if kind == "regression" or (n_labels == 1 and not pipeline and kind is None):
        return "value"
    return "sigmoid" if kind == "multi_label_classification" or n_labels == 1 else "softmax"


def output_names_of(model: Any, given: Sequence[str] | None) -> list[str] | None:
    """The names given, or a Hugging Face model's labels in order."""
    if given is not None:
        return [str(name) for name in given]
    labels = getattr(getattr(model, "config", None), "id2label", None)
    return [str(labels[index]) for index in sorted(labels)] if labels else None


def name_of(function: Any) -> str:
    """What the view calls a function, or an object that can be called."""
    return str(getattr(function, "__name__", type(function).__name__))


def convolves(module: Any) -> bool:
    """Tell whether a module holds a two-dimensional convolution."""
    from torch.nn import Conv2d

    return any(isinstance(part, Conv2d) for part in module.modules())


def is_processor(preprocess: Any) -> bool:
    """Tell Hugging Face's image processors, and processors that hold one."""
    return hasattr(preprocess, "image_processor") or hasattr(preprocess, "image_mean")


def as_pillow(given: Any) -> Any:
    """A Pillow image, which every Hugging Face processor reads in the same way."""
    if is_pillow(given):
        return given
    from PIL import Image

    return Image.fromarray(to_picture(given))
