"""explain and live: the only place where models, maskers, estimators and views meet."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from limelight.adaptive import AdaptiveSource
from limelight.arguments import check_method, check_options, check_order, check_rest, limit_of, passes_of
from limelight.asked import Asked
from limelight.closed_form import ClosedForm
from limelight.errors import InputError, LimelightError, warn
from limelight.estimators import READINGS
from limelight.estimators.lime import check_ridge, checked_width, warn_wide
from limelight.estimators.shapley import suits_choosing
from limelight.explanation import Explanation
from limelight.maskers.grouped import GroupedMasker, Groups, read_groups
from limelight.maskers.image import ImageMasker
from limelight.maskers.labels import word_and_label
from limelight.maskers.nearby import Near
from limelight.maskers.quartile import QuartileMasker
from limelight.maskers.tabular import TabularMasker
from limelight.maskers.text import TextMasker
from limelight.models.recognise import as_model
from limelight.neighborhood import least
from limelight.others import Others
from limelight.preferences import options as preferences
from limelight.progress import progress_bar
from limelight.registry import STREAMED, offers, streamed
from limelight.runs import NeighborhoodRun, Source
from limelight.sources import DrawnSource, PairedSource
from limelight.stopping import Stopping
from limelight.streams import StreamRun
from limelight.types import Kind, Masker, Output, Target

if TYPE_CHECKING:
    from limelight.widgets.live import LiveView

MASKERS: dict[Kind, Any] = {"text": TextMasker, "image": ImageMasker, "table": TabularMasker}


def explain(model: Any, x: Any, *, method: str = "auto", target: Target = None,
            output: Output = "probability", n_samples: int | str = "auto", kernel_width: float | None = None,
            groups: Groups | None = None, order: int = 1, tolerance: float | None = None, seed: int = 0,
            progress: bool = True, **options: Any) -> Explanation:
    """Explain one prediction, and return when done.

    Parameters
    ----------
    model
        From `ll.text_model`, `ll.image_model` or `ll.tabular_model`, or what
        these can wrap by themselves: a Hugging Face pipeline, a (model,
        tokenizer) pair, a callable on a list of strings or a batch of images,
        an explainable boosting machine.
    x : str, image or row
        The one input to explain.
    method : str
        A name that `ll.methods` lists. "auto": lime for texts and images;
        tree_shap for trees, linear_shap for linear models, additive for
        explainable boosting machines and shapley for other tables. What lime, shapley, banzhaf or occlusion asked, the
        others of these four read too, later and for nothing.
    target : int or str, or (word, label), optional
        The output to explain; default the predicted one. For a model that
        labels each word: the word by its text or index, and its label; by
        default the word that is most certainly something.
    output : {"probability", "logit"}
    n_samples : int or "auto"
        The most evaluations to spend: coalitions, or passes of a method that
        takes gradients. What tells the outputs themselves and whether a method
        can run is not counted. "auto", for coalitions: all of them up to 12 features
        on tables and 10 elsewhere; otherwise at most 40 a feature (500 to
        5,000), stopping when the order of the top five is settled.
    kernel_width : float, optional
        Of LIME's weight exp(-d^2 / (2 w^2)) on the cosine distance d; default 0.25.
    groups : mapping of name to members, or sequence of members, optional
        Features that are hidden and shown together: columns by name or index,
        words by index, as words or phrases, segments by number. What is in no
        group stays a feature of its own.
    order : {1, 2}
        2: also what every two features do together, for up to 30 features; of
        lime, shapley, banzhaf, occlusion and additive.
    tolerance : float, optional
        Stop once every 95 % interval of the target is at most value +- tolerance.
    seed : int
        The same seed gives the same coalitions and the same numbers.
    progress : bool
        Show a progress line when it takes long.
    **options
        The method's own, as its function's docstring tells: `ridge` and, on
        tables, `discretize` of lime; `window` and `stride` of occlusion, in
        words or pixels; `baseline`, what absence means, of those that take gradients;
        `noise` of smooth_grad, `layer` and `variant` of grad_cam, ...

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
        warn(f"interrupted after {run.n:,} of {run.limit:,} evaluations: this is what there was")
    if run.error is not None:
        if isinstance(run.error, LimelightError) and run.answered:
            run.error.partial = run.explanation()
        raise run.error
    if run.warning:
        warn(run.warning)
    return run.explanation()


def live(model: Any, x: Any, *, method: str = "auto", target: Target = None,
         output: Output = "probability", n_samples: int | str = "auto", kernel_width: float | None = None,
         groups: Groups | None = None, order: int = 1, tolerance: float | None = None, seed: int = 0,
         progress: bool = True, **options: Any) -> LiveView:
    """Explain one prediction in a view that opens at once and goes on by itself.

    The first chunk is evaluated before it returns. With the environment
    variable `LIMELIGHT_WAIT=1`, and where `ll.options.display` is "page", it
    runs to the end, for documentation builds.

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
        run.step(0)
    if os.environ.get("LIMELIGHT_WAIT") == "1" or preferences.display == "page":
        while run.state == "running":
            run.step()
    return LiveView(run)


def start(model: Any, x: Any, *, method: str, target: Target, output: Output, n_samples: int | str,
          kernel_width: float | None, tolerance: float | None, seed: int, options: Mapping[str, Any],
          groups: Groups | None = None, order: int = 1) -> NeighborhoodRun | StreamRun:
    """Check what was asked and set up the run; evaluates nothing and everything present."""
    wrapped = as_model(model, x)
    named = ("shapley" if wrapped.kind == "table" else "lime") if method == "auto" else method
    check_method(named)
    check_options(named, wrapped.kind, options)
    check_rest(output, tolerance, seed)
    word, label = word_and_label(wrapped, target)
    groups = read_groups(groups)
    masker = _masker(wrapped, x, word, groups, options.get("discretize", False))
    asked = Asked(wrapped, x, masker, output, label, seed)
    found = _taken_apart(asked, n_samples, order) if (method, asked.kind) == ("auto", "table") else None
    run = found or begun(asked, named, options, n_samples=n_samples, kernel_width=kernel_width, tolerance=tolerance,
                          order=order)
    run.others = Others(run, partial(offers, asked), lambda name: begun(asked, name, {}),
                        partial(again, asked, lambda x: _masker(_cut_alike(asked.masker), x, word, groups, False)),
                        partial(offers, asked, dear=False))
    return run


def again(asked: Asked, remake: Callable[[Any], Masker], method: str, options: Mapping[str, Any], *,
          seed: int | None = None, near: Near | None = None, afresh: bool = False,
          target: int, **limits: Any) -> NeighborhoodRun | StreamRun:
    """Begin a method anew: with another seed, on a nearby input, or after the model changed.

    Parameters
    ----------
    remake : callable
        Makes the masker of another input.
    near : Near, optional
        Draws the nearby input.
    afresh : bool
        The model changed: forget what it said.
    target : int
        The output to explain.
    """
    x = asked.x if near is None else near(asked.masker, asked.x)
    masker = asked.masker if near is None else remake(x)
    other = Asked(asked.model, x, masker, asked.output, int(asked.chosen.columns[target]),
                  asked.seed if seed is None else seed)
    if near is None and not afresh:
        other.game = asked.game
    run = begun(other, method, options, **limits)
    run.aim(other.chosen.target if near is not None or afresh else target)
    return run


def _cut_alike(masker: Any) -> Any:
    """The model, which cuts other pictures as this one was cut."""
    while isinstance(masker, GroupedMasker):
        masker = masker.inner
    model = masker.model
    if model.kind == "image":
        model = copy(model)
        model.segments = masker.segments
    return model


def _taken_apart(asked: Asked, n_samples: int | str, order: int) -> StreamRun | None:
    """What "auto" comes to for trees, linear and additive models: answered at once, or None."""
    for name in ("tree_shap", "linear_shap", "additive"):
        method = STREAMED[name]
        if (order == 1 or method.knows_pairs) and method.refusal(asked) is None:
            options = {} if order == 1 else {"order": order}
            run = method.run(asked, passes_of(n_samples, method, method.passes, 0), options)
            run.step()
            if run.error is None:
                return run
    return None


def begun(asked: Asked, method: str, options: Mapping[str, Any], *, n_samples: int | str = "auto",
          kernel_width: float | None = None, tolerance: float | None = None,
          order: int = 1) -> NeighborhoodRun | StreamRun:
    """Begin a method on an input."""
    n_features = len(asked.masker.feature_names)
    found = streamed(method, asked.kind, options)
    if found is None:
        return _neighborhood_run(asked, method, options, n_samples, kernel_width, tolerance, order)
    if kernel_width is not None:
        raise InputError(f"kernel_width={kernel_width!r} belongs to lime, and {method} has none: leave it out")
    if order != 1 and not found.knows_pairs:
        raise InputError(f"order={order!r} reads a neighborhood, and {method} has none: use {', '.join(READINGS)}")
    if order != 1:
        check_order(order, n_features, False)
        options = {**options, "order": order}
    return found.run(asked, passes_of(n_samples, found, found.most(asked, options), n_features), options, tolerance)


def _neighborhood_run(asked: Asked, method: str, options: Mapping[str, Any], n_samples: int | str,
                      kernel_width: float | None, tolerance: float | None, order: int) -> NeighborhoodRun:
    discretize, n_features = options.get("discretize", False), len(asked.masker.feature_names)
    limit = limit_of(n_samples, n_features, asked.kind, discretize)
    if (method, n_samples, order) == ("occlusion", "auto", 1):
        limit = least(n_features)  # it is exact then
    check_order(order, n_features, discretize)
    check_ridge(options.get("ridge", 0))
    source, features = _source(asked, discretize, limit, method)
    width = checked_width(kernel_width, source.law, source.n_features)
    warn_wide(width, source.law)
    question = replace(asked.question_of(source.chosen), feature_names=features)
    closed_form = None
    if asked.kind == "table" and not discretize:
        closed_form = ClosedForm(asked.model, asked.x, asked.output, source.chosen.columns,
                                 getattr(asked.masker, "owner", None))
    early = n_samples == "auto" and tolerance is None and limit != source.most and order == 1
    return NeighborhoodRun(source, question, method=method, kernel_width=width,
                           options={name: value for name, value in options.items() if name != "discretize"},
                           params={"hide": asked.masker.hide, "seed": asked.seed, "order": order, **options},
                           limit=limit, stopping=Stopping(tolerance, settled=early), closed_form=closed_form)


def _masker(wrapped: Any, x: Any, word: str | int | None, groups: Groups | None, discretize: str | bool) -> Masker:
    """Make the input one whose parts can be hidden, in groups if they are given."""
    masker: Masker = TextMasker(wrapped, x, word) if wrapped.kind == "text" else MASKERS[wrapped.kind](wrapped, x)
    if groups is None:
        return masker
    if discretize:
        raise InputError("discretize='quartile' draws columns one by one: leave out discretize to use groups")
    return GroupedMasker(masker, groups)


def _source(asked: Asked, discretize: str | bool, limit: int, method: str) -> tuple[Source, tuple[str, ...]]:
    """Where rows come from, and what being present means for each feature."""
    if not discretize:
        adapts = method == "shapley" and suits_choosing(len(asked.masker.feature_names))
        source = AdaptiveSource if adapts else PairedSource
        return source(asked.game, asked.seed), tuple(asked.masker.feature_names)
    bins = QuartileMasker(asked.masker, asked.seed)
    return DrawnSource(bins, asked.output, asked.wanted, limit), tuple(bins.bins)
