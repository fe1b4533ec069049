"""A file that says which process is at work on something."""

from __future__ import annotations

import os
from pathlib import Path
from platform import node

from limelight.errors import InputError


class Lock:
    """Held by one process at a time; what a dead process of this machine left behind is taken over.

    Parameters
    ----------
    path : Path
        The file: it holds the process's number and the machine's name.
    what : str
        What is locked, for the message.

    Raises
    ------
    InputError
        If another run holds it.
    """

    def __init__(self, path: Path, what: str):
        self._path = path
        if not self._taken():
            holder = _read(path)
            if not _dead(holder):
                raise InputError(f"another run writes {what} (process {holder}): wait for it, or give another out=. "
                                 f"If there is none, delete {path}")
            path.unlink(missing_ok=True)
            if not self._taken():
                raise InputError(f"another run has just begun to write {what}: wait for it, or give another out=")

    def release(self) -> None:
        """Let others have it."""
        self._path.unlink(missing_ok=True)

    def _taken(self) -> bool:
        try:
            with open(self._path, "x") as file:
                file.write(f"{os.getpid()} of {node()}")
        except FileExistsError:
            return False
        return True


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
