"""When to explain."""

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
        if pace.due(i):
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


def test_cheap_records_are_hundreds_and_not_thousands():
    found, _ = trained(1e-6, n=5000)
    assert 100 < len(found) < 600 and found[-1] - found[-2] >= 45


def test_a_number_of_steps_is_kept_and_a_pause_is_no_training():
    clock = Clock()
    pace = Pace(5, clock)
    pace.begin()
    assert [step for step in range(1, 16) if pace.due(step)] == [5, 10, 15]
    clock.now = 3
    pace.pause()
    clock.now = 1000
    assert pace.trained == 3
    pace.begin()
    clock.now = 1001
    assert pace.trained == 4
