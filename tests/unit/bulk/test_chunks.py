"""Rows read once, and cut into chunks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from limelight.bulk.chunks import Chunk, Pieces

ARRAY = np.arange(46.0).reshape(23, 2)
FRAME = pd.DataFrame({"a": np.arange(23), "b": [f"word {i}" for i in range(23)]})
TEXTS = [f"text {i}" for i in range(23)]


def cut(rows, at):
    """Rows in pieces that end at these places, one of them empty."""
    part = rows.iloc.__getitem__ if hasattr(rows, "iloc") else rows.__getitem__
    return [part(slice(a, b)) for a, b in zip([0, *at], [*at, 23], strict=True)]


@pytest.mark.parametrize("rows", [ARRAY, FRAME, TEXTS], ids=["array", "frame", "texts"])
@pytest.mark.parametrize("at", [[], [1, 2, 3], [5, 5, 20], [22]], ids=str)
def test_chunks_are_the_same_wherever_pieces_end(rows, at):
    given = Pieces(iter(cut(rows, at)), None)
    assert len(given.head(7)) == 7
    found = list(given.chunks(5))
    assert [(chunk.start, chunk.stop) for chunk in found] == [(0, 5), (5, 10), (10, 15), (15, 20), (20, 23)]
    assert [chunk.digest for chunk in found] == [chunk.digest for chunk in Pieces([rows], 23).chunks(5)]
    assert sum(len(chunk) for chunk in found) == 23


def test_a_head_is_no_longer_than_there_are_rows():
    assert len(Pieces([ARRAY[:3]], 3).head(7)) == 3
    assert Pieces([], 0).head(7) is None
    assert Pieces([ARRAY[:0]], 0).head(7) is None


def test_no_more_is_read_than_is_asked_for():
    read = []
    given = Pieces((read.append(i) or ARRAY[i:i + 1] for i in range(23)), None)
    given.head(4)
    assert read == [0, 1, 2, 3]
    next(given.chunks(6))
    assert read == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("other", [
    FRAME.assign(a=FRAME["a"] + 1), FRAME.rename(columns={"a": "c"}), FRAME.iloc[::-1], FRAME[["b", "a"]],
    ["ab", "c"], ARRAY, ARRAY.astype("float32"), ARRAY.reshape(2, 23)])
def test_a_digest_tells_rows_apart(other):
    known = {Chunk(0, rows).digest for rows in (FRAME, ["a", "bc"], ARRAY.astype(int))}
    assert Chunk(0, other).digest not in known


def test_a_digest_is_of_values_and_not_of_how_they_are_held():
    assert Chunk(0, FRAME).digest == Chunk(9, FRAME.copy().set_index(FRAME.index + 5)).digest
    assert Chunk(0, ARRAY).digest == Chunk(0, np.asfortranarray(ARRAY)).digest
    assert Chunk(0, ["half \ud800"]).digest == Chunk(0, ["half \ud800"]).digest
