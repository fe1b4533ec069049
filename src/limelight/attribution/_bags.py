"""What the terms of an explainable boosting machine say of rows, and how far its bags are apart in them."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np

from limelight.types import Array


def scores_of(head: Any, rows: Any) -> tuple[Array, Array]:
    """Terms of rows as the model has them, (n, n_terms, n_sums), and as each of its bags has, (n_bags, n, ...).

    There are no bags where they are not known, as of a model whose terms were changed by hand.
    """
    n_sums = np.size(head.intercept_)
    scores = np.asarray(head.eval_terms(rows), float)
    scores = scores.reshape(*scores.shape[:2], n_sums)
    bagged = head.bagged_scores_ or [None]
    if any(each is None for each in bagged):
        return scores, np.zeros((0, *scores.shape))
    # The model is made to say which cell of each term it reads.
    places = copy(head)
    shapes = [each.shape[1 : 1 + len(features)] for each, features in zip(bagged, head.term_features_, strict=True)]
    places.intercept_, places.term_scores_ = 0.0, [np.arange(np.prod(sizes)).reshape(sizes) for sizes in shapes]
    cells = places.eval_terms(rows).T.astype(int)
    return scores, np.stack([each.reshape(len(each), -1, n_sums)[:, cell]
                             for each, cell in zip(bagged, cells, strict=True)], axis=2)


def spread(head: Any, bags: Array) -> Array:
    """Standard deviation among bags, along the first axis, as interpret takes it; infinite where there are none."""
    if len(bags) == 0:
        return np.full(bags.shape[1:], np.inf)
    weights = head.bag_weights_
    return np.sqrt(np.average((bags - np.average(bags, axis=0, weights=weights)) ** 2, axis=0, weights=weights))


def shared(head: Any, scores: Array) -> Array:
    """Share terms, (n, n_terms, n_sums), equally among their features: (n, n_features, n_sums)."""
    values = np.zeros((len(scores), len(head.feature_names_in_), scores.shape[2]))
    for term, features in enumerate(head.term_features_):
        for feature in features:
            values[:, feature] += scores[:, term] / len(features)
    return values


def folded(numbers: Array, owner: Array, axis: int) -> Array:
    """Sum over the features of each group along an axis."""
    moved = np.moveaxis(numbers, axis, 0)
    groups = np.zeros((owner.max() + 1, *moved.shape[1:]))
    np.add.at(groups, owner, moved)
    return np.moveaxis(groups, 0, axis)
