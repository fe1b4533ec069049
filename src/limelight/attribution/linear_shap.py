"""Shapley values of linear models, as a method: exact, in the space in which the model is linear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from limelight.attribution._sums import linear_sums
from limelight.attribution.exact import taken_apart
from limelight.attribution.tree_shap import closed_form, in_sums, opening
from limelight.errors import Unsuited
from limelight.types import Budget, Estimate

if TYPE_CHECKING:
    from limelight.asked import Asked


def asked_by_linear_shap(asked: Asked) -> Asked:
    """The same row, in the space in which the model is linear.

    Raises
    ------
    Unsuited
        If it is linear in none.
    """
    return in_sums(asked, None if asked.kind != "table" else linear_sums(taken_apart(asked.model)[1]),
                   "linear_shap needs a linear or logistic model of scikit-learn")


def linear_shap(asked: Asked, budget: Budget) -> Iterator[Estimate]:
    """Yield w_i (x_i - mean of the background's) (Strumbelj & Kononenko 2014), also behind a Pipeline's scalers.

    They are those of the space in which the model is linear, whatever `output`
    says: log-odds of a logistic regression of two classes, margins of more
    classes and of support vector machines, values of regressors.

    Yields
    ------
    Estimate
        One, exact, of shape (n_features, n_outputs).

    Raises
    ------
    Unsuited
        If an earlier step mixes columns, or the values do not add up to what the model answers.
    """
    spent = opening(budget)
    found = closed_form(asked, "linear")
    if found is None:
        raise Unsuited(f"linear_shap needs columns that are each made of one feature, and {asked.model.name} is given "
                       "others", "shapley")
    yield replace(found, n_evals=spent)
