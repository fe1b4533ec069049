"""Rows that differ from the background rows in the same features: asked the same questions, and read together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from limelight.bulk.enumerated import Alike, alike
from limelight.bulk.questions import Question
from limelight.types import Array


class Known(NamedTuple):
    """What answers tell about some rows, means over all background rows.

    Attributes
    ----------
    values : ndarray of shape (n_rows, n_features, n_outputs)
        The part of the Shapley values that is certain.
    ends : ndarray of shape (n_rows, 2, n_outputs)
        With nothing and everything.
    said : ndarray of shape (n_rows, n_coalitions, n_outputs), or None
        What is still to be read, to coalitions that begin with nothing and everything.
    """

    values: Array
    ends: Array
    said: Array | None


class Pattern:
    """Rows from each of which the background rows differ in the same features.

    Parameters
    ----------
    rows : int ndarray of shape (n_rows,)
        Their places.
    differs : bool ndarray of shape (n_background, n_features)
    most : int
        Background rows that differ in so few features that there are no more coalitions are asked about all of them.
    coalitions : bool ndarray of shape (n, n_features)
        What is asked with the other background rows.

    Attributes
    ----------
    questions : list of Question
    """

    def __init__(self, rows: Array, differs: Array, most: int, coalitions: Array):
        self.rows, self._n_background, self._n_features = rows, *differs.shape
        self._few, rest = alike(differs, most)
        self.questions = [_question(rows, some, self._n_features) for some in self._few]
        self._rest = len(rest) > 0
        if self._rest:
            self.questions.append(Question(rows, coalitions, rest))

    def read(self, answers: list[Array]) -> Known:
        """Read what was answered to the questions, each of shape (n_outputs, n_rows, n_coalitions, n_which)."""
        n_outputs, n_rows = answers[0].shape[:2]
        values, ends = np.zeros((self._n_features, n_outputs * n_rows)), np.zeros((2, n_outputs, n_rows))
        for some, answer in zip(self._few, answers, strict=False):
            # By background rows, and then by coalitions: paired questions have them in this order.
            outputs = answer.swapaxes(2, 3).reshape(n_outputs * n_rows, len(some.rows), -1)
            values = values + some.shapley(outputs, self._n_features)
            ends = ends + np.moveaxis(outputs[:, :, [0, -1]].sum(1), 1, 0).reshape(ends.shape)
        said = None
        if self._rest:
            said = np.moveaxis(answers[-1].sum(3), 0, -1) / self._n_background
        ends = ends.transpose(2, 0, 1) / self._n_background
        values = values.reshape(self._n_features, n_outputs, n_rows).transpose(2, 0, 1) / self._n_background
        return Known(values, ends if said is None else ends + said[:, :2], said)


def patterns(differs: Array, most: int, coalitions: Array) -> list[Pattern]:
    """Put rows of one pattern together.

    Parameters
    ----------
    differs : bool ndarray of shape (n_rows, n_background, n_features)
    most, coalitions
        As of `Pattern`.
    """
    found: dict[bytes, list[int]] = {}
    for row, each in enumerate(np.packbits(differs.reshape(len(differs), -1), axis=1)):
        found.setdefault(each.tobytes(), []).append(row)
    return [Pattern(np.array(rows), differs[rows[0]], most, coalitions) for rows in found.values()]


def _question(rows: Array, some: Alike, n_features: int) -> Question:
    """All coalitions of what differs."""
    if (some.features == some.features[0]).all():
        return Question(rows, Alike(some.rows[:1], some.features[:1]).coalitions(n_features)[0], some.rows)
    shown = some.coalitions(n_features)
    return Question(rows, shown.reshape(-1, n_features), np.repeat(some.rows, shown.shape[1]), paired=True)
