"""What pictures, figures and tables show of one output: its strongest features, and what must be known of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from operator import add
from typing import Any, NamedTuple

import numpy as np

from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.export.measure import printable
from limelight.export.words import label, say
from limelight.feedback import MARKS
from limelight.scalars import is_number, is_whole
from limelight.types import Array

FOR, AGAINST, SIZE, INK, MUTED, LINE, WARNING = ("#d9580d", "#2a6fbb", "#7d5fb2", "#1b1f24", "#656d76", "#d1d9e0",
                                                 "#8f5a00")
"""Orange for and blue against, which all eyes tell apart; purple where values are sizes. As in js/lib/theme.css."""
COVER, FAINT = 0.72, 0.12
"""How much of the colour covers the strongest word, and the share below which a word counts hardly."""
MARKED = 5
"""So many segments have their numbers in an image."""
MOST_MARKED = 8
"""So many features that a reader marked are named."""
TOP_PAIRS, NEGLIGIBLE = 5, 1e-6
MOST_DECIMALS, HUGE = 8, 1e9
"""Numbers beyond are written with a power of ten."""
CLIPPED = 1.5
"""Intervals are drawn up to so many times the longest bar: early ones would squeeze the bars to nothing."""
BEYOND = 1.2
"""Where several share a scale, the drawing ends at so many times its largest value."""


@dataclass(frozen=True)
class Rows:
    """The strongest features of one output, or pairs of them, strongest first.

    Attributes
    ----------
    features : tuple of int
        Indices; of pairs empty.
    names : tuple of str
    values, low, high : ndarray of shape (n_rows,)
        Values are NaN where there is no such feature, which only a comparison has. Ends of the intervals are NaN
        where none is known, and equal where exact.
    signed : bool
        False where values are sizes, of which none is for or against.
    rest : int
        How many features are not among these.
    scale : float, optional
        The largest value of all that are drawn to one scale; default: these have their own.
    given : tuple of str
        " = 53", where a table's values are known: it stays where a name is cut. Empty where none is.
    """

    features: tuple[int, ...]
    names: tuple[str, ...]
    values: Array
    low: Array
    high: Array
    signed: bool
    rest: int = 0
    scale: float | None = None
    given: tuple[str, ...] = ()

    def labels(self, cut: Callable[[str, str], str] = add) -> list[str]:
        """Names with what was given; `cut` joins the two, where there is little room."""
        return [cut(name, given) for name, given in zip(self.names, self.given or repeat(""), strict=False)]

    @property
    def numbers(self) -> list[str]:
        """The values as they are written, with their signs."""
        digits = decimals(self.values if self.scale is None else np.array([self.scale]))
        return [number(value, digits, self.signed) for value in self.values]

    @property
    def colours(self) -> list[str]:
        return [colour(value, self.signed) for value in self.values]

    def reach(self) -> tuple[float, float]:
        """Where the drawing begins and ends, as `layout` of js/lib/scale.js has it.

        Zero keeps a third of the longer side free on the shorter one, so that
        a bar against is seen to be against. Sizes have no shorter side. A
        shared scale has two like sides.
        """
        if self.scale is not None:
            return -BEYOND * self.scale if self.signed else 0.0, BEYOND * self.scale
        most = float(np.abs(self.values).max(initial=0)) or 1.0
        low, high = (np.where(np.isfinite(side), side, self.values) for side in (self.low, self.high))
        up = min(max(0.0, float(high.max(initial=0))), CLIPPED * most)
        down = min(max(0.0, float((-low).max(initial=0))), CLIPPED * most)
        return -max(down, up / 3, most / 3) if self.signed else 0.0, max(up, down / 3, most / 3)


class Said(NamedTuple):
    """What stands above: the output, what the model says of it, and how it was found."""

    name: str
    prediction: str
    facts: tuple[str, ...]


def checked_top(top: Any) -> int:
    """How many features to show; InputError where it is no whole number from 1 on."""
    if not is_whole(top) or top < 1:
        raise InputError(f"top={top!r} can't be drawn: give how many features to show, 1 or more")
    return int(top)


def rows_of(explanation: Explanation, target: int, top: int, level: float = 0.95) -> Rows:
    """Return the `top` strongest features of one output."""
    values = explanation.values[:, target]
    order = np.argsort(-np.abs(values), kind="stable")
    shown = order[:checked_top(top)]
    low, high = (np.where(np.isfinite(side[:, target]), side[:, target], np.nan)[shown]
                 for side in explanation.interval(level))
    return Rows(tuple(shown.tolist()), tuple(printable(explanation.feature_names[i]) for i in shown), values[shown],
                low, high, explanation.params.get("signed") is not False, len(order) - len(shown),
                given=tuple(_given(explanation, i) for i in shown))


def pairs_of(explanation: Explanation, target: int, level: float = 0.95) -> Rows | None:
    """What two features do together and not alone, the strongest pairs; None where that is not known."""
    from limelight.quality.intervals import critical

    if explanation.interactions is None or explanation.interactions_std_error is None:
        return None
    first, second = np.triu_indices(len(explanation.feature_names), 1)
    values, errors = (each[first, second, target] for each in
                      (explanation.interactions, explanation.interactions_std_error))
    strongest = np.argsort(-np.abs(values), kind="stable")[:TOP_PAIRS]
    strongest = strongest[np.abs(values[strongest]) > NEGLIGIBLE * max(np.abs(values).max(initial=0), 1e-300)]
    if not len(strongest) or not np.isfinite(errors).all():
        return None
    names = [printable(name) for name in explanation.feature_names]
    values, half = values[strongest], critical(math.inf, level) * errors[strongest]
    return Rows((), tuple(f"{names[first[i]]} with {names[second[i]]}" for i in strongest),
                values, values - half, values + half, True)


def _given(explanation: Explanation, feature: int) -> str:
    """The value of a table's feature, " = 53"; or ""."""
    columns = explanation.subject.get("columns")
    if not columns or explanation.params.get("discretize"):
        return ""
    value = columns[feature]["value"]
    return "" if value == "" else f" = {printable(_value(value))}"


def _value(value: Any) -> str:
    """Numbers with six digits at most, as in the view."""
    return repr(float(f"{value:.6g}")).removesuffix(".0") if is_number(value) else str(value)


def said_of(explanation: Explanation, target: int, level: float = 0.95) -> Said:
    """Return what was explained, how, and from how much."""
    space, base = explanation.output_space, explanation.base_values[target]
    facts: list[str] = [] if space == "value" else [label(space)]
    if np.isfinite(base):
        facts.append(say("base", value=said(base, space)))
    facts.append(label(method_label(explanation.method)))
    source = explanation.params.get("source")
    facts += [cost(explanation), how(explanation, target, level)] if source is None else [
        say("from", source=printable(str(source)))]
    return Said(printable(explanation.output_names[target]), said(explanation.prediction[target], space), tuple(facts))


def said(value: float, space: str) -> str:
    """One output of the model, as the view writes it; "" where it is not known."""
    if not np.isfinite(value):
        return ""
    if space == "probability":
        return "<0.01" if 0 < value < 0.005 else ">0.99" if 0.995 <= value < 1 else f"{value:.2f}"
    return number(value, max(decimals(np.array([value])), 1) if abs(value) < 100 else 0, False)


def cost(explanation: Explanation) -> str:
    """How many evaluations it took, and how many of them were read where others were chosen and not drawn."""
    read = explanation.params.get("n_read", explanation.n_evals)
    if read < explanation.n_evals:
        return say("drawn", read=read, n=explanation.n_evals)
    return say("evaluation" if explanation.n_evals == 1 else "evaluations", n=explanation.n_evals)


def how(explanation: Explanation, target: int, level: float = 0.95) -> str:
    """Whether it is exact, and by which way, or how far it may be off."""
    if explanation.exact:
        route = explanation.params.get("route")
        return say("route", route=label(route)) if route else say("exact")
    known = np.isfinite(explanation.std_error[:, target]).all()
    return say("intervals", percent=100 * level) if known else say("unknown")


def method_label(method: str) -> str:
    """What views call a method."""
    from limelight.estimators import LABELS
    from limelight.registry import STREAMED

    found = STREAMED.get(method)
    return printable(LABELS.get(method, found.label if found else method))


def warnings_of(explanation: Explanation) -> list[str]:
    """What the reader must know of an explanation; often nothing."""
    warning = explanation.params.get("warning")
    return [printable(say("careful", sentence=warning))] if warning else []


def notes_of(explanation: Explanation) -> list[str]:
    """What is out of the ordinary with a text or a picture, such as words that the model never sees; often nothing."""
    subject = explanation.subject
    return [] if subject.get("kind") == "table" else [printable(note) for note in subject.get("notes", [])]


def marks_of(explanation: Explanation) -> list[str]:
    """What a reader said of features, a sentence for each of the two marks; often nothing."""
    found = []
    for mark in MARKS:
        names = [printable(explanation.feature_names[i]) for i in explanation.feedback.of(mark)]
        rest = " " + say("and", n=len(names) - MOST_MARKED) if len(names) > MOST_MARKED else ""
        if names:
            found.append(say(mark, names=", ".join(names[:MOST_MARKED]) + rest))
    return found


def axis(explanation: Explanation, target: int, name: str) -> str:
    """What the bars measure; `name` is the output's, as short as there is room for."""
    space = explanation.output_space
    output = name if space == "value" else say("output", space=label(space), name=name)
    return say("sizes" if explanation.params.get("signed") is False else "signs", output=output)


def described(explanation: Explanation, target: int, rows: Rows) -> str:
    """The same in words, for those who hear a picture."""
    name, prediction, facts = said_of(explanation, target)
    found = "; ".join(f"{each} {written}" + ("" if np.isnan(low) or low == high else f", {interval}")
                      for each, written, low, high, interval in zip(
                          rows.labels(), rows.numbers, rows.low, rows.high, intervals(rows), strict=True))
    rest = say("rest", n=rows.rest) if rows.rest else ""
    return ". ".join([f"{name} {prediction}".strip(), ", ".join(facts), f"{found}{rest}", *warnings_of(explanation),
                      *marks_of(explanation)])


def intervals(rows: Rows) -> list[str]:
    """The intervals in words."""
    digits = decimals(rows.values) + 1
    return [say("interval", low=number(low, digits, rows.signed), high=number(high, digits, rows.signed))
            for low, high in zip(rows.low, rows.high, strict=True)]


def largest(values: Array) -> float:
    """The largest absolute value of those that are known."""
    return float(np.abs(values[np.isfinite(values)]).max(initial=0))


def decimals(values: Array, digits: int = 2) -> int:
    """How many decimals show so many digits of the largest value."""
    most = largest(values)
    return max(0, digits - 1 - math.floor(math.log10(most))) if most else digits


def column_format(values: Array, signed: bool) -> str:
    """How a terminal's column is written, in plain letters: three digits of the largest value, four decimals at least.

    With a power of ten where `number` has one.
    """
    digits = max(4, decimals(values, 3))
    return ("+" if signed else "") + (".2e" if digits > MOST_DECIMALS or largest(values) >= HUGE else f".{digits}f")


def number(value: float, digits: int, signed: bool) -> str:
    """With a plus or a minus, so that no sign rests on colour; as js/lib/scale.js writes them."""
    if not np.isfinite(value):
        return ""
    if digits > MOST_DECIMALS or abs(value) >= HUGE:
        return f"{value:{'+' if signed else ''}.2g}".replace("-", "\u2212")
    text = f"{abs(value):,.{digits}f}"
    sign = "" if not any(digit in text for digit in "123456789") else "\u2212" if value < 0 else "+" if signed else ""
    return sign + text


def colour(value: float, signed: bool) -> str:
    """Of a bar or a word."""
    return SIZE if not signed else FOR if value >= 0 else AGAINST


def mixed(value: float, most: float, signed: bool) -> str:
    """The colour behind a word on white: the stronger the more of it."""
    cover = COVER * min(1.0, abs(value) / most) if most else 0.0
    return "#" + "".join(f"{round(255 + cover * (part - 255)):02x}" for part in rgb(colour(value, signed)))


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a "#rrggbb", 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
