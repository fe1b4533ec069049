"""A data set in a notebook: a row pressed, a cohort brushed, the same after a reload, and in a saved page."""

import json
import re

import pytest
from browser.card import until
from playwright.sync_api import expect

CELLS = [
    """import json
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
import limelight as ll
rng = np.random.default_rng(0)
X = pd.DataFrame({"age": rng.integers(17, 80, 300), "hours": rng.normal(40, 9, 300).round(),
                  "noise": rng.normal(size=300)})
y = np.where(X.age + X.hours > 90, "rich", "poor")
forest = RandomForestClassifier(8, max_depth=4, random_state=0).fit(X, y)
overview = ll.overview(forest, X, y, target="rich", progress=False)
overview""",
]


@pytest.fixture(scope="module")
def notes(desk):
    desk.open(*CELLS).run_all()
    desk.card()
    yield desk
    assert desk.errors == []


def panel(root, name):
    return root.locator(f".ll-{name}")


def shown(cells):
    return [float(each.replace("\u2212", "-")) for each in cells]


def test_features_stand_in_pythons_order(notes):
    root = notes.card().root
    names = json.loads(notes.python("print(json.dumps(overview.importance['feature'].tolist()))"))
    expect(root.locator(".ll-ranking .ll-label")).to_have_text(names)
    assert set(names[:2]) == {"age", "hours"}


def test_a_point_that_is_pressed_opens_its_row_with_pythons_numbers(notes):
    root = notes.card().root
    strip = root.locator(".ll-ranking .ll-strip").first
    strip.scroll_into_view_if_needed()
    rover = root.locator(".ll-rover").first
    expect(rover).to_have_attribute("aria-valuemax", re.compile("[1-9]"))
    rover.focus()
    notes.page.keyboard.press("End")
    expect(rover).to_have_attribute("aria-valuetext", re.compile("^row "))
    row = int(re.match(r"row ([\d,]+):", rover.get_attribute("aria-valuetext"))[1].replace(",", ""))
    expect(panel(root, "onerow").locator(".ll-name")).to_have_text(f"Row {row}")
    code = (f"i = list(overview.rows).index({row}); v = overview.values[i]; "
            "print(json.dumps(v[np.argsort(-abs(v), kind='stable')].tolist()))")
    numbers = panel(root, "onerow").locator(".ll-number").all_inner_texts()
    assert shown(numbers) == pytest.approx(json.loads(notes.python(code)), abs=0.006)
    expect(panel(root, "onerow").locator("code")).to_have_text(f"overview.explain({row})")
    ring = root.locator(".ll-ranking .ll-ring").first.bounding_box()
    root.get_by_role("button", name="Close").click()
    notes.page.mouse.click(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    expect(panel(root, "onerow").locator(".ll-name")).to_have_text(f"Row {row}")


def test_a_range_that_is_brushed_is_compared_by_python_over_all_rows(notes):
    root = notes.card().root
    root.locator(".ll-ranking .ll-lead", has_text="age").click()
    expect(root.locator(".ll-curves .ll-pdp")).to_have_count(1, timeout=20_000)
    box = root.locator(".ll-area").bounding_box()
    y = box["y"] + box["height"] / 2
    notes.page.mouse.move(box["x"] + 0.5 * box["width"], y)
    notes.page.mouse.down()
    notes.page.mouse.move(box["x"] + 0.9 * box["width"], y, steps=8)
    notes.page.mouse.up()
    cohort = panel(root, "cohort")
    expect(cohort.locator(".ll-name")).to_contain_text("age from ")
    until(lambda: notes.python("print(overview.view.settings['cohort'] is None)") == "False")  # told a little later
    wanted = json.loads(notes.python(
        "c = overview.view.settings['cohort']; found = overview.cohort(feature='age', low=c['low'], high=c['high'])\n"
        "print(json.dumps([found.n, found.to_frame()['difference'].tolist()]))"))
    expect(cohort.locator(".ll-verdict")).to_contain_text(f"{wanted[0]} of 300 rows")
    assert shown(cohort.locator(".ll-number").all_inner_texts()) == pytest.approx(wanted[1], abs=0.006)
    assert any(b'"cohort"' in frame for frame in notes.sent)


def test_a_measure_that_is_pressed_is_computed_by_python_a_slice_at_a_time(notes):
    root = notes.card().root
    measures = root.locator(".ll-measures button")
    root.locator(".ll-measures .ll-all").click()
    before = measures.all_inner_texts()
    measures.get_by_text("SAGE", exact=True).click()
    expect(root.locator(".ll-measures [aria-pressed=true]")).to_have_text("SAGE", timeout=60_000)
    assert measures.all_inner_texts()[: len(before) - 1] == before[:-1]
    expect(root.locator(".ll-doing")).to_be_hidden()
    wanted = json.loads(notes.python("print(json.dumps(sorted(overview.measure('sage').values.tolist())[::-1]))"))
    assert shown(root.locator(".ll-ranking .ll-number").all_inner_texts()) == pytest.approx(wanted, abs=0.006)
    measures.first.click()
    expect(root.locator(".ll-measures [aria-pressed=true]")).to_have_text(before[0])


def test_a_position_where_no_row_is_is_told_beside_the_box(notes):
    found = panel(notes.card().root, "onerow")
    box = found.get_by_label("Position of a row")
    box.fill("300")
    box.press("Enter")
    expect(found.locator(".ll-notfound")).to_have_text("No row is at position 300: positions go from 0 to 299")
    box.fill("7")
    box.press("Enter")
    expect(found.locator(".ll-name")).to_have_text("Row 7")
    expect(found.locator(".ll-notfound")).to_have_text("")


def test_it_is_there_again_after_a_reload(notes):
    root = notes.card().root
    before = [panel(root, name).locator(".ll-name").inner_text() for name in ("onerow", "cohort")]
    notes.save()
    notes.visit()
    root = notes.card().root
    for name, said in zip(("onerow", "cohort"), before, strict=True):
        expect(panel(root, name).locator(".ll-name")).to_have_text(said)


def test_a_saved_page_of_it_explains_and_compares_alone(notes, tmp_path):
    notes.python(f"overview.view.settings = {{**overview.view.settings, 'cohort': None, 'row': None}}; "
                 f"overview.save({str(tmp_path / 'saved.html')!r})")
    page = notes.page.context.browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"file://{tmp_path}/saved.html")
    root = page.locator(".ll-view")
    expect(root.locator(".ll-state")).to_have_text("saved page: nothing more can be asked")
    expect(root.locator(".ll-notes li").first).to_contain_text("Not in this saved page, as it takes a kernel")
    root.get_by_role("button", name="Largest attribution").click()
    expect(panel(root, "onerow").locator(".ll-name")).to_have_text(re.compile(r"^Row \d+$"))
    root.get_by_role("button", name="Compare a range").click()
    expect(panel(root, "cohort").locator(".ll-verdict")).to_contain_text(" of 300 rows")
    page.close()
    assert errors == []
