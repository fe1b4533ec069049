"""Explainable boosting machines (Nori et al. 2019, arXiv:1909.09223): terms of one or a few features, read off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from limelight.attribution._bags import folded, scores_of, shared, spread
from limelight.attribution._sums import Means, Sums
from limelight.attribution.exact import taken_apart
from limelight.attribution.tree_shap import certain, check_sum, in_sums, opening
from limelight.errors import InputError, Unsuited
from limelight.types import Array, Budget, Estimate

if TYPE_CHECKING:
    from limelight.asked import Asked

NEEDS = "additive needs an explainable boosting machine of interpret"


class Shape(NamedTuple):
    """A feature's own term.

    Attributes
    ----------
    grid : ndarray of shape (n_bins,)
        Where each bin begins, the first at the least number that the model was
        fitted to; or the categories.
    values, low, high : ndarray of shape (n_bins, n_sums)
        The term in the bin, and that less and plus the standard deviation among
        the model's bags; NaN where it is not known.
    """

    grid: Array
    values: Array
    low: Array
    high: Array


def is_additive(head: Any) -> bool:
    """Tell a fitted explainable boosting machine."""
    return all(hasattr(head, name) for name in ("eval_terms", "term_features_", "term_scores_", "bins_"))


def terms(model: Any, X: Any) -> tuple[Array, Array]:
    """Read the terms of rows: exact, and they add up from the model's intercept.

    The intercept is the base because the model's terms are centred on the rows
    that it was fitted to. A term of k features gives each of them 1 / k: the
    Shapley value of the sum of terms, where an absent feature takes its terms along.

    Parameters
    ----------
    model
        An ExplainableBoostingClassifier or Regressor, or a `TabularModel` of one.
    X : ndarray or DataFrame of shape (n_rows, n_features)

    Returns
    -------
    values : ndarray of shape (n_rows, n_features, n_sums)
        Features as X has them. One sum for the log-odds of the second of two classes, margins of more, values of
        regressors.
    base_values : ndarray of shape (n_sums,)

    Raises
    ------
    Unsuited
        If the model is something else, or is behind a Pipeline's steps.
    """
    head = _head(model)
    scores = np.asarray(head.eval_terms(X), float)
    values = shared(head, scores.reshape(*scores.shape[:2], -1))
    return values[:, places(head, X)], np.ravel(head.intercept_).astype(float)


def places(head: Any, X: Any) -> list[int]:
    """Where the model has the columns of X: it reads a DataFrame by names, in whatever order they come."""
    names = list(head.feature_names_in_)
    columns = list(getattr(X, "columns", names))
    return [names.index(name) for name in columns] if set(columns) == set(names) else list(range(len(names)))


def shape(model: Any, feature: int | str) -> Shape:
    """Read a feature's own term, a function of its value alone; zero where the model has none.

    Raises
    ------
    InputError
        If there is no such feature.
    """
    head = _head(model)
    names = list(head.feature_names_in_)
    if feature not in names and feature not in range(len(names)):
        raise InputError(f"feature={feature!r} is not known: give one of {', '.join(map(str, names))}, or its number")
    index = names.index(feature) if feature in names else int(feature)
    bins, n_sums = head.bins_[index][0], np.size(head.intercept_)
    grid = _grid(bins, head.feature_bounds_[index][0])
    # Before them is the bin of missing values, and after them that of unknown ones.
    own = slice(1, 1 + len(grid))
    if (index,) not in head.term_features_:
        return Shape(grid, *np.zeros((3, len(grid), n_sums)))
    term = head.term_features_.index((index,))
    values = head.term_scores_[term][own].reshape(-1, n_sums)
    apart = (head.standard_deviations_ or {term: None})[term]
    apart = np.full(values.shape, np.nan) if apart is None else apart[own].reshape(-1, n_sums)
    return Shape(grid, values, values - apart, values + apart)


def sums_of(model: Any) -> Sums:
    """What terms and intercept sum to: how to ask for it, and what it means.

    Raises
    ------
    Unsuited
        If the model is something else, or is behind a Pipeline's steps.
    """
    return _sums(_head(model))


def asked_by_additive(asked: Asked) -> Asked:
    """The same row, in the space that terms are summed in.

    Raises
    ------
    Unsuited
        If the model is no explainable boosting machine.
    """
    if asked.kind != "table" or not is_additive(taken_apart(asked.model)[1]):
        return in_sums(asked, None, NEEDS)
    return in_sums(asked, sums_of(asked.model), NEEDS)


def additive(asked: Asked, budget: Budget, *, order: int = 1) -> Iterator[Estimate]:
    """Yield the terms of an explainable boosting machine: exact, and read without asking it.

    They are those of the space that terms are summed in, whatever `output`
    says: log-odds of two classes, margins of more, values of regressors. They
    add up from the model's intercept, as its terms are centred on the rows that
    it was fitted to. Their errors tell how far its bags, which were fitted to
    other parts of these rows, are apart (a standard deviation): not an
    uncertainty of the reading.

    Parameters
    ----------
    order : {1, 2}
        2: also what two features have in common terms.

    Yields
    ------
    Estimate
        One, exact, of shape (n_features, n_outputs).

    Raises
    ------
    Unsuited
        If they do not add up to what the model answers.
    """
    spent, model = opening(budget), cast(Any, asked.model)
    head, row = _head(model), model.table([model.read(asked.x)])
    base = np.ravel(head.intercept_).astype(float)
    signs = np.array([[-1.0, 1.0]]) if len(base) == 1 and len(model.output_names or ()) == 2 else np.eye(len(base))
    of_model, of_bags = scores_of(head, row)
    owner = getattr(asked.masker, "owner", None)
    owner = np.arange(len(head.feature_names_in_)) if owner is None else owner
    values, bags = (folded(shared(head, scores), owner, 1) @ signs for scores in (of_model, of_bags[:, 0]))
    check_sum(asked, values[0], base @ signs, "its terms")
    kept, together = asked.chosen.columns, None
    if order == 2:
        both = (folded(folded(_common(head, scores), owner, 1), owner, 2) @ signs
                for scores in (of_model, of_bags[:, 0]))
        common, among = (each[..., kept] for each in both)
        together = _apart(common[0]), _apart(spread(head, among))
    estimate = certain(values[0][:, kept], base @ signs, route="additive", hide="terms of the model")
    yield replace(estimate, n_evals=spent, std_error=spread(head, bags[..., kept]), together=together)


def _head(model: Any) -> Any:
    steps, head = taken_apart(model)
    if not is_additive(head):
        raise Unsuited(f"{NEEDS}, and this is {type(head).__name__}", "shapley")
    if steps:
        raise Unsuited(f"{NEEDS} that is given the features themselves, and steps of a Pipeline come before this one",
                       "shapley")
    return head


def _sums(head: Any) -> Sums:
    """Ask the model in its own way where it has one."""
    spaces: dict[str, Means] = {"logit": "log-odds", "identity": "value"}
    means = spaces.get(head.link_, "margin")
    if hasattr(head, "decision_function"):
        return Sums(head.decision_function, means)
    if means == "value":
        return Sums(head.predict, means)
    return Sums(lambda rows: head.eval_terms(rows).sum(1) + head.intercept_, means)


def _common(head: Any, scores: Array) -> Array:
    """What every two features do in terms, (n, n_terms, n_sums), of both: (n, n_features, n_features, n_sums).

    The Shapley interaction index of a term of k features is 1 / (k - 1) of it
    (Grabisch & Roubens 1999, of a unanimity game).
    """
    width = len(head.feature_names_in_)
    common = np.zeros((len(scores), width, width, scores.shape[2]))
    for term, features in enumerate(head.term_features_):
        for first, second in permutations(features, 2):
            common[:, first, second] += scores[:, term] / (len(features) - 1)
    return common


def _apart(pairs: Array) -> Array:
    """Leave out what the features of one group have in common."""
    pairs[np.diag_indices(len(pairs))] = 0
    return pairs


def _grid(bins: Any, least: float) -> Array:
    """Where bins begin; of categories, one of each bin's."""
    if not isinstance(bins, dict):
        return np.concatenate([[least], bins])
    named = {place: category for category, place in reversed(list(bins.items()))}
    return np.array([named[place] for place in sorted(named)], dtype=object)
