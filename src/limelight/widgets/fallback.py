"""What stands where a view can't run, as an output of its own: a notebook without its widgets' state, GitHub.

A view and a picture in one output would do where hosts choose what they can
show, but JupyterLab chooses the view before it knows that its state is gone, and
to replace the picture there would make the view anew. So the picture comes
first, as an output that can be replaced; the view follows, and hides it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from limelight.preferences import options


def show(widget: Any, picture: Callable[[], Mapping[str, Any]], line: str) -> None:
    """Put both into the cell's output.

    Parameters
    ----------
    widget : Widget
        Its `fallback` names the picture.
    picture : callable
        Returns what is shown by MIME types.
    line : str
        What stands for the view itself where it can't run.

    Raises
    ------
    NotImplementedError
        Where this is no notebook, or no pictures are wanted: IPython then shows all as one output.
    """
    if not _in_notebook() or not options.picture or options.display == "page":
        raise NotImplementedError
    from IPython.display import display

    view, metadata = widget._repr_mimebundle_() or ({}, {})
    display(dict(picture()), raw=True, display_id=widget.fallback)
    display({**view, "text/plain": line}, metadata=metadata, raw=True)


def renew(widget: Any, picture: Callable[[], Mapping[str, Any]]) -> None:
    """Put another picture in the place of the first, wherever it is shown."""
    if _in_notebook():
        from IPython.display import display

        display(dict(picture()), raw=True, display_id=widget.fallback, update=True)


def _in_notebook() -> bool:
    """True but in Colab, where each output is a frame of its own: a view could not hide the picture."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel") and "google.colab" not in sys.modules
