"""Views over kernels of other ages: what a browser sends reaches Python after the cell, or on another thread."""

import re

import pytest
from browser.card import until
from browser.conftest import KERNELS
from browser.hosts.alive import N, assert_alive, cell
from browser.notebook import SESSION

BUSY = re.compile("waiting: the kernel is busy with another cell|the model is taking its time, or another cell runs")


@pytest.fixture(scope="module")
def opened(desk):
    return desk.open(cell(0.01))


@pytest.fixture(params=["6.17.1", "6.31.0", "7.0.0", "7.1.0"])
def notes(request, opened):
    """The notebook on such a kernel, in which a view has begun to stream."""
    assert (KERNELS / request.param).exists(), "make browser installs the kernels of other ages"
    opened.page.evaluate(f"name => {SESSION}.changeKernel({{ name }})", request.param)
    opened.run_all()
    opened.card().says("streaming")
    assert opened.python("import ipykernel; print(ipykernel.__version__)") == request.param
    yield opened
    assert opened.errors == []


def test_a_view_streams_and_waits_and_stops_and_answers(notes):
    card = notes.card()
    notes.python("import time; time.sleep(2.5)", wait=False)
    card.says(BUSY)
    card.says("streaming")
    card.button("Stop").click()
    card.says("stopped")

    def ended():  # the step that was under way, too
        kept, asked = map(int, notes.python("print(len(view.explanation.neighborhood), models.asked)").split())
        assert kept == asked == card.evaluated()

    until(ended)
    assert card.evaluated() < N
    notes.python("pause = 0")
    card.button("Resume").click()
    card.says("done")
    assert_alive(card)
    assert int(notes.python("print(models.asked)")) <= N + 1
