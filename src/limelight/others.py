"""The methods that a reader of one view can turn to, and their runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from limelight.errors import InputError
from limelight.estimators import LABELS
from limelight.types import Run

BINS = "needs a neighborhood of its own: this one was drawn for lime(discretize='quartile')"


class Others:
    """The runs behind one view: one that the methods of its neighborhood share, and one for each other method.

    They begin when they are wanted.

    Parameters
    ----------
    first : Run
    offers : callable, optional
        Labels by name of the methods without a neighborhood that can run on this input.
    begin : callable, optional
        From a method's name to its run.
    again : callable, optional
        Begins a method anew on the same input or a changed one: see `api.again`.
    some : callable, optional
        Those of `offers` that are known at once; default all.
    """

    def __init__(self, first: Run, offers: Callable[[], dict[str, str]] = dict,
                 begin: Callable[[str], Run] | None = None, again: Callable[..., Run] | None = None,
                 some: Callable[[], dict[str, str]] | None = None):
        self._runs = {_shared(first): first}
        self._first, self._offers, self._begin, self.again = first, offers, begin, again
        self._some = some or offers

    def of(self, method: str) -> Run:
        """The run that answers a method.

        Raises
        ------
        LimelightError
            If it can't run here.
        """
        name = "neighborhood" if method in LABELS and method not in self._runs else method
        if name not in self._runs:
            if self._begin is None:
                raise InputError(f"{method} can't be begun from here: call explain with method={method!r}")
            self._runs[name] = self._begin(method)
            self._runs[name].others = self
        return self._runs[name]

    @property
    def neighborhood(self) -> Run | None:
        """The run that grows a neighborhood, if it has begun."""
        return self._runs.get("neighborhood")

    @property
    def begun(self) -> list[Run]:
        """All runs there are."""
        return list(self._runs.values())

    @cached_property
    def methods(self) -> list[dict[str, Any]]:
        """What a view offers: {name, label, available, reason, reads}; `reads`: a neighborhood."""
        return self.readings + self._without_rows(self._offers)

    @cached_property
    def at_once(self) -> list[dict[str, Any]]:
        """Those of `methods` that take no time to find out; the method of each run that has begun is among them."""
        streams = any(run.neighborhood is None for run in self.begun)
        return self.methods if streams or "methods" in vars(self) else self.readings + self._without_rows(self._some)

    def available(self, name: str) -> bool:
        """Can a reader turn to this method?"""
        return name in _names(self.at_once) or name in _names(self.methods)

    @property
    def readings(self) -> list[dict[str, Any]]:
        """Those that read a neighborhood."""
        return [{"name": name, "label": label, "available": name == "lime" or not self._bins,
                 "reason": BINS if self._bins and name != "lime" else "", "reads": name not in self._runs}
                for name, label in LABELS.items()]

    @property
    def _bins(self) -> bool:
        return self._first.neighborhood is not None and self._first.neighborhood.law == "bins"

    def _without_rows(self, offers: Callable[[], dict[str, str]]) -> list[dict[str, Any]]:
        found = {} if self._bins else offers()
        return [{"name": name, "label": label, "available": True, "reason": "", "reads": False}
                for name, label in found.items()]


def _names(methods: list[dict[str, Any]]) -> list[str]:
    return [method["name"] for method in methods if method["available"]]


def _shared(run: Run) -> str:
    return run.method if run.neighborhood is None else "neighborhood"
