"""Pictures and tables: drawn at once, and text is only ever text."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

import limelight as ll
from limelight.export.heat import finest, heat, heat_jpeg, middle
from limelight.export.measure import cells
from limelight.export.picture import START, picture

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def quadrants():
    """A picture of four quadrants; the model answers with the brightness of the first, less the last."""
    picture = np.full((32, 32, 3), 40, np.uint8)
    picture[:16, :16], picture[16:, 16:] = 250, 250
    segments = np.kron([[0, 1], [2, 3]], np.ones((16, 16), int))

    def model(batch):
        return (batch[:, :16, :16].mean((1, 2, 3)) - 0.5 * batch[:, 16:, 16:].mean((1, 2, 3)))[:, None] / 255

    return ll.explain(ll.image_model(model, segments=segments, hide="black"), picture, progress=False)


def test_heat_is_orange_for_and_blue_against(quadrants):
    coloured = heat(quadrants.subject, quadrants.values[:, 0]).astype(int)
    first, second, last = coloured[4, 4], coloured[4, 28], coloured[28, 28]
    assert first[0] > first[2] + 100 and last[2] > last[0] + 40
    assert np.abs(second - 40).max() <= 2
    with Image.open(BytesIO(heat_jpeg(quadrants.subject, quadrants.values[:, 0], 24))) as image:
        assert image.size == (24, 24)


@pytest.mark.parametrize("side", [24, 31, 32, 500])
def test_a_picture_is_made_smaller_before_it_is_coloured_and_never_larger(quadrants, side):
    values, n = quadrants.values[:, 0], min(side, 32)
    for of in (values, np.kron(values[:4].reshape(2, 2), np.ones((16, 16)))):
        whole, small = (heat(quadrants.subject, of, side=each).astype(int) for each in (None, side))
        assert small.shape == (n, n, 3)
        for y, x in ((2, 2), (2, -3), (-3, 2), (-3, -3)):
            assert np.abs(small[y, x] - whole[y, x]).max() <= 12


def test_a_number_stands_where_its_segment_has_most_room():
    inside = np.zeros((9, 12), bool)
    inside[2:7, 5:10] = inside[2, 1:5] = True
    assert middle(inside) == (7.5, 4.5) and middle(np.ones((3, 3), bool)) == (1.5, 1.5)


def test_an_images_picture_holds_its_heat_and_its_bars(quadrants):
    root = ElementTree.fromstring(quadrants.view._repr_mimebundle_()[0]["image/svg+xml"])
    assert len(root.findall(f"{SVG}image")) == 1
    names = [text.text for text in root.findall(f"{SVG}text")]
    assert "segment 0" in names and any(name.startswith("+0.") for name in names)


@pytest.fixture(scope="module")
def gradients(quadrants):
    """The same picture's integrated gradients, made up: the left half of each pixel row for, the rest against."""
    pixels = np.where(np.arange(32) < 16, 1.0, -0.5) * np.ones((32, 1))
    errors = np.full_like(quadrants.std_error, np.inf)
    params = MappingProxyType({**quadrants.params, "warning": "the values miss the change of the output by 3.0%"})
    return replace(quadrants, method="integrated_gradients", exact=False, pixels=pixels, std_error=errors,
                   params=params)


def test_pixels_are_drawn_where_there_are_and_segments_where_not(gradients, quadrants):
    assert finest(gradients, 0) is gradients.pixels
    assert finest(quadrants, 0) == pytest.approx(quadrants.values[:, 0])
    small = replace(gradients, pixels=np.ones((4, 4)))
    assert finest(small, 0) == pytest.approx(gradients.values[:, 0])
    coloured = heat(gradients.subject, gradients.pixels).astype(int)
    left, right = coloured[20, 4], coloured[4, 28]
    assert left[0] > left[2] + 100 and right[2] > right[0] + 20


def test_where_there_are_no_intervals_none_are_drawn_or_spoken_of(gradients):
    drawn = picture(gradients)
    root = ElementTree.fromstring(drawn)
    assert len(root.findall(f"{SVG}path")) == 1  # the line for zero
    assert any("no intervals" in text.text for text in root.findall(f"{SVG}text"))
    assert "no intervals" in repr(gradients)
    assert "[" not in repr(gradients)


def test_a_warning_reaches_the_picture_and_the_table(gradients, quadrants):
    sentence = "Warning: the values miss the change of the output by 3.0%"
    assert repr(gradients).splitlines()[-1].strip() == sentence
    root = ElementTree.fromstring(picture(gradients))
    lowest = root.findall(f"{SVG}text")[-1]
    assert lowest.text == sentence and float(lowest.get("y")) < float(root.get("height"))
    assert "Warning" not in repr(quadrants) + picture(quadrants)


def test_names_that_are_markup_stay_text():
    name = "</svg><script>alert(1)</script>\x00 & <b>"
    rows = np.random.default_rng(0).normal(size=(20, 3))
    model = ll.tabular_model(lambda r: r.sum(1), rows, feature_names=[name, "$x_1$", "b"])
    found = ll.explain(model, rows[0], progress=False)
    root = ElementTree.fromstring(found.view._repr_mimebundle_()[0]["image/svg+xml"])
    assert not root.findall(f".//{SVG}script")
    assert any("<script>" in (text.text or "") for text in root.findall(f"{SVG}text"))


def test_a_terminal_gets_a_small_table():
    rows = np.random.default_rng(0).normal(size=(20, 14))
    text = repr(ll.explain(ll.tabular_model(lambda r: r[:, 3] * 2, rows), rows[0], n_samples=100, progress=False))
    lines = text.splitlines()
    assert lines[1].strip().startswith("feature 3") and "[" in lines[1]
    assert lines[-1].strip() == "and 4 more" and len(lines) == 12


def worded(text, weights, **options):
    """An explanation of a text whose score is the sum of the weights of what it holds."""
    def model(texts):
        return np.array([[sum(weight for word, weight in weights.items() if word in each)] for each in texts])

    return ll.explain(ll.text_model(model, output_names=["score"]), text, n_samples=text.count(" ") + 4,
                      progress=False, **options)


def test_a_texts_picture_shows_its_words_on_their_colours():
    root = ElementTree.fromstring(picture(worded("so slow but lovely", {"slow": -1, "lovely": 2}, method="occlusion")))
    words = [text.text for text in root.findall(f"{SVG}text") if text.get("text-anchor") == "middle"]
    assert words == ["so", "slow", "but", "lovely"]
    marks = [mark.get("fill") for mark in root.findall(f"{SVG}rect") if mark.get("height") == "19"]
    against, speaks = ([int(each[i:i + 2], 16) for i in (1, 3, 5)] for each in marks)
    assert against[2] > against[0] and speaks[0] > speaks[2]
    lines = [line.get("stroke-dasharray") for line in root.findall(f"{SVG}path") if line.get("stroke-width") == "2"]
    assert lines == ["2 2", None]


def test_a_picture_says_in_words_what_it_shows(quadrants):
    root = ElementTree.fromstring(picture(quadrants))
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title" and root[0].text == quadrants.output_names[0]
    assert "segment 0 +0." in root[1].text and "segment 3 \u2212" in root[1].text


def test_a_picture_begins_with_the_name_by_which_its_view_finds_it(quadrants):
    assert picture(quadrants, "0af3").startswith('<svg xmlns="http://www.w3.org/2000/svg" id="limelight-0af3" ')
    assert "id=" not in picture(quadrants)
    assert picture(quadrants, note="Run the cell").count("Run the cell") == 1


def test_a_view_looks_for_the_beginning_that_a_picture_has():
    script = Path(__file__).parents[3] / "js/lib/fallback.js"
    assert f"const START = '{START}';" in script.read_text(encoding="utf-8")


def test_a_picture_is_small(quadrants):
    assert len(picture(quadrants)) < 6_000
    assert len(picture(worded("nothing new " * 400, {"new": 1}))) < 60_000


def test_words_without_end_are_cut_and_counted():
    drawn = picture(worded("word " * 300, {"word": 1}))
    assert "more words</text>" in drawn
    height = float(ElementTree.fromstring(drawn).get("height"))
    assert height < 800


def test_a_long_name_is_cut_and_its_value_stays_whole():
    rows = np.random.default_rng(0).normal(size=(20, 2))
    rows[0] = 0.1049, -1234.56
    names = ["the mean of the distances to employment centres, weighted", "短" * 60]
    model = ll.tabular_model(lambda r: r @ [1.0, 1.0], rows, feature_names=names)
    ex = ll.explain(model, rows[0], progress=False)
    figure = ex.plot()
    figure.draw_without_rendering()
    labels = [text.get_text() for axes in figure.axes for text in axes.get_yticklabels()]
    written = [text.text for text in ElementTree.fromstring(picture(ex)).iter(f"{SVG}text")]
    for said in (repr(ex).split("  "), labels, written):
        assert {text[text.index("…"):] for text in said if "…" in text} == {"… = 0.1049", "… = -1234.56"}
    whole = "".join(ElementTree.fromstring(picture(ex)).find(f"{SVG}desc").itertext())
    assert f"{names[0]} = 0.1049" in whole and f"{names[1]} = -1234.56" in whole


def test_tables_in_terminals_are_aligned_in_any_script():
    rows = np.random.default_rng(0).normal(size=(20, 3))
    names = ["价格（元）", "a name that goes on and on and on and on and on", "e\u0301t\u00e9\x1b[31m"]
    model = ll.tabular_model(lambda r: r @ [3.0, 2, 1], rows, feature_names=names)
    lines = repr(ll.explain(model, rows[0], progress=False)).splitlines()[1:]
    starts = {cells(line[:max(line.rfind("  +"), line.rfind("  -"))]) for line in lines}
    assert len(starts) == 1 and "\x1b" not in "".join(lines)
    assert any("…" in line for line in lines) and max(map(cells, lines)) < 70
