"""The table of `evaluate`: a DataFrame that a terminal of 80 columns can hold."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence
from typing import Any

import pandas

ARROWS = {"higher": " ↑", "lower": " ↓", "neither": ""}
"""Which way is better."""
WIDTH = 80
COLUMNS = ("value", "std_error", "random", "random_error", "input", "exact", "informative", "better", "n_evals")
ERRORS = ("std_error", "random_error")


class Scores(pandas.DataFrame):
    """What metrics found. What pandas makes of it is a DataFrame."""

    def __repr__(self) -> str:
        if not self._whole:
            return super().__repr__()
        shown = self._narrow().to_string()
        if len(shown.splitlines()[0]) > WIDTH:
            shown = self._narrow(without=["random_error"]).to_string()
        return "\n".join([shown, *textwrap.wrap(self._left_out(), WIDTH)])

    def _repr_html_(self) -> str | None:
        if not self._whole:
            found: str | None = super()._repr_html_()
            return found
        left_out = self._left_out()
        return self._narrow().to_html() + (f"\n<p>{html.escape(left_out)}</p>" if left_out else "")

    @property
    def _whole(self) -> bool:
        return not self.empty and tuple(self.columns) == COLUMNS

    def _narrow(self, without: Sequence[str] = ()) -> pandas.DataFrame:
        """The same in few digits."""
        narrow = {name: self[name].map(_number) for name in COLUMNS[:6]}
        narrow |= {name: narrow[name].replace("0", "") for name in ERRORS}
        frame = pandas.DataFrame({**narrow, "informative": self["informative"].map(_answer), "evals": self["n_evals"]})
        names = [f"{name}{ARROWS[better]}" for name, better in self["better"].items()]
        return frame.drop(columns=list(without)).rename(columns=dict.fromkeys(ERRORS, "±")).set_axis(names)

    def _left_out(self) -> str:
        names = ", ".join(self.attrs.get("left_out", ()))
        return f'Left out, as .attrs["left_out"] says why: {names}' if names else ""


def _number(value: float) -> str:
    return "–" if pandas.isna(value) else f"{value:.3g}"


def _answer(informative: Any) -> str:
    return "?" if pandas.isna(informative) else "yes" if informative else "no"
