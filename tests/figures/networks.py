"""The real networks' games, asked about every coalition once.

A review's words are left out (MiniLM, sentiment); a photo's superpixels take their mean colour
(EfficientNet-Lite0). A coalition is worth the probability of the class predicted for the whole.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np
import torch
from exact import Array, coalitions
from skimage import data
from skimage.segmentation import slic
from sklearn.datasets import load_sample_image

import limelight as ll
from assets.models import efficientnet, sentiment
from limelight.maskers.image import ImageMasker
from limelight.maskers.text import TextMasker
from limelight.sources import MaskedGame

ASKED_AT_ONCE = 64


def of_review(text: str) -> Array:
    """All values of one review, shape (2^n,)."""
    return all_values(TextMasker(_text_model(), text))


def of_photo(name: str, about: int) -> Array:
    """All values of one photo in about so many superpixels, shape (2^n,)."""
    net, preprocess, names = _network()
    # Cut once: a number of segments would be asked for again, for more, and all coalitions of those are too many.
    cut = partial(slic, n_segments=about, compactness=10, start_label=0, channel_axis=-1)
    model = ll.image_model(net, preprocess, segments=cut, output_names=names)
    return all_values(ImageMasker(model, photo(name)))


def photo(name: str) -> Array:
    """One of the photos that come with scikit-image and scikit-learn, shape (height, width, 3)."""
    return load_sample_image(f"{name}.jpg") if name in ("china", "flower") else getattr(data, name)()


def all_values(masker: Any) -> Array:
    """Ask about every coalition, those of a size together, which saves padding: shape (2^n,)."""
    game = MaskedGame(masker, "probability", None)
    rows = coalitions(game.n_features)
    order = np.argsort(rows.sum(1), kind="stable")
    values = np.empty(len(rows))
    for start in range(0, len(rows), ASKED_AT_ONCE):
        chosen = order[start : start + ASKED_AT_ONCE]
        values[chosen] = game(rows[chosen])[:, game.chosen.target]
    return values


@cache
def _text_model() -> Any:
    torch.set_num_threads(1)
    return ll.text_model(sentiment())


@cache
def _network() -> Any:
    torch.set_num_threads(1)
    return efficientnet()
