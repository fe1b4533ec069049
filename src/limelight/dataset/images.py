"""The overview of images that share one map of segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from limelight.dataset.collected import Watch, collected, remarks
from limelight.dataset.dependence import Dependence
from limelight.dataset.labels import Labels, of_rows
from limelight.dataset.pictures import mean_picture
from limelight.dataset.result import Overview
from limelight.dataset.singly import (
    A_SEGMENT,
    IMAGES,
    LEAST,
    Asking,
    asking,
    common,
    one_by_one,
    outcome_of,
    shown,
    stacked,
)
from limelight.dataset.steps import Steps
from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.types import Output, Target


def overview_of_images(model: Any, images: Sequence[Any], y: Any, *, method: str, target: Target, output: Output,
                       n_rows: int | str, n_samples: int | str, groups: Any, seed: int, progress: bool,
                       watch: Watch, labels: Labels | None, options: Mapping[str, Any]) -> Overview:
    """Explain images segment by segment: see `overview`.

    Raises
    ------
    InputError
        If they have no map of segments in common.
    """
    asked = asking(model, images, target, method="shapley" if method == "auto" else method, output=output,
                   n_samples=n_samples, groups=groups, seed=seed, options=options)
    n_segments = _segments(asked.model)
    order = np.random.default_rng(seed).permutation(len(images))[: IMAGES if n_rows == "auto" else int(n_rows)]
    spend = max(LEAST, A_SEGMENT * n_segments)
    pieces = collected(one_by_one(asked, images, order, lambda _: spend), lambda _: 1, len(order), "images",
                       show=progress, watch=watch)
    found = sorted(((i, each) for i, each in pieces if each is not None), key=lambda pair: pair[0])
    late = remarks(len(pieces), len(order), "images", watch)
    return _put_together(images, y, asked, found, spend, late, labels)


def _segments(model: Any) -> int:
    """How many segments the map has that all images share."""
    if not isinstance(model.segments, (list, np.ndarray)):
        raise InputError("images can be looked at together where they share one map of segments, and this model cuts "
                         "each by itself: give ll.image_model(net, segments=map), with a map of whole numbers of the "
                         "size that the model sees, such as a grid or the parts of an aligned face. Explain single "
                         "images with ll.explain")
    return len(np.unique(np.asarray(model.segments)))


def _put_together(images: Sequence[Any], y: Any, asked: Asking, found: list[tuple[int, Explanation]],
                  spend: int, late: list[str], labels: Labels | None) -> Overview:
    index, explained = np.array([i for i, _ in found]), [each for _, each in found]
    names, places = common(explained)
    first, features = explained[0], explained[0].feature_names
    predictions = stacked("prediction", explained, places)
    remarks = [f"Explained are {len(found):,} images drawn from {len(images):,}."] if len(found) < len(images) else []
    return Overview(
        "image", first.subject["model"], len(images), index, stacked("values", explained, places),
        stacked("std_error", explained, places), stacked("base_values", explained, places), predictions,
        tuple(f"image {i}" for i in index), features, ("segment",) * len(features), (None,) * len(features),
        np.full((len(found), len(features)), np.nan), names, first.output_space,
        shown(asked.target, names, predictions), first.method,
        asked.to_repeat(),
        int(np.mean([each.n_evals for each in explained])), all(each.exact for each in explained),
        outcome=outcome_of(y, len(images), names, index), target_name=str(getattr(y, "name", "") or ""),
        remarks=tuple([*late, *remarks]), labels=of_rows(labels, index),
        subject=mean_picture([each.subject for each in explained]),
        _behind=ImagesBehind(images, asked, names, spend, labels, [each.subject["picture"] for each in explained]))


class ImagesBehind:
    """Asks the model of some images about one of them."""

    offers: Mapping[str, str] = {}

    def __init__(self, images: Sequence[Any], asked: Asking, names: tuple[str, ...], spend: int,
                 labels: Labels | None = None, pictures: Sequence[bytes] | None = None):
        self.images, self.asked, self.names, self.spend, self.labels = images, asked, names, spend, labels
        self.pictures = pictures  # of those that are explained, as the model sees them

    def of_all(self, name: str, options: Mapping[str, Any]) -> bool:
        """Tell a measure that is the same whichever output is shown: there is none."""
        return False

    def measure(self, name: str, target: int, order: Sequence[int], options: Mapping[str, Any],
                watch: Watch) -> Steps[tuple[Any, ...]]:
        """Refuse: there is none but the attributions' own."""
        raise InputError(f"measure={name!r} is for tables")

    def dependence(self, feature: int, target: int) -> Steps[Dependence]:
        """Refuse: a segment has no value."""
        raise InputError("a segment has no value to depend on")

    def explain(self, row: int, target: int, options: Mapping[str, Any]) -> Explanation:
        """Explain one image as all of them were."""
        spend = self.spend if self.asked.n_samples == "auto" and "method" not in options else None
        return self.asked.explain(self.images[row], spend, **{"target": self.names[target], **options})
