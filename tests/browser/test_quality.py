"""Measuring in real notebooks: the kernel stays free, curves are scrubbed, and what was measured stays."""

import re

import pytest
from browser.card import until
from playwright.sync_api import expect

CELL = """import limelight as ll
from browser import models
view = ll.live(ll.text_model(models.sentiment({pause}), output_names=["bad", "good"]), models.TEXT, n_samples=60)
view"""


def panel(card):
    """Open how far to trust it."""
    card.root.locator(".ll-quality > summary").press("Enter")
    expect(card.root.locator(".ll-quality-body")).to_be_visible()
    return card.root.locator(".ll-quality-body")


def scores(place):
    return place.locator(".ll-scores > li")


def test_it_measures_while_the_kernel_stays_free_and_stops_when_told(lab):
    lab.open(CELL.format(pause=0.02)).run_all()
    card = lab.card().says("done", 60)
    body = panel(card)
    expect(scores(body).first).to_be_visible()
    known = scores(body).count()
    card.button("Measure").click()
    expect(body.locator(".ll-going")).to_be_visible(timeout=20_000)
    card.token("lovely").click()  # what-ifs are answered meanwhile
    expect(card.root.locator(".ll-whatif")).to_contain_text("1 out: good")
    card.button("Stop measuring").click()
    expect(card.button("Measure")).to_be_visible()
    before = scores(body).count()
    assert known <= before < 9
    card.button("Measure").click()
    expect(card.button("Measure these too")).to_be_visible(timeout=60_000)
    expect(scores(body)).to_have_count(9)
    assert lab.errors == []


def test_what_was_measured_is_there_after_a_reload_and_in_a_saved_page(lab, browser):
    lab.open(CELL.format(pause=0)).run_all()
    card = lab.card().says("done", 60)
    body = panel(card)
    card.button("Measure").click()
    expect(card.button("Measure these too")).to_be_visible(timeout=60_000)
    told = scores(body).all_inner_texts()
    lab.save()
    lab.python("view.save('measured.html')")
    page = browser.new_page()
    page.goto(f"file://{lab.root}/measured.html")
    page.locator(".ll-quality > summary").click()
    until(lambda: scores(page).all_inner_texts() == told)
    expect(page.locator(".ll-go")).to_be_hidden()
    expect(page.locator(".ll-measure")).to_contain_text("A saved page: nothing more can be asked.")
    scrub = page.get_by_role("slider", name="Features taken out")
    scrub.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".ll-token[data-out]")).to_have_count(2)
    expect(page.locator(".ll-scrubbed")).to_have_text(re.compile(r"^2 of 18 words out: good 0\.\d+ → 0\.\d+$"))
    page.close()
    lab.visit()
    body = panel(lab.card())
    until(lambda: scores(body).all_inner_texts() == told)


@pytest.mark.parametrize("case", ["measured", "measuredimage", "measuredtable"])
def test_a_curve_is_scrubbed_under_the_pointer_and_by_keys(views, case):
    page = views.show(case)
    plot, scrub = page.locator(".ll-curveplot"), page.locator(".ll-scrub")
    box = plot.bounding_box()
    out = page.locator(".ll-bars > li[data-out]")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    expect(page.locator(".ll-scrubbed")).to_contain_text(re.compile(r"^\d+ of \d+ \w+ out: "))
    until(lambda: out.count() > 1)
    rule = page.locator(".ll-curverule").bounding_box()
    assert abs(rule["x"] - box["x"] - box["width"] / 2) < box["width"] / 15
    page.mouse.move(0, 0)
    expect(out).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Insertion, area")).click()
    scrub.focus()
    page.keyboard.press("Home")
    expect(page.locator(".ll-scrubbed")).to_contain_text(re.compile("^only 0 of "))
    assert scrub.evaluate("el => el.value / el.max") == 0
    expect(out).to_have_count(page.locator(".ll-bars > li").count())
    page.keyboard.press("Escape")
    expect(out).to_have_count(0)
