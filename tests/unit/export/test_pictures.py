"""Pictures, figures and tables: drawn at once, and text is only ever text."""

from dataclasses import replace
from io import BytesIO
from types import MappingProxyType
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

import limelight as ll
from limelight.export.heat import finest, heat, heat_png
from limelight.export.picture import picture

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
    with Image.open(BytesIO(heat_png(quadrants.subject, quadrants.values[:, 0]))) as image:
        assert image.size == (32, 32)


def test_an_images_picture_holds_its_heat_and_its_bars(quadrants):
    root = ElementTree.fromstring(quadrants.view._repr_mimebundle_()[0]["image/svg+xml"])
    assert len(root.findall(f"{SVG}image")) == 1
    names = [text.text for text in root.findall(f"{SVG}text")]
    assert "segment 0" in names and any(name.startswith("+0.") for name in names)
    assert len(quadrants.plot().axes) == 2


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
    assert len(gradients.plot().axes) == 2


def test_where_there_are_no_intervals_none_are_drawn_or_spoken_of(gradients):
    drawn = picture(gradients)
    root = ElementTree.fromstring(drawn)
    assert root.findall(f"{SVG}path") == []
    texts = [text.text for text in root.findall(f"{SVG}text")]
    assert "no intervals" in texts[0] and "no intervals" in repr(gradients)
    assert "[" not in repr(gradients)


def test_a_warning_reaches_the_picture_the_figure_and_the_table(gradients, quadrants):
    sentence = "Warning: the values miss the change of the output by 3.0%"
    assert repr(gradients).splitlines()[-1].strip() == sentence
    root = ElementTree.fromstring(picture(gradients))
    lowest = root.findall(f"{SVG}text")[-1]
    assert lowest.text == sentence and float(lowest.get("y")) < float(root.get("height"))
    assert gradients.plot().get_supxlabel() == sentence
    assert "Warning" not in repr(quadrants) + picture(quadrants) + quadrants.plot().get_supxlabel()


def test_names_that_are_markup_stay_text():
    name = "</svg><script>alert(1)</script>\x00 & <b>"
    rows = np.random.default_rng(0).normal(size=(20, 3))
    model = ll.tabular_model(lambda r: r.sum(1), rows, feature_names=[name, "$x_1$", "b"])
    found = ll.explain(model, rows[0], progress=False)
    root = ElementTree.fromstring(found.view._repr_mimebundle_()[0]["image/svg+xml"])
    assert not root.findall(f".//{SVG}script")
    assert any("<script>" in (text.text or "") for text in root.findall(f"{SVG}text"))
    found.plot().savefig(BytesIO(), format="png")


def test_a_terminal_gets_a_small_table():
    rows = np.random.default_rng(0).normal(size=(20, 14))
    text = repr(ll.explain(ll.tabular_model(lambda r: r[:, 3] * 2, rows), rows[0], n_samples=100, progress=False))
    lines = text.splitlines()
    assert lines[1].strip().startswith("feature 3") and "[" in lines[1]
    assert lines[-1].strip() == "and 4 more" and len(lines) == 12
