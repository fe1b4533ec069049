"""Explanations as matplotlib figures."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.explanation import Explanation
from limelight.export.heat import finest, heat
from limelight.export.table import headline, printable, warnings_of

FOR, AGAINST = "#d9580d", "#2a6fbb"
WIDE = 100
"""Characters in a line beneath the bars."""


def bars(explanation: Explanation, target: int, top: int = 10) -> Any:
    """Draw the `top` attributions of one output, with 95 % intervals, and an image with its heat."""
    from matplotlib.figure import Figure

    values = explanation.values[:, target]
    order = np.argsort(-np.abs(values), kind="stable")[:top]
    low, high = explanation.interval()
    half = (high - low)[order, target] / 2
    is_image = explanation.subject.get("kind") == "image"
    figure = Figure(figsize=(9 if is_image else 6, 0.8 + 0.28 * len(order)), layout="constrained")
    axes = figure.add_subplot(1, 2 if is_image else 1, 1)
    if is_image:
        picture = figure.add_subplot(1, 2, 2)
        picture.imshow(heat(explanation.subject, finest(explanation, target)))
        picture.set_axis_off()
    axes.barh(range(len(order)), values[order], height=0.7,
              color=[FOR if v >= 0 else AGAINST for v in values[order]])
    if np.isfinite(half).all() and half.any():
        axes.errorbar(values[order], range(len(order)), xerr=half, fmt="none", ecolor="black", capsize=2, lw=0.8)
    axes.axvline(0, color="black", lw=0.6)
    names = [printable(explanation.feature_names[i]).replace("$", r"\$") for i in order]
    axes.set_yticks(range(len(order)), names)
    axes.invert_yaxis()
    axes.set_xlabel(f"attribution ({explanation.output_space})")
    axes.set_title(headline(explanation).replace("$", r"\$"), fontsize=9, loc="left")
    warnings = [line.replace("$", r"\$") for line in warnings_of(explanation, WIDE)]
    if warnings:
        figure.supxlabel("\n".join(warnings), fontsize=8, x=0.01, ha="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure
