"""`show`: what other packages found, and plain arrays, in our views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.export import inputs
from limelight.export.arrays import from_array, input_of
from limelight.export.foreign import Result, from_interpret, from_lime, from_shap
from limelight.given import GivenRun
from limelight.question import Question, find_target
from limelight.types import Array, Estimate, OutputSpace

NO_MODEL = "It is shown as it was found: there is no model behind it to ask."
UNKNOWN_SPACE = "What its numbers are of, probabilities or something else, is not known: output_space= can say it."


def show(result: Any, x: Any = None, *, feature_names: Sequence[str] | None = None,
         output_names: Sequence[str] | str | None = None, output_space: OutputSpace | None = None,
         base_values: Any = None, prediction: Any = None, target: int | str | None = None, row: int | None = None,
         segments: Any = None, method: str | None = None) -> Explanation:
    """Open attributions that were found elsewhere in our views.

    Parameters
    ----------
    result
        A shap.Explanation; an explanation of lime's text, tabular or image
        explainer; captum's attributions, a tensor; a local explanation of
        InterpretML; or an array of shape (n_features,) or (n_features,
        n_outputs), for a picture (height, width), with channels and outputs
        after these where there are any. A tensor is of one output: further
        axes, as of an embedding, are summed.
        What is limelight's own already comes back as it is.
    x : str, sequence of str, picture or row, optional
        The input, where `result` does not hold it: a text or its tokens; a
        Pillow image, an array with channels last or a tensor with channels
        first; a row of a table.
    feature_names, output_names : sequence of str, optional
        Those of columns, and of outputs. Default: as the result says.
    output_space : {"probability", "logit", "log-odds", "margin", "value"}, optional
        What the numbers are of, where the result does not tell.
    base_values, prediction : float or sequence of float, optional
        Outputs with nothing and with everything present, where the result does not tell.
    target : int or str, optional
        The output to show first; default the one predicted.
    row : int, optional
        Which of the rows that a shap.Explanation or InterpretML's holds.
    segments : int ndarray of shape (height, width), optional
        Of a picture: the segment of each pixel, from 0.
    method : str, optional
        What views call the method: "Integrated gradients".

    Returns
    -------
    Explanation
        Frozen, with no model behind it: its view has no sliders and no what-if.
        `params["source"]` says where it came from.

    Raises
    ------
    InputError
        If it can't be told what the result means: says what is missing.
    """
    own = _own(result)
    if own is not None:
        said = (x, feature_names, output_names, output_space, base_values, prediction, target, row, segments, method)
        if any(each is not None for each in said):
            raise InputError("this explanation is limelight's own and holds all that show could be told: call show "
                             "with it alone, or explanation.refit or ll.explain for another target or method")
        return own
    found = _read(result, x, row)
    found = replace(found, x=found.x if x is None else input_of(x), method=method or found.method,
                    segments=found.segments if segments is None else segments,
                    feature_names=found.feature_names if feature_names is None else list(feature_names),
                    space=_space(output_space) or found.space)
    shown = _shown(found)
    names = _output_names(output_names, found, shown.values.shape[1])
    opening = _opening(found, base_values, prediction, len(names))
    if not np.isfinite(shown.values).all():
        raise InputError("the attributions hold NaN or infinite values: there is nothing to draw for these features")
    return _explanation(found, shown, names, opening, target)


def _own(result: Any) -> Explanation | None:
    """An explanation of ours, or that of a view."""
    return next((each for each in (result, getattr(result, "explanation", None)) if isinstance(each, Explanation)),
                None)


def _read(result: Any, x: Any, row: int | None) -> Result:
    """Tell by what it has, not by its class, so that no other package is imported."""
    if hasattr(result, "values") and hasattr(result, "base_values") and hasattr(result, "output_dims"):
        return from_shap(result, row)
    if row is not None and not hasattr(result, "explanation_type"):
        raise InputError(f"row={row!r} chooses among the rows of a shap.Explanation or of InterpretML's, and "
                         f"{type(result).__name__} holds one input: leave it out")
    if hasattr(result, "local_exp") and hasattr(result, "intercept"):
        return from_lime(result)
    if hasattr(result, "explanation_type") and callable(getattr(result, "data", None)):
        return from_interpret(result, row)
    return from_array(result, x)


def _shown(found: Result) -> inputs.Shown:
    """Choose the view by what the input is."""
    x, values = found.x, found.values
    if found.pieces is not None:
        return inputs.text(found.pieces, values)
    if isinstance(x, str):
        return inputs.whole_text(x, values)
    if isinstance(x, np.ndarray) and x.ndim == 3:
        _match(values.shape[:2] if values.ndim == 3 else (x.shape[0], x.shape[1]), x.shape[:2])
        return inputs.picture(x, values, found.segments)
    if values.ndim != 2:
        raise InputError(f"attributions of shape {values.shape} look like a picture's: give the picture as x")
    if x is not None:
        if values.shape[1] == len(x) != len(values):
            raise InputError(f"{len(values)} times {len(x)} attributions came for {len(x)} features: outputs come "
                             "last, and np.stack(values, -1) puts them there")
        _match(values.shape[:1], (len(x),))
        if _are_tokens(x, found.feature_names):
            return inputs.tokens([str(token) for token in x], values, found.feature_names)
    names = [f"feature {i}" for i in range(len(values))] if found.feature_names is None else found.feature_names
    if len(names) != len(values):
        raise InputError(f"feature_names is of length {len(names)}, and {len(values)} attributions came")
    return inputs.row(x, [str(name) for name in names], values)


def _match(values: tuple[int, ...], x: tuple[int, ...]) -> None:
    if tuple(values) != tuple(x):
        raise InputError(f"attributions for shape {tuple(values)} and an input of shape {tuple(x)} came: each part of "
                         "the input needs one; of a layer's, interpolate them to the input's size first")


def _are_tokens(x: Any, names: Sequence[str] | None) -> bool:
    """Words and no row of categories: each is its own name, or holds it, as "good, " does."""
    if not all(isinstance(token, str) for token in x):
        return False
    return names is None or (len(names) == len(x) and all(
        str(name).strip() in token for name, token in zip(names, x, strict=True)))


def _space(space: Any) -> OutputSpace | None:
    if space is not None and space not in get_args(OutputSpace):
        raise InputError(f"output_space={space!r} is not known: there are {', '.join(get_args(OutputSpace))}")
    return space


def _output_names(given: Sequence[str] | str | None, found: Result, n: int) -> tuple[str, ...]:
    names = [given] if isinstance(given, str) else given if given is not None else found.output_names
    if names is None or (given is None and len(names) != n):
        return ("output",) if n == 1 else tuple(f"output {k}" for k in range(n))
    if len(names) != n:
        raise InputError(f"output_names is of length {len(names)}, and the attributions are of {n} outputs")
    return tuple(str(name) for name in names)


def _opening(found: Result, base: Any, prediction: Any, n: int) -> Array:
    """Outputs with nothing and with everything present, shape (2, n_outputs); NaN where they are not known."""
    rows = []
    for name, given, known in (("base_values", base, found.base_values),
                               ("prediction", prediction, found.prediction)):
        chosen = np.full(n, np.nan) if given is None and known is None else known if given is None else given
        chosen = np.ravel(np.asarray(chosen, float))
        if len(chosen) != n:
            raise InputError(f"{name} should hold {n} numbers, one an output; {len(chosen)} came")
        rows.append(chosen)
    return np.stack(rows)


def _explanation(found: Result, shown: inputs.Shown, names: tuple[str, ...], opening: Array,
                 target: int | str | None) -> Explanation:
    guess = 0 if np.isnan(opening[1]).any() else int(np.argmax(opening[1]))
    chosen = guess if target is None else find_target(target, names)
    values = np.asarray(shown.values, float)
    errors = np.full(values.shape, np.inf) if found.std_error is None else found.std_error
    notes = [NO_MODEL, *found.notes, *([UNKNOWN_SPACE] if found.space is None else [])]
    subject = {**shown.subject, "model": found.source, "source": found.source, "hide": "mean", "notes": notes}
    question = Question(subject, shown.data, tuple(subject["features"]), names, found.space or "value", chosen, 0)
    adds_up = {} if not np.isnan(opening).any() else {"adds_up": False}
    estimate = Estimate(values, errors, np.inf, False, np.full(len(names), np.nan), 0.0,
                        {"source": found.source, **adds_up})
    pixels = {} if shown.pixels is None else dict(enumerate(np.moveaxis(shown.pixels, 2, 0)))
    return GivenRun(question, opening, estimate, found.method, pixels=pixels).explanation()
