"""Views from 320 to 1,600 pixels, of inputs that are long, many, or written from right to left."""

from itertools import pairwise

import pytest
from browser.card import FRAMES, RESTS

HARD = ["hebrew", "marks", "chinese", "endless", "endlessrow", "words", "columns", "outputs", "compareendless",
        "comparehebrew", "overviewhard", "overviewmany", "traininghard"]
USUAL = ["text", "image", "table", "pairs", "measured", "measuredimage", "compare", "comparerows",
         "comparepictures", "overviewrow", "overviewbars", "corpus",
         "training", "trainingpage", "trainingimage"]
# What a reader's own style sheet may ask for: WCAG 2.2, 1.4.12.
SPACED = """.ll-view, .ll-view * {
    line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important;
}
.ll-view p { margin-bottom: 2em !important }"""


def assert_nothing_sticks_out(page, *widths):
    """However wide the window is made: the first is the one that it has."""
    for width in widths:
        if page.viewport_size["width"] != width:
            page.set_viewport_size({"width": width, "height": 800})
            page.locator("body").evaluate(RESTS, [FRAMES, 40])
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("access.beyond()") == [], width


# 640 pixels are what is left of 1,280 at 200 %, and 320 at 400 %.
@pytest.mark.parametrize("widths", [(320, 640), (1600, 1000)])
def test_no_view_needs_scrolling_to_the_side(views, widths):
    assert_nothing_sticks_out(views.show(*HARD, *USUAL, width=widths[0]), *widths)


def test_nor_does_a_view_that_speaks_chinese(views):
    page = views.show(*USUAL, "gradients", "failed", "nokernel", width=320, lang="zh")
    assert page.locator("article[lang=zh-CN]").count() == len(USUAL) + 3
    assert_nothing_sticks_out(page, 320, 1000)


def test_a_wide_page_is_used_and_lines_of_a_text_stay_short(views):
    page = views.show("text", width=1600)
    assert page.locator(".ll-view").bounding_box()["width"] > 1500
    assert page.locator(".ll-text").bounding_box()["width"] < 720
    assert page.locator(".ll-barbox").first.bounding_box()["width"] > 800


WIDER = "names => names.map(one => [one.textContent, one.scrollWidth > one.clientWidth])"


def test_a_narrow_key_of_a_training_says_short_names_in_full(views):
    names = views.show("training", width=380).locator(".ll-key-name").evaluate_all(WIDER)
    assert len(names) > 4 and [name for name, cut in names if cut and len(name) < 16] == []


@pytest.mark.parametrize("width", [320, 1000])
def test_wider_letters_words_and_lines_lose_nothing(views, width):
    page = views.show("text", "image", "table", "gradients", "compare", "overviewrow", "corpus", width=width)
    page.add_style_tag(content=SPACED)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("access.beyond()") == []
    assert page.evaluate("access.cut()") == []


def test_letters_of_twice_the_size_push_nothing_over_anything(views):
    page = views.show("text", "table", width=1000)
    page.add_style_tag(content=".ll-view, .ll-view .ll-hint, .ll-view .ll-foot { font-size: 26px !important }")
    heights = "all => all.map(el => [el.getBoundingClientRect().top, el.getBoundingClientRect().bottom])"
    for case in ("#text", "#table"):
        rows = page.locator(f"{case} .ll-bars .ll-number").evaluate_all(heights)
        assert all(above[1] <= below[0] + 0.5 for above, below in pairwise(rows))
        assert rows[0][1] - rows[0][0] >= 26
    assert page.evaluate("access.beyond()") == []


def test_a_page_from_right_to_left_mirrors_words_and_not_numbers(views):
    page = views.show("hebrew", "table")
    before = page.evaluate("access.lefts()")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("access.lefts()") == before
    ends = page.locator("#hebrew .ll-token").evaluate_all("all => all.map(el => el.getBoundingClientRect().right)")
    assert ends == sorted(ends, reverse=True)
    text = page.locator("#hebrew .ll-text").bounding_box()
    assert text["x"] + text["width"] - ends[0] < 8
    assert "raises the probability of \u2068" in page.locator("#hebrew .ll-axis").inner_text()


def test_a_thousand_columns_and_a_hundred_outputs_unfold(views):
    page = views.show("columns", "outputs")
    page.locator("#columns .ll-unfold .ll-more").first.click()
    assert page.locator("#columns .ll-bars > li").count() == 50
    chips = page.locator("#outputs .ll-chips")
    chips.locator(".ll-more").click()
    assert chips.locator(".ll-chip").count() == 100
    assert chips.locator("[tabindex='0']").count() == 1


@pytest.mark.parametrize("case", ["text", "image", "table", "measured", "compare", "overviewrow", "corpus", "training"])
def test_what_is_hidden_is_not_drawn(views, case):
    # In one go: of elements that were found before, one may be hidden no more, as a run goes on.
    drawn = views.show(case, rests=False).evaluate(
        "[...document.querySelectorAll('.ll-view [hidden]')].map((el) => getComputedStyle(el).display)")
    assert set(drawn) == {"none"}
