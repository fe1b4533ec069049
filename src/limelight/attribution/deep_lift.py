"""DeepLIFT: every function as the straight line between what it is at the baseline and at the input."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.attribution._functions import ELEMENTWISE, MAXIMA, PRODUCTS, SOFTMAXES, UNDEFINED_AT_ZERO
from limelight.attribution._slopes import chord, deriving, maximum, softmax_line
from limelight.attribution._watch import INSTEAD, Call, asked_by
from limelight.attribution.gradients import wide
from limelight.errors import Unsuited
from limelight.types import Array, Budget, Estimate, TensorGame

if TYPE_CHECKING:
    import torch

ROUNDINGS = 16
"""So many roundings may be missing from the values; more is refused."""
GAP = 0.01
"""Of the sum of |attributions|: a larger completeness gap is told."""


def deep_lift(game: TensorGame, target: int, budget: Budget) -> Iterator[Estimate]:
    """Yield (x - b) * multipliers by the rescale rule, b each baseline in turn (Shrikumar et al. 2017).

    The multiplier of a function of one number is its change between the
    baseline and the input over that of the number (arXiv:1704.02685); a
    maximum's change goes to where the maxima are, as in captum and shap.
    Functions are seen as they are called, so that they need not be modules,
    and a module may be used twice. Attention, normalisation layers and other
    products of what depends on the input have no such rule and are refused, as
    are masks and places that a comparison of the input gives.

    Where a softmax gives the outputs, a probability is taken to the logits by
    the mean derivative between the baseline's logits and the input's: with two
    outputs that is the rescale rule for the sigmoid of their difference.

    Yields
    ------
    Estimate
        Values of shape (n_features, 1), which add up to f(x) - f(b) in the
        mean over baselines; `params["relative_gap"]` is what is missing, as a
        share of the sum of |values|.

    Raises
    ------
    Unsuited
        If the model does something that has no rule.
    """
    budget.take(1)
    attributions, ends = _contributions(game, target)
    values = game.features(attributions)[:, None]
    missing, total = abs(values.sum() - (ends[1] - ends[0])[target]), max(np.abs(values).sum(), 1e-300)
    warning = _warning(game, missing, total, np.abs(ends[:, target]).sum())
    yield Estimate(values, np.zeros_like(values), np.inf, True, np.full(1, np.nan), 1.0,
                   {"relative_gap": float(missing / total), "warning": warning}, n_evals=1, base_values=ends[0],
                   pixels=game.pixels(attributions))


def check_deep_lift(game: TensorGame) -> None:
    """Raise Unsuited if the model does something that has no rule: asks it about the input once."""
    asked_by(Rescale(), "deep_lift", game, game.x)


class Rescale:
    """The rule of each function, at one input and its reference.

    Parameters
    ----------
    references : sequence of torch.Tensor, optional
        What the functions without a derivative of their own were given for the
        baseline, in the order of calls. Without it they are taken down, in `met`.
    """

    def __init__(self, references: list[torch.Tensor] | None = None):
        self.met: list[torch.Tensor] = []
        self._references = None if references is None else deque(references)
        self._to_probabilities = False

    def __call__(self, call: Call) -> Any:
        if self._to_probabilities and call.name in PRODUCTS:
            raise call.refused("deep_lift", f"{call.name} after a softmax")
        if call.by_hidden:
            raise call.refused("deep_lift", f"{call.name} by a comparison, place or detached copy of the input")
        if call.linear:
            return call.plain()
        rule = self._rule(call)
        if rule is None:
            return call.unknown("deep_lift")
        if self._references is not None:
            return call.given(rule(call, self._reference(call)))
        self.met.append(call.args[0].detach().clone())
        # Nothing is derived yet: any straight line does.
        return call.given(deriving(call.of(self.met[-1]), call.args[0])) if rule is chord else call.plain()

    def _rule(self, call: Call) -> Callable[[Call, torch.Tensor], torch.Tensor] | None:
        """The rule of a function that is not linear, if there is one."""
        if call.of_one and (call.name in ELEMENTWISE or call.name in UNDEFINED_AT_ZERO):
            return chord
        if call.name in MAXIMA and not call.options.get("return_indices"):
            return maximum
        if call.name in SOFTMAXES and call.args[0].ndim == 2:
            self._to_probabilities = True
            return softmax_line
        if call.name in PRODUCTS:
            raise call.refused("deep_lift", f"a product ({call.name}) of parts that both depend on the input")
        return None

    def _reference(self, call: Call) -> torch.Tensor:
        """What the function was given for the baseline."""
        if not self._references or self._references[0].shape != call.args[0].shape:
            raise Unsuited("deep_lift compares the model's calls for the input with those for the baseline, and they "
                           f"differ, from {call.where} on", INSTEAD)
        return self._references.popleft()


def _contributions(game: TensorGame, target: int) -> tuple[torch.Tensor, Array]:
    """Contributions of the input's numbers, meant over baselines, (*shape), and outputs for baselines and input."""
    import torch

    total, ends, n = torch.zeros_like(wide(game.x[0])), [], len(game.baselines)
    for baselines in game.baselines.split(game.batch_size):
        first = Rescale()
        _, before = asked_by(first, "deep_lift", game, baselines)
        leaf, after = asked_by(Rescale(first.met), "deep_lift", game, game.x.expand_as(baselines))
        (multipliers,) = torch.autograd.grad(after[:, target].sum(), leaf)
        total += (wide(leaf.detach() - baselines) * wide(multipliers)).sum(0) / n
        ends.append(torch.stack([before.detach(), after.detach()], 1))
    found: Array = torch.cat(ends).mean(0).cpu().double().numpy()
    return total, found


def _warning(game: TensorGame, missing: float, total: float, outputs: float) -> str:
    """Say what is missing; refuse where rounding does not explain it."""
    import torch

    short = f"the values of deep_lift miss the change of the output by {missing / total:.2g} of their sum"
    if missing > ROUNDINGS * torch.finfo(game.x.dtype).eps * max(outputs, total):
        raise Unsuited(f"{short}: something that the model does is hidden from it", INSTEAD)
    if missing <= GAP * total:
        return game.warning
    return "; ".join(part for part in (game.warning, f"{short}, by rounding: use the model in float32") if part)
