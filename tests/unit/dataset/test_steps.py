"""Work that is done a little at a time."""

import pytest

from limelight.dataset.steps import Begun, at_once, finished, part, with_progress


def work(n):
    for i in range(n):
        yield i / n
    return n


def test_all_of_it_is_done_at_once():
    assert finished(work(3)) == 3 and at_once(work)(4) == 4


def test_a_part_of_larger_work_has_its_own_shares():
    def larger():
        first = yield from part(work(2), 0.0, 0.5)
        second = yield from part(work(2), 0.5, 1.0)
        return first + second

    shares = list(larger())
    assert shares == [0.0, 0.25, 0.5, 0.75] and finished(larger()) == 4


def test_what_was_begun_goes_on_where_it_was_and_its_share_never_falls():
    def uneven():
        yield from (0.2, 0.6, 0.4, 1.7)

    begun, shares = Begun(uneven()), []
    while not begun.over:
        begun.go_on(0.0)
        shares.append(begun.share)
    assert shares == [0.2, 0.6, 0.6, 1.0, 1.0]


def test_with_time_enough_it_is_done_in_one_go():
    begun = Begun(work(1000))
    begun.go_on(1000.0)
    assert begun.over and begun.share == 1.0


def test_an_error_comes_through_and_short_work_has_no_line(capsys):
    def broken():
        yield 0.5
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        with_progress(broken(), "SAGE")
    with_progress(work(3), "SAGE")
    assert "SAGE" not in capsys.readouterr().err
