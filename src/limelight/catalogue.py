"""Every method by name: whether it can run on an input, what it costs, and otherwise why not and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from limelight.api import MASKERS
from limelight.arguments import limit_of, passes_of
from limelight.asked import Asked
from limelight.attribution.exact import recognise
from limelight.errors import InputError
from limelight.estimators import READINGS
from limelight.models.recognise import as_model
from limelight.neighborhood import least
from limelight.registry import STREAMED, Method

if TYPE_CHECKING:
    import pandas


def methods(model: Any, x: Any = None) -> pandas.DataFrame:
    """List every method: whether it can run here, and if not, why, and what to do.

    Asks the model about `x` with nothing and with everything present, and a few
    times more for methods that must see how it computes.

    Parameters
    ----------
    model
        As for `explain`.
    x : str, image or row
        As for `explain`. A table's may be left out: its background has rows.

    Returns
    -------
    DataFrame, indexed by method
        `available`; `cost`: the most evaluations or passes that it takes by
        default; `exact`: how nothing is left to chance ("always", or for
        values that are otherwise estimated "enumeration", "linear", "tree" or
        "kernel"), or ""; `reason`: why it can't run, or ""; `instead`: what to use then.

    Raises
    ------
    InputError
        If the model or `x` can't be used: says what would do.
    """
    import pandas

    wrapped = as_model(model, x)
    x = _given(wrapped, x)
    asked = Asked(wrapped, x, MASKERS[wrapped.kind](wrapped, x), "probability", None, 0)
    rows = {name: _reading(name, asked) for name in READINGS}
    rows |= {name: _streamed(method, asked) for name, method in STREAMED.items()}
    table = pandas.DataFrame.from_dict(rows, orient="index").rename_axis("method")
    return table.astype({"cost": "Int64"})


def _given(model: Any, x: Any) -> Any:
    if x is not None:
        return x
    if model.kind != "table":
        raise InputError(f"give the {model.kind} too, as in ll.methods(model, {model.kind}): what methods cost depends "
                         "on it")
    return model.background[:1]


def _reading(name: str, asked: Asked) -> Mapping[str, Any]:
    """One of those that read a neighborhood: they can always run."""
    n = asked.game.n_features
    cost, exact = limit_of("auto", n, asked.kind, False), ""
    if name == "occlusion":
        cost, exact = least(n), "always"
    elif cost == 2**n:
        exact = "enumeration"
    if (name, asked.kind) == ("shapley", "table") and (form := recognise(asked.model, asked.output)) is not None:
        cost, exact = least(n), form.route  # asked for no more than it is checked against
    return {"available": True, "cost": cost, "exact": exact, "reason": "", "instead": ""}


def _streamed(method: Method, asked: Asked) -> Mapping[str, Any]:
    """One that reads none."""
    refusal = method.refusal(asked)
    if refusal is not None:
        return {"available": False, "cost": None, "exact": "", "reason": refusal.reason, "instead": refusal.instead}
    n = asked.game.n_features
    cost = passes_of("auto", method, method.most(asked, {}), n)
    whole = method.sees == "coalitions" and cost == 2**n
    exact = "always" if method.exact else "enumeration" if whole else ""
    return {"available": True, "cost": cost, "exact": exact, "reason": "", "instead": ""}
