"""What a call was given: checked, and what was left open filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.estimators import READINGS, options_of
from limelight.estimators.interactions import check_count
from limelight.neighborhood import least
from limelight.registry import STREAMED, WINDOWS, Method
from limelight.scalars import is_finite, is_whole
from limelight.types import Kind, Output


def check_method(method: str) -> None:
    """Raise InputError unless there is such a method."""
    if not isinstance(method, str) or method not in (*READINGS, *STREAMED):
        raise InputError(f"method={method!r} is not known: there are {', '.join((*READINGS, *STREAMED))}")


def limit_of(n_samples: int | str, n_features: int, kind: Kind, discretize: str | bool) -> int:
    """The most coalitions to evaluate."""
    if n_samples == "auto":
        few = not discretize and n_features <= (12 if kind == "table" else 10)
        return 2**n_features if few else int(np.clip(40 * n_features, 500, 5000))
    if whole(n_samples) < least(n_features):
        raise InputError(f"n_samples={n_samples} is too few: {n_features} features need at least "
                         f"{least(n_features)} evaluations")
    return int(n_samples)


def passes_of(n_samples: int | str, method: Method, usual: int, n_features: int) -> int:
    """The most evaluations of a method that reads no neighborhood; `usual`: what it takes by default."""
    if n_samples == "auto":
        return usual or limit_of(n_samples, n_features, "table", False)
    if whole(n_samples) < 1:
        raise InputError(f"n_samples={n_samples} is too few: {method.name} needs one evaluation at least")
    return int(n_samples)


def whole(n_samples: Any) -> int:
    """Raise InputError unless it is a whole number."""
    if not is_whole(n_samples):
        raise InputError(f"n_samples={n_samples!r} can't be used: give a whole number or 'auto'")
    return int(n_samples)


def check_options(method: str, kind: Kind, options: Mapping[str, Any], beside: Iterable[str] = ()) -> None:
    """Raise InputError for an option that the method has not.

    Parameters
    ----------
    beside : iterable of str
        What the function that was called takes itself, which may have been meant.
    """
    known = STREAMED[method].options if method in STREAMED else options_of(method)
    if (method, kind) == ("lime", "table"):
        known = [*known, "discretize"]
    elif method == "occlusion" and kind in WINDOWS:
        known = [*known, *WINDOWS[kind].options]
    unknown = [name for name in options if name not in known]
    if unknown:
        raise InputError(f"{method} has no option {unknown[0]!r} for {kind}s: "
                         + (f"there is {', '.join(known)}" if known else "it has none") + _or_among(beside))
    if "stride" in options and "window" not in options:
        raise InputError("stride= is how far apart windows are: give window= too")
    if options.get("discretize", False) not in (False, "quartile"):
        raise InputError(f"discretize={options['discretize']!r} is not known: give 'quartile', which draws as the "
                         "lime package does, or False")


def _or_among(beside: Iterable[str]) -> str:
    named = ", ".join(beside)
    return f". The function itself takes {named}" if named else ""


def check_rest(output: Output, tolerance: float | None, seed: int) -> None:
    """Raise InputError for what all methods share."""
    if output not in ("probability", "logit"):
        raise InputError(f"output={output!r} is not known: give 'probability' or 'logit'")
    if tolerance is not None and not (is_finite(tolerance) and tolerance > 0):
        raise InputError(f"tolerance={tolerance!r} can't be used: give a positive half-width in the output's units")
    if not is_whole(seed) or seed < 0:
        raise InputError(f"seed={seed!r} can't be used: give a whole number, 0 or more")


def check_order(order: int, n_features: int, discretize: str | bool) -> None:
    """Raise InputError where there can be no interactions."""
    if not is_whole(order) or order not in (1, 2):
        raise InputError(f"order={order!r} is not known: give 1 (features alone) or 2 (and pairs of them)")
    if order == 2:
        if discretize:
            raise InputError("order=2 reads coalitions, and discretize='quartile' draws none: leave out one of them")
        check_count(n_features)
