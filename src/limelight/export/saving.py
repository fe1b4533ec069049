"""`save`: what was found, in a file whose suffix says how."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

from limelight.errors import InputError
from limelight.export import archive, documents, image_files, spreadsheet
from limelight.export.named import is_a
from limelight.export.places import place_of

# What makes the bytes of one file, of an explanation, a comparison or an overview; a writer that takes no
# comparisons raises InputError. Pages are written apart: they hold several.
WRITERS: dict[str, Callable[[Any], bytes]] = {
    ".json": documents.dumps,
    ".npz": archive.dumps,
    ".csv": spreadsheet.dumps,
    ".png": image_files.as_png,
    ".svg": image_files.as_svg,
}

SAVED = ("Explanation", "LiveView", "Comparison", "Overview", "Tracker")


def save(explanations: Any, path: str | os.PathLike[str], *, title: str | None = None,
         fragment: bool = False) -> Path:
    """Write explanations to a file whose suffix says how.

    Parameters
    ----------
    explanations : Explanation, LiveView, Comparison, Overview or Tracker, or a list of them
        Several go into one page; files of other kinds hold one.
    path : str or Path
        Ending in .html (a page in which the views stay alive, with no kernel and no network), .png, .svg, .csv, .json
        or .npz. What is there is replaced once all is written.
    title : str, optional
        Of a page.
    fragment : bool
        Of a page: only the iframe that holds it, to paste into another page.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    InputError
        If the suffix is not known, the folder is missing, or what came can't be saved like this.
    """
    if not (title is None or isinstance(title, str)) or not isinstance(fragment, bool):
        raise InputError(f"title={title!r}, fragment={fragment!r} can't be used: title is a text, and fragment True or "
                         "False")
    several = _several(explanations)
    place = _checked(path)
    if place.suffix.lower() == ".html":
        from limelight.export.page import fragment_of, page_of

        write = fragment_of if fragment else page_of
        _write(place, write(several, title).encode())
        return place
    if title is not None or fragment:
        raise InputError(f"title and fragment belong to a page: leave them out to save {place.suffix}, "
                         "or give a path that ends in .html")
    if len(several) > 1:
        raise InputError(f"a {place.suffix} file holds one explanation, and {len(several)} came: save each to a file "
                         "of its own, or all to one .html")
    [one] = several
    shown = one.explanation if is_a("LiveView", one) else one
    _write(place, WRITERS[place.suffix.lower()](shown))
    return place


def _several(explanations: Any) -> list[Any]:
    given = explanations if isinstance(explanations, Sequence) and not isinstance(explanations, str) else [explanations]
    if not given:
        raise InputError("there is nothing to save: give an explanation, or a list of them")
    for each in given:
        if not any(is_a(name, each) for name in SAVED):
            raise InputError("save takes what explain, live, compare, show, overview and track return, or a list of "
                             f"them, and {type(each).__name__} came"
                             + (": make it a list" if isinstance(each, Iterator) else ""))
    return list(given)


def _checked(path: str | os.PathLike[str]) -> Path:
    place = place_of(path)
    known = sorted({".html", *WRITERS})
    if place.suffix.lower() not in known:
        raise InputError(f"{str(path)!r} doesn't say how to save: let it end in {', '.join(known)}")
    if not os.path.isdir(place.parent):
        raise InputError(f"the folder {str(place.parent)!r} of {str(path)!r} is not there: make it first")
    if os.path.isdir(place):
        raise InputError(f"{str(path)!r} is a folder: give the name of a file")
    return place


def _write(path: Path, content: bytes) -> None:
    """Write beside it, then put it in its place: what was there stays whole until then."""
    place = Path(os.path.realpath(path))
    beside = place.with_name(f".{token_hex(8)}")
    try:
        beside.write_bytes(content)
        beside.replace(place)
    except OSError as error:
        raise InputError(f"{str(path)!r} can't be written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)
