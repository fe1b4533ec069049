"""What predictions rest on, over all pinned examples: the evidence lane, and predictions and evidence that part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from limelight.training.drift import shares
from limelight.types import Array, Kind


@dataclass(frozen=True, eq=False)
class Evidence:
    """The share of the evidence that one feature has in the examples that it is in.

    Attributes
    ----------
    examples : tuple of int
        Those that it is in.
    shares : ndarray of shape (n_steps, n_examples_with_it)
    """

    examples: tuple[int, ...]
    shares: Array


def names_of(kind: Kind, example: int, features: Sequence[str], alike: bool) -> list[str]:
    """What the features of one example are called where examples are held together.

    A word is the same in all texts, whatever its case, and a column in all
    rows. A segment is that of one picture only, unless all are cut alike:
    then it is a region that they have in common.
    """
    if kind == "text":
        return [feature.casefold() for feature in features]
    return list(features) if kind == "table" or alike else [f"{feature} of picture {example + 1}"
                                                             for feature in features]


def gathered(names: Sequence[Sequence[str]], values: Sequence[Array],
             of: Callable[[Array], Array] = shares) -> dict[str, Evidence]:
    """Gather shares by feature; a word that comes twice has the sum of both.

    Parameters
    ----------
    names : for each example, its features' names
    values : for each example, ndarray of shape (n_steps, n_features)
    of : callable
        Makes shares of values: `drift.shares` or `drift.signed_shares`.
    """
    found: dict[str, dict[int, Array]] = {}
    for i, (features, each) in enumerate(zip(names, values, strict=True)):
        share = of(each)
        for j, name in enumerate(features):
            places = found.setdefault(name, {})
            places[i] = places[i] + share[:, j] if i in places else share[:, j]
    return {name: Evidence(tuple(places), np.stack(list(places.values()), 1)) for name, places in found.items()}


def lane(evidence: Mapping[str, Evidence], n_examples: Array, top: int) -> tuple[list[str], Array]:
    """The features that ever had most of the evidence, and their shares.

    Parameters
    ----------
    n_examples : int ndarray of shape (n_steps,)
        How many were explained.

    Returns
    -------
    names : list of str
        The one with the largest share at any step first.
    shares : ndarray of shape (n_steps, n_names)
        Means over all examples that were explained, 0 in those without the feature: all features' add up to 1.
    """
    mean = {name: np.nansum(each.shares, 1) / n_examples for name, each in evidence.items()}
    names = sorted(mean, key=lambda name: -mean[name].max(initial=0))[:top]
    n_steps = len(next(iter(mean.values()))) if mean else 0
    return names, np.stack([mean[name] for name in names], 1) if names else np.zeros((n_steps, 0))
