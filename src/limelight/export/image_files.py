"""Pictures in files: the figure that `plot` draws, and in it the explanation.

Both forms show the figure, and not the picture of notebooks, whose letters are
as wide as its reader's fonts have them: what is printed should look the same.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from limelight.export import carried, documents, overview_shown, training_table
from limelight.export.named import is_a
from limelight.export.shown import described, rows_of, said_of

DPI = 200
PLAIN = {"svg.fonttype": "none", "svg.hashsalt": "limelight"}
"""Text stays text, which can be searched and edited, and the same figure gives the same bytes."""
TOP = 10


def as_png(shown: Any) -> bytes:
    """The bytes of a PNG file of an explanation, overview or tracker, which it carries, or of a comparison."""
    content = _drawn(shown, "png", {"Software": "limelight"})
    return content if is_a("Comparison", shown) else carried.into_png(content, documents.dumps(shown))


def as_svg(shown: Any) -> bytes:
    """The bytes of an SVG file of the same; its text is text, and it says in words what it shows."""
    content = _drawn(shown, "svg", {"Date": None, "Creator": "limelight"})
    if is_a("Comparison", shown):
        return content
    title, words = _told(shown)
    heard = f' role="img"><title>{escape(title)}</title><desc>{escape(words)}</desc>'
    begin = re.search(rb"<svg [^>]*", content)
    assert begin is not None
    content = content[:begin.end()] + heard.encode() + content[begin.end() + 1:]
    return carried.into_svg(content, documents.dumps(shown))


def from_png(content: bytes, name: str) -> Any:
    """Read the explanation or overview that a PNG file carries; InputError where there is none."""
    return documents.loads(carried.from_png(content, name), name)


def from_svg(content: bytes, name: str) -> Any:
    """Read the explanation or overview that an SVG file carries; InputError where there is none."""
    return documents.loads(carried.from_svg(content, name), name)


def _told(shown: Any) -> tuple[str, str]:
    """What a picture shows, in a few words and in all."""
    if is_a("Tracker", shown):
        return training_table.headline(shown), repr(shown)
    if is_a("Overview", shown):
        return overview_shown.said_of(shown).name, overview_shown.described(shown, overview_shown.rows_of(shown, TOP))
    return said_of(shown, shown.target).name, described(shown, shown.target, rows_of(shown, shown.target, TOP))


def _drawn(shown: Any, form: str, metadata: dict[str, str | None]) -> bytes:
    import matplotlib

    file = BytesIO()
    with matplotlib.rc_context(PLAIN):
        shown.plot().savefig(file, format=form, dpi=DPI, metadata=metadata)
    return file.getvalue()
