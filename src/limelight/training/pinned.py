"""The pinned examples: explained again and again, always by the same masks and seeds, and the model left as it was."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from limelight import api
from limelight.arguments import check_method, check_options, passes_of
from limelight.asked import Asked
from limelight.explanation import Explanation
from limelight.maskers.labels import word_and_label
from limelight.maskers.tensors import tensor_game
from limelight.maskers.text import TextMasker
from limelight.neighborhood import least
from limelight.quality.agreement import top_of
from limelight.registry import STREAMED
from limelight.streams import Stream
from limelight.types import Array, Estimate, Output, Target, TensorGame

NUDGE = 0.01
"""Of the range of its numbers: by so much an input is moved to see how far a method without chance can be trusted."""
FEW = 4
"""Evaluations a feature that a method which draws coalitions spends on one record."""


@dataclass(frozen=True, eq=False)
class Estimated:
    """What was found of one example at one step.

    Attributes
    ----------
    values, std_error : ndarray of shape (n_features,)
        Of the target.
    other : ndarray of shape (n_features,)
        A second estimate at the same step: what noise is read from.
    base_values, prediction : ndarray of shape (n_outputs,)
    fidelity : float
        NaN where the method reads no perturbations.
    lost : float
        By how much the target's output falls when the features that speak
        most for it are hidden (comprehensiveness, DeYoung et al. 2020): 0 where none speaks for it.
    """

    values: Array
    std_error: Array
    other: Array
    base_values: Array
    prediction: Array
    fidelity: float
    lost: float

    @property
    def known(self) -> bool:
        """Whether there is one: all numbers of an example that could not be explained are NaN."""
        return bool(np.isfinite(self.values).all())


class Pinned:
    """One example of one model.

    Parameters
    ----------
    model : TextModel, ImageModel or TabularModel
    x
        The input.
    method : str
        Its name, as `chosen` gives it.
    target : int or str, optional
    seed : int
    options : mapping
        The method's own.
    n_samples : int or "auto"
        The most evaluations of one estimate.

    Attributes
    ----------
    explanation : Explanation
        What was found when it was set up.
    columns : ndarray of shape (n_outputs,)
        Which of the model's outputs are kept.
    target, column : int
        The one that is explained, as an index into `columns`, and of the model's.
    """

    def __init__(self, model: Any, x: Any, method: str, target: Target, output: Output, seed: int,
                 options: Mapping[str, Any], n_samples: int | str = "auto"):
        self.x, self._seed = x, seed
        word, label = word_and_label(model, target)
        self.masker = TextMasker(model, x, word) if model.kind == "text" else api.MASKERS[model.kind](model, x)
        self._model, self.output = model, output
        self.method = method
        self._options, self._streamed, self._n_samples = dict(options), STREAMED.get(method), n_samples
        first = Asked(model, x, self.masker, output, label, seed)
        self._chosen = first.chosen
        self.columns, self.target = first.chosen.columns, first.chosen.target
        self.column = int(self.columns[self.target])
        self.explanation = self._whole(seed)
        self._text: Any = None

    @property
    def rows(self) -> Callable[..., Any] | None:
        """Its method for several inputs in one pass; None where it takes more, or none."""
        found = None if self._streamed is None else self._streamed.beside("rows")
        return None if found is None else partial(found, **self._options)

    def estimate(self, *at: int) -> Estimated:
        """Explain it now, twice: by the same masks and seeds as ever, and by those of a step and example alone.

        Parameters
        ----------
        *at : int
            Which step and which example, 0 or more each: their noise is independent of that of all others.
        """
        by_tensors = self._streamed is not None and self._streamed.sees == "tensors"
        other_seed = self.other_seed(*at)
        return self._by_tensors(other_seed) if by_tensors else self._by_runs(other_seed)

    def missing(self) -> Estimated:
        """What stands where it could not be explained."""
        values, outputs = np.full(len(self.masker.feature_names), np.nan), np.full(len(self.columns), np.nan)
        return Estimated(values, values, values, outputs, outputs, np.nan, np.nan)

    def other_seed(self, *at: int) -> int:
        """That of the second estimate."""
        return int(np.random.SeedSequence([self._seed, *at]).generate_state(1)[0])

    def _by_runs(self, other_seed: int) -> Estimated:
        first = self._whole(self._seed)
        # A function may have chance of its own; what a network says to all that there is to ask is the same again.
        second = first if first.exact and self._model.module is not None else self._whole(other_seed)
        k, fidelity = first.target, first.quality["fidelity"]
        return Estimated(first.values[:, k], first.std_error[:, k], second.values[:, k], first.base_values,
                         first.prediction, np.nan if fidelity is None else fidelity,
                         self._lost(self._asked(), first.values[:, k]))

    def _by_tensors(self, other_seed: int) -> Estimated:
        """By a method that takes gradients: as it would be explained, and with the input moved a little."""
        asked = self._asked()
        game = asked.tensors(self._options.get("baseline"))  # that it suits was seen when it was set up
        found, other = (self._last(each, asked, seed) for each, seed in
                        ((game, self._seed), (nudged(game, other_seed), other_seed)))
        base, prediction = asked.game.opening
        return Estimated(found.values[:, 0], found.std_error[:, 0], other.values[:, 0], base, prediction,
                         float(found.fidelity[0]), self._lost(asked, found.values[:, 0]))

    def tensors(self) -> TensorGame:
        """The input as a tensor, by the weights that there are now."""
        if self._text is not None:
            self._text.renew()
            return self._text
        game = tensor_game(self.masker, self.output)
        self._text = game if game.kind == "text" else None  # others are on a device, which may not stay theirs
        return game

    def without(self, values: Array) -> Array:
        """The coalition that lacks what speaks most for the target, as far as anything does: (1, n_features)."""
        rest, top = np.ones((1, len(values)), bool), np.argsort(-values, kind="stable")[:top_of(len(values))]
        rest[0, top] = values[top] <= 0
        return rest

    def _asked(self) -> Asked:
        """The input, asked about anew: what the model said before is forgotten."""
        return Asked(self._model, self.x, self.masker, self.output, self._chosen, self._seed)

    def _whole(self, seed: int) -> Explanation:
        """Explain it as `ll.explain` does."""
        asked = self._asked()
        asked.seed = seed
        few = self._n_samples == "auto" and self._streamed is None
        n_samples = _few(len(self.masker.feature_names)) if few else self._n_samples
        run = api.begun(asked, self.method, self._options, n_samples=n_samples)
        run.aim(asked.chosen.target)
        while run.state == "running":
            run.step()
        if run.error is not None:
            raise run.error
        return run.explanation()

    def _last(self, game: Any, asked: Asked, seed: int) -> Estimate:
        """The last estimate of a method that takes gradients."""
        method = self._streamed
        assert method is not None
        own = {name: value for name, value in self._options.items() if name != "baseline"}
        if method.errors:
            own["seed"] = seed
        most = passes_of(self._n_samples, method, method.most(asked, self._options), len(self.masker.feature_names))
        stream = Stream(lambda budget: method.function(game, self.column, budget, **own), most)
        while stream.state == "running":
            stream.advance()
        return stream.kept[-1]

    def _lost(self, asked: Asked, values: Array) -> float:
        k = asked.chosen.target
        return float(asked.game.opening[1, k] - asked.game(self.without(values))[0, k])


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put all random number generators back as they were, so that training goes on as if nothing had been asked."""
    import torch

    python, numpy_, torch_ = random.getstate(), np.random.get_state(), torch.get_rng_state()
    on_gpus = torch.cuda.get_rng_state_all() if torch.cuda.is_available() and torch.cuda.is_initialized() else None
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy_)
        torch.set_rng_state(torch_)
        if on_gpus is not None:
            torch.cuda.set_rng_state_all(on_gpus)


def chosen(method: str, model: Any, x: Any, options: Mapping[str, Any], beside: Iterable[str] = ()) -> str:
    """What "auto" comes to for a model; whether there is such a method, with such options.

    A transformer is explained by LRP: its input x gradient tells little of what its words do. Other networks by input x
    gradient, which is one backward pass, and a model without gradients by Shapley values of few evaluations.
    """
    if method == "auto":
        method = _own(model, x)
    check_method(method)
    check_options(method, model.kind, options, beside)
    return method


def _own(model: Any, x: Any) -> str:
    module = getattr(model, "module", None)
    if module is None:
        return "shapley"
    of_transformers = hasattr(getattr(module, "config", None), "model_type")
    if of_transformers:
        asked = Asked(model, x, api.MASKERS[model.kind](model, x), "logit", None, 0)
        if STREAMED["lrp"].refusal(asked) is None:
            return "lrp"
    return "input_x_gradient"


def _few(n_features: int) -> int:
    """How many coalitions a record may take: all of few features."""
    return min(2**min(n_features, 20), max(least(n_features), FEW * n_features))


def nudged(game: Any, seed: int) -> Any:
    """The same input, each of its numbers moved by at most `NUDGE` of its range."""
    import torch

    other = copy(game)
    noise = np.random.default_rng(seed).uniform(-NUDGE, NUDGE, tuple(game.x.shape))
    other.x = game.x + torch.as_tensor(noise, dtype=game.x.dtype, device=game.x.device) * game.spread
    return other
