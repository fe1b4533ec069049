"""An input asked about again, by the model it was explained with: for an explanation that came from a file."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from io import BytesIO
from typing import Any

import numpy as np

from limelight import api
from limelight.errors import InputError
from limelight.estimators import READINGS
from limelight.explanation import Explanation
from limelight.maskers.segments import map_of
from limelight.models.recognise import as_model
from limelight.registry import STREAMED, options_given
from limelight.types import Array, Output

SAME = 1e-3
"""Of the largest output: by how much a model may differ from the one that was explained."""


class Revived:
    """What an explanation knows, and a model that answers the rest: as the run that it came from.

    Attributes
    ----------
    neighborhood : Neighborhood or None
        That of the explanation.
    game : MaskedGame or None
        The input as coalitions; None under `discretize="quartile"`.
    others : Others
        Begins its method anew.

    Raises
    ------
    InputError
        If the model can't be asked, or does not answer as the one that was explained.
    """

    def __init__(self, explanation: Explanation, model: Any):
        run = _begun(explanation, model)
        _check_same(explanation, run)
        self.neighborhood, self.game, self.others = explanation.neighborhood, run.game, run.others
        if self.neighborhood is not None and self.game is not None:
            self.game.answers.add(self.neighborhood.coalitions, self.neighborhood.outputs)

    def ask(self, coalitions: Array) -> Array:
        """What the model says to coalitions, (n, n_outputs): none that is known is asked."""
        assert self.game is not None
        return self.game.answers(coalitions)


def _begun(explanation: Explanation, model: Any) -> Any:
    """A run like that of the explanation."""
    question = explanation._question
    if question is None or "kind" not in question.subject:
        raise InputError("this explanation does not know its input, so that no model can be asked about it: call "
                         "explain again")
    subject, kept = question.subject, question.input
    wrapped = as_model(model, _example(subject, explanation.data))
    if wrapped.kind != subject["kind"]:
        raise InputError(f"model= is one of {wrapped.kind}s, and {subject['kind']} was explained: give the model that "
                         "was explained")
    x, wrapped = {"text": _text, "table": _row, "image": _picture}[subject["kind"]](explanation, wrapped)
    method, options = _method(explanation)
    output: Output = "probability" if explanation.output_space in ("probability", "value") else "logit"
    # The last one: of more than ten outputs the most likely are kept, and in place of the last what was asked for.
    target: Any = explanation.output_names[-1]
    if getattr(wrapped, "per_token", False):
        target = kept.get("word"), target
    return api.start(wrapped, x, method=method, target=target, output=output, n_samples="auto", kernel_width=None,
                     tolerance=None, seed=int(explanation.params.get("seed", 0)), options=options,
                     groups=kept.get("groups"))


def _method(explanation: Explanation) -> tuple[str, dict[str, Any]]:
    """The explanation's own, for the same outputs in the same space; of another package's result one of ours."""
    name, params = explanation.method, explanation.params
    if "source" in params or (name not in READINGS and name not in STREAMED):
        return "occlusion", {}
    return name, options_given(name, explanation.subject["kind"], params)


def _check_same(explanation: Explanation, run: Any) -> None:
    expected, came = explanation.prediction, run.prediction
    grouped = explanation._question is not None and "groups" in explanation._question.input
    names = run.question.feature_names
    same = len(names) == len(explanation.feature_names) and (grouped or tuple(names) == explanation.feature_names)
    alike = expected.shape == came.shape and np.allclose(came, expected, rtol=0, atol=SAME * np.abs(expected).max())
    if not alike or not same:
        raise InputError(f"model= does not answer as the model that was explained: {expected.round(4).tolist()} was "
                         f"expected and {came.round(4).tolist()} came. Give that model, with the same groups and "
                         "preprocessing, or call explain again")


def _example(subject: Mapping[str, Any], data: Any) -> Any:
    """Something by which a raw model's kind can be told."""
    return {"text": "", "image": np.zeros((1, 1, 3)), "table": data}[subject["kind"]]


def _text(explanation: Explanation, model: Any) -> tuple[str, Any]:
    return "".join(text for text, _ in explanation.subject["pieces"]), model


def _row(explanation: Explanation, model: Any) -> tuple[list[Any], Any]:
    kept = {} if explanation._question is None else explanation._question.input
    return list(kept.get("row", explanation.data)), model


def _picture(explanation: Explanation, model: Any) -> tuple[Any, Any]:
    """The picture as the model is given it, and the model, which cuts it as it was cut."""
    subject = explanation.subject
    kept = {} if explanation._question is None else explanation._question.input
    model = copy(model)
    model.segments = map_of(kept.get("segments", subject["segments"]), subject["height"], subject["width"])
    model.hidden = kept.get("hidden")
    if "pixels" in kept:
        return model.given(kept["pixels"]), model
    from PIL import Image

    with Image.open(BytesIO(subject["picture"])) as picture:
        return picture.convert("RGB"), model
