"""A text's pieces laid out in lines, whichever way its script runs. Knows no unit: the measure brings it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from unicodedata import bidirectional, east_asian_width

from limelight.export.measure import printable

Measure = Callable[[str], float]
LONGEST = 1000
"""Letters in a line: rather too many."""


class Placed(NamedTuple):
    """A piece of the text in its place: `feature` is -1 where it is none, `x` is its left side."""

    text: str
    feature: int
    line: int
    x: float
    width: float


class Piece(NamedTuple):
    """A piece before it has a place."""

    text: str
    feature: int
    width: float


def laid_out(pieces: Sequence[tuple[str, int]], measure: Measure, room: float, most: int) -> tuple[list[Placed], int]:
    """Break a text into lines that fit.

    Parameters
    ----------
    pieces : sequence of (text, feature)
        As in a text's subject.
    measure : callable
        The width of a text.
    room : float
        The longest line.
    most : int
        Lines; what does not fit into these is left out.

    Returns
    -------
    placed : list of Placed
    left_out : int
        How many features have no piece in these lines.
    """
    from_right = runs_from_right("".join(text for text, _ in pieces))
    lines = _lines(_chunks(_beginning(pieces, most * LONGEST), measure, room), room)
    placed = [each for number, line in enumerate(lines[:most])
              for each in _across(line, number, room if from_right else 0.0, from_right)]
    seen = {each.feature for each in placed}
    return placed, len({feature for _, feature in pieces} - seen - {-1})


def _beginning(pieces: Iterable[tuple[str, int]], letters: int) -> Iterator[tuple[str, int]]:
    """The first so many letters: what comes after them has no room in any case."""
    for text, feature in pieces:
        if letters <= 0:
            return
        yield text[:letters], feature
        letters -= len(text)


def runs_from_right(text: str) -> bool:
    """True when the first letter that has a direction is of a script that runs from right to left."""
    return next((way == "R" for way in map(_way, text) if way), False)


def _way(letter: str) -> str:
    """L, R, or nothing: signs and digits go with what is around them."""
    return {"L": "L", "R": "R", "AL": "R"}.get(bidirectional(letter), "")


def _chunks(pieces: Iterable[tuple[str, int]], measure: Measure, room: float) -> list[list[Piece] | None]:
    """What stays together in a line; None where a line ends in the text itself."""
    chunks: list[list[Piece] | None] = [[]]
    for text, feature in pieces:
        for part in _parts(text):
            if part == "\n":
                chunks += [None, []]
                continue
            fits = [Piece(each, feature, measure(each)) for each in _cut(printable(part), measure, room)]
            before = chunks[-1]
            assert before is not None
            if before and (part.isspace() or _breaks(before[-1].text, part) or len(fits) > 1):
                chunks.append([])
            chunks[-1] += fits[:1]  # type: ignore[operator]
            chunks += [[each] for each in fits[1:]]
    return chunks


def _parts(text: str) -> list[str]:
    """Words, spaces and ends of lines, one after the other."""
    return ["\n" if "\n" in part else part for _, group in groupby(text, str.isspace) if (part := "".join(group))]


def _cut(text: str, measure: Measure, room: float) -> list[str]:
    """A word in parts none of which is longer than a line."""
    if measure(text) <= room:
        return [text]
    parts = [""]
    for letter in text:
        if parts[-1] and measure(parts[-1] + letter) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def _breaks(before: str, after: str) -> bool:
    """A line may end between these: at spaces, and between letters of East Asia."""
    if not before or not after:
        return False
    wide = all(east_asian_width(letter) in "WF" for letter in (before[-1], after[0]))
    return before.isspace() or (wide and after[0].isalnum())


def _lines(chunks: Iterable[list[Piece] | None], room: float) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    taken = 0.0
    for chunk in chunks:
        width = 0.0 if chunk is None else sum(piece.width for piece in chunk)
        space = chunk is not None and all(piece.text.isspace() for piece in chunk)
        if chunk is None or (taken and taken + width > room and not space):
            lines.append([])
            taken = 0.0
        if chunk is not None and not (space and not taken):
            lines[-1] += chunk
            taken += width
    return [line for line in lines if line]


def _across(line: Sequence[Piece], number: int, edge: float, from_right: bool) -> list[Placed]:
    """Give the pieces of a line their places: what runs the other way is turned round as a whole."""
    placed, ordered = [], _as_seen(line, from_right)
    x = edge - sum(piece.width for piece in ordered) if from_right else edge
    for text, feature, width in ordered:
        placed.append(Placed(text, feature, number, x, width))
        x += width
    return placed


def _as_seen(line: Sequence[Piece], from_right: bool) -> list[Piece]:
    """From left to right, a simple form of Unicode's rules: runs of words, and no nesting."""
    base = "R" if from_right else "L"
    ways = [next((way for way in map(_way, piece.text) if way), "") for piece in line]
    for i, way in enumerate(ways):
        if not way:
            before = ways[i - 1] if i else base
            after = next((each for each in ways[i + 1:] if each), base)
            ways[i] = before if before == after else base
    runs = [(way, [piece for _, piece in group])
            for way, group in groupby(zip(ways, line, strict=True), lambda pair: pair[0])]
    seen = [run[::-1] if way == "R" else run for way, run in runs]
    return [piece for run in (seen[::-1] if from_right else seen) for piece in run]
