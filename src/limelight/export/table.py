"""A small table for terminals."""

from __future__ import annotations

import math
from textwrap import wrap

import numpy as np

from limelight.explanation import Explanation
from limelight.types import Array

TOP, TOP_PAIRS = 10, 5
SHORT, WIDE = 24, 96
CONTROLS = dict.fromkeys((*range(32), *range(127, 160), *range(0xD800, 0xE000)))


def as_text(explanation: Explanation) -> str:
    """Return a headline and the largest attributions, each with its 95 % interval."""
    k = explanation.target
    low, high = explanation.interval()
    order = np.argsort(-np.abs(explanation.values[:, k]), kind="stable")[:TOP]
    width = min(40, max(len(explanation.feature_names[i]) for i in order))
    lines, signed = [headline(explanation)], f"+.{decimals(explanation.values[:, k])}f"
    for i in order:
        line = f"  {_shortened(explanation.feature_names[i], width):<{width}}  {explanation.values[i, k]:{signed}}"
        known = np.isfinite(low[i, k]) and not explanation.exact
        lines.append(line + (f"  [{low[i, k]:{signed}}, {high[i, k]:{signed}}]" if known else ""))
    rest = len(explanation.values) - len(order)
    more = [f"  and {rest} more"] if rest else []
    return "\n".join(lines + more + _together(explanation) + [f"  {line}" for line in warnings_of(explanation, WIDE)])


def decimals(values: Array, least: int = 4) -> int:
    """How many decimals show three digits of the largest value, and `least` at least."""
    largest = float(np.abs(values).max())
    return least if largest == 0 else max(least, 2 - math.floor(math.log10(largest)))


def _together(explanation: Explanation) -> list[str]:
    """The strongest interactions, one a line."""
    if explanation.interactions is None or explanation.interactions_std_error is None:
        return []
    k, names = explanation.target, explanation.feature_names
    first, second = np.triu_indices(len(names), 1)
    values, errors = (each[first, second, k] for each in
                      (explanation.interactions, explanation.interactions_std_error))
    if not np.isfinite(errors).all():
        return []
    strongest = max(np.abs(values).max(), 1e-300)
    pairs = [(f"{_shortened(names[first[i]], SHORT)} with {_shortened(names[second[i]], SHORT)}", values[i], errors[i])
             for i in np.argsort(-np.abs(values), kind="stable")[:TOP_PAIRS] if abs(values[i]) > 1e-6 * strongest]
    if not pairs:
        return []
    width = max(len(pair) for pair, _, _ in pairs)
    return ["  together:", *(f"  {pair:<{width}}  {value:+.4f}" + (f"  standard error {error:.4f}" if error else "")
                             for pair, value, error in pairs)]


def headline(explanation: Explanation) -> str:
    """Return what was explained, how, and from how much."""
    k, source = explanation.target, explanation.params.get("source")
    route = explanation.params.get("route")
    intervals = "95 % intervals" if np.isfinite(explanation.std_error[:, k]).all() else "no intervals"
    how = (f"exact ({route})" if route else "exact") if explanation.exact else intervals
    known = not np.isnan(explanation.prediction[k])
    said = printable(explanation.output_names[k]) + (f" {explanation.prediction[k]:.3g}" if known else "")
    count = f"{explanation.n_evals:,} evaluation" + ("" if explanation.n_evals == 1 else "s")
    cost = f"{count}, {how}" if source is None else f"from {source}"
    return f"{said} ({explanation.output_space}), {printable(explanation.method)}, {cost}"


def warnings_of(explanation: Explanation, width: int) -> list[str]:
    """What the reader must know of an explanation, in lines of so many characters; often none."""
    warning = explanation.params.get("warning")
    return wrap(printable(f"Warning: {warning}"), width) if warning else []


def printable(text: str) -> str:
    """Leave out control characters: no font draws them, no XML may hold them, and terminals obey them."""
    return text.translate(CONTROLS)


def _shortened(name: str, width: int) -> str:
    name = printable(name)
    return name if len(name) <= width else name[: width - 1] + "…"
