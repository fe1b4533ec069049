"""What the parts of limelight expect of one another.

A *model* is what the user brought, made callable. A *masker* is one input of
it, any part of which can be hidden. A *game* is a masker whose outputs were
chosen: coalitions in, outputs out. A *run* asks a game, a chunk at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

if TYPE_CHECKING:
    from limelight.neighborhood import Neighborhood

Array = np.ndarray
Output = Literal["probability", "logit"]
OutputSpace = Literal["probability", "logit", "log-odds", "margin", "value"]
Kind = Literal["text", "image", "table"]
State = Literal["running", "done", "stopped", "failed"]
Law = Literal["uniform", "binomial", "bins"]
"""How LIME weighs the sizes of coalitions: all alike (texts and tables), as
fair coins give them (images), or as drawn, per row (the lime package's tables)."""


class Model(Protocol):
    """What the user brought. The maskers of its kind know how to ask it."""

    @property
    def kind(self) -> Kind:
        """Which maskers know how to ask it."""

    @property
    def name(self) -> str:
        """What the view calls it: "BertForSequenceClassification", "RandomForestClassifier"."""

    @property
    def output_names(self) -> Sequence[str] | None:
        """One name an output; None when the model does not tell."""

    def output_space(self, output: Output) -> OutputSpace:
        """Name the space that `output` means for this model, or raise."""


class Masker(Protocol):
    """One input of a model, any part of which can be hidden."""

    model: Any
    data: Any
    """What each feature is: the words, the segments' numbers, the row's values."""
    law: Law
    batch_size: int
    """Coalitions in a micro-batch: what the model likes to be asked at once."""
    hide: str
    """The operator that hides a feature: "delete", "mask", "mean", "background"..."""

    @property
    def feature_names(self) -> Sequence[str]:
        """One name a feature."""

    @property
    def subject(self) -> Mapping[str, Any]:
        """What a view draws: see CONTRIBUTING.md, "What crosses to the browser"."""

    @property
    def notes(self) -> Sequence[str]:
        """Sentences that the view must say, such as what the model never sees."""

    def __call__(self, coalitions: Array, output: Output) -> Array:
        """Ask the model: bool (n, n_features) -> float64 (n, all outputs)."""

    def edited(self, changes: Mapping[int, Any], output: Output) -> Array:
        """Ask about this input with some features given other values: (all outputs,)."""


class Game(Protocol):
    """Coalitions in, outputs out. True is present, everywhere."""

    n_features: int
    n_outputs: int
    law: Law
    batch_size: int

    def __call__(self, coalitions: Array) -> Array:
        """bool (n, n_features) -> float64 (n, n_outputs)."""


@dataclass(frozen=True)
class Estimate:
    """What an estimator read from a neighborhood.

    Attributes
    ----------
    values, std_error : ndarray of shape (n_features, n_outputs)
        In the outputs' units. Infinite errors: not known (yet); zero: exact.
    dof : float
        Degrees of freedom of Student's t for intervals.
    exact : bool
        True when nothing was left to chance.
    fidelity : ndarray of shape (n_outputs,)
        Weighted R2 on coalitions the fit had not seen; NaN before ten pairs.
    effective_samples : float
        (sum w)^2 / sum w^2 over the weights of drawn rows.
    params : dict
        What else to know of it, such as LIME's intercept.
    """

    values: Array
    std_error: Array
    dof: float
    exact: bool
    fidelity: Array
    effective_samples: float
    params: Mapping[str, Any] = field(default_factory=dict)


class Run(Protocol):
    """A game being asked. Widgets are given one of these, never a model."""

    neighborhood: Neighborhood
    question: Any
    state: State
    error: Exception | None
    seconds: float
    limit: int
    method: str
    kernel_width: float

    @property
    def answered(self) -> bool:
        """True when there are rows enough for an answer."""

    def stop(self) -> None:
        """Ask no more."""

    def resume(self) -> None:
        """Go on."""

    def explanation(self, chosen: Mapping[str, Any] | None = None) -> Any:
        """What there is now, frozen, read as a reader chose."""

    def step(self, seconds: float = 0.1) -> None:
        """Evaluate whole micro-batches for about so long; does nothing when done."""

    def more(self, n_samples: int) -> None:
        """Raise the limit."""

    def refit(self, method: str, kernel_width: float | None, n_samples: int | None = None) -> Estimate:
        """Read the first rows again. Asks no model."""

    def links(self) -> Any:
        """What every two features do together, or None: not asked for, or not known yet."""

    def probe(self, change: Mapping[str, Any]) -> Array:
        """Outputs of one what-if: {"absent": [features]} or {"values": {feature: value}}."""
