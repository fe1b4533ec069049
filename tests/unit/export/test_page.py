"""Saved pages: what is in them, what may run there, and how large they are."""

import gzip
import json
import re
import struct
import time
from base64 import b64decode, b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

import hostile
import numpy as np
import pandas as pd
import pytest

import limelight as ll
from limelight.export.page import fragment_of, page_of
from limelight.export.words import WORDS
from limelight.widgets import readings
from limelight.widgets.messages import sendable
from limelight.widgets.whole import whole_state

TEXT = "The plot is thin but every scene by the sea is lovely"


def sentiment(texts):
    score = np.array([sum(len(word) - 3.4 for word in text.split()) for text in texts])
    p = 1 / (1 + np.exp(-score / 8))
    return np.column_stack([1 - p, p])


def model(**options):
    return ll.text_model(sentiment, **{"output_names": ["bad", "good"], **options})


@pytest.fixture(scope="module")
def explanation():
    return ll.explain(model(), TEXT, n_samples=200, progress=False)


class Reader(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and the text of some."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.texts, self._inside = [], {"script": [], "style": [], "title": [], "h1": [], "h2": []}, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside in self.texts:
            self.texts[self._inside][-1] += data

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def policy(self):
        [meta] = [meta for meta in self.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
        return {name: rest for name, _, rest in (part.strip().partition(" ") for part in meta["content"].split(";"))}

    @property
    def scripts(self):
        """Texts of what would run, views' scripts unpacked, and of the data."""
        both = list(zip(self.all("script"), self.texts["script"], strict=True))
        packed = [text for attrs, text in both if "type" in attrs and "data-length" not in attrs]
        return ([gzip.decompress(b64decode(text, validate=True)).decode() for text in packed]
                + [text for attrs, text in both if "type" not in attrs],
                [text for attrs, text in both if "data-length" in attrs])


def unpacked(text):
    """The state that a page holds, as js/lib/static_host.js reads it."""
    whole = gzip.decompress(b64decode(text, validate=True))
    start = 4 + struct.unpack_from("<I", whole)[0]
    head = json.loads(whole[4:start])
    for path, length in head["buffers"]:
        place = head["state"]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = whole[start:start + length]
        start += length
    assert start == len(whole)
    return head["state"]


def hash_of(text):
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_categories_of_other_rows_stay_in_the_notebook():
    rows = pd.DataFrame({"age": [20, 53], "town": pd.Categorical(["Ulm", "Rye"], ["Rye", "Ulm", "Oslo"]),
                         "doctor": ["Mensah", "Zweig"]})
    both = ll.tabular_model(lambda frame: np.asarray(frame["age"], float) + (frame["town"] == "Rye"), rows)
    ex = ll.explain(both, rows.iloc[1], progress=False)
    assert [column["categories"] for column in ex.view.widget.get_state()["subject"]["columns"]] == [
        None, ["Rye", "Ulm", "Oslo"], ["Mensah", "Zweig"]]
    for shown in (ex, ex.view, ll.compare(ex, ex.refit("shapley"))):
        state = unpacked(Reader(page_of([shown])).scripts[1][0])
        for subject in state.get("subjects", [state.get("subject")]):
            assert [column["categories"] for column in subject["columns"]] == [None, ["Rye"], ["Zweig"]]
        assert not re.search("Ulm|Oslo|Mensah", json.dumps(state, default=repr))


def test_the_data_are_the_state_of_the_view_and_nothing_of_the_host(explanation):
    [data] = Reader(page_of([explanation])).scripts[1]
    state = unpacked(data)
    assert state == json_alike(whole_state(explanation.view.widget))
    assert set(state) == {"subject", "outputs", "settings", "marks", "rows", "answers", "status", "quality", "look"}
    assert state["rows"]["data"] == explanation.neighborhood.to_bytes()
    assert "<" not in data


def json_alike(value):
    """Tuples are lists, and numbers that are not finite are none, where JSON holds them."""
    if isinstance(value, dict):
        return {name: json_alike(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_alike(each) for each in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def test_the_policy_allows_just_this_script_and_style_and_no_request(explanation):
    page = Reader(page_of([explanation, explanation]))
    [script, boot], data = page.scripts
    assert len(data) == 2
    assert page.policy["default-src"] == "'none'" and page.policy["img-src"] == "data:"
    assert page.policy["script-src"].split() == [hash_of(boot), hash_of(script)]
    assert page.policy["style-src"] == " ".join(map(hash_of, page.texts["style"]))
    addresses = [attrs[name] for _, attrs in page.elements for name in ("src", "href") if name in attrs]
    assert len(addresses) == 2 and all(address.startswith("data:image/svg+xml;base64,") for address in addresses)
    assert not any(name.startswith("on") or name == "style" for _, attrs in page.elements for name in attrs)


def test_each_kind_of_view_brings_its_script_once(explanation):
    row = ll.show(np.array([0.5, -0.25]), np.array([1.0, 2.0]), feature_names=["a", "b"], base_values=0.0,
                  prediction=0.25, output_space="probability")
    page = Reader(page_of([explanation, row, explanation, ll.compare(explanation, explanation.refit("shapley"))]))
    assert len(page.scripts[0]) == 3 + 1 and len(page.scripts[1]) == 4
    assert [section["data-view"] for section in page.all("section")] == ["text", "table", "text", "compare"]
    assert len(page.texts["h2"]) == 4 and page.texts["h1"] == page.texts["title"] == ["4 explanations"]


def test_one_explanation_has_one_heading_and_a_title_can_be_given(explanation):
    page = Reader(page_of([explanation]))
    said = f"Why sentiment said good ({explanation.prediction[1]:.3g})"
    assert page.texts["h1"] == page.texts["title"] == [said] and page.texts["h2"] == []
    assert Reader(page_of([explanation], "What for?")).texts["h1"] == ["What for?"]


def test_before_its_script_starts_there_is_a_message_and_a_picture(explanation):
    text = page_of([explanation])
    page = Reader(text)
    [picture] = page.all("img")
    assert "+" in picture["alt"] and "lovely" in picture["alt"]
    assert b64decode(picture["src"].partition(",")[2]).startswith(b"<svg")
    still, noscript = re.search(r'<div class="still">(.*?)<noscript>(.*?)</noscript>', text, re.S).groups()
    assert WORDS["en"]["waiting"] in unescape(still) and WORDS["en"]["scripts"] in noscript


def test_the_same_state_makes_the_same_page(explanation):
    again = ll.explain(model(), TEXT, n_samples=200, progress=False)
    first = page_of([explanation])
    assert page_of([explanation]) == first
    states = [unpacked(Reader(page).scripts[1][0]) for page in (first, page_of([again]))]
    for state in states:
        state["status"] |= {"seconds": 0, "rate": 0}
    assert states[0] == states[1]


def named(name):
    """An answer whose input, output and model are called like this."""
    return ll.show(np.array([0.5, -0.25]), [name, "word"], output_names=[name], base_values=0.0, prediction=0.25,
                   output_space="probability", method=name)


@pytest.fixture(scope="module")
def harmless():
    """The elements of a page and of a fragment, each with the names of its attributes."""
    return [shape(Reader(write([named("plain")], "plain"))) for write in (page_of, fragment_of)]


def shape(page):
    return [(tag, *sorted(set(attrs) - {"data-zh"})) for tag, attrs in page.elements]


@pytest.mark.parametrize("name", hostile.SHORT)
def test_what_is_hostile_stays_text(name, harmless):
    evil = hostile.SHORT[name]
    found = named(evil)
    page, fragment = (Reader(write([found], evil)) for write in (page_of, fragment_of))
    assert [shape(page), shape(fragment)] == harmless
    assert shape(Reader(page_of([found]))) == harmless[0]
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", page.texts["title"][0])
    assert unpacked(page.scripts[1][0])["outputs"]["names"] == [sendable(evil)]
    inner = Reader(fragment.all("iframe")[0]["srcdoc"])
    assert [tag for tag, *_ in shape(inner)] == [tag for tag, *_ in harmless[0] if tag not in ("h1", "footer")]


def test_whatever_is_cut_off_of_a_page_its_message_stands_before_its_script(explanation):
    text = page_of([explanation])
    assert text.index('class="note"') < text.index("application/gzip") < text.index("<script>") < text.index("</body>")


def test_a_page_that_leaves_the_language_to_the_browser_has_its_own_words_in_both(explanation):
    page, name = page_of([explanation]), explanation.subject["model"]
    for english, chinese in ((f"Why {name} said", f"{name} 为什么给出"), ("Saved with limelight", "由 limelight 保存")):
        assert f">{english}" in page and f'data-zh="{chinese}' in page
    assert "data-zh" not in page_of([explanation], "A title").split("<style>")[0]


@pytest.fixture
def going_on():
    """A view whose run is not at its end."""
    def slow(texts):
        time.sleep(0.05)
        return sentiment(texts)

    live = ll.live(ll.text_model(slow), TEXT, n_samples=4000, order=2)
    while live._run.n < 300:
        live._run.step(0)
    assert not live.done
    return live


def test_a_run_that_goes_on_is_saved_as_stopped_and_goes_on(going_on):
    [data] = Reader(page_of([going_on])).scripts[1]
    assert unpacked(data)["status"]["state"] == "stopped"
    assert going_on.widget.get_state()["status"]["state"] == "running" and not going_on.done


def test_links_are_told_of_a_run_that_goes_on(going_on):
    assert going_on.widget.get_state()["answers"]["links"] is None
    assert len(whole_state(going_on.widget)["answers"]["links"]) == 2


def test_methods_that_read_rows_are_there_at_twelve_prefixes(explanation):
    estimates = whole_state(explanation.view.widget)["answers"]["estimates"]
    counts = {name: [one["n"] for one in estimates if one["method"] == name]
              for name in ("lime", "shapley", "banzhaf", "occlusion")}
    assert counts["lime"] == [200]
    assert counts["shapley"] == counts["banzhaf"] == counts["occlusion"]
    assert len(set(counts["shapley"])) == 12 and {14, 200} <= set(counts["shapley"])


def test_a_page_has_fewer_prefixes_where_they_take_too_long(monkeypatch):
    monkeypatch.setattr(readings, "WHOLE_SECONDS", 0.0)
    found = ll.explain(model(), TEXT, n_samples=200, progress=False)
    once = whole_state(found.view.widget)["answers"]["estimates"]
    assert {one["n"] for one in once} == {200} and {one["method"] for one in once} == {
        "lime", "shapley", "banzhaf", "occlusion"}
    monkeypatch.setattr(readings, "WHOLE_SECONDS", 10.0)
    assert whole_state(found.view.widget)["answers"]["estimates"] == once


def test_the_reading_that_the_reader_looks_at_is_in_the_page(explanation):
    chosen = ll.explain(model(), TEXT, n_samples=200, progress=False).refit("shapley", n_samples=77)
    [data] = Reader(page_of([chosen])).scripts[1]
    state = unpacked(data)
    assert state["settings"]["n_samples"] == 77
    assert ("shapley", 77) in {(one["method"], one["n"]) for one in state["answers"]["estimates"]}


def test_methods_that_were_not_computed_can_not_be_chosen_and_say_so(explanation):
    methods = {one["name"]: one for one in whole_state(explanation.view.widget)["answers"]["methods"]}
    assert methods["shapley"]["available"] and not methods["permutation_shapley"]["available"]
    assert methods["permutation_shapley"]["reason"] == "was not computed before this page was saved"
    live = ll.live(model(), TEXT, method="permutation_shapley").wait()
    methods = {one["name"]: one for one in whole_state(live.widget)["answers"]["methods"]}
    assert methods["permutation_shapley"]["available"] and not methods["lime"]["available"]


def test_what_another_package_found_is_saved_too():
    found = ll.show(np.array([[0.5, -0.5], [0.25, -0.25]]), "not bad", output_names=["good", "bad"], base_values=[0, 0],
                    prediction=[0.75, -0.75], output_space="margin", method="theirs")
    [data] = Reader(page_of([found])).scripts[1]
    assert [one["method"] for one in unpacked(data)["answers"]["estimates"]] == ["theirs"]


@pytest.mark.parametrize(("language", "theme", "html"), [
    ("auto", "auto", {"lang": "en", "data-language": "auto", "data-theme": "auto"}),
    ("zh", "dark", {"lang": "zh", "data-theme": "dark"}),
])
def test_language_and_theme_are_those_of_the_views(language, theme, html, monkeypatch):
    monkeypatch.setattr(ll.options, "language", language)
    monkeypatch.setattr(ll.options, "theme", theme)
    text = page_of([ll.explain(model(), TEXT, n_samples=100, progress=False)])
    assert Reader(text).all("html") == [html]
    assert WORDS[html["lang"]]["foot"] in text


def test_words_are_the_same_in_both_languages():
    assert WORDS["en"].keys() == WORDS["zh"].keys()


class TestFragments:
    def test_a_fragment_is_one_line_that_holds_a_page_apart(self, explanation):
        text = fragment_of([explanation])
        assert text.count("\n") == 1 and text.endswith("\n")
        (tag, frame), (script, _) = Reader(text).elements
        assert (tag, script) == ("iframe", "script")
        assert (frame["sandbox"], frame["loading"], frame["width"]) == ("allow-scripts", "lazy", "100%")
        assert frame["title"].startswith("Why sentiment said good") and 100 < int(frame["height"]) < 2000
        page = Reader(unescape(re.search(r'srcdoc="([^"]*)"', text)[1]))
        assert page.texts["h1"] == [] and "data-fragment" in page.all("html")[0]
        assert page.policy["script-src"].split() == [hash_of(script) for script in reversed(page.scripts[0])]

    def test_in_pages_the_output_of_a_cell_is_a_fragment(self, explanation, monkeypatch):
        monkeypatch.setattr(ll.options, "display", "page")
        live = ll.live(model(), TEXT, n_samples=2000)
        assert live.done
        for shown in (live, explanation, ll.compare(explanation, explanation.refit("shapley"))):
            bundle, _ = shown._repr_mimebundle_()
            assert set(bundle) == {"text/html", "text/plain"} and bundle["text/html"].startswith("<iframe ")


def features(n_outputs, n=50):
    """A function of rows whose outputs are probabilities, and the row to explain with its background."""
    random = np.random.default_rng(0)
    weights = random.normal(size=(n, n_outputs))

    def ask(rows):
        scores = np.exp(np.tanh(rows @ weights))
        return scores / scores.sum(1, keepdims=True)

    return ll.tabular_model(ask, random.normal(size=(1, n))), random.normal(size=n)


@pytest.mark.parametrize(("n_outputs", "limit"), [(2, 250_000), (10, 650_000)])
def test_five_thousand_evaluations_of_fifty_features_make_a_small_page(n_outputs, limit):
    found = ll.explain(*features(n_outputs), method="lime", n_samples=5000, progress=False)
    page = page_of([found])
    [data] = Reader(page).scripts[1]
    estimates = unpacked(data)["answers"]["estimates"]
    assert found.n_evals == 5000 and len(estimates) > 30
    assert len(page.encode()) < limit
