"""Explain machine-learning models, live, in a notebook.

>>> import limelight as ll
>>> ll.live(pipeline, "A slow start, but utterly gripping.")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import logging
from typing import Any

_WHERE = {
    "explain": ("api", "explain"),
    "live": ("api", "live"),
    "methods": ("catalogue", "methods"),
    "compare": ("comparison", "compare"),
    "show": ("export.incoming", "show"),
    "evaluate": ("evaluation", "evaluate"),
    "overview": ("dataset.overview", "overview"),
    "explain_many": ("bulk.many", "explain_many"),
    "track": ("training.track", "track"),
    "losses": ("training", "losses"),
    "save": ("export.saving", "save"),
    "load": ("export.loading", "load"),
    "options": ("preferences", "options"),
    "text_model": ("models.text", "TextModel"),
    "image_model": ("models.image", "ImageModel"),
    "tabular_model": ("models.tabular", "TabularModel"),
    "Explanation": ("explanation", "Explanation"),
    "LiveView": ("widgets.live", "LiveView"),
    "LimelightError": ("errors", "LimelightError"),
    "InputError": ("errors", "InputError"),
    "ModelError": ("errors", "ModelError"),
}

__all__ = sorted(_WHERE)
__version__ = "0.1.0"

logging.getLogger("limelight").addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    """Load a public name where it is first used: importing limelight costs nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module 'limelight' has no attribute {name!r}: there are {', '.join(__all__)}")
    module, attribute = _WHERE[name]
    value = getattr(importlib.import_module(f"limelight.{module}"), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
