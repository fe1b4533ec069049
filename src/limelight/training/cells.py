"""The end of a notebook's cell: what tells a plain loop that it was interrupted, or raised an error."""

from __future__ import annotations

import sys
import weakref
from typing import Any, Protocol


class Going(Protocol):
    """What goes on in a cell."""

    def cell_ended(self, error: BaseException | None) -> None:
        """The cell is over; `error` is what it raised."""


def at_end_of_cell(going: Going) -> None:
    """Tell of the end of the cell that runs now, once. Outside of notebooks and IPython nothing happens."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return
    # What is forgotten meanwhile is not kept for this.
    known = weakref.ref(going)

    def ended(result: Any) -> None:
        shell.events.unregister("post_run_cell", ended)
        alive = known()
        if alive is not None:
            alive.cell_ended(result.error_before_exec or result.error_in_exec)

    shell.events.register("post_run_cell", ended)
