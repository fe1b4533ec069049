"""What limelight raises and warns of. Every message says what was expected, what came and what to do."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limelight.explanation import Explanation


class LimelightError(Exception):
    """Base of all errors that limelight raises on purpose.

    Attributes
    ----------
    partial : Explanation or None
        What there was before a run ended in it, if it was enough for an answer.
    """

    partial: Explanation | None = None


class InputError(LimelightError, ValueError):
    """An argument that can't be used: the message says what would do."""


class NothingToExplain(InputError):
    """An input without any part that could be hidden, such as a text without words."""


class ModelError(LimelightError, RuntimeError):
    """The model raised, or answered with something that can't be read."""


class Unsuited(InputError):
    """A method that can't run on this model, or would be silently wrong.

    Attributes
    ----------
    reason : str
        What it needs, and what the model is.
    instead : str
        The method to use, or "".
    """

    def __init__(self, reason: str, instead: str = ""):
        super().__init__(f"{reason}; use {instead}" if instead else reason)
        self.reason, self.instead = reason, instead


def warn(message: str) -> None:
    """Warn at the line from which limelight was called, however far up that is."""
    calls, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "limelight":
        calls, frame = calls + 1, frame.f_back
    warnings.warn(message, stacklevel=calls)


def said(error: BaseException) -> str:
    """What an exception says, to stand inside a sentence."""
    return str(error).strip().rstrip(".") or repr(error)
