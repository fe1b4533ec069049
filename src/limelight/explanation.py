"""What comes back: an answer with its errors, and what it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from limelight import feedback as marks
from limelight.errors import InputError
from limelight.feedback import Feedback
from limelight.neighborhood import Neighborhood, least
from limelight.question import Question, as_index, find_target
from limelight.scalars import is_whole
from limelight.types import Array, Estimate, OutputSpace, Run

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    import pandas
    import shap

    from limelight.measuring import Measuring
    from limelight.quality.report import Quality
    from limelight.widgets.live import LiveView

OF_ESTIMATES = ("intercept", "route", "n_read")
"""Entries of `params` that belong to one reading and not to the next."""


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Attributions of one prediction. Frozen: what changes is a new explanation.

    Attributes
    ----------
    values : ndarray of shape (n_features, n_outputs)
        Attributions in the outputs' units. Positive speaks for the output.
        Gradient methods compute the target's; the others are NaN.
    std_error : ndarray of shape (n_features, n_outputs)
        Infinite where none is known, zero where exact.
    base_values, prediction : ndarray of shape (n_outputs,)
        Outputs with nothing and with everything present.
    data
        What each feature is: words, segment numbers, or the row's values.
    feature_names, output_names : tuple of str
    output_space : {"probability", "logit", "log-odds", "margin", "value"}
    target : int
        The output that is shown: an index into `output_names`.
    method : str
    params : dict
        What it was read with, such as the kernel width.
    n_evals : int
        Coalitions that were evaluated for it.
    exact : bool
        True when nothing was left to chance.
    quality : Quality
        For the target: `fidelity` (weighted R2 on coalitions that the fit had
        not seen), `effective_samples`, `rank_stability` (of the top five),
        `completeness_gap` (sum of values less prediction plus base value).
    neighborhood : Neighborhood or None
        The evaluated coalitions and outputs.
    pixels : ndarray of shape (height, width) or None
        Signed attributions of single pixels: for image gradient methods.
    interactions, interactions_std_error : ndarray of shape (n_features, n_features, n_outputs) or None
        With `order=2`: what two features do together and not alone (the
        Shapley interaction index); zeros on the diagonal.
    feedback : Feedback
        A reader's marks, a mapping: `feedback[3]` or `feedback["dull"]` is
        "should not matter" or "should matter". See `mark`.
    """

    values: Array
    std_error: Array
    base_values: Array
    prediction: Array
    data: Any
    feature_names: tuple[str, ...]
    output_names: tuple[str, ...]
    output_space: OutputSpace
    target: int
    method: str
    params: Mapping[str, Any]
    n_evals: int
    exact: bool
    quality: Quality
    neighborhood: Neighborhood | None = None
    pixels: Array | None = None
    interactions: Array | None = None
    interactions_std_error: Array | None = None
    feedback: Feedback = field(default_factory=Feedback)
    _question: Question | None = field(default=None)
    _run: Run | None = field(default=None)

    @classmethod
    def of(cls, question: Question, opening: Any, method: str, estimate: Estimate, params: Mapping[str, Any],
           n_evals: int, neighborhood: Neighborhood | None = None, run: Run | None = None) -> Explanation:
        """Put an estimate beside what it was read from; `opening` is the base values and the prediction."""
        from limelight.quality.report import report

        base, prediction = opening
        before = {name: value for name, value in params.items() if name not in OF_ESTIMATES}
        known = {**before, **estimate.params, "degrees_of_freedom": estimate.dof}
        together = _together(estimate, neighborhood if params.get("order") == 2 else None)
        return cls(_frozen(estimate.values), _frozen(estimate.std_error), _frozen(base), _frozen(prediction),
                   question.data, question.feature_names, question.output_names, question.output_space,
                   question.target, method, MappingProxyType(known), n_evals, estimate.exact,
                   report(estimate, neighborhood, question.target, prediction - base),
                   neighborhood, estimate.pixels, **together, _question=question, _run=run)

    @classmethod
    def read(cls, question: Question, neighborhood: Neighborhood, method: str, estimate: Estimate,
             params: Mapping[str, Any], run: Run | None = None) -> Explanation:
        """Put an estimate beside the neighborhood that it was read from."""
        opening = neighborhood.outputs[:2] if neighborhood.law != "bins" else (
            estimate.params["intercept"], neighborhood.outputs[0])
        return cls.of(question, opening, method, estimate, params, len(neighborhood), neighborhood, run)

    def interval(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return `(low, high)`, each of shape (n_features, n_outputs), by Student's t.

        Raises
        ------
        InputError
            If `level` is no number between 0 and 1.
        """
        from limelight.quality.intervals import critical

        if not isinstance(level, (float, np.floating)) or not 0 < level < 1:
            raise InputError(f"level={level!r} can't be used: give a share between 0 and 1, such as 0.95")
        half = self.std_error * critical(self.params["degrees_of_freedom"], level)
        return self.values - half, self.values + half

    def refit(self, method: str | None = None, kernel_width: float | None = None,
              n_samples: int | None = None, target: int | str | None = None) -> Explanation:
        """Read the same neighborhood again. Asks no model.

        Parameters
        ----------
        method : {"lime", "shapley", "banzhaf", "occlusion"}, optional
        kernel_width : float, optional
            Default: as it was.
        n_samples : int, optional
            Read only the first so many coalitions.
        target : int or str, optional

        Raises
        ------
        InputError
            If there is no neighborhood, or an argument can't be used.
        """
        from limelight.estimators import check_method, options_of, read
        from limelight.estimators.lime import warn_wide

        if self.neighborhood is None or self._question is None:
            raise InputError(f"refit needs a neighborhood, and {self._without_rows}")
        method = method or self.method
        check_method(method)
        if self.neighborhood.law == "bins" and method != "lime":
            raise InputError(f"{method} can't read the neighborhood of lime(discretize='quartile'): "
                             "call explain again without discretize")
        question = self._question
        if target is not None:
            question = replace(question, target=find_target(target, question.output_names))
        width = self.params.get("kernel_width") if kernel_width is None else kernel_width
        rows = self.neighborhood.first(self._checked_count(n_samples))
        if kernel_width is not None and method == "lime":
            warn_wide(kernel_width, rows.law)
        options = {name: self.params[name] for name in options_of(method) if name in self.params}
        params = {**self.params, "kernel_width": width, **options}
        found = Explanation.read(question, rows, method, read(rows, method, width, options), params, self._run)
        return replace(found, feedback=self.feedback)

    def mark(self, feature: int | str, mark: str | None, *, every: bool = False) -> Explanation:
        """Say whether a feature should matter, and return an explanation with that mark.

        Marks change no values. Views show them, files keep them, `evaluate`
        tells how much of the attribution is on what is marked, and
        `losses.right_reasons` trains on them.

        Parameters
        ----------
        feature : int or str
            By index or name; a name stands for the first feature of that name.
        mark : {"should not matter", "should matter"} or None
            None takes a mark back.
        every : bool
            All features of that name: a word wherever it stands.

        Raises
        ------
        InputError
            If there is no such feature or mark.
        """
        return marks.mark(self, feature, mark, every)

    def as_list(self, target: int | str | None = None) -> list[tuple[str, float]]:
        """Return (feature, value) of one output, the largest absolute value first, as lime's `as_list`.

        lime writes a condition for a table's feature ("age <= 30.00"), because
        it explains bins. Here a feature is the row's own value, present or
        absent, and is written as its column's name; as a condition only with
        `lime(discretize="quartile")`, whose features are lime's bins.
        """
        column = self.values[:, self._column(target)]
        return [(self.feature_names[i], float(column[i])) for i in np.argsort(-np.abs(column), kind="stable")]

    def to_frame(self, target: int | str | None = None) -> pandas.DataFrame:
        """Return a table of one output, largest first: feature, value, std_error, low, high, mark ("": none)."""
        import pandas

        k = self._column(target)
        low, high = self.interval()
        frame = pandas.DataFrame({"feature": as_index(self.feature_names), "value": self.values[:, k],
                                  "std_error": self.std_error[:, k], "low": low[:, k], "high": high[:, k],
                                  "mark": [self.feedback.get(i, "") for i in range(len(low))]})
        return frame.sort_values("value", key=abs, ascending=False, kind="stable", ignore_index=True)

    def to_shap(self, *others: Explanation, target: int | str | None = None, all_outputs: bool = False,
                pixels: bool = False) -> shap.Explanation:
        """Return a shap.Explanation of one output, for shap's own plots.

        Parameters
        ----------
        *others : Explanation
            Of other inputs with the same features: stacked, for beeswarm. All rows are of one output.
        target : int or str, optional
            Default: the output that this explanation shows.
        all_outputs : bool
            All outputs that are computed, of shape (n_features, n_outputs).
        pixels : bool
            Of a picture's pixels, shape (1, height, width, 1), for shap's image plot.

        Returns
        -------
        shap.Explanation
            Of shape (n_features,); with `others` (n_inputs, n_features).

        Raises
        ------
        InputError
            If the output is not computed, or the features or the output spaces differ.

        Warns
        -----
        UserWarning
            If the values don't add up to the prediction, as LIME's and saliency's: shap's waterfall,
            force and text plots add them up, and would write a false f(x). Its bar and beeswarm don't.
        """
        from limelight.export import outgoing

        if all_outputs:
            if others or pixels or target is not None:
                raise InputError("all_outputs=True takes neither a target nor others nor pixels=True: leave them out")
            return outgoing.all_outputs(self)
        if pixels:
            if others:
                raise InputError("pixels=True is of one picture: call to_shap(pixels=True) of each")
            return outgoing.of_pixels(self, self._column(target))
        if others:
            name = self.output_names[self._column(target)]
            outgoing.check_stack(self, others)
            every = [self, *others]
            return outgoing.stacked(every, [each._column(name) for each in every])
        return outgoing.one_output(self, self._column(target))

    def plot(self, target: int | str | None = None, top: int = 10, *, level: float = 0.95, ax: Any = None) -> Any:
        """Draw one output's strongest attributions with their intervals: a matplotlib figure.

        A text stands above its bars, each word on its colour and underlined
        (with dots where it speaks against the output); an image beside its
        heat, in which the strongest segments have their numbers.

        Parameters
        ----------
        target : int or str, optional
            Default: the output that this explanation shows.
        top : int
            So many features have a bar.
        level : float
            Of the intervals.
        ax : matplotlib.axes.Axes, optional
            Draw the bars there, and nothing else.

        Returns
        -------
        matplotlib.figure.Figure
            As high as it needs to be, with the size of letters that matplotlib's rcParams say.

        Raises
        ------
        InputError
            If the output is not computed, `top` is no whole number from 1 on, `level` no share between 0 and 1, or
            `ax` none of matplotlib's axes.
        """
        from limelight.export.figure import plot

        return plot(self, self._column(target), top, level, ax)

    def save(self, path: str | PathLike[str], *, title: str | None = None, fragment: bool = False) -> Path:
        """Write a file whose suffix says how: see `limelight.save`."""
        from limelight.export.saving import save

        return save(self, path, title=title, fragment=fragment)

    def _measuring(self) -> Measuring:
        """Begin to measure how good it is, a little at a time: what its view does. `evaluate` does all at once."""
        from limelight.measuring import Measuring

        return Measuring(self)

    def __getstate__(self) -> dict[str, Any]:
        """What is copied and pickled: all but the model."""
        kept = {name: value for name, value in vars(self).items() if name != "view"}
        return {**kept, "params": dict(self.params), "_run": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, params=MappingProxyType(state["params"]))

    def __repr__(self) -> str:
        from limelight.export.table import as_text

        return as_text(self)

    def _ipython_display_(self) -> None:
        if self._run is None:
            raise NotImplementedError
        self.view.display(self)

    def _repr_mimebundle_(self, **_: Any) -> Any:
        if self._run is None:
            from limelight.export.picture import picture

            return {"text/plain": repr(self), "image/svg+xml": picture(self)}
        return self.view.bundle(self)

    @property
    def subject(self) -> Mapping[str, Any]:
        """What a view draws of the input."""
        return {} if self._question is None else self._question.subject

    @cached_property
    def view(self) -> LiveView:
        """The interactive view. It can ask for more: that is `view.explanation`."""
        from limelight.widgets.live import LiveView

        if self._run is None:
            raise InputError("this explanation has no run to show: call explain again")
        whole = self.n_evals == self._run.n
        return LiveView(self._run, {"method": self.method, "target": self.target,
                                    "kernel_width": self.params.get("kernel_width", self._run.kernel_width),
                                    "n_samples": None if whole else self.n_evals}, self.feedback.pairs)

    @property
    def _without_rows(self) -> str:
        source = self.params.get("source")
        return f"{self.method} has none: call explain again" if source is None else (
            f"{source} holds values only: load the .npz or .json of this explanation, if there is one, or call "
            "explain with the model")

    def _column(self, target: int | str | None) -> int:
        k = self.target if target is None else find_target(target, self.output_names)
        if np.isnan(self.values[:, k]).any():
            raise InputError(f"{self.method} was computed for {self.output_names[self.target]!r}: for another output "
                             f"call explain again with target={self.output_names[k]!r}")
        return k

    def _checked_count(self, n_samples: int | None) -> int:
        assert self.neighborhood is not None
        most = len(self.neighborhood)
        if n_samples is None:
            return most
        lowest = least(self.neighborhood.n_features)
        if not (is_whole(n_samples) and lowest <= n_samples <= most):
            raise InputError(f"n_samples={n_samples!r} can't be read: give a whole number from {lowest}, the least for "
                             f"{self.neighborhood.n_features} features, to {most}, which this explanation holds")
        return int(n_samples)


def _together(estimate: Estimate, neighborhood: Neighborhood | None) -> dict[str, Any]:
    """What pairs of features do: what the method found itself, or what the neighborhood says."""
    if neighborhood is None and estimate.together is None:
        return {}
    if neighborhood is not None:
        from limelight.estimators import interactions_of

        found = interactions_of(neighborhood)
        values, errors = found.values, found.std_error
    else:
        values, errors = cast(tuple[Array, Array], estimate.together)
    return {"interactions": _frozen(values), "interactions_std_error": _frozen(errors)}


def _frozen(array: Array) -> Array:
    array = np.array(array, float)
    array.flags.writeable = False
    return array
