"""Saved pages and fragments of them in a real browser: alive with no kernel and no network, and honest when damaged."""

import gzip
import re
from base64 import b64decode, b64encode

import hostile
import numpy as np
import pytest
from browser import models
from browser.card import Card, until
from playwright.sync_api import expect

import limelight as ll
from limelight.export.words import WORDS

SAID = WORDS["en"]


@pytest.fixture(scope="module")
def text():
    return ll.explain(ll.text_model(models.sentiment(), output_names=["bad", "good"]), models.TEXT, n_samples=600,
                      progress=False)


@pytest.fixture(scope="module")
def image():
    asked = ll.image_model(models.brightness, segments=models.squares(), hide="black",
                           output_names=["red", "green", "blue"])
    return ll.explain(asked, models.photo(), n_samples=500, progress=False)


@pytest.fixture(scope="module")
def table():
    background, row = models.table()
    asked = ll.tabular_model(models.risk, background, feature_names=models.FEATURES, output_names=["low", "high"])
    return ll.explain(asked, row, method="shapley", progress=False)


@pytest.fixture
def written(text, tmp_path):
    return text.save(tmp_path / "text.html").read_text()


class Reader:
    """One who opens files in one page, and notes what goes wrong and what is asked for."""

    def __init__(self, page, folder=None):
        self.page, self.folder = page, folder
        self.faults, self.asked = [], []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: self.asked.append(request.url))

    def begin(self, folder):
        """Forget what was read before."""
        self.folder = folder
        self.page.goto("about:blank")
        self.page.context.set_offline(False)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1280, "height": 720})
        self.faults.clear()
        self.asked.clear()
        return self

    def open(self, content):
        """Write a page, or take a written one, and open it."""
        path = content if hasattr(content, "suffix") else self.folder / "page.html"
        if path is not content:
            path.write_text(content)
        self.page.goto(f"file://{path}")
        return self.page

    def cards(self, n=1):
        views = self.page.locator(".ll-view")
        expect(views).to_have_count(n)
        return [Card(view) for view in views.all()]

    def is_content(self):
        """Nothing went wrong, and nothing but the file was asked for."""
        outside = [address for address in self.asked if not re.match("file:|data:|about:", address)]
        return self.faults == outside == []


@pytest.fixture(scope="module")
def anyone(browser):
    page = browser.new_page()
    yield Reader(page)
    page.close()


@pytest.fixture
def reader(anyone, tmp_path):
    return anyone.begin(tmp_path)


def test_a_text_stays_alive_with_no_kernel_and_no_network(reader, text, tmp_path):
    reader.page.context.set_offline(True)
    reader.open(text.save(tmp_path / "text.html"))
    [card] = reader.cards()
    card.says("saved page: nothing more can be asked")
    bars = card.bars()
    assert bars[text.feature_names.index("lovely")] == pytest.approx(text.values[-1, 1], abs=0.006)
    card.chip("bad").click()
    expect(card.chip("bad")).to_have_attribute("aria-pressed", "true")
    card.shows({feature: -value for feature, value in bars.items()}, tolerance=1e-9)
    card.chip("good").click()
    card.drag("Kernel width", 0.05)
    card.drop()
    assert card.effective() < 200
    card.drag("Perturbations", 0.5)
    card.drop()
    expect(card.root.locator(".ll-deck")).to_contain_text("of 600")
    for method in ("Shapley", "Banzhaf", "Occlusion"):
        card.turn_to(method)
        expect(card.root.locator(".ll-bars li").first).to_be_visible()
    card.turn_to("LIME").button("Reset").click()
    card.token("lovely").hover()
    expect(card.root.locator(".ll-bars li[data-lit] .ll-label")).to_have_text("lovely")
    card.token("lovely").click()
    expect(card.root.locator(".ll-whatif")).to_contain_text("1 out: good 0.81")
    for word in ("thin", "flat", "plot", "people"):
        card.token(word).click()
    expect(card.root.locator(".ll-whatif")).to_contain_text("the model was not asked this before the page was saved")
    assert not card.root.get_by_role("button", name=re.compile("^(Stop|More|Resume)$")).count()
    assert reader.is_content()


def test_shapley_values_at_fewer_perturbations_are_pythons(reader, text, tmp_path):
    reader.open(text.refit("shapley").save(tmp_path / "text.html"))
    [card] = reader.cards()
    card.drag("Perturbations", 0.4)
    card.drop()
    said = card.root.locator(".ll-deck .ll-hint").first
    expect(said).to_contain_text("Shapley as it was after")
    n = int(re.search(r"after (\d+)", said.inner_text())[1])
    lovely = text.feature_names.index("lovely")
    assert n < 300
    assert card.bars()[lovely] == pytest.approx(text.refit("shapley", n_samples=n).values[lovely, 1], abs=0.006)


def test_views_of_all_kinds_live_in_one_page(reader, text, image, table, tmp_path):
    both = ll.compare(text, text.refit("shapley"))
    reader.open(ll.save([text, image, table, both], tmp_path / "four.html", title="Four"))
    first, second, third, fourth = reader.cards(4)
    expect(reader.page.locator("h1")).to_have_text("Four")
    assert reader.page.locator("h2").count() == 4 and reader.page.locator(".still, .note").count() == 0
    first.chip("bad").click()
    second.chip("blue").click()
    expect(second.chip("blue")).to_have_attribute("aria-pressed", "true")
    expect(first.chip("bad")).to_have_attribute("aria-pressed", "true")
    opaque = "canvas => canvas.getContext('2d').getImageData(9, 9, 1, 1).data[3] === 255"
    assert second.root.locator("canvas").first.evaluate(opaque)
    third.turn_to("LIME")
    assert third.root.locator("input[type=number], input[type=text], select").count() == 0
    expect(third.root.locator(".ll-value").first).to_contain_text("=")
    fourth.root.locator(".ll-token").first.hover()
    expect(fourth.root.locator(".ll-token[data-lit]")).to_have_count(2)
    assert reader.is_content()


LINES = """numbers => numbers.map((number) => {
    const range = document.createRange();
    range.selectNodeContents(number);
    return range.getClientRects().length;
})"""


def test_a_number_that_is_wider_than_its_column_keeps_to_one_line(reader, tmp_path):
    found = ll.explain(lambda texts: [[0.3 + 3e-7 * ("lovely" in text)] for text in texts], models.TEXT, progress=False)
    reader.open(found.save(tmp_path / "small.html"))
    [card] = reader.cards()
    numbers = card.root.locator(".ll-bars .ll-number")
    expect(numbers.first).to_have_text("0.000000")
    assert set(numbers.evaluate_all(LINES)) == {1}


def test_an_output_that_never_changes_has_neither_bars_nor_colours(reader, tmp_path):
    found = ll.explain(lambda texts: [[0.3, 0.7] for _ in texts], models.TEXT, n_samples=100, progress=False)
    reader.open(found.save(tmp_path / "still.html"))
    [card] = reader.cards()
    assert set(card.bars().values()) == {0}
    assert set(card.root.locator(".ll-bar").evaluate_all("bars => bars.map((bar) => bar.offsetWidth)")) == {0}
    shares = "tokens => tokens.map((token) => Number(token.style.getPropertyValue('--ll-share')))"
    assert set(card.root.locator(".ll-token").evaluate_all(shares)) == {0}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_its_window_in_both_themes(reader, text, table, tmp_path, scheme):
    reader.page.emulate_media(color_scheme=scheme)
    reader.open(ll.save([text, table], tmp_path / "two.html"))
    for width in (320, 768, 1600):
        reader.page.set_viewport_size({"width": width, "height": 800})
        for card in reader.cards(2):
            expect(card.rests().root).to_have_attribute("data-ll-theme", scheme)
            box = card.root.bounding_box()
            assert box["x"] > 0 and box["x"] + box["width"] < width
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_theme_that_was_chosen_holds_for_the_page_too(reader, monkeypatch, tmp_path):
    monkeypatch.setattr(ll.options, "theme", "dark")
    answer = ll.show(np.array([0.5, -0.25]), "not bad", output_names=["good"])
    reader.page.emulate_media(color_scheme="light")
    reader.open(answer.save(tmp_path / "dark.html"))
    expect(reader.cards()[0].root).to_have_attribute("data-ll-theme", "dark")
    red = "getComputedStyle(document.body).color.match(/[\\d.]+/)[0]"
    assert float(reader.page.evaluate(red)) > 200


class TestDamage:
    """What a reader sees where the views can't start: what is wrong, and the picture."""

    def sees(self, reader, message):
        note = reader.page.locator(".still .note:visible")
        expect(note).to_have_text(re.compile(re.escape(message)))
        expect(note).to_have_count(1)
        expect(reader.page.locator(".still img")).to_be_visible()
        assert reader.page.locator(".still img").evaluate("el => el.naturalWidth") > 200
        assert reader.page.locator(".ll-view").count() == 0

    def end_of_data(self, written):
        return written.index("</script>", written.index("application/gzip"))

    def test_a_script_that_was_changed_is_blocked(self, reader, written):
        [code] = re.findall(r'<script type="application/gzip">(.*?)</script>', written)
        evil = b64encode(gzip.compress(b"globalThis.hacked = 1;" + gzip.decompress(b64decode(code)))).decode()
        reader.open(written.replace(code, evil))
        self.sees(reader, SAID["waiting"])
        assert reader.page.evaluate("globalThis.hacked") is None
        assert any("Content Security Policy" in fault for fault in reader.faults)

    def test_the_script_that_begins_was_changed_and_is_blocked(self, reader, written):
        reader.open(written.replace("<script>", "<script>globalThis.hacked = 1;"))
        self.sees(reader, SAID["waiting"])
        assert reader.page.evaluate("globalThis.hacked") is None

    def test_a_script_that_was_added_is_blocked(self, reader, written):
        reader.open(written.replace("<main", "<script>globalThis.hacked = 1</script><main", 1))
        reader.cards()
        assert reader.page.evaluate("globalThis.hacked") is None

    def test_a_style_that_was_changed_is_blocked(self, reader, written):
        reader.open(written.replace("<style>", "<style>body{background:red!important}", 1))
        assert reader.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 0, 0)"

    def test_scripts_that_are_off(self, browser, written, tmp_path):
        context = browser.new_context(java_script_enabled=False)
        reader = Reader(context.new_page(), tmp_path)
        reader.open(written)
        expect(reader.page.locator("noscript .note")).to_contain_text(SAID["scripts"])
        expect(reader.page.locator(".still > .note")).to_be_hidden()
        expect(reader.page.locator(".still img")).to_be_visible()
        context.close()

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
    def test_a_file_that_ends_early(self, reader, written, share):
        reader.open(written[:int(share * len(written))])
        self.sees(reader, SAID["waiting"])
        assert reader.page.title().startswith("Why classify said good")

    def test_data_of_which_some_are_missing(self, reader, written):
        end = self.end_of_data(written)
        reader.open(written[:end - 2000] + written[end:])
        self.sees(reader, "This file is incomplete: it ends before the data of this view do.")

    def test_data_that_were_changed(self, reader, written):
        place = self.end_of_data(written) - 3000
        letter = "A" if written[place] != "A" else "B"
        reader.open(written[:place] + letter + written[place + 1:])
        self.sees(reader, "The data of this view are damaged")
        assert reader.page.get_by_role("alert").count() == 1

    def test_a_browser_that_can_not_unpack(self, page, written, tmp_path):
        reader = Reader(page, tmp_path)
        page.add_init_script("delete globalThis.DecompressionStream")
        reader.open(written)
        self.sees(reader, "This browser is too old")

    def test_a_view_that_is_missing(self, reader, text, tmp_path):
        whole = ll.save([text, text], tmp_path / "two.html").read_text()
        reader.open(whole[:whole.rindex("<section data-view")] + whole[whole.rindex("</section>") + len("</section>"):])
        reader.cards()
        expect(reader.page.locator("main > .note")).to_contain_text("not all of its views are in it")


@pytest.mark.parametrize("fragment", [False, True])
def test_what_is_hostile_stays_text(reader, tmp_path, fragment):
    texts = list(hostile.SHORT.values())
    found = [ll.show(np.array([0.5, -0.25]), [evil, "word"], output_names=[evil], method=evil, base_values=0.0,
                     prediction=0.25, output_space="probability") for evil in texts]
    reader.open(ll.save(found, tmp_path / "evil.html", title=" ".join(texts), fragment=fragment))
    inside = reader.page.frame_locator("iframe") if fragment else reader.page
    expect(inside.locator(".ll-view")).to_have_count(len(texts))
    assert inside.locator("main").locator("img, script:not([type]), iframe, b b, .ll-token *").count() == 0
    for frame in reader.page.frames:
        assert frame.evaluate(f"globalThis.{hostile.SIGN}") is None
    assert reader.is_content()


class TestFragments:
    """What is pasted into another page."""

    HOST = "<!doctype html><meta charset=utf-8>{policy}<h1>A tutorial</h1>{fragments}<p>The end</p>"

    def paste(self, reader, *explanations, policy=""):
        fragments = "".join(each.save(reader.folder / "f.html", fragment=True).read_text() for each in explanations)
        page = reader.open(self.HOST.format(policy=policy, fragments=fragments))
        return [page.locator("iframe").nth(i) for i in range(len(explanations))]

    def fits(self, frame):
        """Wait until the frame is as high as the view in it, which is returned."""
        view = Card(frame.content_frame.locator(".ll-view"))
        expect(view.root).to_be_visible()
        until(lambda: abs(frame.bounding_box()["height"] - view.root.bounding_box()["height"] - 2) <= 3)
        return view

    def test_several_live_in_one_page_each_as_high_as_it_wants_to_be(self, reader, text, table):
        reader.page.set_viewport_size({"width": 900, "height": 2400})
        frames = self.paste(reader, text, table)
        inner, _ = map(self.fits, frames)
        before = frames[0].bounding_box()["height"]
        inner.chip("bad").click()
        expect(inner.chip("bad")).to_have_attribute("aria-pressed", "true")
        inner.root.locator(".ll-bars ~ * .ll-more, .ll-unfold .ll-more").first.click()
        until(lambda: frames[0].bounding_box()["height"] > before)
        assert reader.is_content()

    def test_a_frame_can_do_nothing_to_the_page_around(self, reader, text):
        [frame] = self.paste(reader, text)
        expect(frame.content_frame.locator(".ll-view")).to_be_visible()
        inside = reader.page.frames[1]
        assert inside.evaluate("origin") == "null"
        reach = "(() => { try { return parent.document.title } catch { return 'refused' } })()"
        assert inside.evaluate(reach) == "refused"

    def test_only_a_height_within_bounds_is_heard(self, reader, text):
        [frame] = self.paste(reader, text)
        self.fits(frame).rests()
        before = frame.bounding_box()["height"]
        for height in ["NaN", "Infinity", "1e9", "-5", "'900px'", "{}", "null"]:
            reader.page.frames[1].evaluate(f"parent.postMessage({{ limelight: {height} }}, '*')")
            reader.page.evaluate("window.postMessage({ limelight: 77 }, '*'); window.postMessage(null, '*')")
            reader.page.wait_for_timeout(50)  # nothing is heard
            assert frame.bounding_box()["height"] == before, height
        reader.page.frames[1].evaluate("parent.postMessage({ limelight: 333 }, '*')")
        until(lambda: frame.bounding_box()["height"] == 333)

    def test_where_the_listener_was_taken_out_it_keeps_its_height_and_scrolls(self, reader, text):
        whole = text.save(reader.folder / "f.html", fragment=True).read_text()
        bare = re.sub(r"</iframe><script>.*", "</iframe>", whole)
        reader.open(self.HOST.format(policy="", fragments=bare))
        frame = reader.page.locator("iframe")
        expect(frame.content_frame.locator(".ll-view")).to_be_visible()
        assert frame.bounding_box()["height"] == 560

    def test_where_no_inline_script_may_run_the_picture_stays_and_says_why(self, reader, text):
        policy = '<meta http-equiv="Content-Security-Policy" content="script-src \'self\'">'
        [frame] = self.paste(reader, text, policy=policy)
        expect(frame.content_frame.locator(".still .note")).to_be_visible()
        expect(frame.content_frame.locator(".still img")).to_be_visible()

    def test_it_goes_into_a_page_of_another_encoding(self, reader):
        answer = ll.show(np.array([0.5, -0.25]), "不 错", output_names=["好"])
        fragment = answer.save(reader.folder / "f.html", fragment=True).read_text()
        old = reader.folder / "old.html"
        old.write_bytes(f"<!doctype html>{fragment}".encode("ascii", "xmlcharrefreplace"))
        reader.open(old)
        expect(reader.page.frame_locator("iframe").locator(".ll-view")).to_contain_text("不")
