"""The table of `evaluate`: a DataFrame that a terminal of 80 columns can hold."""

from __future__ import annotations

from typing import Any

import pandas

ARROWS = {"higher": "↑", "lower": "↓"}
"""Which way is better."""
COLUMNS = ("value", "std_error", "random", "input", "exact", "informative", "better", "n_evals")


class Scores(pandas.DataFrame):
    """What metrics found. What pandas makes of it is a DataFrame."""

    def __repr__(self) -> str:
        if self.empty or tuple(self.columns) != COLUMNS:
            return super().__repr__()
        narrow = {name: self[name].map(_number) for name in ("value", "std_error", "random", "input", "exact")}
        narrow["std_error"] = narrow["std_error"].replace("0", "")
        frame = pandas.DataFrame({**narrow, "informative": self["informative"].map(_answer), "evals": self["n_evals"]})
        names = [f"{name} {ARROWS[better]}" for name, better in self["better"].items()]
        return frame.rename(columns={"std_error": "±"}).set_axis(names).to_string()


def _number(value: float) -> str:
    return "–" if pandas.isna(value) else f"{value:.3g}"


def _answer(informative: Any) -> str:
    return "?" if pandas.isna(informative) else "yes" if informative else "no"
