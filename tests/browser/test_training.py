"""A training that streams into its view while its cell runs; an interrupt; a reload; a saved page."""

import json
import re

import pytest
from browser.card import until
from browser.conftest import KERNELS
from browser.notebook import SESSION
from playwright.sync_api import expect

CELLS = [
    """import time
import numpy as np
import torch
import limelight as ll
torch.set_num_threads(1)
torch.manual_seed(0)
rows = np.random.default_rng(0).normal(size=(200, 3)).astype("float32")
x, y = torch.tensor(rows), torch.tensor((rows[:, 0] > 0).astype(int))
net = torch.nn.Linear(3, 2)
model = ll.tabular_model(net, rows[:10], feature_names=["age", "<b>hours</b>", "noise"], output_names=["no", "yes"])
tracker = ll.track(model, rows[:6], every=5, target="yes")
tracker""",
    """optimizer = torch.optim.SGD(net.parameters(), 0.02)
for step in range(1, 5001):
    loss = torch.nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    accuracy = (net(x).argmax(1) == y).float().mean()
    if not tracker.step(step, loss=loss, eval_accuracy=accuracy):
        break
    time.sleep(0.02)
print("ended at", step)""",
]


def step_of(card):
    return int(re.search(r"step ([\d,]+)", card.root.locator(".ll-state").inner_text())[1].replace(",", ""))


def streaming(card):
    """Wait until the view grows while the cell runs."""
    card.says("training, step", seconds=90)
    before = step_of(card)
    card.page.wait_for_function("before => Number(document.querySelector('.ll-training .ll-state').textContent"
                                ".replace(/\\D/g, '')) > before + 20", arg=before, timeout=60_000)
    return card.root


def test_a_training_streams_and_is_whole_after_an_interrupt_after_a_reload_and_in_a_page(lab, tmp_path):
    notes = lab.open(*CELLS).run_all()
    root = streaming(notes.card())
    expect(root.locator("[data-lane=metrics] .ll-key")).to_contain_text("eval_accuracy")
    expect(root.locator("[data-lane=evidence] .ll-key li")).to_have_count(3)
    line = root.locator("[data-lane=drift] .ll-plot path[data-line=first]:not([data-dots])")
    assert line.get_attribute("d").startswith("M")
    notes.page.evaluate(f"{SESSION}.session.kernel.interrupt()")
    notes.card().says("stopped", seconds=60)
    # What waits behind an interrupted cell is not run.
    last = until(lambda: notes.python("print(tracker.records['step'].max())") or False)
    assert step_of(notes.card()) == int(last)

    slider = root.get_by_role("slider", name="Record")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "step 0: the first record")
    first = shown(root)
    told = json.loads(notes.python("import json; e = tracker.explanations[0][0]; "
                                   "print(json.dumps(dict(zip(e.feature_names, e.values[:, e.target].tolist()))))"))
    assert {name: pytest.approx(value, abs=0.006) for name, value in told.items()} == first
    root.get_by_role("button", name="latest").click()
    until(lambda: shown(root) != first)

    notes.save()
    notes.visit()
    again = notes.card()
    again.says("stopped")
    again.root.get_by_role("slider", name="Record").press("Home")
    until(lambda: shown(again.root) == first)
    notes.python(f"tracker.save({str(tmp_path / 'saved.html')!r})")
    page = notes.page.context.new_page()
    page.goto(f"file://{tmp_path}/saved.html")
    saved = page.locator(".ll-training")
    saved.get_by_role("slider", name="Record").press("Home")
    until(lambda: shown(saved) == first)
    expect(saved.get_by_role("button", name="Stop")).to_be_hidden()
    page.close()
    assert notes.errors == []


def shown(root):
    """The pinned example's bars: values by name."""
    rows = root.locator(".ll-pinned .ll-bars li").evaluate_all(
        "all => all.map(row => [row.querySelector('.ll-label').title.split(' = ')[0], "
        "row.querySelector('.ll-number').textContent])")
    return {name: float(number.replace("\u2212", "-")) for name, number in rows}


def test_where_the_kernel_hears_nothing_the_view_says_so_and_an_interrupt_loses_nothing(lab):
    assert (KERNELS / "6.31.0").exists(), "make browser installs the kernels of other ages"
    notes = lab.open(*CELLS, kernel="6.31.0").run_all()
    root = streaming(notes.card())
    expect(root.locator(".ll-refusal")).to_be_visible(timeout=60_000)
    expect(root.locator(".ll-refusal")).to_contain_text("hears nothing while its cell runs")
    expect(root.get_by_role("button", name="Stop")).to_have_attribute("aria-disabled", "true")
    notes.page.evaluate(f"{SESSION}.session.kernel.interrupt()")
    notes.card().says("stopped", seconds=60)
    last = int(until(lambda: notes.python("print(tracker.records['step'].max())") or False))
    assert step_of(notes.card()) == last
    assert notes.errors == []


def test_where_the_kernel_hears_stop_ends_the_loop(lab):
    notes = lab.open(*CELLS).run_all()
    root = streaming(notes.card())
    expect(root.locator(".ll-refusal")).to_be_hidden()
    root.get_by_role("button", name="Stop").click()
    notes.card().says("stopped", seconds=60)
    expect(notes.page.locator(".jp-OutputArea-output", has_text="ended at")).to_be_visible()
    assert notes.python("print(tracker.state)") == "stopped"
    assert notes.errors == []
