"""Whether a cell is running: some kernels deliver messages meanwhile, on another thread."""

from __future__ import annotations

import sys
import threading
from typing import Any
from weakref import WeakSet

_running = False
_shell: Any = None
_waiting: WeakSet[Any] = WeakSet()


def watch() -> None:
    """Follow the notebook's cells; called inside one, as a rule."""
    global _running, _shell
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and shell is not _shell:
        _shell, _running = shell, True
        shell.events.register("pre_run_cell", _began)
        shell.events.register("post_run_cell", _ended)


def elsewhere() -> bool:
    """True when a cell runs while this is another thread: touch no model."""
    return _running and threading.current_thread() is not threading.main_thread()


def running() -> bool:
    """False where this is a notebook, and none of its cells runs."""
    return _running or _shell is None


def after_cells(view: Any) -> None:
    """Have `view.settle()` called whenever a cell has ended, as long as there is that view."""
    _waiting.add(view)


def heard_anywhere(comm: Any) -> None:
    """Leave it to a page which thread hears it: ipykernel 7.4 has the last one that wrote to it do so, cell or not."""
    kept = getattr(comm, "__dict__", {})
    kept.pop("_reply_subshell_id", None)
    kept.get("_reply_subshell_ids", {}).clear()


def _began(*_: Any) -> None:
    global _running
    _running = True


def _ended(*_: Any) -> None:
    global _running
    _running = False
    for view in list(_waiting):
        view.settle()
