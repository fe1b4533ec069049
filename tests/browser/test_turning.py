"""Methods without a neighborhood in the view of the others: turning to and fro, stopping, saving."""

import json
import re

import numpy as np
import pytest
from browser.card import until
from browser.test_streaming import HURRY, SLOWLY, grows
from playwright.sync_api import expect


def cell(method="lime", n_samples="'auto'", pause=0.0):
    return f"""import json
import limelight as ll
from browser import models
view = ll.live(models.glance({pause}), models.photo(), method="{method}", n_samples={n_samples})
view"""


def assert_python_agrees(lab, card, method):
    """The bars are the values of Python's answer to what the reader chose; returns them."""
    def agrees():
        said = lab.python("e = view.explanation; print(json.dumps([e.method, e.values[:, e.target].tolist()]))")
        found, values = json.loads(said)
        bars = card.rests().bars()
        assert (found, len(bars)) == (method, 10)
        assert bars == pytest.approx({feature: values[feature] for feature in bars}, abs=0.06 * max(map(abs, values)))
        return bars

    return until(agrees)


def assert_again(card, bars):
    """They are the same bars, up to how they were rounded."""
    until(lambda: list(card.bars().values()) == pytest.approx(list(bars.values()), rel=0.1))


def stopped_at(lab, card):
    """How many passes a view has that was stopped, once those under way have come, to Python and to it."""
    card.says("stopped")

    def ended():
        before = lab.python("print(models.asked, view.explanation.n_evals)")
        said = card.rests().evaluated("Passes")
        assert lab.python("print(models.asked, view.explanation.n_evals)") == before
        assert before.split()[1] == str(said)
        return said

    return until(ended)


def test_lime_to_gradients_and_back(lab):
    lab.open(cell(n_samples=300)).run_all()
    card = lab.card().says("done")
    lime = assert_python_agrees(lab, card, "lime")
    evaluated = card.evaluated()
    gradients = assert_python_agrees(lab, card.turn_to("Int. gradients").says("done"), "integrated_gradients")
    assert lime != gradients
    expect(card.root.locator(".ll-foot")).to_contain_text("completeness gap")
    expect(card.button("Pixels")).to_have_attribute("aria-pressed", "true")
    asked = lab.python("print(models.asked)")
    for name, bars in [("LIME", lime), ("Int. gradients", gradients), ("LIME", lime)]:
        card.turn_to(name).shows(bars, tolerance=1e-9)
    assert card.evaluated() == evaluated
    assert lab.python("print(models.asked)") == asked
    assert_python_agrees(lab, card.turn_to("Saliency").says("done"), "saliency")
    expect(card.slider("Passes")).to_be_hidden()
    expect(card.root.locator(".ll-meaning")).to_contain_text("they don't add up")
    assert lab.errors == []


def test_lime_begins_in_a_view_that_opened_with_gradients(lab):
    lab.open(cell("integrated_gradients")).run_all()
    card = lab.card().says("done")
    assert_python_agrees(lab, card, "integrated_gradients")
    width = assert_python_agrees(lab, card.turn_to("LIME").says("done"), "lime")
    card.drag("Kernel width", 0.05)
    until(lambda: card.bars() != width)
    card.drop()
    assert lab.errors == []


def test_another_output_of_a_gradient_method(lab):
    lab.open(cell("integrated_gradients")).run_all()
    card = lab.card().says("done")
    shown = {}
    for name in ["red", "green", "blue"]:
        card.chip(name).click()
        expect(card.chip(name)).to_have_attribute("aria-pressed", "true")
        shown[name] = assert_python_agrees(lab, card.says("done"), "integrated_gradients")
    assert len({json.dumps(bars, sort_keys=True) for bars in shown.values()}) == 3
    asked = lab.python("print(models.asked)")
    for name in ["red", "blue", "green"]:
        card.chip(name).click()
        card.shows(shown[name], tolerance=1e-9)
    assert lab.python("print(models.asked)") == asked
    assert lab.errors == []


def test_smooth_grad_is_stopped_left_resumed_and_asked_for_more(lab):
    lab.open(cell("smooth_grad", 400, pause=0.015)).run_all()
    card = lab.card().says("streaming")
    grows(card, "Passes")
    card.button("Stop").click()
    stopped = stopped_at(lab, card)
    assert stopped < 400
    card.turn_to("Saliency").says("done").turn_to("SmoothGrad").says("stopped")
    assert stopped_at(lab, card) == stopped
    card.button("Resume").click()
    card.says("streaming")
    lab.python(HURRY)
    card.says("done")
    assert card.evaluated("Passes") == 400
    assert_python_agrees(lab, card, "smooth_grad")
    expect(card.root.locator(".ll-foot")).to_contain_text("at 95 %")
    card.drag("Passes", 0.3)
    card.drop()
    expect(card.root.locator(".ll-deck")).to_contain_text("of 400")
    lab.python(SLOWLY)
    card.button("More").click()
    card.says("streaming")
    card.button("Stop").click()
    assert 400 < stopped_at(lab, card) <= 800
    assert lab.errors == []


def test_a_page_is_reloaded_while_a_method_draws(lab):
    lab.open(cell("smooth_grad", 10_000, pause=0.01)).run_all()
    card = lab.card().says("streaming")
    lab.save()
    grows(card, "Passes")
    seen = card.evaluated("Passes")
    lab.visit()
    card = lab.card().says("streaming")
    until(lambda: card.evaluated("Passes") > seen)
    card.button("Stop").click()
    stopped_at(lab, card)
    assert_python_agrees(lab, card, "smooth_grad")
    assert lab.errors == []


def test_two_pages_turn_together(lab):
    lab.open(cell(n_samples=300)).run_all()
    card = lab.card().says("done")
    lab.save()
    other = lab.twin()
    twin = other.card().says("done")
    twin.turn_to("Int. gradients").says("done")
    expect(card.button("Int. gradients")).to_have_attribute("aria-pressed", "true")
    bars = assert_python_agrees(lab, card, "integrated_gradients")
    twin.shows(bars, tolerance=1e-9)
    asked = lab.python("print(models.asked)")
    card.turn_to("LIME").says("done")
    expect(twin.button("LIME")).to_have_attribute("aria-pressed", "true")
    twin.shows(assert_python_agrees(lab, card, "lime"), tolerance=1e-9)
    assert lab.python("print(models.asked)") == asked
    other.page.close()
    assert lab.errors == other.errors == []


@pytest.mark.parametrize("width", [360, 760])
def test_many_methods_fit_a_narrow_view_and_work_by_keyboard(lab, axe, width):
    lab.open(cell(n_samples=300)).run_all()
    card = lab.card().says("done")
    card.root.evaluate(f"el => {{ el.style.width = '{width}px'; }}")
    card.rests().root.get_by_role("button", name=re.compile("^All .* methods$")).focus()
    lab.page.keyboard.press("Enter")
    expect(card.root.locator(".ll-offers")).to_be_visible()
    boxes = card.root.locator(".ll-head button:visible").evaluate_all(
        "all => all.map(one => [one.getBoundingClientRect().left, one.getBoundingClientRect().right])")
    home = card.root.bounding_box()
    edges = np.array(boxes)
    assert edges.min() >= home["x"] and edges.max() <= home["x"] + width
    assert axe(lab.page, ".ll-view") == []
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Escape")
    expect(card.root.locator(".ll-offers")).to_be_hidden()
    lab.page.keyboard.press("Enter")
    for _ in range(5):
        lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Enter")  # four that read the neighborhood come first
    card.says("done")
    expect(card.button("Saliency")).to_have_attribute("aria-pressed", "true")
    assert axe(lab.page, ".ll-view") == []
    assert lab.errors == []


def test_five_methods_with_a_long_name_fit_a_narrow_view(lab):
    lab.open("""import limelight as ll
from browser import models
background, row = models.table()
model = ll.tabular_model(models.risk, background, feature_names=models.FEATURES, output_names=["low", "high"])
view = ll.live(model, row)
view""").run_all()
    card = lab.card().says("exact")
    card.root.evaluate("el => { el.style.width = '360px'; }")
    card.turn_to("Permutation Shapley").says("done").rests()
    home = card.root.bounding_box()
    edges = card.root.locator(".ll-head button:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().right)")
    assert max(edges) <= home["x"] + 360
    assert lab.errors == []


def test_a_saved_notebook_shows_every_method_that_was_computed(lab):
    lab.open(cell(n_samples=300)).run_all()
    card = lab.card().says("done")
    shown = {"LIME": assert_python_agrees(lab, card, "lime")}
    for name, method in [("Int. gradients", "integrated_gradients"), ("Saliency", "saliency")]:
        shown[name] = assert_python_agrees(lab, card.turn_to(name).says("done"), method)
    lab.save()
    card = lab.reopen().card().says("no kernel")
    for name in ["Saliency", "LIME", "Int. gradients", "LIME"]:
        card.turn_to(name)
        assert_again(card, shown[name])
    card.turn_to("SmoothGrad").says("not computed")
    assert card.bars() == {}
    expect(card.root.locator(".ll-warning")).to_contain_text("SmoothGrad was not computed")
    assert lab.errors == []
