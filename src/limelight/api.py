"""explain and live: the only place where models, maskers, estimators and views meet."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.adaptive import AdaptiveSource
from limelight.closed_form import ClosedForm
from limelight.errors import InputError, LimelightError
from limelight.estimators import check_method, options_of
from limelight.estimators.interactions import check_count
from limelight.estimators.lime import checked_width
from limelight.estimators.shapley import suits_odd_process
from limelight.explanation import Explanation
from limelight.maskers.grouped import GroupedMasker, Groups
from limelight.maskers.image import ImageMasker
from limelight.maskers.quartile import QuartileMasker
from limelight.maskers.tabular import TabularMasker
from limelight.maskers.text import TextMasker
from limelight.models.recognise import as_model
from limelight.neighborhood import least
from limelight.progress import progress_bar
from limelight.question import Question
from limelight.runs import NeighborhoodRun, Source, Stopping
from limelight.sources import DrawnSource, MaskedGame, PairedSource
from limelight.types import Kind, Law, Masker, Output

if TYPE_CHECKING:
    from limelight.widgets.live import LiveView

MASKERS: dict[Kind, Any] = {"text": TextMasker, "image": ImageMasker, "table": TabularMasker}
WIDEST_KERNEL = 2.0


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
        warnings.warn(f"interrupted after {len(run.neighborhood):,} of {run.limit:,} evaluations: "
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
          groups: Groups | None = None, order: int = 1) -> NeighborhoodRun:
    """Check what was asked and set up the run; evaluates nothing and everything present."""
    wrapped = as_model(model, x)
    method = ("shapley" if wrapped.kind == "table" else "lime") if method == "auto" else method
    check_method(method)
    _check_options(method, wrapped.kind, options)
    _check_rest(output, tolerance, seed)
    discretize = options.get("discretize", False)
    masker = _masker(wrapped, x, groups, discretize)
    limit = _limit(n_samples, len(masker.feature_names), wrapped.kind, discretize)
    if (method, n_samples, order) == ("occlusion", "auto", 1):
        limit = least(len(masker.feature_names))  # it is exact then
    _check_order(order, len(masker.feature_names), discretize)
    source, features = _source(masker, output, target, seed, discretize, limit, method)
    width = checked_width(kernel_width, source.law, source.n_features)
    _warn_wide(width, source.law)
    question = Question(masker.subject, masker.data, features, source.chosen.names,
                        wrapped.output_space(output), source.chosen.target, seed)
    closed_form = None
    if (method, wrapped.kind) == ("shapley", "table"):
        closed_form = ClosedForm(wrapped, x, output, source.chosen.columns, getattr(masker, "owner", None))
    early = n_samples == "auto" and tolerance is None and limit != source.most and order == 1
    return NeighborhoodRun(source, question, method=method, kernel_width=width,
                           options={name: value for name, value in options.items() if name != "discretize"},
                           params={"hide": masker.hide, "seed": seed, "order": order, **options},
                           limit=limit, stopping=Stopping(tolerance, settled=early), closed_form=closed_form)


def _masker(wrapped: Any, x: Any, groups: Groups | None, discretize: str | bool) -> Masker:
    """Make the input one whose parts can be hidden, in groups if they are given."""
    masker: Masker = MASKERS[wrapped.kind](wrapped, x)
    if groups is None or (isinstance(groups, (Mapping, Sequence)) and not groups):
        return masker
    if discretize:
        raise InputError("discretize='quartile' draws columns one by one: leave out discretize to use groups")
    return GroupedMasker(masker, groups)


def _source(masker: Any, output: Output, target: int | str | None, seed: int,
            discretize: str | bool, limit: int, method: str) -> tuple[Source, tuple[str, ...]]:
    """Where rows come from, and what being present means for each feature."""
    if not discretize:
        adapts = method == "shapley" and suits_odd_process(len(masker.feature_names))
        source = AdaptiveSource if adapts else PairedSource
        return source(MaskedGame(masker, output, target), seed), tuple(masker.feature_names)
    bins = QuartileMasker(masker, seed)
    return DrawnSource(bins, output, target, limit), tuple(bins.bins)


def _limit(n_samples: int | str, n_features: int, kind: Kind, discretize: str | bool) -> int:
    if n_samples == "auto":
        few = not discretize and n_features <= (12 if kind == "table" else 10)
        return 2**n_features if few else int(np.clip(40 * n_features, 500, 5000))
    if not isinstance(n_samples, (int, np.integer)) or isinstance(n_samples, bool):
        raise InputError(f"n_samples={n_samples!r} can't be used: give a whole number or 'auto'")
    if n_samples < least(n_features):
        raise InputError(f"n_samples={n_samples} is too few: {n_features} features need at least "
                         f"{least(n_features)} evaluations")
    return int(n_samples)


def _check_options(method: str, kind: Kind, options: Mapping[str, Any]) -> None:
    known = options_of(method) + (["discretize"] if (method, kind) == ("lime", "table") else [])
    unknown = [name for name in options if name not in known]
    if unknown:
        raise InputError(f"{method} has no option {unknown[0]!r} for a {kind}: "
                         + (f"there is {', '.join(known)}" if known else "it has none"))
    if options.get("discretize", False) not in (False, "quartile"):
        raise InputError(f"discretize={options['discretize']!r} is not known: give 'quartile', which draws as the "
                         "lime package does, or False")


def _check_rest(output: Output, tolerance: float | None, seed: int) -> None:
    if output not in ("probability", "logit"):
        raise InputError(f"output={output!r} is not known: give 'probability' or 'logit'")
    number = isinstance(tolerance, (int, float, np.number)) and not isinstance(tolerance, bool)
    if tolerance is not None and not (number and 0 < tolerance < np.inf):
        raise InputError(f"tolerance={tolerance!r} can't be used: give a positive half-width in the output's units")
    if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or seed < 0:
        raise InputError(f"seed={seed!r} can't be used: give a whole number, 0 or more")


def _check_order(order: int, n_features: int, discretize: str | bool) -> None:
    if not isinstance(order, int) or isinstance(order, bool) or order not in (1, 2):
        raise InputError(f"order={order!r} is not known: give 1 (features alone) or 2 (and pairs of them)")
    if order == 2:
        if discretize:
            raise InputError("order=2 reads coalitions, and discretize='quartile' draws none: leave out one of them")
        check_count(n_features)


def _warn_wide(width: float, law: Law) -> None:
    if width > WIDEST_KERNEL and law != "bins":
        warnings.warn(f"kernel_width={width:g} weighs all perturbations alike: the cosine distance is between 0 and 1. "
                      "The lime package multiplies it by 100 for texts and calls the same width 25 what is 0.25 here",
                      stacklevel=4)

