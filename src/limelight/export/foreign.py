"""Explanations of other packages, read into arrays. None of these packages is imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.scalars import is_whole
from limelight.types import Array, OutputSpace

ROUNDING = 1e-4


@dataclass(frozen=True)
class Result:
    """What another package found about one input.

    Attributes
    ----------
    source : str
        What it came as: "a shap.Explanation".
    method : str
        What views call the method.
    values : ndarray of shape (*features, n_outputs)
        Features are words, segments, columns, or a picture's height and width.
    x
        The input: words, a row, a picture of shape (height, width, channels); None where it is not known.
    base_values, prediction : ndarray of shape (n_outputs,), optional
    pieces : list of (str, int), optional
        Of a text: consecutive pieces and the feature that each is, or -1.
    segments : int ndarray of shape (height, width), optional
    """

    source: str
    method: str
    values: Array
    x: Any = None
    feature_names: Sequence[str] | None = None
    output_names: Sequence[str] | None = None
    base_values: Array | None = None
    prediction: Array | None = None
    std_error: Array | None = None
    space: OutputSpace | None = None
    pieces: list[tuple[str, int]] | None = None
    segments: Array | None = None
    notes: tuple[str, ...] = ()


def from_shap(found: Any, row: int | None) -> Result:
    """Read a shap.Explanation: of one input, or of several of which `row` is one.

    Its values are of shape (n_features,), (n_features, n_outputs), or with the
    inputs first; a picture's features are its height, width and channels,
    which are summed. Outputs that are shares of one, with nothing and with
    everything present, are taken for probabilities.
    """
    values, data, base, errors, names = _one_of_shap(found, row)
    x = None if data is None else np.asarray(data)
    if values.ndim <= (3 if x is not None and x.ndim == 3 else 1):
        values = values[..., None]
    picture = values.ndim == 4
    values = values.sum(2) if picture else values
    known = None if np.isnan(base).any() else np.broadcast_to(base, values.shape[-1:])
    prediction = None if known is None else known + values.reshape(-1, values.shape[-1]).sum(0)
    return Result("a shap.Explanation", "shap", values, x, None if picture else _names(names),
                  _names(found.output_names), known, prediction,
                  None if errors is None or picture else np.asarray(errors, float).reshape(values.shape),
                  "probability" if _probabilities(known) and _probabilities(prediction) else None)


def _one_of_shap(found: Any, row: int | None) -> tuple[Array, Any, Array, Any, Any]:
    """Values, data, base values, errors and feature names of one input."""
    values, data, errors, names = found.values, found.data, found.error_std, found.feature_names
    base = np.asarray(found.base_values, float)
    if _several(values, data, base):
        at = chosen_row(row, len(values), "this shap.Explanation")
        values, data, errors = (None if each is None else each[at] for each in (values, data, errors))
        base = base[at] if base.ndim else base
        names = names[at] if names is not None and not isinstance(names[0], str) else names  # of each text its own
    return np.asarray(values, float), data, base, errors, names


def _several(values: Any, data: Any, base: Array) -> bool:
    """Tell whether the first axis of shap's values is of inputs, and not of one input's features."""
    if isinstance(values, (list, tuple)) or values.dtype == object:
        return True  # texts, each of a length of its own
    if data is not None:
        return np.ndim(data) in (2, 4) and values.ndim > 1
    if values.ndim == 2 and base.ndim == 1 and len(set(values.shape)) == 2:
        return len(base) == values.shape[0]
    if values.ndim == 2 and base.ndim == 1:
        raise InputError(f"values of shape {values.shape} can be rows or outputs, and this shap.Explanation holds no "
                         "data to tell: give one row, as explanation[0]")
    return bool(values.ndim > 1)


def _probabilities(outputs: Array | None) -> bool:
    if outputs is None or len(outputs) < 2:
        return False
    return bool(outputs.min() > -ROUNDING and outputs.max() < 1 + ROUNDING and abs(outputs.sum() - 1) < ROUNDING)


def _names(names: Any) -> list[str] | None:
    if names is None or isinstance(names, str):
        return None if names is None else [names]
    return [str(name) for name in names]


def chosen_row(row: int | None, n: int, what: str) -> int:
    """Which of several inputs is to be shown."""
    if row is None and n != 1:
        raise InputError(f"{what} holds {n} rows, and one is shown at a time: give row=, from 0 to {n - 1}")
    row = 0 if row is None else row
    if not (is_whole(row) and -n <= row < n):
        raise InputError(f"row={row!r} is no row of {what}: give a whole number from 0 to {n - 1}")
    return int(row)


def from_lime(found: Any) -> Result:
    """Read an explanation of lime's text, image or tabular explainer."""
    regression = getattr(found, "mode", "") == "regression"
    labels = [1] if regression else list(getattr(found, "top_labels", None) or found.local_exp)
    chosen = sorted({feature for label in labels for feature, _ in found.local_exp[label]})
    values = np.zeros((len(chosen), len(labels)))
    for k, label in enumerate(labels):
        for feature, value in found.local_exp[label]:
            values[chosen.index(feature), k] = value
    base = np.array([float(np.ravel(found.intercept[label])[0]) for label in labels])
    names = getattr(found, "class_names", None)
    of = _LimeInput(found, chosen)
    return Result("a lime Explanation", "lime package", values, output_names=["value"] if regression else [
        str(label if names is None else names[label]) for label in labels], base_values=base,
        prediction=_lime_prediction(found, labels, regression), space="value" if regression else "probability",
        notes=of.notes, **of.parts)


def _lime_prediction(found: Any, labels: list[int], regression: bool) -> Array | None:
    if regression:
        return np.array([float(found.predicted_value)])
    told = getattr(found, "predict_proba", None)
    return None if told is None else np.asarray(told, float)[labels]


class _LimeInput:
    """What lime explained, as far as its explanation remembers."""

    def __init__(self, found: Any, chosen: list[int]):
        self._chosen: list[int] = chosen
        self.notes: tuple[str, ...] = ()
        if hasattr(found, "segments"):
            self.parts = self._picture(found)
            return
        mapper = found.domain_mapper
        self.parts = self._text(mapper.indexed_string) if hasattr(mapper, "indexed_string") else self._row(mapper)

    def _picture(self, found: Any) -> dict[str, Any]:
        places = np.full(int(found.segments.max()) + 1, -1)
        places[self._chosen] = np.arange(len(self._chosen))
        if (places[np.unique(found.segments)] < 0).any():
            raise InputError("lime left segments out of this explanation, so a picture of it would have holes: call "
                             "explain_instance with num_features of at least the number of segments")
        return {"x": np.asarray(found.image, float), "segments": places[found.segments]}

    def _text(self, indexed: Any) -> dict[str, Any]:
        """Words that lime did not choose stay in the text, and are no features."""
        self._count(indexed.num_words(), "words")
        raw = indexed.raw_string()
        starts = sorted((int(start), feature) for i, feature in enumerate(self._chosen)
                        for start in np.ravel(indexed.string_position(feature)))
        pieces, end = [], 0
        for start, feature in starts:
            word = str(indexed.word(feature))
            pieces += [(raw[end:start], -1), (word, self._chosen.index(feature))]
            end = start + len(word)
        return {"pieces": [*pieces, (raw[end:], -1)]}

    def _row(self, mapper: Any) -> dict[str, Any]:
        self._count(len(mapper.feature_values), "columns")
        names = mapper.discretized_feature_names or mapper.exp_feature_names
        return {"x": [mapper.feature_values[i] for i in self._chosen],
                "feature_names": [str(names[i]) for i in self._chosen]}

    def _count(self, n: int, what: str) -> None:
        if n > len(self._chosen):
            self.notes = (f"lime chose {len(self._chosen)} of {n} {what}: the others have no number here.",)


def from_interpret(found: Any, row: int | None) -> Result:
    """Read a local explanation of InterpretML, by the structure that its data() documents."""
    if found.explanation_type != "local":
        raise InputError(f"an InterpretML explanation of type {found.explanation_type!r} came, and a view shows one "
                         "prediction: give what explain_local returned, or the model and its data to "
                         "ll.overview(model, X)")
    data = found.data(chosen_row(row, len(found.data(-1)["specific"]), "this InterpretML explanation"))
    values = np.asarray(data["scores"], float)
    values = values if values.ndim == 2 else values[:, None]
    base = np.ravel(np.asarray(data.get("extra", {}).get("scores", [np.full(values.shape[1], np.nan)])[0], float))
    base = np.broadcast_to(base, values.shape[1:])
    classes = [str(name) for name in data.get("meta", {}).get("label_names", [])]
    classifies = bool(data.get("perf", {}).get("is_classification", classes))
    space: OutputSpace = "value" if not classifies else "logit" if values.shape[1] > 1 else "log-odds"
    return Result("an InterpretML explanation", "InterpretML", values, data["values"], data["names"],
                  classes[-values.shape[1]:] or None, base, base + values.sum(0), space=space)
