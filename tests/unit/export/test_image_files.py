"""Pictures in files: what is seen, and the explanation that they carry."""

import zlib
from base64 import b64encode
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

import limelight as ll
from limelight.export import carried, documents
from limelight.export.fonts import Letters

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def found():
    rows = np.random.default_rng(0).normal(size=(20, 3))
    model = ll.tabular_model(lambda r: r @ [3.0, -2, 1], rows, feature_names=["<b>&", "价格", "c"],
                             output_names=["price"])
    return ll.explain(model, rows[0], progress=False)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_picture_brings_its_explanation_back(found, suffix, tmp_path):
    place = found.save(tmp_path / f"answer{suffix}")
    again = ll.load(place)
    assert np.array_equal(again.values, found.values) and again.feature_names == found.feature_names
    assert np.array_equal(again.neighborhood.outputs, found.neighborhood.outputs)
    twice = again.save(tmp_path / f"again{suffix}")
    assert twice.read_bytes() == place.read_bytes()


def test_a_png_is_sharp_enough_to_print(found, tmp_path):
    with Image.open(found.save(tmp_path / "answer.png")) as picture:
        assert picture.width > 1200 and picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


def test_an_svgs_text_is_text_and_it_says_what_it_shows(found, tmp_path):
    root = ElementTree.parse(found.save(tmp_path / "answer.svg")).getroot()
    assert root.find(f"{SVG}title").text == "price" and "<b>& = " in root.find(f"{SVG}desc").text
    texts = "".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert "<b>&" in texts and Letters(["价格"])("价格") in texts and not root.findall(f".//{SVG}b")


def test_a_comparison_is_a_picture_alone(found, tmp_path):
    place = ll.compare(found, found.refit("banzhaf")).save(tmp_path / "both.png")
    with pytest.raises(ll.InputError, match="a picture without its explanation"):
        ll.load(place)


def test_a_picture_that_a_program_wrote_again_says_that_its_explanation_is_gone(found, tmp_path):
    place = found.save(tmp_path / "answer.png")
    with Image.open(place) as picture:
        picture.convert("RGB").save(place)
    with pytest.raises(ll.InputError, match=r"programs that edit or send pictures may drop it. Save the explanation "
                                            r"to \.json or \.npz"):
        ll.load(place)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_damaged_file_is_refused_with_one_kind_of_error(found, suffix, tmp_path):
    whole = found.save(tmp_path / f"answer{suffix}").read_bytes()
    place, rng = tmp_path / f"damaged{suffix}", np.random.default_rng(0)
    start = len(whole) - len(whole) // 8
    refused = 0
    for at in rng.integers(start, len(whole), 60):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1:])
        try:
            assert np.array_equal(ll.load(place).values, found.values)
        except ll.InputError as error:
            assert str(place) in str(error)
            refused += 1
    assert refused > 30
    for share in (0.0, 0.3, 0.99):
        place.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(ll.InputError):
            ll.load(place)


def test_an_svg_that_was_cut_short_says_so(found, tmp_path):
    whole = found.save(tmp_path / "answer.svg").read_bytes()
    place = tmp_path / "cut.svg"
    for length in (len(whole) // 2, whole.index(b"<metadata id=") + 99, whole.index(b"</metadata>")):
        place.write_bytes(whole[:length])
        with pytest.raises(ll.InputError, match="damaged, or was cut short"):
            ll.load(place)
    place.write_bytes(b"")
    with pytest.raises(ll.InputError, match="it is no SVG file"):
        ll.load(place)


def test_letters_that_are_no_base64_are_not_passed_over():
    text = zlib.compress(b64encode(b"document")[:-1] + b"!=")
    body = b"zTXt" + carried.KEYWORD + b"\0\0" + text
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    with pytest.raises(ll.InputError, match="its explanation is damaged"):
        carried.from_png(carried.SIGNATURE + chunk, "it")


def test_an_svg_that_was_laid_out_anew_still_carries_its_explanation():
    whole = carried.into_svg(b"<svg></svg>", b"document")
    assert carried.from_svg(whole.replace(b"eNp", b"\n  eNp\n").replace(b"=</", b"=\n</"), "it") == b"document"


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_an_explanation_that_is_too_large_for_a_picture_is_left_out(found, suffix, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(carried, "MOST", 100)
    place = found.save(tmp_path / f"answer{suffix}")
    assert "saved without its explanation" in caplog.text
    with pytest.raises(ll.InputError, match="a picture without its explanation: one above 5 MB is left out"):
        ll.load(place)


def test_a_document_that_says_that_it_is_huge_is_not_believed(monkeypatch):
    monkeypatch.setattr(documents, "SLACK", 1000)
    monkeypatch.setattr(documents, "GROWTH", 0)
    file = BytesIO()
    Image.new("L", (1, 1)).save(file, "PNG")
    for put, take in ((carried.into_png, carried.from_png), (carried.into_svg, carried.from_svg)):
        plain = file.getvalue() if put is carried.into_png else b"<svg></svg>"
        assert take(put(plain, b"x" * 700), "it") == b"x" * 700
        with pytest.raises(ll.InputError, match="damaged"):
            take(put(plain, b"x" * 5000), "it")
    packed = zlib.compress(b"\0" * 100)
    assert len(packed) < 100
