"""Every view for everyone: by keyboard, by ear, in any colours."""

import re

import pytest
from browser import models
from browser.conftest import COLOURS, RULES
from playwright.sync_api import expect

import limelight as ll

AS_THEY_COME = ["streaming", "beginning", "failed", "nokernel", "missing", "endless", "hebrew", "measured",
                "measuredimage", "overview", "overviewpage", "trainingpage", "trainingfirst"]
TOUCHED = ["text", "image", "table", "grouped", "objected", "objectedimage", "objectedtable", "warned", "compare",
           "comparepictures", "overviewrow", "corpus", "overviewimages", "training", "trainingimage"]
THEMES = pytest.mark.parametrize(("theme", "rules"), [("light", RULES), ("dark", COLOURS)], ids=["light", "dark"])
UNFOLDING = [".ll-text .ll-token[role=button]", ".ll-unfold .ll-more", ".ll-chips .ll-more", ".ll-all", ".ll-ask"]
HEADINGS_AND_LANDMARKS = ("h1, h2, h3, h4, h5, h6, main, nav, aside, section[aria-label], "
                          ":is([role=region], [role=heading], [role=banner], [role=contentinfo])")


def touch_everything(page):
    """Take something out, unfold all that unfolds, light a bar: pressed by a script, as a pointer takes its time."""
    page.evaluate("""(parts) => {
        for (const view of document.querySelectorAll(".ll-view"))
            for (const part of parts) {
                const first = view.querySelector(part);
                if (first?.checkVisibility()) first.click();
            }
    }""", UNFOLDING)
    page.locator(".ll-bars li").first.hover()


@THEMES
def test_axe_finds_nothing_in_views_as_they_come(views, axe, theme, rules):
    assert axe(views.show(*AS_THEY_COME, theme=theme), ".ll-view", rules) == []


@THEMES
def test_axe_finds_nothing_with_what_if_and_all_unfolded(views, axe, theme, rules):
    page = views.show(*TOUCHED, theme=theme)
    touch_everything(page)
    expect(page.locator(".ll-terms:visible")).to_have_count(len(TOUCHED))
    expect(page.locator(".ll-text .ll-token[data-out]")).not_to_have_count(0)
    assert axe(page, ".ll-view", rules) == []


@THEMES
def test_axe_finds_nothing_in_a_saved_page(browser, axe, tmp_path, theme, rules):
    background, row = models.table()
    text = ll.explain(ll.text_model(models.sentiment(), output_names=["bad", "good"]), models.TEXT, n_samples=200)
    table = ll.explain(ll.tabular_model(models.risk, background, feature_names=models.FEATURES), row)
    ll.save([text, table, ll.compare(text, text.refit(method="shapley"))], tmp_path / "saved.html", title="Saved")
    page = browser.new_page(color_scheme=theme, bypass_csp=True)  # or axe could not come in
    page.goto(f"file://{tmp_path}/saved.html")
    expect(page.locator(".ll-ask")).to_have_count(3)
    for ask in page.locator(".ll-ask").all():
        ask.click()
    assert axe(page, "html", rules) == []
    page.close()


def test_views_add_no_headings_and_no_landmarks_to_the_page(views):
    page = views.show("text", "image", "table", "compare")
    assert page.locator(".ll-view").locator(HEADINGS_AND_LANDMARKS).count() == 0
    names = page.locator("article").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert len(names) == 4 and all(names)


# --- colours -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_have_4_5_to_1_and_what_is_drawn_3_to_1(views, theme):
    page = views.show("text", "image", "table", "narrow", "saliency", "failed", "warned", "compare", theme=theme)
    page.locator("#text .ll-token").get_by_text("gripping").click()
    page.mouse.move(0, 0)
    words, drawn = page.evaluate("[access.words(), access.drawn()]")
    assert {"token 1.00", "token 0.01", "ll-number", "ll-readout"} <= set(words)
    assert {name: ratio for name, ratio in words.items() if ratio < 4.5} == {}
    assert len(drawn) == 14
    assert {name: ratio for name, ratio in drawn.items() if ratio < 3} == {}


def test_for_and_against_differ_without_colour(views):
    page = views.show("text", "image", "table")
    lines = page.locator("#text .ll-token").evaluate_all(
        "all => all.map(one => [one.dataset.sign, getComputedStyle(one).textDecorationStyle])")
    assert {sign: style for sign, style in lines if sign != "faint"} == {"for": "solid", "against": "dotted"}
    numbers = page.locator("#table .ll-bars > li").evaluate_all(
        "all => all.map(one => [one.dataset.sign, one.querySelector('.ll-number').textContent])")
    assert all(number[0] == {"for": "+", "against": "\u2212"}[sign] for sign, number in numbers if float(number[1:]))
    assert page.locator("#image .ll-axis").inner_text() == "\u2212 lowers, + raises the probability of tabby"


def test_in_forced_colours_bars_and_choices_are_still_seen(views):
    page = views.show("text", forced_colors="active")
    looks = "el => [getComputedStyle(el).backgroundColor, getComputedStyle(el).backgroundImage]"
    ground = page.locator(".ll-view").evaluate(looks)
    bars = [page.locator(f"li[data-sign={sign}] .ll-bar").first.evaluate(looks) for sign in ("for", "against")]
    assert bars[0][0] != ground[0]
    assert "gradient" in bars[1][1]
    chosen, other = (page.locator(".ll-chip").nth(i).evaluate(looks) for i in (0, 1))
    assert chosen != other


def test_nothing_moves_of_itself_even_while_rows_stream_in(views):
    assert views.show("streaming").evaluate("document.getAnimations().length") == 0


def test_paper_is_white(views):
    page = views.show("text", theme="dark")
    page.emulate_media(media="print")
    look = page.locator(".ll-view").evaluate("el => [getComputedStyle(el).backgroundColor, getComputedStyle(el).color]")
    assert look == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    expect(page.locator(".ll-button")).to_be_hidden()


# --- keyboard ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["text", "image", "table", "pairs", "gradients", "measured", "compare",
                                  "comparepictures", "overviewrow", "corpus", "training"])
def test_the_tab_key_goes_through_a_view_in_order_with_the_focus_in_sight(views, case):
    page = views.show(case)
    page.evaluate("access.fence()")
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("access.focused()"))
        if stops[-1]["id"] == "after":
            break
    assert stops.pop()["id"] == "after"
    assert len(stops) > 4
    assert [stop["place"] for stop in stops] == sorted(stop["place"] for stop in stops)
    assert [stop["name"] for stop in stops if stop["ring"] != "solid 2px" or not stop["seen"]] == []
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("access.focused()") == stops[-1]


def test_arrows_go_through_chips_and_bars_and_a_line_tells_what_has_the_focus(views):
    page = views.show("image")
    page.locator(".ll-chip").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".ll-chip").nth(1)).to_be_focused()
    rows = page.locator(".ll-bars .ll-row")
    rows.first.focus()
    for key, place in [("ArrowDown", 1), ("End", 9), ("Home", 0)]:
        page.keyboard.press(key)
        expect(rows.nth(place)).to_be_focused()
        name, number = (rows.nth(place).locator(part).inner_text() for part in (".ll-label", ".ll-number"))
        expect(page.locator(".ll-axis")).to_have_text(re.compile(f"^{name}: {re.escape(number)}, 95 % interval "))
    page.keyboard.press("Enter")
    expect(page.locator(".ll-whatif")).to_contain_text("1 out: tabby")
    assert page.locator(".ll-bars [tabindex='0']").count() == 1


def test_a_rows_value_and_a_pair_are_told_in_full(views):
    page = views.show("grouped")
    told = page.locator(".ll-axis")
    page.locator(".ll-bars > li[tabindex]").first.focus()
    expect(told).to_have_text(re.compile(r"^\w+ = [\d., ]+: [+\u2212]0\.\d+, "))
    page.locator(".ll-pairs li").first.focus()
    expect(told).to_have_text(re.compile(r" with .*, 95 % interval "))
    page.locator(".ll-ask").focus()
    expect(told).to_contain_text("lowers")


@pytest.mark.parametrize(("name", "least", "most"), [
    ("Perturbations", "17 of 1,000 ", "1,000 of 1,000 "), ("Kernel width", "0.05", "2.00")])
def test_a_slider_goes_by_keys_and_by_pressing_and_says_its_value_in_words(views, name, least, most):
    page = views.show("nokernel")
    slider = page.get_by_role("slider", name=name)
    slider.focus()
    said = []
    for key in ["Home", "PageUp", "ArrowRight", "PageDown", "End"]:
        before = slider.get_attribute("aria-valuetext")
        page.keyboard.press(key)
        expect(slider).not_to_have_attribute("aria-valuetext", before)
        said.append(slider.get_attribute("aria-valuetext"))
    assert said[0].startswith(least)
    assert said[-1].startswith(most)
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] / 4, "y": box["height"] / 2})
    assert 230 <= int(slider.input_value()) <= 270
    hint = slider.evaluate("el => document.getElementById(el.getAttribute('aria-describedby')).textContent")
    assert hint


def test_why_a_method_cant_run_is_read_where_it_was_pressed(views):
    page = views.show("text")
    page.get_by_role("button", name="Occlusion").press("Enter")
    expect(page.locator(".ll-refusal")).to_have_text(
        "Occlusion can't run here: needs the rows that leave one feature out")
    page.get_by_role("button", name="Shapley").click()
    expect(page.locator(".ll-refusal")).to_be_hidden()


@pytest.mark.parametrize("case", ["text", "pixels", "measured", "compare", "overviewrow", "training"])
def test_what_a_pointer_is_told_of_terms_the_question_mark_tells_everyone(views, case):
    page = views.show(case)
    ask = page.get_by_role("button", name="What these words mean")
    ask.press("Enter")
    marked = "all => all.filter(one => one.checkVisibility()).map(one => [one.dataset.term, one.title])"
    told = "all => all.map(one => [...one.children].map(part => part.textContent))"
    terms = dict(page.locator("[data-term][title]").evaluate_all(marked))
    assert dict(page.locator(".ll-terms > div").evaluate_all(told)) == terms
    assert len(terms) >= 2
    page.keyboard.press("Escape")
    expect(page.locator(".ll-terms")).to_be_hidden()
    expect(ask).to_be_focused()


# --- by ear --------------------------------------------------------------------------------------------------------


def test_a_run_that_streams_speaks_at_its_end_only(views):
    page = views.show("flowing", rests=False)
    page.evaluate("access.listen()")
    steps = "shown.flowing.model.sent.filter(({ type }) => type === 'step').length"
    before = page.evaluate(steps)
    expect(page.locator(".ll-state")).to_contain_text("done", timeout=20_000)
    expect(page.locator("[aria-live]")).to_have_text("Explanation done")
    assert page.evaluate(steps) - before > 5
    assert page.evaluate("heard") == ["Explanation done"]


def test_bars_are_a_list_that_reads_well(views):
    page = views.show("text", "table", "image", "pairs")
    first = page.locator("#text .ll-bars li").first.aria_snapshot()
    assert re.search(r'button "gripping \+0\.18 ?, 95 % interval \+0\.171 to \+0\.192"', first)
    row = page.locator("#table .ll-bars li").first.aria_snapshot()
    assert re.search(r"worst perimeter[\s\S]*spinbutton[\s\S]*, 95 % interval ", row)
    pairs = page.locator("#pairs .ll-pairs").aria_snapshot()
    assert re.search(r'option "worst perimeter with worst concave points \+0\.11 ?, 95 % interval ', pairs)
    assert re.search(r'button "segment \d+ (top|middle|bottom|left|right)',
                     page.locator("#image .ll-bars").aria_snapshot())


def test_each_bar_of_a_picture_shows_its_segment(views):
    found = views.show("image").locator(".ll-bars .ll-thumb").evaluate_all(
        "all => all.map(one => [one.naturalWidth, one.src, one.getBoundingClientRect().width])")
    assert [(own, shown) for own, _, shown in found] == [(40, 20)] * 10
    assert len({source for _, source, _ in found}) > 5


def test_pictures_and_lines_have_words(views):
    page = views.show("image")
    seen, counted, lines = page.locator(".ll-picture, .ll-trace svg").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))")
    assert seen == "What the model is given"
    assert re.match(r"What counted for tabby: (segment \d+ \([a-z ]+\) [+\u2212]0\.\d+(, |$)){5}", counted)
    assert re.match(r"The 5 largest attributions from \d+ to 1,000 perturbations: segment \d+ \S+ to \S+, ", lines)
