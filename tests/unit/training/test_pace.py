"""When to explain."""

import numpy as np
import pytest

from limelight.training.pace import AIM, MOST, Pace


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def trained(cost, step=1.0, n=2000):
    """Steps of a training at which a record of this cost was due, and the overhead."""
    clock = Clock()
    pace = Pace("auto", clock)
    pace.cost = cost
    pace.begin()
    found = []
    for i in range(n):
        clock.now += step
        if pace.due(i, 0):
            found.append(i)
            with pace.spending(record=True):
                clock.now += cost
        assert pace.overhead <= MOST + 1e-12
    return found, pace


@pytest.mark.parametrize("cost", [0.01, 0.5, 3.0, 20.0])
def test_at_no_time_do_explanations_take_more_than_their_share(cost):
    found, pace = trained(cost)
    assert found and pace.spent == pytest.approx(cost * len(found))
    assert cost < 1 or pace.overhead > AIM / 3
    # Room for the last one, when training ends.
    assert pace.spent + cost <= AIM * pace.trained + 1e-9


@pytest.mark.parametrize("steps", [1, 10, 60, 100, 1000])
def test_with_the_last_one_a_training_costs_its_share_or_that_one_record(steps):
    found, pace = trained(0.5, n=steps)
    with pace.spending(record=True):
        pace._clock.now += 0.5
    assert pace.overhead <= max(MOST, 0.5 / steps) + 1e-12 and pace.kept == (steps >= 10)
    assert steps > 2 * 0.5 / AIM or not found  # nothing comes between while two records would be too much


@pytest.mark.parametrize("steps", [10, 20, 40, 75, 300])
def test_where_the_end_is_known_nothing_is_kept_back_for_it_before(steps):
    clock = Clock()
    pace, found = Pace("auto", clock), []
    pace.cost = 0.5
    pace.begin()
    pace.expect(100, 100 + steps)
    for i in range(1, steps + 1):
        clock.now += 1
        if i == steps or pace.due(100 + i, 0):
            found.append(i)
            with pace.spending(record=True):
                clock.now += 0.5
        assert pace.overhead <= MOST + 1e-12
    assert len(found) >= len(trained(0.5, n=steps)[0])
    if steps > 25:
        assert found[0] == 13 and np.diff(found)[:-1].max(initial=0) <= 13
    # Once more from the beginning: what was trained before is no part of its speed.
    pace.expect(0, 10)
    clock.now += 10 * steps
    assert pace._whole(5) == pytest.approx(pace.trained + 10 * steps)


def test_cheap_records_are_hundreds_and_not_thousands():
    found, _ = trained(1e-6, n=5000)
    assert 100 < len(found) < 600 and found[-1] - found[-2] >= 45


def test_where_steps_are_told_seldom_the_first_one_past_is_explained():
    pace, last, found = Pace(10), 0, []
    for step in (3, 7, 12, 14, 37, 74, 76, 80, 20):  # training is taken up again at 20
        if pace.due(step, last):
            found.append(last := step)
    assert found == [12, 37, 74, 80, 20]


def test_a_number_of_steps_is_kept_and_a_pause_is_no_training():
    clock = Clock()
    pace = Pace(5, clock)
    pace.begin()
    assert [step for step in range(1, 16) if pace.due(step, step - 1)] == [5, 10, 15]
    clock.now = 3
    pace.pause()
    clock.now = 1000
    assert pace.trained == 3
    pace.begin()
    clock.now = 1001
    assert pace.trained == 4
