"""How wide a text is: in pixels of a picture, and in a terminal's columns."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import bidirectional, category, east_asian_width

FONTS = "Helvetica, Arial, Liberation Sans, sans-serif"
"""Wherever a picture is shown one of these is there, and they are equally wide."""
WIDTHS = {letter: width for width, letters in {
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r", 334: "{}", 355: '"', 389: "*", 469: "^",
    500: "Jckxsvyz", 556: "#$?0123456789L_abdeghnopqu", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY",
    722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1015: "@"}.items() for letter in letters}
"""In thousandths of the font size, from Helvetica's published metrics."""
OTHER, HEBREW, ARABIC, WIDE, BOLD = 600, 560, 480, 1000, 1.08
"""Other letters, those of some scripts, and how much wider bold ones are: rather too many."""
CONTROLS = dict.fromkeys((*range(32), *range(127, 160), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""They turn the direction of what comes after them, such as the numbers beside a name."""
MOST_MARKS, MOST_LETTERS = 8, 4000
"""No script puts more marks on a letter, and piles of them cover the lines around; nobody reads a longer name."""

END = 2 / 3
"""The share of the room that the end of a text may take from the text before it."""


def printable(text: str) -> str:
    """Leave out control characters: no font draws them, no XML may hold them, and terminals obey them.

    So are those that turn the direction of writing, piles of marks, and what no line has room for. Breaks of lines
    and tabs become spaces.
    """
    if len(text) > MOST_LETTERS:
        text = text[: MOST_LETTERS - 1] + "…"
    line = " ".join(text.splitlines()).replace("\t", " ").translate(CONTROLS)
    return line if line.isascii() else _unpiled(line.translate(TURNS))


def _unpiled(text: str) -> str:
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if _joins(letter) else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def cells(text: str) -> int:
    """Columns of a terminal that a text takes: letters of East Asia take two, and accents none."""
    return sum(0 if _joins(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def pixels(text: str, size: float = 12, bold: bool = False) -> float:
    """Pixels that a text takes in one of FONTS."""
    return sum(map(_thousandths, text)) * size / 1000 * (BOLD if bold else 1)


def known(text: str) -> bool:
    """Whether the width of all its letters is the same in all of FONTS, and not guessed."""
    return all(letter in WIDTHS or east_asian_width(letter) in "WF" for letter in text)


def _thousandths(letter: str) -> int:
    if letter in WIDTHS:
        return WIDTHS[letter]
    if _joins(letter):
        return 0
    return WIDE if east_asian_width(letter) in "WF" else {"R": HEBREW, "AL": ARABIC}.get(bidirectional(letter), OTHER)


def fitted(text: str, room: float, size: float = 12, bold: bool = False, end: str = "") -> str:
    """As much of a text as there is room for, in pixels, and its end."""
    return _cut_before(printable(end), printable(text), room, lambda part: pixels(part, size, bold))


def shortened(text: str, columns: int, end: str = "") -> str:
    """As much of a text as so many of a terminal's columns hold, and its end."""
    return _cut_before(printable(end), printable(text), columns, cells)


def padded(text: str, columns: int) -> str:
    """A text, and spaces up to so many of a terminal's columns."""
    return text + " " * (columns - cells(text))


def _joins(letter: str) -> bool:
    """True for accents and marks, which take no room of their own."""
    return category(letter) in ("Mn", "Me", "Cf")


def _cut_before(end: str, text: str, room: float, measure: Callable[[str], float]) -> str:
    """Cut a text so that its end is there whole; an end that needs more than its share is cut, too."""
    end = _cut(end, max(END * room, room - measure(text)), measure) if end else ""
    return _cut(text, room - measure(end), measure) + end


def _cut(text: str, room: float, measure: Callable[[str], float]) -> str:
    if measure(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle] + "…") <= room else (low, middle - 1)
    return text[:low].rstrip() + "…"
