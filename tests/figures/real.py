"""Games of real networks: film reviews of 9 to 14 words, photos in 8 to 11 superpixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from exact import Array, Value

REVIEWS = (
    "A dull film, saved by one wonderful last scene.",
    "I expected very little and was not disappointed once.",
    "Nobody who loves old westerns should miss this small gem.",
    "The jokes are stale, though the cast never stops trying.",
    "It is hardly a masterpiece, but I laughed until I cried.",
    "Great actors, awful script: what a sad waste of two hours.",
    "She carries the whole picture, and it is a heavy, clumsy picture.",
    "Not once did I believe him, yet I could not look away.",
    "The first half drags terribly, but the ending is moving, honest and brave.",
    "You would think a talented crew could make something less boring than this.",
    "My children adored every minute of it while I kept looking at my watch.",
    "There is a good story in here, buried under far too much loud music.",
)
"""Written for this; two of each length."""
PHOTOS = (("astronaut", 13), ("rocket", 8), ("chelsea", 18), ("flower", 13),
          ("coffee", 13), ("china", 21), ("astronaut", 19), ("china", 15))
"""And about how many superpixels to cut: that gives 8, 8, 9, 9, 11, 11, 11 and 8."""


def reviews(folder: Path) -> Iterator[tuple[str, Array]]:
    """Name and all values of each review."""
    for i, text in enumerate(REVIEWS):
        yield f"review {i}", _kept(folder / f"review-{i}.npz", lambda text=text: _networks().of_review(text))


def photos(folder: Path) -> Iterator[tuple[str, Array]]:
    """Name and all values of each photo."""
    for name, about in PHOTOS:
        yield f"{name} {about}", _kept(folder / f"{name}-{about}.npz",
                                       lambda name=name, about=about: _networks().of_photo(name, about))


def looked_up(values: Array) -> Value:
    """A game of which all 2^n values are known, in the order of `exact.coalitions`."""
    return partial(_look_up, values, 1 << np.arange(len(values).bit_length() - 1))


def _look_up(values: Array, bits: Array, present: Array) -> Array:
    return values[present @ bits]


def _networks():
    import networks  # torch, where no file is there yet

    return networks


def _kept(path: Path, ask: Callable[[], Array]) -> Array:
    """Values from this file, or asked for and put there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, values=ask())
    with np.load(path) as file:
        return file["values"]
