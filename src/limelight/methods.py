"""Every method that finds its answer without a neighborhood, by its one name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Literal

from limelight.asked import Asked
from limelight.errors import InputError, Unsuited
from limelight.streams import StreamRun
from limelight.types import Budget, Estimate, Kind

KINDS: tuple[Kind, ...] = ("text", "image", "table")
Sees = Literal["tensors", "coalitions", "asked"]
"""What a method is given: a TensorGame and one output's column, or a MaskedGame and all outputs that are kept, or
an Asked and all outputs."""


@dataclass(frozen=True)
class Method:
    """A method by name.

    Its function, of the same name, is in `module`: given what it `sees`, a
    budget and its options, it iterates over estimates. `check_<name>`, where
    there is one, is given the same and raises `Unsuited` where it can't run.

    Attributes
    ----------
    label : str
        What views call it.
    passes : int
        The most evaluations it takes by default; 0: so many a feature as the neighborhood's methods.
    kinds : tuple of {"text", "image", "table"}
    exact : bool
        True when nothing is left to chance or to a number of steps.
    """

    name: str
    label: str
    module: str
    sees: Sees
    passes: int
    kinds: tuple[Kind, ...] = KINDS
    exact: bool = False

    @property
    def function(self) -> Callable[..., Iterator[Estimate | None]]:
        found: Callable[..., Iterator[Estimate | None]] = getattr(import_module(self.module), self.name)
        return found

    @property
    def options(self) -> list[str]:
        """Names of its own options."""
        parameters = inspect.signature(self.function).parameters.values()
        own = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name != "seed"]
        return own + ["baseline"] * (self.sees == "tensors")

    def refusal(self, asked: Asked) -> Unsuited | None:
        """Why it can't run here, or None."""
        try:
            self.subject(asked)
        except Unsuited as error:
            return error
        except InputError as error:
            return Unsuited(str(error), "")
        return None

    def subject(self, asked: Asked, baseline: Any = None, **options: Any) -> Any:
        """What it is given, checked.

        Raises
        ------
        Unsuited
            If it can't run here, or its answer would be wrong.
        """
        if asked.kind not in self.kinds:
            raise Unsuited(f"{self.name} is for {' and '.join(self.kinds)}s, and this is a {asked.kind}",
                           "shapley" if asked.kind == "table" else "lime")
        subject: Any = asked
        if self.sees == "tensors":
            subject = asked.tensors(baseline)
        elif self.sees == "coalitions":
            subject = asked.game
        check = getattr(import_module(self.module), f"check_{self.name}", None)
        if check is not None:
            check(subject, **options)
        return subject

    def run(self, asked: Asked, limit: int, options: Mapping[str, Any]) -> StreamRun:
        """Begin."""
        subject = self.subject(asked, **options)
        own = {name: value for name, value in options.items() if name != "baseline"}
        if "seed" in inspect.signature(self.function).parameters:
            own["seed"] = asked.seed

        def start(target: int) -> Callable[[Budget], Iterator[Estimate | None]]:
            if self.sees != "tensors":
                return partial(self.function, subject, **own)
            return partial(self.function, subject, int(asked.chosen.columns[target]), **own)

        return StreamRun(asked.question, asked.game.opening, start, method=self.name, limit=limit,
                         params={"hide": asked.masker.hide, "seed": asked.seed, **options},
                         per_output=self.sees == "tensors", columns=asked.chosen.columns, probe=asked.probe)


def _gradient(name: str, label: str, module: str, passes: int, **others: Any) -> Method:
    return Method(name, label, f"limelight.attribution.{module}", "tensors", passes, **others)


STREAMED: dict[str, Method] = {method.name: method for method in (
    _gradient("saliency", "Saliency", "gradients", 1, exact=True),
    _gradient("input_x_gradient", "Input x gradient", "gradients", 1, exact=True),
    _gradient("integrated_gradients", "Int. gradients", "integrated", 1024),
)}
"""In the order in which views show them."""


def offers(asked: Asked) -> dict[str, str]:
    """Labels by name of the methods here that can run on an input."""
    return {name: method.label for name, method in STREAMED.items() if method.refusal(asked) is None}
