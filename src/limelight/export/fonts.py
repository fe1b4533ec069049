"""Fonts for names in any script: matplotlib's own has no letters of East Asia."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from unicodedata import bidirectional, category

from limelight.errors import warn
from limelight.export.measure import printable

FIRST = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB",
         "WenQuanYi Zen Hei", "SimHei", "Noto Sans", "Arial Unicode MS", "Segoe UI", "Noto Sans Hebrew",
         "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans Thai")
"""Tried before the other fonts that are installed, in this order."""
UNDRAWN = ("Emoji", "LastResort", "Last Resort")
"""Fonts whose letters matplotlib can't draw, or that only say what is missing."""
STANDS_IN = "□"
LAYS_OUT = (3, 11)
"""From this version on matplotlib writes from right to left what is read so."""


class Letters:
    """How texts are written in a figure: as they are, in fonts that have their letters.

    Parameters
    ----------
    texts : iterable of str
        All that the figure will write.

    Warns
    -----
    UserWarning
        Once, if no installed font has some letters, or matplotlib is too old for Hebrew and Arabic.
    """

    def __init__(self, texts: Iterable[str]):
        wanted = {letter for text in texts for letter in printable(text)
                  if category(letter) not in ("Cf", "Mn", "Me", "Zs")}
        families, missing = _families(frozenset(wanted))
        self._missing = str.maketrans(dict.fromkeys(missing, STANDS_IN))
        self.style: dict[str, Any] = {"parse_math": False, "usetex": False, "fontfamily": families}
        _warn(missing, wanted)

    def __call__(self, text: str) -> str:
        """The text, with a box for each letter that can't be drawn."""
        return text.translate(self._missing)


def _warn(missing: frozenset[str], wanted: set[str]) -> None:
    import matplotlib

    if missing:
        warn(f"no installed font has {' '.join(sorted(missing)[:10])}: they are drawn as {STANDS_IN}. Install "
             "a font that has them, such as Noto Sans CJK, and start Python again")
    if matplotlib.__version_info__[:2] < LAYS_OUT and any(bidirectional(letter) in ("R", "AL") for letter in wanted):
        warn("this matplotlib writes Hebrew and Arabic from left to right: version 3.11 and newer don't")


@lru_cache(maxsize=64)
def _families(wanted: frozenset[str]) -> tuple[list[str], frozenset[str]]:
    """Fonts that matplotlib should try, in this order, and letters that none of them has."""
    import matplotlib
    from matplotlib.font_manager import FontProperties, findfont, fontManager

    families = list(matplotlib.rcParams["font.family"])
    missing = wanted - _drawn_by(findfont(FontProperties()))
    if not missing:
        return families, missing
    by_name = {font.name: font for font in fontManager.ttflist if not any(word in font.name for word in UNDRAWN)}
    for name in (*(name for name in FIRST if name in by_name), *sorted(set(by_name) - set(FIRST))):
        had = missing & _drawn_by(findfont(FontProperties(family=name)))
        if had:
            families.append(name)
            missing -= had
        if not missing:
            break
    return families, missing


@lru_cache(maxsize=256)
def _drawn_by(path: Any) -> frozenset[str]:
    """All letters of a font."""
    from matplotlib.font_manager import get_font

    return frozenset(map(chr, get_font(path).get_charmap()))
