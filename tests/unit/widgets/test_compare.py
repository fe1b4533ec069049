"""What a comparison sends to its view, and what stands where that can't run."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest

import limelight as ll
from limelight.export.measure import pixels

SVG = "{http://www.w3.org/2000/svg}"
PICTURE = np.random.default_rng(0).integers(0, 255, (12, 12, 3)).astype(np.uint8)
QUARTERS = np.kron([[0, 1], [2, 3]], np.ones((6, 6), int))


def shown(values, x=None, **options):
    return ll.show(np.array(values, float), x, **{"base_values": 0.0, "prediction": float(np.sum(values)),
                                                 "output_space": "probability", **options})


def test_numbers_cross_as_bytes_and_features_by_number():
    first = shown([0.5, -0.25, 0.125], "one two three", method="A")
    other = shown([0.25, 1], "three four", method="B")
    view = ll.compare(first, other).view
    a, b = view.columns
    names = view.agreement["features"]
    assert names == ["four", "one", "two", "three"]
    assert [names[key] for key in a["keys"]] == ["one", "two", "three"]
    assert [names[key] for key in b["keys"]] == ["three", "four"]
    assert np.frombuffer(a["values"], "<f4").tolist() == [0.5, -0.25, 0.125]
    assert a["scale"] == b["scale"] == 1
    assert a["said"] == ["output", 0.375]
    assert view.agreement["pairs"][0]["common"] == 1 and view.agreement["pairs"][0]["rank"] is None


def test_the_state_is_plain_json_but_for_its_bytes():
    view = ll.compare(shown([1, 2]), shown([2, 1], prediction=None, base_values=None)).view
    json.dumps(view.agreement, allow_nan=False)
    for column in view.columns:
        json.dumps({name: value for name, value in column.items() if not isinstance(value, bytes)}, allow_nan=False)
    assert view.columns[1]["said"][1] is None and not view.agreement["shared"]


def test_a_picture_crosses_once_however_many_columns_show_it():
    one = shown([1, 2, -1, 0], PICTURE, segments=QUARTERS)
    view = ll.compare(one, shown([2, 1, 1, 0], PICTURE, segments=QUARTERS), one).view
    assert len(view.subjects) == 1 and [column["subject"] for column in view.columns] == [0, 0, 0]
    other = shown([2, 1, 1, 0], 255 - PICTURE, segments=QUARTERS)
    assert len(ll.compare(one, other).view.subjects) == 2


def test_pixels_cross_where_a_column_has_them():
    values = np.linspace(-1, 1, 144).reshape(12, 12)
    view = ll.compare(shown(values, PICTURE, segments=QUARTERS), shown([1, 2, 3, 4], PICTURE, segments=QUARTERS)).view
    fine, coarse = (column["pixels"] for column in view.columns)
    assert np.frombuffer(fine, "i1").reshape(12, 12).ravel()[[0, -1]].tolist() == [-127, 127] and coarse is None


def test_a_picture_keeps_names_bars_and_numbers_apart():
    names = ["a name that goes on and on, longer than there is room", "字" * 30, "short"]
    found = ll.compare(*[shown([-12345.678, 2, 0.5], feature_names=names, method=name * 40) for name in "WM"])
    root = ElementTree.fromstring(found._repr_mimebundle_()[0]["image/svg+xml"])
    texts = root.findall(f"{SVG}text")
    right = [float(text.get("x")) - 7 * len(text.text) for text in texts if text.text == "\u221212,346"]
    bars = [float(bar.get("x")) + float(bar.get("width")) for bar in root.findall(f"{SVG}rect") if bar.get("x")]
    assert right[0] >= max(bar for bar in bars if bar < right[0] + 20) and len(right) == 2
    titles = [text.text for text in texts if text.get("font-weight") == "600"]
    assert all(title.endswith("…") for title in titles) and texts[1].text.endswith("…")
    assert all(pixels(text.text) <= float(text.get("x")) for text in texts if text.get("text-anchor") == "end")


def test_a_warning_of_a_method_reaches_its_column():
    view = ll.compare(shown([1, 2]), shown([1, 2])).view
    assert [column["warning"] for column in view.columns] == ["", ""]
    explained = shown([1, 2])
    object.__setattr__(explained, "params", {**explained.params, "warning": "the gap is wide"})
    assert ll.compare(explained, shown([1, 2])).view.columns[0]["warning"] == "the gap is wide"


@pytest.mark.parametrize("x", ["one two three", None])
def test_a_cell_shows_the_view_a_picture_and_a_text(x):
    bundle, _ = ll.compare(shown([1, -2, 0.5], x, method="A"), shown([1, 2, 0.5], x, method="B"))._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    root = ElementTree.fromstring(bundle["image/svg+xml"])
    said = [text.text for text in root.findall(f"{SVG}text")]
    assert {"A", "B", "\u22122.0", "+2.0"} <= set(said)
    second = "two" if x else "feature 1"
    assert f"they disagree on {second}" in said
    assert f"they disagree on {second}" in bundle["text/plain"]
    assert len(root.findall(f"{SVG}rect")) == 1 + 6


def test_a_picture_of_images_holds_one_heat_a_column():
    found = ll.compare(*[shown([1, 2, -1, 0], PICTURE, segments=QUARTERS)] * 3)
    root = ElementTree.fromstring(found._repr_mimebundle_()[0]["image/svg+xml"])
    assert len(root.findall(f"{SVG}image")) == 3


def test_names_that_are_markup_stay_text():
    name = "</svg><script>alert(1)</script>"
    found = ll.compare(shown([1, 2], feature_names=[name, "b"]), shown([2, 1], feature_names=[name, "b"]),
                       names=["<b>", "&"])
    root = ElementTree.fromstring(found._repr_mimebundle_()[0]["image/svg+xml"])
    assert not root.findall(f".//{SVG}script") and not root.findall(f".//{SVG}b")
