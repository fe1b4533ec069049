"""The neighborhood: append-only, read back from its bytes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limelight.neighborhood import Neighborhood


def filled(n, d, k=2, law="uniform", seed=0):
    rng = np.random.default_rng(seed)
    rows = Neighborhood(d, k, law)
    rows.append(rng.random((n, d)) < 0.5, rng.normal(size=(n, k)))
    return rows


@given(n=st.integers(0, 40), d=st.integers(1, 70), k=st.integers(1, 4),
       law=st.sampled_from(["uniform", "binomial", "bins"]))
@settings(max_examples=40, deadline=None)
def test_bytes_come_back(n, d, k, law):
    rows = filled(n, d, k, law)
    back = Neighborhood.from_bytes(rows.to_bytes())
    assert np.array_equal(back.coalitions, rows.coalitions) and back.law == law
    assert np.array_equal(back.outputs, rows.outputs.astype("f4"))


@pytest.mark.parametrize("data", [b"", b"LLN1", b"nonsense, but long enough", filled(5, 9).to_bytes()[:-1],
                                  filled(5, 9).to_bytes() + b"\0"])
def test_damaged_bytes_are_refused(data):
    with pytest.raises(ValueError, match="neighborhood"):
        Neighborhood.from_bytes(data)


@pytest.mark.parametrize("n", [1, 7, 8, 41])
def test_bytes_tell_which_rows_were_chosen(n):
    rows, chosen = Neighborhood(9, 2), np.random.default_rng(n).random(n) < 0.5
    chosen[0] = True
    rows.append(filled(n, 9).coalitions, filled(n, 9).outputs, chosen)
    back = Neighborhood.from_bytes(rows.to_bytes())
    assert back.chosen.tolist() == chosen.tolist() and np.array_equal(back.coalitions, rows.coalitions)
    assert np.array_equal(back.outputs, rows.outputs.astype("f4"))
    with pytest.raises(ValueError, match="damaged"):
        Neighborhood.from_bytes(rows.to_bytes()[:-4])


def test_drawn_rows_are_those_that_were_not_chosen():
    rows = Neighborhood(3, 1)
    rows.append(np.array([[0, 0, 0], [1, 1, 1]], bool), [[0.0], [1.0]])
    assert rows.drawn() is rows
    rows.append(np.array([[0, 1, 1], [1, 0, 0]], bool), [[2.0], [3.0]], chosen=True)
    rows.append(np.array([[0, 1, 0], [1, 0, 1]], bool), [[4.0], [5.0]])
    drawn = rows.drawn()
    assert drawn.outputs.ravel().tolist() == [0, 1, 4, 5] and drawn.pairs[0].tolist() == [0, 2]
    assert rows.first(2).drawn().outputs.ravel().tolist() == [0, 1]
    rows.append(np.array([[0, 0, 1], [1, 1, 0]], bool), [[6.0], [7.0]], chosen=True)
    assert rows.drawn() is rows  # all eight are in: nothing is left to a law


def test_a_page_can_carry_five_thousand_rows():
    assert len(filled(5000, 50).to_bytes()) < 76_000


def test_rows_never_change_once_written():
    rows = filled(10, 4)
    part, before = rows.first(6), rows.first(6).outputs.copy()
    rows.append(np.ones((200, 4), bool), np.zeros((200, 2)))
    assert np.array_equal(part.outputs, before) and len(part) == 6
    with pytest.raises(ValueError, match="read-only"):
        part.outputs[0, 0] = 1


def test_pairs_are_complements_and_prefixes_know_only_their_own():
    rows = Neighborhood(3, 1)
    given = np.array([[0, 0, 0], [1, 1, 1], [0, 1, 1], [1, 0, 0]], bool)
    rows.append(given[:2], [[0], [0]])
    rows.append(given[2:], [[0], [0]])
    assert [side.tolist() for side in rows.pairs] == [[0, 2], [1, 3]]
    assert [side.tolist() for side in rows.first(3).pairs] == [[0], [1]]


def test_find_knows_the_rows_of_a_prefix_only():
    rows = Neighborhood(3, 1)
    rows.append(np.array([[0, 0, 0], [1, 1, 1], [0, 1, 1]], bool), [[0], [0], [0]])
    wanted = np.array([False, True, True])
    assert rows.find(wanted) == 2 and rows.first(2).find(wanted) is None
    assert rows.find(~wanted) is None


def test_complete_when_all_coalitions_are_in():
    rows = Neighborhood(2, 1)
    rows.append(np.array([[0, 0], [1, 1], [0, 1]], bool), np.zeros((3, 1)))
    assert not rows.complete
    rows.append(np.array([[1, 0]], bool), np.zeros((1, 1)))
    assert rows.complete
