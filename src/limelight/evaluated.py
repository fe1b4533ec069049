"""One explanation, ready for whatever a metric needs to see of it: its game, its nulls, and itself found again."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from limelight.estimators import shapley
from limelight.found_again import FoundAgain
from limelight.neighborhood import Neighborhood
from limelight.played import same_draws
from limelight.quality.infidelity import every
from limelight.quality.nulls import normals, of_input, shuffles
from limelight.types import Array

MOST_ASKED = 1024
"""Coalitions that are asked for exact Shapley values where these are not known."""
SHAPLEY = ("shapley", "tree_shap", "linear_shap")


class Evaluated(FoundAgain):
    """The attributions of one output, what they are compared with, and the game that they explain.

    For parameters see `limelight.played.Played`.
    """

    @cached_property
    def shuffled(self) -> Array:
        """The same values at random features: (n_features, n)."""
        return shuffles(self.values, same_draws())

    @cached_property
    def normal(self) -> Array:
        """Random attributions: (n, n_features)."""
        return normals(self.values, same_draws())

    @cached_property
    def of_input(self) -> Array | None:
        """Attributions that look at the input alone, as shares of the gain; None where there are none."""
        found = of_input(self.explanation.subject, self.explanation.data)
        return None if found is None else found / found.sum() * self.gain

    @cached_property
    def known_exact(self) -> Array | None:
        """Exact Shapley values, where they cost nothing; else None."""
        explanation, rows = self.explanation, self._rows
        by_shapley = explanation.method in SHAPLEY and not explanation.params.get("path_dependent", False)
        if explanation.exact and by_shapley:
            return self.values
        if rows is not None and (rows.complete or rows.closed_form is not None):
            return self._cleaned(shapley(rows).values[:, self.target])
        return None

    @cached_property
    def exact(self) -> Array | None:
        """Exact Shapley values, asked for where there are few coalitions; else None."""
        if self.known_exact is not None or self.n_features > 30 or 2**self.n_features > MOST_ASKED:
            return self.known_exact
        coalitions = every(self.n_features)
        coalitions = np.concatenate([coalitions[[0, -1]], coalitions[1:-1]])  # the order of a neighborhood
        rows = Neighborhood(self.n_features, 1)
        rows.append(coalitions, self(coalitions)[:, None])
        self._listed = coalitions
        for means in ("means", "mean_gaps"):  # these coalitions tell them better
            self.__dict__.pop(means, None)
        self.__dict__["known_exact"] = self._cleaned(shapley(rows).values[:, 0])
        return self.known_exact

    @cached_property
    def likely(self) -> Array | None:
        """Shapley values as estimated from the rows there are; None where there are none."""
        rows = self._rows
        return None if rows is None or rows.law == "bins" else self._cleaned(shapley(rows).values[:, self.target])
