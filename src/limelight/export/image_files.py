"""Pictures in files: the figure that `plot` draws, and in it the explanation.

Both forms show the figure, and not the picture of notebooks, whose letters are
as wide as its reader's fonts have them: what is printed should look the same.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from limelight.explanation import Explanation
from limelight.export import carried, documents
from limelight.export.shown import described, rows_of, said_of

DPI = 200
PLAIN = {"svg.fonttype": "none", "svg.hashsalt": "limelight"}
"""Text stays text, which can be searched and edited, and the same figure gives the same bytes."""
TOP = 10


def as_png(shown: Any) -> bytes:
    """The bytes of a PNG file of an explanation, which it carries, or of a comparison."""
    content = _drawn(shown, "png", {"Software": "limelight"})
    return carried.into_png(content, documents.dumps(shown)) if isinstance(shown, Explanation) else content


def as_svg(shown: Any) -> bytes:
    """The bytes of an SVG file of the same; its text is text, and it says in words what it shows."""
    content = _drawn(shown, "svg", {"Date": None, "Creator": "limelight"})
    if not isinstance(shown, Explanation):
        return content
    words = described(shown, shown.target, rows_of(shown, shown.target, TOP))
    heard = f' role="img"><title>{escape(said_of(shown, shown.target).name)}</title><desc>{escape(words)}</desc>'
    begin = re.search(rb"<svg [^>]*", content)
    assert begin is not None
    content = content[:begin.end()] + heard.encode() + content[begin.end() + 1:]
    return carried.into_svg(content, documents.dumps(shown))


def from_png(content: bytes, name: str) -> Explanation:
    """Read the explanation that a PNG file carries; InputError where there is none."""
    return documents.loads(carried.from_png(content, name), name)


def from_svg(content: bytes, name: str) -> Explanation:
    """Read the explanation that an SVG file carries; InputError where there is none."""
    return documents.loads(carried.from_svg(content, name), name)


def _drawn(shown: Any, form: str, metadata: dict[str, str | None]) -> bytes:
    import matplotlib

    file = BytesIO()
    with matplotlib.rc_context(PLAIN):
        shown.plot().savefig(file, format=form, dpi=DPI, metadata=metadata)
    return file.getvalue()
