"""What a reader may choose for all views: `ll.options`."""

from __future__ import annotations

import os
from typing import Any

from limelight.errors import InputError

CHOICES: dict[str, tuple[Any, ...]] = {
    "language": ("auto", "en", "zh"),
    "theme": ("auto", "light", "dark"),
    "picture": (True, False),
    "display": ("widget", "page"),
}


class Options:
    """Choices for all views that are made from now on.

    Attributes
    ----------
    language : {"auto", "en", "zh"}
        Of views, pages and pictures, when they are made; "auto": the host's, and English in pictures.
    theme : {"auto", "light", "dark"}
        "auto": the host's.
    picture : bool
        Whether a picture stands in the notebook where a view can't run: GitHub, a mail.
    display : {"widget", "page"}
        "page": a cell's output is a page of its own that needs no kernel and no
        widget manager, for documentation builds, and runs go to their end. Begins as the
        environment variable LIMELIGHT_DISPLAY says, or "widget".

    Raises
    ------
    InputError
        If a name or a value is not one of these.
    """

    language: str
    theme: str
    picture: bool
    display: str

    def __init__(self) -> None:
        self.language = self.theme = "auto"
        self.picture = True
        chosen = os.environ.get("LIMELIGHT_DISPLAY", "widget")
        if chosen not in CHOICES["display"]:
            raise InputError(f"the environment variable LIMELIGHT_DISPLAY={chosen!r} can't be used: set it to 'widget' "
                             "or 'page', or unset it")
        self.display = chosen

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in CHOICES:
            raise InputError(f"options.{name} is not known: there are {', '.join(CHOICES)}")
        if type(value) is not type(CHOICES[name][0]) or value not in CHOICES[name]:
            raise InputError(f"options.{name}={value!r} can't be used: choose one of "
                             f"{', '.join(repr(each) for each in CHOICES[name])}")
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        raise InputError(f"options.{name} can't be deleted: set it to {getattr(Options(), name, 'what it was')!r}")

    def __repr__(self) -> str:
        return f"Options({', '.join(f'{name}={getattr(self, name)!r}' for name in CHOICES)})"

    @property
    def look(self) -> dict[str, str]:
        """What crosses to the browser."""
        return {"language": self.language, "theme": self.theme}


options = Options()
