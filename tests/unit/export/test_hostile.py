"""Names, texts and files of those who mean harm, in everything that leaves limelight: text stays text."""

import csv
import html
import io
import json
import re
import unicodedata
import warnings
from functools import partial
from html.parser import HTMLParser
from xml.etree import ElementTree

import hostile
import numpy as np
import pandas
import pytest

import limelight as ll
from limelight.errors import InputError
from limelight.export.picture import picture
from limelight.preferences import options

NAMES = list(hostile.TEXTS)
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "g", "rect", "path", "text", "tspan", "image", "title", "desc", "defs", "clipPath", "line", "circle"}
TAGS = {"html", "head", "meta", "title", "style", "script", "body", "main", "section", "h1", "h2", "div", "p",
        "noscript", "img", "footer", "iframe"}
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def shown(text):
    """An explanation of a row, all of which is called by that text."""
    return ll.show(np.array([1.0, -2.0]), row([text, 1.5], [text, "other"]), output_names=[text],
                   base_values=0.0, prediction=-1.0, method=text or "m")


def row(values, names):
    """A row of a table. Half characters are in pandas' objects only: Arrow's strings refuse them."""
    return pandas.Series(values, pandas.Index(names, dtype=object), dtype=object)


def of_words(text):
    """An explanation of words, one of which is that text."""
    return ll.show(np.array([[1.0, 2.0], [-2.0, 1.0]]), [f"{text} ", "b"], output_names=[text, "other"])


def all_of_them(kind="table"):
    """One explanation in which all of these are names, texts and values."""
    texts = list(hostile.SHORT.values())
    values = np.linspace(-1, 1, len(texts))
    given = [f"{text} " for text in texts] if kind == "text" else row(texts[::-1], texts)
    return ll.show(values, given, output_names=[texts[0]], base_values=0.0, prediction=0.0)


class Elements(HTMLParser):
    """The tags, attributes and titles of a page."""

    def __init__(self, page):
        super().__init__()
        self.found, self.said = [], {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        tag = self.found[-1][0] if self.found else ""
        self.said[tag] = self.said.get(tag, "") + data


def check_picture(drawn):
    root = ElementTree.fromstring(drawn)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in DRAWN
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "href" not in name or value.startswith("data:image/")
    check_plain("".join(root.itertext()))


def check_plain(said, breaks=""):
    """Nothing in it that a terminal obeys, that turns the direction of writing, or that piles up."""
    assert not TURNS.search(said)
    assert all(unicodedata.category(letter) not in ("Cc", "Cs") or letter in breaks for letter in said)
    assert not re.search("[\u0300-\u036f]{9}", said)


def check_page(page):
    """It holds the elements that we made, and none of them asks for anything."""
    found = Elements(page)
    for tag, attributes in found.found:
        assert tag in TAGS
        assert not [name for name in attributes if name.startswith("on")]
        links = [value for name, value in attributes.items() if name in ("src", "href", "action", "srcset")]
        assert all(value.startswith("data:image/") for value in links)
    policies = [attributes["content"] for tag, attributes in found.found if "http-equiv" in attributes]
    assert len(policies) == 1 and policies[0].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policies[0]
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("made", [shown, of_words])
def test_a_terminal_and_a_picture_show_text(made, name):
    explanation = made(hostile.TEXTS[name])
    check_plain(repr(explanation), breaks="\n")
    assert max(map(len, repr(explanation).splitlines())) < 10_000
    check_picture(picture(explanation))


@pytest.mark.parametrize("kind", ["table", "text"])
def test_all_of_them_together_are_text(kind):
    explanation = all_of_them(kind)
    check_plain(repr(explanation), breaks="\n")
    check_picture(picture(explanation))
    bundle = explanation._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "text/html" not in data


@pytest.mark.parametrize("name", NAMES)
def test_comparisons_show_text(name):
    text = hostile.TEXTS[name]
    explanation = shown(text)
    comparison = ll.compare(explanation, explanation, names=[text or "x", f"{text}2"])
    check_plain(repr(comparison), breaks="\n")
    data = comparison._repr_mimebundle_()
    check_picture((data[0] if isinstance(data, tuple) else data)["image/svg+xml"])


def test_figures_take_no_text_for_a_formula_or_a_format():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="no installed font has")
        for explanation in (all_of_them(), shown(hostile.TEXTS["megabyte"]), of_words(hostile.TEXTS["mathtext"])):
            figure = explanation.plot(top=100)
            figure.savefig(io.BytesIO(), format="png", dpi=30)
            labels = [label.get_text() for axes in figure.axes for label in axes.get_yticklabels()]
            assert len(labels) >= len(explanation.values) and max(map(len, labels)) < 1000


def test_tables_and_other_packages_are_given_names_as_they_are():
    explanation = all_of_them()
    texts = list(hostile.SHORT.values())
    assert sorted(explanation.to_frame()["feature"]) == sorted(texts)
    assert list(explanation.to_shap().feature_names) == texts


@pytest.mark.parametrize("name", NAMES)
def test_a_page_holds_only_what_we_put_there(name, tmp_path):
    text = hostile.TEXTS[name]
    path = ll.save(shown(text), tmp_path / "x.html", title=text)
    found = check_page(path.read_text(encoding="utf-8"))
    # The data, the view's code and what unpacks that.
    assert [tag for tag, _ in found.found if tag == "script"] == ["script"] * 3
    check_plain(found.said["title"], breaks="\n")


def test_a_page_and_a_frame_of_all_of_them_hold_only_what_we_put_there(tmp_path):
    several = [all_of_them(), all_of_them("text"), ll.compare(all_of_them(), all_of_them())]
    title = hostile.TEXTS["end of a script"]
    check_page(ll.save(several, tmp_path / "x.html", title=title).read_text(encoding="utf-8"))
    frame = ll.save(several, tmp_path / "f.html", title=title, fragment=True).read_text(encoding="utf-8")
    [(tag, attributes), *rest] = Elements(frame).found
    assert tag == "iframe" and attributes["sandbox"] == "allow-scripts" and attributes["title"] == title
    assert [tag for tag, _ in rest] == ["script"]
    check_page(html.unescape(attributes["srcdoc"]) if "&lt;html" in attributes["srcdoc"] else attributes["srcdoc"])


def test_a_cell_that_shows_a_page_shows_text(monkeypatch):
    monkeypatch.setattr(options, "display", "page")
    data = all_of_them()._repr_mimebundle_()
    [(tag, attributes), *_] = Elements((data[0] if isinstance(data, tuple) else data)["text/html"]).found
    assert tag == "iframe"
    check_page(attributes["srcdoc"])


@pytest.mark.parametrize("suffix", ["json", "npz"])
@pytest.mark.parametrize("name", NAMES)
def test_files_give_names_back_as_they_were(suffix, name, tmp_path):
    before = shown(hostile.TEXTS[name])
    after = ll.load(ll.save(before, tmp_path / f"x.{suffix}"))
    assert (after.feature_names, after.output_names, after.data) == (before.feature_names, before.output_names,
                                                                     before.data)
    check_plain(repr(after), breaks="\n")


def test_no_file_needs_pickle(tmp_path):
    json.loads(ll.save(all_of_them(), tmp_path / "x.json").read_text(encoding="utf-8"))
    with np.load(ll.save(all_of_them(), tmp_path / "x.npz"), allow_pickle=False) as held:
        assert all(isinstance(held[name], bytes) or held[name].dtype.kind in "biufSU" for name in held)


@pytest.mark.parametrize("name", NAMES)
def test_a_spreadsheet_runs_nothing(name, tmp_path):
    content = ll.save(shown(hostile.TEXTS[name]), tmp_path / "x.csv").read_bytes().decode("utf-8-sig")
    csv.field_size_limit(10**7)
    rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    assert len(rows) == 3 and len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert not re.match("[=+@\t\r\uff1d\uff0b\uff20]", cell)
        assert not cell.startswith("-") or float(cell) < 0


@pytest.mark.parametrize("name", ["path", "windows path", "null", "terminal title", "format string",
                                  "lone low surrogate"])
def test_names_of_files_are_names_of_files(name, tmp_path):
    place = tmp_path / f"{hostile.TEXTS[name].replace('/', '')}.json"
    try:
        path = ll.save(shown("a"), place)
    except (InputError, ValueError):
        return
    assert path == place and ll.load(path).feature_names == ("a", "other")


class Untold:
    """A name that says something else each time, and markup."""

    def __str__(self):
        return hostile.TEXTS["script"]

    __repr__ = __format__ = lambda self, *_: hostile.TEXTS["script"]


@pytest.mark.parametrize("names", [["", ""], ["x", "x"], [1, 1.5], [None, float("nan")], [("a", 1), ("a", 2)],
                                   [True, b"x"], ["__proto__", "constructor"], [Untold(), Untold()]], ids=str)
def test_names_that_are_equal_empty_or_no_texts_become_texts_or_are_refused(names):
    refused = (InputError, TypeError, ValueError)
    made = [partial(ll.show, np.array([1.0, 2.0]), [1.0, 2.0], feature_names=names)]
    made.append(lambda: ll.explain(ll.tabular_model(lambda rows: np.asarray(rows, float).sum(1), np.eye(2),
                                                    feature_names=names), np.ones(2), progress=False))
    for make in made:
        try:
            explanation = make()
        except refused:
            continue
        assert all(isinstance(name, str) for name in explanation.feature_names)
        check_picture(picture(explanation))
