"""Paths that users give."""

from __future__ import annotations

import os
from pathlib import Path

from limelight.errors import InputError


def place_of(path: str | os.PathLike[str]) -> Path:
    """Read a path; a leading ~ is the user's home.

    Raises
    ------
    InputError
        If it is none.
    """
    if not isinstance(path, (str, os.PathLike)) or "\0" in str(path):
        raise InputError(f"path={path!r} is no path: give a text or a Path, such as 'answer.npz'")
    try:
        return Path(path).expanduser()
    except RuntimeError as error:  # of a user who has no home
        raise InputError(f"path={str(path)!r} can't be read: {error}; give the whole path") from error
