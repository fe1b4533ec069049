"""`load`: an explanation, overview or tracker from a file, as data."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from limelight.errors import InputError
from limelight.export import archive, documents, image_files, spreadsheet, training_documents
from limelight.export.places import place_of

# What makes an explanation or an overview of a file's bytes, by suffix; errors call the file by the given name.
READERS: dict[str, Callable[[bytes, str], Any]] = {
    ".json": documents.loads,
    ".npz": archive.loads,
    ".csv": spreadsheet.loads,
    ".png": image_files.from_png,
    ".svg": image_files.from_svg,
    ".track": training_documents.of_log,
}


def load(path: str | os.PathLike[str]) -> Any:
    """Open an explanation, an overview or a tracker that was saved, or a tracker's log.

    A file is data: nothing in it is run, nothing that it names is imported (only
    torch and pandas, where it holds their tensors and timestamps), and one that
    was cut short or altered is refused.

    Parameters
    ----------
    path : str or Path
        Ending in .json or .npz, which hold all of an explanation but its
        model, as .png and .svg do unless another program has written them
        since, or .csv, which holds its values and their errors.
        An overview's .csv, its attributions, is for other programs, and so is
        a tracker's. A log of `ll.track` ends in .track.

    Returns
    -------
    Explanation, Overview or Tracker
        An explanation's view has sliders and methods, as far as its
        perturbations tell, and `refit`, `plot`, `to_frame` and the others work;
        `ll.evaluate` takes the model again as `model=`, and so does an
        overview's `explain(row, model=...)`.

    Raises
    ------
    InputError
        If the file is missing, of another kind or a newer version, or damaged.
    """
    place = place_of(path)
    suffix = place.suffix.lower()
    if suffix == ".html":
        raise InputError(f"{str(path)!r} is a page for readers, and can't be loaded back: save the explanation as "
                         ".npz or .json beside it, and load that")
    if suffix not in READERS:
        raise InputError(f"{str(path)!r} is no file that limelight loads: its name should end in {', '.join(READERS)}")
    if place.is_dir():
        raise InputError(f"{str(path)!r} is a folder: give the name of a file in it")
    try:
        content = place.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{str(path)!r} is not there: check its name and folder, which is {str(place.parent)!r} seen "
                         f"from {os.getcwd()!r}") from None
    except OSError as error:
        raise InputError(f"{str(path)!r} can't be opened: {error}") from error
    return READERS[suffix](content, repr(str(path)))
