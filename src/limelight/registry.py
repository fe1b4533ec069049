"""Every method that finds its answer without a neighborhood, by its one name."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import Any, Literal

from limelight.asked import Asked
from limelight.errors import InputError, LimelightError, Unsuited, said
from limelight.estimators import options_of
from limelight.question import Question
from limelight.stopping import Stopping
from limelight.streams import StreamRun
from limelight.types import Budget, Estimate, Kind

log = logging.getLogger("limelight")
KINDS: tuple[Kind, ...] = ("text", "image", "table")
BY_PATHS = ("Absent features' splits are taken both ways, weighted by the training rows that went there; other methods "
            "take absent features' values from background rows.")
Sees = Literal["tensors", "pixels", "coalitions", "asked"]
"""What a method is given: a TensorGame and one of the model's outputs, or a PixelGame and one of those that are kept;
or, for all outputs that are kept, a MaskedGame or an Asked."""


@dataclass(frozen=True)
class Method:
    """A method by name.

    Its function, of the same name, is in `module`: given what it `sees`, a
    budget and its options, it iterates over estimates. Beside it there may be
    `check_<name>`, given the same, which raises `Unsuited` where it can't run;
    `passes_<name>`, which says how many evaluations it takes;
    `asked_by_<name>`, which from an Asked makes that of the only space it
    knows; and `rows_<name>`, which does the same for several inputs in one
    pass: given a TensorGame, inputs and an output of each, it returns their
    attributions, (n, *shape).

    Attributes
    ----------
    label : str
        What views call it.
    passes : int
        The most evaluations it takes by default; 0: so many a feature as the neighborhood's methods.
    kinds : tuple of {"text", "image", "table"}
    baseline : bool
        True when it goes from a baseline to the input.
    errors : bool
        True when its estimates come to have standard errors.
    exact : bool
        True when nothing is left to chance or to a number of steps.
    dear : bool
        True when its check asks the model by its own rules: a view can open before that.
    """

    name: str
    label: str
    module: str
    sees: Sees
    passes: int
    kinds: tuple[Kind, ...] = KINDS
    exact: bool = False
    baseline: bool = False
    errors: bool = False
    dear: bool = False

    @property
    def function(self) -> Callable[..., Iterator[Estimate | None]]:
        found: Callable[..., Iterator[Estimate | None]] = getattr(import_module(self.module), self.name)
        return found

    @property
    def options(self) -> list[str]:
        """Names of its own options."""
        parameters = inspect.signature(self.function).parameters.values()
        own = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in ("seed", "order")]
        return own + ["baseline"] * self.baseline

    @property
    def knows_pairs(self) -> bool:
        """Whether it can tell what two features do together."""
        return "order" in inspect.signature(self.function).parameters

    @property
    def per_output(self) -> bool:
        """Whether it computes one output at a time."""
        return self.sees in ("tensors", "pixels")

    def beside(self, what: str) -> Callable[..., Any] | None:
        """What stands beside its function, as "check" or "rows"; None where there is none."""
        found: Callable[..., Any] | None = getattr(import_module(self.module), f"{what}_{self.name}", None)
        return found

    def explained(self, asked: Asked) -> Asked:
        """The same input, in the only space that it knows."""
        own = self.beside("asked_by")
        return asked if own is None else own(asked)

    def most(self, asked: Asked, options: Mapping[str, Any]) -> int:
        """How many evaluations it takes by default; 0: so many a feature."""
        own = self.beside("passes")
        return self.passes if own is None else own(self.subject(asked, **options), **options)

    def refusal(self, asked: Asked) -> Unsuited | None:
        """Why it can't run here, or None."""
        try:
            self.subject(asked)
        except Unsuited as error:
            return error
        except LimelightError as error:
            return Unsuited(str(error), _always_runs(asked.kind))
        except Exception as error:  # a model may do anything when it is asked in another way
            log.warning("%s can't run: the model raised %s: %s", self.name, type(error).__name__, error)
            return Unsuited(f"the model raised {type(error).__name__}: {said(error)}", _always_runs(asked.kind))
        return None

    def subject(self, asked: Asked, baseline: Any = None, **options: Any) -> Any:
        """What it is given, checked.

        Raises
        ------
        Unsuited
            If it can't run here, or its answer would be wrong.
        """
        if asked.kind not in self.kinds:
            raise Unsuited(f"{self.name} is for {' and '.join(f'{kind}s' for kind in self.kinds)}, and this is "
                           f"{'an' if asked.kind == 'image' else 'a'} {asked.kind}", _like(self, asked))
        subject: Any = self.explained(asked)
        if self.sees == "tensors":
            subject = asked.tensors(baseline)
        elif self.sees != "asked":
            subject = asked.game if self.sees == "coalitions" else asked.pixels()
        check = self.beside("check")
        if check is not None:
            check(subject, **options)
        return subject

    def run(self, asked: Asked, limit: int, options: Mapping[str, Any], tolerance: float | None = None) -> StreamRun:
        """Begin.

        Raises
        ------
        InputError
            If it can't run here, or a tolerance is given for errors that it has not.
        """
        if tolerance is not None and not (self.errors or self.exact):
            raise InputError(f"tolerance={tolerance} needs standard errors, and {self.name} has none: leave it out")
        subject = self.subject(asked, **options)
        absence = {"baseline": subject.absent} if self.baseline else {} if self.sees == "tensors" else {
            "hide": asked.masker.hide}
        asked = subject if self.sees == "asked" else asked
        own = {name: value for name, value in options.items() if name != "baseline"}
        if "seed" in inspect.signature(self.function).parameters:
            own["seed"] = asked.seed

        def start(target: int) -> Callable[[Budget], Iterator[Estimate | None]]:
            if not self.per_output:
                return partial(self.function, subject, **own)
            column = int(asked.chosen.columns[target]) if self.sees == "tensors" else target
            return partial(self.function, subject, column, **own)

        question = _noted(asked) if options.get("path_dependent") else asked.question
        return StreamRun(question, asked.game.opening, start, method=self.name, limit=limit,
                         params={"seed": asked.seed, **absence, **options},
                         per_output=self.per_output, columns=asked.chosen.columns, probe=asked.probe,
                         game=asked.game, stopping=Stopping(tolerance))


def _noted(asked: Asked) -> Question:
    """The question, with what absence means to trees that are explained by their paths."""
    question, background = asked.question, getattr(asked.model, "notes", ())
    notes = [note for note in question.subject.get("notes", ()) if note not in background]
    return replace(question, subject={**question.subject, "notes": [BY_PATHS, *notes]})


def _like(method: Method, asked: Asked) -> str:
    """What comes nearest to a method of another kind of input."""
    looks_inside = method.sees == "tensors" and getattr(asked.model, "module", None) is not None
    return "integrated_gradients" if looks_inside else _always_runs(asked.kind)


def _always_runs(kind: Kind) -> str:
    return "shapley" if kind == "table" else "lime"


def _gradient(name: str, label: str, module: str, passes: int, **others: Any) -> Method:
    return Method(name, label, f"limelight.attribution.{module}", "tensors", passes, **others)


STREAMED: dict[str, Method] = {method.name: method for method in (
    _gradient("saliency", "Saliency", "gradients", 1, exact=True),
    _gradient("input_x_gradient", "Input x gradient", "gradients", 1, exact=True),
    _gradient("integrated_gradients", "Int. gradients", "integrated", 1024, baseline=True),
    _gradient("smooth_grad", "SmoothGrad", "smooth", 100, baseline=True, errors=True),
    _gradient("gradient_shap", "Gradient SHAP", "expected", 200, baseline=True, errors=True),
    _gradient("deep_lift", "DeepLIFT", "deep_lift", 1, baseline=True, exact=True, dear=True),
    _gradient("lrp", "LRP", "lrp", 1, exact=True, dear=True),
    _gradient("grad_cam", "Grad-CAM", "grad_cam", 1, kinds=("image",), exact=True),
    Method("permutation_shapley", "Permutation Shapley", "limelight.estimators.permutation", "coalitions", 0,
           errors=True),
    Method("rise", "RISE", "limelight.estimators.rise", "pixels", 1000, ("image",), errors=True),
    Method("tree_shap", "Tree SHAP", "limelight.attribution.tree_shap", "asked", 2, ("table",), exact=True),
    Method("linear_shap", "Linear SHAP", "limelight.attribution.linear_shap", "asked", 2, ("table",), exact=True),
    Method("additive", "Additive terms", "limelight.attribution.additive", "asked", 2, ("table",), exact=True),
)}
"""In the order in which views show them."""

WINDOWS: dict[Kind, Method] = {
    "text": Method("occlusion", "Occlusion", "limelight.estimators.windows", "coalitions", 0, ("text",), exact=True),
    "image": Method("occlusion", "Occlusion", "limelight.estimators.sliding", "pixels", 0, ("image",), exact=True),
}
"""Occlusion by windows; by features it is read from the neighborhood."""


def streamed(method: str, kind: Kind, options: Mapping[str, Any]) -> Method | None:
    """The method that needs no neighborhood; None for those that read one."""
    return WINDOWS[kind] if method == "occlusion" and "window" in options else STREAMED.get(method)


def options_given(method: str, kind: Kind, params: Mapping[str, Any]) -> dict[str, Any]:
    """Those of an explanation's `params` that are options of its method."""
    found = streamed(method, kind, params)
    names = found.options if found is not None else [*options_of(method), *["discretize"] * (method == "lime")]
    return {name: params[name] for name in names if name in params}


def offers(asked: Asked, dear: bool = True) -> dict[str, str]:
    """Labels by name of the methods here that can run on an input; `dear`: also of those whose check asks the model."""
    return {name: method.label for name, method in STREAMED.items()
            if dear >= method.dear and method.refusal(asked) is None}
