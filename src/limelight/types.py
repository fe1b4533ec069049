"""What the parts of limelight expect of one another.

A *model* is what the user brought, made callable. A *masker* is one input of
it, any part of which can be hidden. A *game* is a masker whose outputs were
chosen: coalitions in, outputs out. A *run* asks a game, a chunk at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import torch

    from limelight.neighborhood import Neighborhood

Array = np.ndarray
Output = Literal["probability", "logit"]
Target = int | str | tuple[int | str, int | str | None] | None
"""An output by index or name; (word, label) for a model that labels words; None: the predicted one."""
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
    opening: Array
    """Outputs with nothing and with everything present, shape (2, n_outputs)."""

    def __call__(self, coalitions: Array) -> Array:
        """bool (n, n_features) -> float64 (n, n_outputs)."""


class PixelGame(Protocol):
    """One picture, any share of each pixel of which can be hidden: masks in, outputs out."""

    segments: Array
    """Which feature each pixel is in, shape (height, width)."""
    n_features: int
    batch_size: int
    """Masks that the model likes to be asked about at once."""
    opening: Array
    """Outputs with nothing and with everything shown, shape (2, n_outputs)."""

    def outputs(self, start: int, stop: int, masks: Callable[..., Any], *factors: Array) -> Array:
        """What the model says to masks number `start` to `stop`, which it is asked once: (stop - start, n_outputs).

        Parameters
        ----------
        masks : callable
            Makes masks of shape (n, height, width), in 0..1, of slices of the
            factors, which are where pictures are composed: tensors on the model's device.
        factors : ndarray of shape (stop - start, ...)
        """


class TensorGame(Protocol):
    """One input of a torch model as a tensor: tensors in, outputs out, with gradients.

    For a text the embeddings of its tokens, for an image its numbers, for a
    table the row. Tensors stay on the model's device and in its type.
    """

    kind: Kind
    module: Any
    """The user's torch module, for methods that look inside."""
    x: torch.Tensor
    """The input, shape (1, *shape): (1, n_tokens, width), (1, channels, height, width) or (1, n_columns)."""
    baselines: torch.Tensor
    """The input with everything absent, once or several times: (n_baselines, *shape)."""
    spread: torch.Tensor
    """Range of the input's numbers, of a shape that broadcasts with x: what noise is measured by."""
    n_features: int
    batch_size: int
    """Inputs that the model likes to be asked at once, with gradients."""
    absent: str
    """What the baseline is: "mask", "blur", "background"; "given" where the user gave it."""
    warning: str
    """What makes the baseline doubtful, or ""."""
    categories: str
    """What gradients can't say of columns that are categories, or ""."""

    def open(self) -> AbstractContextManager[None]:
        """Make the module ready to be asked with gradients; all is put back, also after an exception."""

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        """Ask, inside `open`: (n, *shape) -> (n, all outputs), in the space that is explained."""

    def features(self, attributions: torch.Tensor) -> Array:
        """Sum attributions of the input's numbers to features: (*shape) -> float64 (n_features,).

        Axes before a picture's last two, and after a text's first, may be summed already.
        """

    def each(self, attributions: torch.Tensor) -> Array:
        """Do so for several: (n, *shape) -> float64 (n, n_features), in one copy."""

    def pixels(self, attributions: torch.Tensor) -> Array | None:
        """Sum over channels: float32 (height, width). None but for pictures."""


@dataclass(frozen=True)
class Estimate:
    """What a method found: read from a neighborhood, or from the model itself.

    Attributes
    ----------
    values, std_error : ndarray of shape (n_features, n_outputs)
        In the outputs' units. Infinite errors: not known (yet); zero: exact.
    dof : float
        Degrees of freedom of Student's t for intervals; 0 where there are too few rows for any.
    exact : bool
        True when nothing was left to chance.
    fidelity : ndarray of shape (n_outputs,)
        Weighted R2 on coalitions the fit had not seen; NaN before ten pairs.
    effective_samples : float
        (sum w)^2 / sum w^2 over the weights of drawn rows.
    params : dict
        What else to know of it, such as LIME's intercept.
    n_evals : int
        Evaluations or passes that it took; of a neighborhood's readings the neighborhood tells.
    base_values : ndarray of shape (n_outputs,), optional
        What the values add up from, where that is not what the model says with nothing present.
    pixels : float32 ndarray of shape (height, width), optional
        Attributions of single pixels.
    together : pair of ndarray of shape (n_features, n_features, n_outputs), optional
        What every two features do beyond what each does alone, and the standard errors of that.
    """

    values: Array
    std_error: Array
    dof: float
    exact: bool
    fidelity: Array
    effective_samples: float
    params: Mapping[str, Any] = field(default_factory=dict)
    n_evals: int = 0
    base_values: Array | None = None
    pixels: Array | None = None
    together: tuple[Array, Array] | None = None


class Budget(Protocol):
    """Evaluations that a method may still spend; it grows when a reader asks for more."""

    @property
    def left(self) -> int:
        """How many."""

    def take(self, most: int) -> int:
        """Take `most` of them, or all that are left."""


class Run(Protocol):
    """A model being asked. Widgets are given one of these, never a model."""

    question: Any
    seconds: float
    limit: int
    method: str
    kernel_width: float
    no_model: str
    """Why no more can be asked and what to do, where there is no model behind it; or ""."""
    others: Any
    """The runs of other methods on the same input: `Others`."""

    @property
    def state(self) -> State:
        """Whether it goes on."""

    @property
    def error(self) -> Exception | None:
        """Why it failed."""

    @property
    def warning(self) -> str:
        """What is wrong with the answer, or ""."""

    @property
    def neighborhood(self) -> Neighborhood | None:
        """What was evaluated; None for methods that read none."""

    @property
    def prediction(self) -> Array:
        """Outputs of the unperturbed input, shape (n_outputs,)."""

    @property
    def n(self) -> int:
        """Evaluations so far."""

    @property
    def least(self) -> int:
        """The fewest that make an answer."""

    @property
    def exact(self) -> bool:
        """True when more would change nothing."""

    @property
    def answered(self) -> bool:
        """True when there is an answer."""

    def aim(self, target: int) -> None:
        """Turn to another output. Methods that compute one output at a time go on with this one."""

    def stop(self) -> None:
        """Ask no more."""

    def resume(self) -> None:
        """Go on."""

    def explanation(self, chosen: Mapping[str, Any] | None = None) -> Any:
        """What there is now, frozen, read as a reader chose."""

    def step(self, seconds: float = 0.1) -> None:
        """Ask for about so long; does nothing when done."""

    def more(self, n_samples: int) -> None:
        """Raise the limit."""

    def refit(self, method: str, kernel_width: float | None, n_samples: int | None = None) -> Estimate:
        """What the first so many evaluations say. Asks no model."""

    def links(self) -> Any:
        """What every two features do together, or None: not asked for, or not known yet."""

    def probe(self, change: Mapping[str, Any]) -> Array:
        """Outputs of one what-if: {"absent": [features]} or {"values": {feature: value}}."""
