"""Shapley values of trees, as a method: exact, in the space that the trees are summed in."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.attribution._by_shap import said_by_shap
from limelight.attribution._ensembles import read_trees
from limelight.attribution._inputs import inputs_of
from limelight.attribution._sums import Sums, is_dart, tree_sums
from limelight.attribution.exact import exact_shapley, taken_apart
from limelight.attribution.leaf_tables import TOLERANCE, by_leaves, check_owner
from limelight.errors import InputError, Unsuited
from limelight.types import Array, Budget, Estimate

if TYPE_CHECKING:
    from limelight.asked import Asked

log = logging.getLogger("limelight")


def asked_by_tree_shap(asked: Asked) -> Asked:
    """The same row, in the space that the trees are summed in.

    Raises
    ------
    Unsuited
        If the model is no ensemble of trees.
    """
    return in_sums(asked, None if asked.kind != "table" else tree_sums(taken_apart(asked.model)[1]),
                   "tree_shap needs decision trees (of scikit-learn, xgboost, lightgbm or catboost) whose sum or mean "
                   "is the answer")


def check_tree_shap(asked: Asked, *, path_dependent: bool = False) -> None:
    """Raise Unsuited where shap is needed and fails: asks it once, unless it would end the process."""
    head = taken_apart(asked.model)[1]
    if type(head).__name__ == "GradientBoostingClassifier" and len(head.classes_) > 2:
        raise Unsuited("shap reads scikit-learn's GradientBoostingClassifier of two classes only", "shapley")
    if path_dependent:
        _by_shap(asked, True)
    elif read_trees(head, asked.model.output_space(asked.output)) is None or _mixes(asked):
        _check_background(asked, head)


def _check_background(asked: Asked, head: Any) -> None:
    """Raise Unsuited, with a way out, if shap can't explain this model by background rows."""
    try:
        reason = _unreadable(asked, head)
        if not reason:
            _by_shap(asked, False)
    except Unsuited as error:
        reason = error.reason
    if reason:
        raise Unsuited(reason, _instead(asked))


def _mixes(asked: Asked) -> bool:
    """Tell whether a Pipeline's steps make columns of several features."""
    model: Any = asked.model
    steps = taken_apart(model)[0]
    return bool(steps) and inputs_of(model.table([model.read(asked.x)]), model.background, steps) is None


def _unreadable(asked: Asked, head: Any) -> str:
    """What shap is known to read wrongly where it is given background rows, or ""."""
    library, columns = type(head).__module__.partition(".")[0], getattr(asked.model, "columns", ())
    names = [column.name for column in columns if column.kind == "category"]
    if library == "catboost" and head.get_cat_feature_indices():
        names = names or [str(head.feature_names_[index]) for index in head.get_cat_feature_indices()]
    elif library == "catboost" and len(getattr(head, "classes_", ())) > 2:
        # It reads past the end of its leaves there.
        return "shap has background rows of catboost models with one plain sum only"
    if names and not taken_apart(asked.model)[0]:
        return f"shap has background rows of columns of numbers only, and {', '.join(names)}: categories"
    if library == "xgboost" and is_dart(head):
        return "shap reads the trees of xgboost's dart without their weights"
    return ""


def _instead(asked: Asked) -> str:
    """What can be used where background rows can't."""
    try:
        _by_shap(asked, True)
    except Unsuited:
        return "shapley"
    return "path_dependent=True, or shapley"


def tree_shap(asked: Asked, budget: Budget, *, path_dependent: bool = False) -> Iterator[Estimate]:
    """Yield the Shapley values of an ensemble's trees (Lundberg et al. 2020, arXiv:1905.04610).

    They are those of the space in which trees are summed, whatever `output`
    says: probabilities of forests, log-odds of boosted classifiers of two
    classes, margins of more, values of regressors.

    Parameters
    ----------
    path_dependent : bool
        False: absent features take their values from the background rows
        (interventional). True: an absent feature's splits are taken both ways,
        weighted by the training rows that went there, as shap's
        `feature_perturbation="tree_path_dependent"`; base values are then the trees' own.

    Yields
    ------
    Estimate
        One, exact, of shape (n_features, n_outputs).

    Raises
    ------
    Unsuited
        If values and base do not add up to what the model answers.
    """
    spent = opening(budget)
    found = None if path_dependent else closed_form(asked, "tree")
    yield replace(found or _by_shap(asked, path_dependent), n_evals=spent)


def in_sums(asked: Asked, sums: Sums | None, needs: str) -> Asked:
    """The same row, of the model asked for its sums, or Unsuited with what the method needs."""
    if sums is None:
        raise Unsuited(f"{needs}, and this is {asked.model.name}", "shapley" if asked.kind == "table" else "lime")
    model: Any = asked.model
    if model._asked.meaning == sums.meaning != "log-odds":
        return asked.in_space("probability")  # it answers with them
    summing = model.summing(sums.after(taken_apart(model)[0]), sums.meaning)
    return asked.of(summing, "probability" if sums.meaning == "probability" else "logit")


def opening(budget: Budget) -> int:
    """Spend two evaluations on nothing and everything, which values are checked against."""
    if budget.left < 2:
        raise InputError(f"n_samples={budget.left} is too few: values are checked against nothing and everything, "
                         "which takes two evaluations")
    return budget.take(2)


def closed_form(asked: Asked, route: str) -> Estimate | None:
    """Our own values, if they add up to what the model says; they know columns that come and go together."""
    try:
        found = exact_shapley(asked.model, asked.x, asked.output, _groups(asked))
    except Exception as error:  # other libraries read the model here, of whatever version it is
        log.warning("no closed form of %s: %s: %s", asked.model.name, type(error).__name__, error)
        return None
    if found is None or found.route != route:
        return None
    found = found.of_outputs(asked.chosen.columns)
    ends = np.repeat([[False], [True]], asked.game.n_features, axis=1)
    return certain(found.values, route=route) if found.agrees(ends, asked.game.opening) else None


def certain(values: Array, base_values: Array | None = None, **params: Any) -> Estimate:
    """An estimate that leaves nothing to chance."""
    values = np.asarray(values, float)
    return Estimate(values, np.zeros_like(values), np.inf, True, np.full(values.shape[1], np.nan), 1.0, params,
                    base_values=base_values)


def _groups(asked: Asked) -> Array | None:
    """Which group each feature is in; None where there are none."""
    found: Array | None = getattr(asked.masker, "owner", None)
    return found


def _by_shap(asked: Asked, path_dependent: bool) -> Estimate:
    """What shap's TreeExplainer says, or of paths what our tables of leaves say, checked."""
    model: Any = asked.model
    (steps, head), row = taken_apart(model), model.table([model.read(asked.x)])
    inputs = inputs_of(row, model.background, steps)
    if inputs is None and (steps or not path_dependent):
        raise Unsuited("tree_shap needs columns of numbers, each made of one feature", "shapley")
    given = row if inputs is None or not steps else inputs.x[None]
    if inputs is None:
        return _summed(asked, said_by_shap(head, given, None), _owner(asked, np.arange(asked.game.n_features)), True)
    if not path_dependent:
        return _summed(asked, said_by_shap(head, given, inputs.background), _owner(asked, inputs.owner), False)
    owner = _owner(asked, inputs.owner_where_told() if steps else inputs.owner)
    found = by_leaves(head, inputs.x[None], owner, asked.game.n_features)
    if found is not None:
        return _in_outputs(asked, found[0][0], found[1])
    return _summed(asked, said_by_shap(head, given, None), owner, True)


def _owner(asked: Asked, owner: Array) -> Array:
    """The player that each column is made of: its feature, or the group of that; -1 where it is not known."""
    groups = _groups(asked)
    return owner if groups is None else np.where(owner < 0, -1, groups[owner])


def _summed(asked: Asked, said: tuple[Array, Array], owner: Array, path_dependent: bool) -> Estimate:
    """Values of columns, summed over the feature they are made of."""
    values, base = said[0][0], said[1]
    check_owner(owner[values.any(1)])
    summed = np.zeros((asked.game.n_features, values.shape[1]))
    np.add.at(summed, owner, values)
    warned = {"warning": "several columns make one feature: their values were found one by one and summed"} if (
        len(np.unique(owner)) < len(owner)) else {}
    return _in_outputs(asked, summed, base if path_dependent else None, **warned)


def _in_outputs(asked: Asked, values: Array, base: Array | None, **params: Any) -> Estimate:
    """From what the trees sum to, to the model's outputs, checked; a base of its own is that of paths."""
    model: Any = asked.model
    if values.shape[1] == 1 and len(model.output_names or ()) == 2:
        values, base = values @ [[-1.0, 1.0]], None if base is None else base @ [[-1.0, 1.0]]
    check_sum(asked, values, base, "values of its trees")
    how = {} if base is None else {"hide": "paths of the trees"}
    return certain(values[:, asked.chosen.columns], base, route="tree", **how, **params)


def check_sum(asked: Asked, values: Array, base: Array | None, whose: str) -> None:
    """Raise Unsuited unless values add up from their base to the prediction; None: from nothing present."""
    columns, (nothing, prediction) = asked.chosen.columns, asked.game.opening
    start = nothing if base is None else base[columns]
    missed = np.abs(values[:, columns].sum(0) + start - prediction).max()
    if not missed <= TOLERANCE * max(np.abs(prediction).max(), np.abs(start).max(), np.abs(values).max()):
        raise Unsuited(f"{whose} and their base miss the answer of this {asked.model.name} by {missed:.3g}: it is "
                       "misread, or it answers with more than their sum", "shapley")
