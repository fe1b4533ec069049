"""Layer-wise relevance propagation, for transformers too: gradient x input with other derivatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from limelight.attribution._functions import ELEMENTWISE, FACTORS, MAXIMA, NORMS, PRODUCTS, SOFTMAXES, WEIGHTED
from limelight.attribution._slopes import chord, damped, deriving, scaled, softmax_line
from limelight.attribution._watch import AFTER_THE_MODEL, Call, asked_by, depends
from limelight.attribution.gradients import certain, picked, wide
from limelight.errors import InputError
from limelight.scalars import is_finite
from limelight.types import Budget, Estimate, TensorGame

if TYPE_CHECKING:
    import torch

Attention = Literal["attn_lrp", "cp_lrp"]


def lrp(game: TensorGame, target: int, budget: Budget, *, epsilon: float = 1e-9,
        attention: Attention = "attn_lrp") -> Iterator[Estimate]:
    """Yield relevance by the epsilon rule (Bach et al. 2015) and AttnLRP (Achtibat et al. 2024, arXiv:2402.05602).

    It is the input times a gradient for which a layer y = Wx + b counts
    y / (y + epsilon sign y) of its own, a function of one number
    (f(z) - f(0)) / z, a normalisation layer's standard deviation is constant,
    and each of n factors that depend on the input gets 1/n. What biases, and
    f(0), add to the output is no feature's, so that values add up to the output
    only without them; nor does relevance of a softmax inside of attention.

    A probability is taken to the logits by the mean derivative between no
    logits and what they are: values are of its difference to 1 / n_outputs,
    or to 1/2 after a sigmoid. Masks that a comparison of the input gives are
    constants, and so is what the model detaches, which is told.

    Parameters
    ----------
    epsilon : float
        In the units of each layer's outputs; larger ones absorb weak and noisy relevance.
    attention : {"attn_lrp", "cp_lrp"}
        "cp_lrp" takes the attention's weights as constants, all relevance
        going through the values (Ali et al. 2022, arXiv:2202.07304): there
        nothing is lost in a softmax, and what decides where to look gets none.

    Yields
    ------
    Estimate
        Values of shape (n_features, 1), in the output's units;
        `params["relative_gap"]` is the relevance that went to no part of the
        input, as a share of the sum of |values|.

    Raises
    ------
    Unsuited
        If the model does something that has no rule.
    """
    budget.take(1)
    rule = Relevance(epsilon, attention)
    (relevance,), outputs = _relevance(rule, game, game.x, target)
    missing = abs(float(outputs[0, target]) - rule.zero - float(relevance.sum()))
    yield certain(game, relevance, warning=rule.warning,
                  relative_gap=missing / max(np.abs(game.features(relevance)).sum(), 1e-300))


def rows_lrp(game: TensorGame, inputs: torch.Tensor, targets: Sequence[int], *, epsilon: float = 1e-9,
             attention: Attention = "attn_lrp") -> torch.Tensor:
    """Do so for several inputs in one pass, each of an output of its own: (n, *shape)."""
    return _relevance(Relevance(epsilon, attention), game, inputs, targets)[0]


def _relevance(rule: Relevance, game: TensorGame, inputs: torch.Tensor,
               target: int | Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Relevance of each input's numbers, (n, *shape), and the outputs."""
    import torch

    leaf, outputs = asked_by(rule, "lrp", game, inputs)
    (gradient,) = torch.autograd.grad(picked(outputs, target), leaf)
    return wide(leaf.detach()) * wide(gradient), outputs.detach()


def check_lrp(game: TensorGame, epsilon: float = 1e-9, attention: Attention = "attn_lrp") -> None:
    """Raise Unsuited if the model does something that has no rule: asks it about the input once."""
    if not is_finite(epsilon) or epsilon < 0:
        raise InputError(f"epsilon={epsilon!r} can't be used: give a number, 0 or more, such as 1e-9")
    if attention not in get_args(Attention):
        raise InputError(f"attention={attention!r} is not known: give 'attn_lrp' or 'cp_lrp'")
    asked_by(Relevance(epsilon, attention), "lrp", game, game.x)


class Relevance:
    """The rule of each function, at one input.

    Attributes
    ----------
    warning : str
        What relevance does not pass through, though it depends on the input.
    zero : float
        The output of which values are the difference.
    """

    warning = ""
    zero = 0.0

    def __init__(self, epsilon: float, attention: Attention):
        self._epsilon, self._constant = epsilon, attention == "cp_lrp"
        self._to_probabilities = False

    def __call__(self, call: Call) -> Any:
        result = self._ruled(call)
        if call.detaches(result):
            self.warning = (f"{call.where} keeps a number that depends on the input from the gradient (detach or "
                            "no_grad): no relevance passes there")
        return result

    def _ruled(self, call: Call) -> Any:
        import torch

        if call.where == AFTER_THE_MODEL and call.name in ("clamp", "logit"):
            self.zero = float(call.function(_no_logits(call), *call.args[1:], **call.options)[0, 0])
            return chord(call, _no_logits(call))
        if call.where == AFTER_THE_MODEL and call.name == "sigmoid":
            self.zero = 0.5
        if self._to_probabilities and not (call.linear and call.name not in PRODUCTS):
            return call.unknown("lrp", f"{call.name} after a softmax over two axes")
        if call.linear and call.name in WEIGHTED:
            return self._weighted(call)
        if call.linear or call.name in MAXIMA:
            return call.plain()
        if call.name in ELEMENTWISE and call.of_one and _finite_at_zero(call):
            return call.given(chord(call, torch.zeros_like(call.args[0])))
        if call.name in SOFTMAXES:
            return self._softmax(call)
        special = {"rsqrt": _constant, "scaled_dot_product_attention": self._attention,
                   "multi_head_attention_forward": self._attention, "glu": gated, **dict.fromkeys(NORMS, normalised)}
        if call.name in special:
            return special[call.name](call)
        return shared(call) if call.name in PRODUCTS else call.unknown("lrp")

    def _weighted(self, call: Call) -> torch.Tensor:
        y: torch.Tensor = call.plain()
        if not self._epsilon or not y.requires_grad:
            return y
        size = y.detach().abs()
        return damped(y, size / (size + self._epsilon))

    def _softmax(self, call: Call) -> torch.Tensor:
        """Of two axes it gives the outputs; of more the weights of attention."""
        import torch

        if call.args[0].ndim == 2:
            self._to_probabilities, self.zero = True, 1 / call.args[0].shape[1]
            return softmax_line(call, torch.zeros_like(call.args[0]))
        value: torch.Tensor = call.plain()
        return value.detach() if self._constant else value

    def _attention(self, call: Call) -> Any:
        """Queries and keys get a quarter, values half: two products of two factors, the softmax as it is between."""
        options = dict(call.options)
        rest = [options.pop(name) for name in ("query", "key", "value")[len(call.args):]]
        query, key, value, *others = (*call.args, *rest)
        if self._constant:
            query, key = query.detach(), key.detach()
        else:
            query, key, value = scaled(query, 1 / 4), scaled(key, 1 / 4), scaled(value, 1 / 2)
        return call.function(query, key, value, *others, **options)


def shared(call: Call) -> Any:
    """A product whose n factors that depend on the input get 1/n of the relevance each."""
    first, last = FACTORS.get(call.name, (0, len(call.args)))
    n = sum(map(depends, call.args[first:last]))
    if any(isinstance(factor, (list, tuple)) for factor in call.args) or not n:
        raise call.refused("lrp", f"{call.name} in this form")
    args = [scaled(arg, 1 / n) if first <= i < last and depends(arg) else arg for i, arg in enumerate(call.args)]
    return call.given(call.function(*args, **call.options))


def gated(call: Call) -> torch.Tensor:
    """The half of its argument times the sigmoid of the other, as if it were written so."""
    import torch

    dim = call.options.get("dim", call.args[1] if len(call.args) > 1 else -1)
    value, gate = call.args[0].chunk(2, dim)
    share = chord(Call("sigmoid", torch.sigmoid, (gate,), {}, call.where), torch.zeros_like(gate))
    return scaled(value, 1 / 2) * scaled(share, 1 / 2)


def _no_logits(call: Call) -> torch.Tensor:
    """The probabilities of a model whose logits are all 0."""
    import torch

    return torch.full_like(call.args[0], 1 / max(2, call.args[0].shape[1]))


def normalised(call: Call) -> torch.Tensor:
    """A layer, group or root mean square norm, whose standard deviation is taken as constant."""
    import torch

    x, over, *others = call.args
    names = ("weight", "eps") if call.name == "rms_norm" else ("weight", "bias", "eps")
    given = {"weight": None, "eps": None, **dict(zip(names, others, strict=False)), **call.options}
    groups = call.name == "group_norm"
    parts = x.unflatten(1, (over, -1)) if groups else x
    axes = tuple(range(2, parts.ndim)) if groups else tuple(range(-len(over), 0))
    centred = parts if call.name == "rms_norm" else parts - parts.mean(axes, keepdim=True)
    eps = torch.finfo(x.dtype).eps if given["eps"] is None else given["eps"]
    scale = (centred.detach().pow(2).mean(axes, keepdim=True) + eps).rsqrt()
    found, weight = (centred * scale).reshape(x.shape), given["weight"]
    if weight is not None:
        found = found * (weight.view(-1, *[1] * (x.ndim - 2)) if groups else weight)
    return deriving(call.plain(), found)


def _constant(call: Call) -> torch.Tensor:
    """One over a root: what a normalisation that is written out multiplies with."""
    found: torch.Tensor = call.plain().detach()
    return found


def _finite_at_zero(call: Call) -> bool:
    return call.name != "pow" or (isinstance(call.args[1], (int, float)) and call.args[1] > 0)
