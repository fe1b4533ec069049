"""explain and live: the only place where models, maskers, estimators and views meet."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from limelight.adaptive import AdaptiveSource
from limelight.arguments import check_method, check_options, check_order, check_rest, limit_of, passes_of, warn_wide
from limelight.asked import Asked
from limelight.closed_form import ClosedForm
from limelight.errors import InputError, LimelightError
from limelight.estimators import READINGS
from limelight.estimators.lime import checked_width
from limelight.estimators.shapley import suits_odd_process
from limelight.explanation import Explanation
from limelight.maskers.grouped import GroupedMasker, Groups
from limelight.maskers.image import ImageMasker
from limelight.maskers.quartile import QuartileMasker
from limelight.maskers.tabular import TabularMasker
from limelight.maskers.text import TextMasker
from limelight.methods import STREAMED, offers
from limelight.models.recognise import as_model
from limelight.neighborhood import least
from limelight.others import Others
from limelight.progress import progress_bar
from limelight.runs import NeighborhoodRun, Source, Stopping
from limelight.sources import DrawnSource, PairedSource
from limelight.streams import StreamRun
from limelight.types import Kind, Masker, Output

if TYPE_CHECKING:
    from limelight.widgets.live import LiveView

MASKERS: dict[Kind, Any] = {"text": TextMasker, "image": ImageMasker, "table": TabularMasker}


def explain(model: Any, x: Any, *, method: str = "auto", target: int | str | None = None,
            output: Output = "probability", n_samples: int | str = "auto", kernel_width: float | None = None,
            groups: Groups | None = None, order: int = 1, tolerance: float | None = None, seed: int = 0,
            progress: bool = True, **options: Any) -> Explanation:
    """Explain one prediction, and return when done.

    Parameters
    ----------
    model
        From `ll.text_model`, `ll.image_model` or `ll.tabular_model`, or what
        these can wrap by themselves: a Hugging Face pipeline, a (model,
        tokenizer) pair, a callable on a list of strings or a batch of images.
    x : str, image or row
        The one input to explain.
    method : {"auto", "lime", "shapley", "banzhaf", "occlusion"}
        "auto": lime for texts and images, shapley for tables. Whichever it
        is, the others can be read later from the same evaluations.
    target : int or str, optional
        The output to explain; default the predicted one.
    output : {"probability", "logit"}
    n_samples : int or "auto"
        The most coalitions to evaluate. "auto": all of them up to 12 features
        on tables and 10 elsewhere; otherwise at most 40 a feature (500 to
        5,000), stopping when the order of the top five is settled.
    kernel_width : float, optional
        Of LIME's weight exp(-d^2 / (2 w^2)) on the cosine distance d; default 0.25.
    groups : mapping of name to members, or sequence of members, optional
        Features that are hidden and shown together: columns by name or index,
        words by index, as words or phrases, segments by number. What is in no
        group stays a feature of its own.
    order : {1, 2}
        2: also what every two features do together, for up to 30 features.
    tolerance : float, optional
        Stop once every 95 % interval of the target is at most value +- tolerance.
    seed : int
        The same seed gives the same coalitions and the same numbers.
    progress : bool
        Show a progress line when it takes long.
    **options
        The method's own: `ridge` and, on tables, `discretize` of lime.

    Returns
    -------
    Explanation
        Interrupted (Ctrl-C), what there was, with a warning.

    Raises
    ------
    InputError
        If an argument can't be used: says what would do.
    ModelError
        If the model raised or returned NaN; `.partial` holds what there was.
    """
    run = start(model, x, method=method, target=target, output=output, n_samples=n_samples,
                kernel_width=kernel_width, groups=groups, order=order, tolerance=tolerance,
                seed=seed, options=options)
    try:
        with progress_bar(run, show=progress) as advance:
            while run.state == "running":
                run.step()
                advance()
    except KeyboardInterrupt:
        run.stop()
        if not run.answered:
            raise
        warnings.warn(f"interrupted after {run.n:,} of {run.limit:,} evaluations: "
                      "this is what there was", stacklevel=2)
    if run.error is not None:
        if isinstance(run.error, LimelightError) and run.answered:
            run.error.partial = run.explanation()
        raise run.error
    return run.explanation()


def live(model: Any, x: Any, *, method: str = "auto", target: int | str | None = None,
         output: Output = "probability", n_samples: int | str = "auto", kernel_width: float | None = None,
         groups: Groups | None = None, order: int = 1, tolerance: float | None = None, seed: int = 0,
         progress: bool = True, **options: Any) -> LiveView:
    """Explain one prediction in a view that opens at once and goes on by itself.

    The first chunk is evaluated before it returns. With the environment
    variable `LIMELIGHT_WAIT=1` it runs to the end, for documentation builds.

    Parameters are those of `explain`.

    Returns
    -------
    LiveView
    """
    from limelight.widgets.live import LiveView

    run = start(model, x, method=method, target=target, output=output, n_samples=n_samples,
                kernel_width=kernel_width, groups=groups, order=order, tolerance=tolerance,
                seed=seed, options=options)
    while run.state == "running" and not run.answered:
        run.step()
    if os.environ.get("LIMELIGHT_WAIT") == "1":
        while run.state == "running":
            run.step()
    return LiveView(run)


def start(model: Any, x: Any, *, method: str, target: int | str | None, output: Output, n_samples: int | str,
          kernel_width: float | None, tolerance: float | None, seed: int, options: Mapping[str, Any],
          groups: Groups | None = None, order: int = 1) -> NeighborhoodRun | StreamRun:
    """Check what was asked and set up the run; evaluates nothing and everything present."""
    wrapped = as_model(model, x)
    method = ("shapley" if wrapped.kind == "table" else "lime") if method == "auto" else method
    check_method(method)
    check_options(method, wrapped.kind, options)
    check_rest(output, tolerance, seed)
    masker = _masker(wrapped, x, groups, options.get("discretize", False))
    asked = Asked(wrapped, x, masker, output, target, seed)
    run = _begun(asked, method, options, n_samples=n_samples, kernel_width=kernel_width, tolerance=tolerance,
                 order=order)
    run.others = Others(run, partial(offers, asked), lambda name: _begun(asked, name, {}))
    return run


def _begun(asked: Asked, method: str, options: Mapping[str, Any], *, n_samples: int | str = "auto",
           kernel_width: float | None = None, tolerance: float | None = None,
           order: int = 1) -> NeighborhoodRun | StreamRun:
    """Begin a method on an input."""
    n_features = len(asked.masker.feature_names)
    if method not in STREAMED:
        return _neighborhood_run(asked, method, options, n_samples, kernel_width, tolerance, order)
    if order != 1:
        raise InputError(f"order={order!r} reads coalitions, and {method} asks none: use {', '.join(READINGS)}")
    return STREAMED[method].run(asked, passes_of(n_samples, STREAMED[method], n_features), options)


def _neighborhood_run(asked: Asked, method: str, options: Mapping[str, Any], n_samples: int | str,
                      kernel_width: float | None, tolerance: float | None, order: int) -> NeighborhoodRun:
    discretize, n_features = options.get("discretize", False), len(asked.masker.feature_names)
    limit = limit_of(n_samples, n_features, asked.kind, discretize)
    if (method, n_samples, order) == ("occlusion", "auto", 1):
        limit = least(n_features)  # it is exact then
    check_order(order, n_features, discretize)
    source, features = _source(asked, discretize, limit, method)
    width = checked_width(kernel_width, source.law, source.n_features)
    warn_wide(width, source.law)
    question = replace(asked.question, feature_names=features)
    closed_form = None
    if (method, asked.kind) == ("shapley", "table"):
        closed_form = ClosedForm(asked.model, asked.x, asked.output, source.chosen.columns,
                                 getattr(asked.masker, "owner", None))
    early = n_samples == "auto" and tolerance is None and limit != source.most and order == 1
    return NeighborhoodRun(source, question, method=method, kernel_width=width,
                           options={name: value for name, value in options.items() if name != "discretize"},
                           params={"hide": asked.masker.hide, "seed": asked.seed, "order": order, **options},
                           limit=limit, stopping=Stopping(tolerance, settled=early), closed_form=closed_form)


def _masker(wrapped: Any, x: Any, groups: Groups | None, discretize: str | bool) -> Masker:
    """Make the input one whose parts can be hidden, in groups if they are given."""
    masker: Masker = MASKERS[wrapped.kind](wrapped, x)
    if groups is None or (isinstance(groups, (Mapping, Sequence)) and not groups):
        return masker
    if discretize:
        raise InputError("discretize='quartile' draws columns one by one: leave out discretize to use groups")
    return GroupedMasker(masker, groups)


def _source(asked: Asked, discretize: str | bool, limit: int, method: str) -> tuple[Source, tuple[str, ...]]:
    """Where rows come from, and what being present means for each feature."""
    if not discretize:
        adapts = method == "shapley" and suits_odd_process(len(asked.masker.feature_names))
        source = AdaptiveSource if adapts else PairedSource
        return source(asked.game, asked.seed), tuple(asked.masker.feature_names)
    bins = QuartileMasker(asked.masker, asked.seed)
    return DrawnSource(bins, asked.output, asked.wanted, limit), tuple(bins.bins)
