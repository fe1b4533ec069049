"""Answers that arrive while the reader looks on, and what may happen meanwhile."""

import re

import pytest
from browser.card import until
from playwright.sync_api import expect

HURRY, SLOWLY = "models.hurried = True", "models.hurried = False"


def slowly(n_samples, seconds):
    """A cell that explains a text with so many evaluations, in about so long, unless it is told to hurry."""
    return f"""
import limelight as ll
from browser import models
slow = models.sentiment({seconds / n_samples})
view = ll.live(ll.text_model(slow, output_names=["bad", "good"]), models.TEXT, n_samples={n_samples})
view"""


def assert_told_the_truth(lab, card, n):
    """All n evaluations were spent, none twice, and the bars are Python's answer."""
    found = lab.python("""
e = view.explanation
print(e.n_evals, models.asked, len({row.tobytes() for row in e.neighborhood.coalitions}), e.values[-1, e.target])""")
    evaluated, asked, unlike, last = found.split()
    assert (evaluated, asked, unlike) == (str(n), str(n), str(n))

    def agrees():
        assert card.evaluated() == n
        assert max(card.bars().values()) == pytest.approx(float(last), abs=0.006)

    until(agrees)


def grows(card, unit="Perturbations"):
    """Wait until there are more than there were."""
    before = card.evaluated(unit)
    until(lambda: card.evaluated(unit) > before)


def stopped_at(lab, card):
    """How many evaluations a view has that was stopped, once those under way have come, to Python and to it."""
    card.says("stopped")

    def ended():
        assert lab.python("print(view.done)") == "True"  # a step may come after this question that was asked for before
        kept, asked = map(int, lab.python("print(len(view.explanation.neighborhood), models.asked)").split())
        assert asked - kept in (0, 1)  # one may be a what-if's
        assert card.evaluated() == kept
        return kept

    return until(ended)


def test_stream_stop_resume_and_more(lab):
    lab.open(slowly(2000, 12)).run_all()
    card = lab.card().says("streaming")
    until(lambda: len(card.bars()) == 10)
    grows(card)
    card.button("Stop").click()
    stopped = stopped_at(lab, card)
    lab.page.wait_for_timeout(500)  # nothing comes any more
    assert card.evaluated() == stopped < 2000
    card.button("Resume").click()
    card.says("streaming")
    lab.python(HURRY)
    card.says("done")
    assert_told_the_truth(lab, card, 2000)
    lab.python(SLOWLY)
    card.button("More").click()
    card.says("streaming")
    grows(card)
    card.button("Stop").click()
    assert 2000 < stopped_at(lab, card) < 4000
    card.drag("Perturbations", 0.999)
    card.drop()
    card.says("streaming")
    lab.python("view.stop()")
    card.says("stopped")
    assert lab.errors == []


def test_class_method_and_words_change_while_it_streams(lab):
    lab.open(slowly(6000, 24)).run_all()
    card = lab.card().says("streaming")
    card.chip("bad").click()
    card.button("Shapley").click()
    until(lambda: lab.python("print(view.explanation.method, view.explanation.target)") == "shapley 0")
    expect(card.button("Shapley")).to_have_attribute("aria-pressed", "true")

    def lovely_is_not_bad():
        bars = card.bars()
        assert len(bars) == 10
        assert min(bars, key=bars.get) == 17

    until(lovely_is_not_bad)
    card.token("lovely").click()
    expect(card.root.locator(".ll-whatif")).to_contain_text(re.compile(r"1 out: bad 0\.\d\d → 0\.\d\d"))
    card.button("LIME").click()
    card.drag("Kernel width", 0.1)
    grows(card)
    card.drop()
    card.button("Stop").click()
    stopped_at(lab, card)
    assert lab.errors == []


def test_a_model_that_fails_keeps_what_it_had(lab):
    lab.open("""
import limelight as ll
from browser import models
model = ll.text_model(models.failing(300), output_names=["bad", "good"])
view = ll.live(model, models.TEXT, n_samples=600)
view""").run_all()
    card = lab.card().says("failed")
    expect(card.root.get_by_role("alert")).to_contain_text("the disk is full")
    assert 100 < card.evaluated() <= 300
    assert len(card.bars()) == 10
    assert lab.errors == []


def test_another_cell_is_busy(lab):
    lab.open(slowly(900, 9)).run_all()
    card = lab.card().says("streaming")
    until(lambda: len(card.bars()) == 10)
    lab.python("import pathlib, time\nwhile not pathlib.Path('go-on').exists(): time.sleep(0.05)", wait=False)
    card.says("waiting: the kernel is busy with another cell")
    kept = card.bars()
    assert len(kept) == 10
    card.drag("Kernel width", 0.05)
    until(lambda: card.bars() != kept)
    card.drop()
    (lab.root / "go-on").touch()
    lab.python(HURRY)
    card.says("done")
    assert_told_the_truth(lab, card, 900)


def test_messages_are_lost_and_doubled(alone):
    """Of the steps the first is lost, of the answers the third; all others come twice."""
    counts = {"out": 0, "in": 0}

    def spoil(kind, message, mark, send, lost):
        data = message if isinstance(message, bytes) else message.encode()
        if mark not in data:
            return send(message)
        counts[kind] += 1
        if counts[kind] in lost:
            return None
        send(message)
        return send(message)

    def meddle(socket):
        server = socket.connect_to_server()
        socket.on_message(lambda m: spoil("out", m, b'"type":"step"', server.send, [1]))
        server.on_message(lambda m: spoil("in", m, b'"type": "rows"', socket.send, [3]))

    alone.page.route_web_socket(re.compile("/channels"), meddle)
    alone.open(slowly(600, 1)).run_all()
    card = alone.card().says("done")
    assert counts["out"] > 3
    assert counts["in"] > 3
    assert_told_the_truth(alone, card, 600)
    assert alone.errors == []


def test_a_page_is_reloaded_meanwhile(lab):
    lab.open(slowly(20_000, 120)).run_all()
    card = lab.card().says("streaming")
    lab.save()
    seen = card.evaluated()
    lab.visit()
    card = lab.card().says("streaming")
    until(lambda: card.evaluated() > seen and len(card.bars()) == 10)
    card.button("Stop").click()
    stopped_at(lab, card)
    assert lab.errors == []


def test_two_pages_on_one_kernel(lab):
    lab.open(slowly(1500, 9)).run_all()
    card = lab.card().says("streaming")
    card.button("Stop").click()
    stopped_at(lab, card)
    lab.save()
    other = lab.twin()
    twin = other.card().says("stopped")
    twin.button("Resume").click()
    for one in (card, twin):
        one.says("streaming")
    lab.python(HURRY)
    for one in (card, twin):
        one.says("done")
    assert_told_the_truth(lab, card, 1500)
    assert_told_the_truth(other, twin, 1500)
    until(lambda: twin.bars() == card.bars())
    twin.chip("bad").click()
    expect(card.chip("bad")).to_have_attribute("aria-pressed", "true")
    other.page.close()
    assert lab.errors == other.errors == []


def test_the_kernel_is_restarted(lab):
    lab.open(slowly(6000, 36)).run_all()
    card = lab.card().says("streaming")
    until(lambda: len(card.bars()) == 10)
    grows(card)
    lab.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    card.says("no kernel")
    bars = card.bars()
    assert len(bars) == 10
    card.button("LIME").click()
    card.drag("Kernel width", 0.05)
    until(lambda: card.bars() != bars)
    card.drop()
    evaluated = card.evaluated()
    card.root.locator(".ll-button").click(force=True)  # it says that it is disabled, and why when pressed
    expect(card.root).to_contain_text("No kernel: run the cell again to ask more")
    assert card.rests().evaluated() == evaluated
    card.token("lovely").click()
    card.token("flat").click()
    card.token("thin").click()
    expect(card.root.locator(".ll-whatif")).to_contain_text("no kernel")
    lab.run_all()
    lab.card().says("streaming")
    lab.python("view.stop()")
    lab.card().says("stopped")
