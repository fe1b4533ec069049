"""How far the answers of one view can be trusted, as it was measured: kept for each answer."""

from __future__ import annotations

from typing import Any

from limelight.explanation import Explanation
from limelight.types import Array

WANTS = ("known", "usual", "all")
"""What a browser may ask for: see `limelight.measuring.Wants`."""
MOST_KEPT = 12
"""Of more, the oldest are forgotten. What the model said to them is kept beside the rows all the same."""
DIGITS = 7
"""Of an output on a curve: more can't be seen."""


class Qualities:
    """What was measured, by method, output, kernel width and number of evaluations."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], Any] = {}
        self._failures: dict[tuple[Any, ...], str] = {}

    def go_on(self, explanation: Explanation, wants: str, seconds: float) -> bool:
        """Measure for about so long; returns whether a part of the work came to its end.

        Raises
        ------
        Exception
            Whatever the model raises: what came before is kept.
        """
        found, key = self._of(explanation), _key(explanation)
        before = found.left(wants)
        self._failures.pop(key, None)
        found.step(wants, seconds)
        return bool(found.left(wants) < before)

    def failed(self, explanation: Explanation, why: str) -> None:
        """Keep why it could not go on."""
        self._failures[_key(explanation)] = why

    def payload(self, explanation: Explanation) -> dict[str, Any]:
        """What is known of one explanation, as it crosses: see CONTRIBUTING.md."""
        return self._payload(_key(explanation), self._of(explanation))

    def all(self) -> list[dict[str, Any]]:
        """What is known of all of them."""
        return [self._payload(key, found) for key, found in self._kept.items()]

    def _of(self, explanation: Explanation) -> Any:
        key = _key(explanation)
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = explanation._measuring()
        self._kept[key].mark(explanation.feedback)
        return self._kept[key]

    def _payload(self, key: tuple[Any, ...], found: Any) -> dict[str, Any]:
        method, target, width, n = key
        return {"method": method, "target": target, "kernel_width": width, "n": n, "curves": _curves(found),
                "metrics": found.rows, "n_evals": found.n_evals, "left": {wants: found.left(wants) for wants in WANTS},
                "message": self._failures.get(key, "")}


def _key(explanation: Explanation) -> tuple[Any, ...]:
    width = explanation.params.get("kernel_width") if explanation.method == "lime" else None
    return explanation.method, explanation.target, width, explanation.n_evals


def _curves(found: Any) -> dict[str, Any] | None:
    """None while there are none."""
    if "deletion" not in found.curves:
        return None
    return {"counts": found.counts.tolist(), "order": found.order.tolist(),
            **{name: _rounded(curve) for name, curve in found.curves.items()}}


def _rounded(curve: Array) -> list[float]:
    return [float(f"{output:.{DIGITS}g}") for output in curve.tolist()]
