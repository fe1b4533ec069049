"""A file that says which process is at work on something."""

from __future__ import annotations

import os
from pathlib import Path
from platform import node

from limelight.errors import InputError

_held: set[Path] = set()
"""By this process. Another lock with its number is of an earlier process that had it: in containers they often have."""


class Lock:
    """Held by one process at a time; what a dead process of this machine left behind is taken over.

    Parameters
    ----------
    path : Path
        The file: it holds the process's number and the machine's name.
    what : str
        What is locked, for the message: "another run writes a.parquet".
    instead : str
        What to do about it, for the message.

    Raises
    ------
    InputError
        If another one holds it.
    """

    def __init__(self, path: Path, what: str, instead: str):
        self._path = path.absolute()
        if not self._taken():
            holder = _read(path)
            if not _dead(holder) and (self._path in _held or holder != _ours()):
                raise InputError(f"{what} (process {holder}): {instead}. If there is none, delete {path}")
            path.unlink(missing_ok=True)
            if not self._taken():
                raise InputError(f"{what}, since a moment ago: {instead}")

    def release(self) -> None:
        """Let others have it."""
        _held.discard(self._path)
        self._path.unlink(missing_ok=True)

    def _taken(self) -> bool:
        try:
            with open(self._path, "x") as file:
                file.write(_ours())
        except FileExistsError:
            return False
        _held.add(self._path)
        return True


def _ours() -> str:
    return f"{os.getpid()} of {node()}"


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:  # it was released meanwhile
        return ""


def _dead(holder: str) -> bool:
    """Whether a process has certainly ended. Of other machines, and where asking would end it, that is not known."""
    pid, _, machine = holder.partition(" of ")
    if not machine:
        return True  # it ended before it could say who it was
    if machine != node() or os.name == "nt" or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it is another user's
        return False
    return False
