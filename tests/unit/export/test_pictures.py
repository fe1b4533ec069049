"""Pictures, figures and tables: drawn at once, and text is only ever text."""

from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

import limelight as ll
from limelight.export.heat import heat, heat_png

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
