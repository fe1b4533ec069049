"""Explanations as files of data: without loss, and nothing but data."""

import dataclasses
import datetime
import decimal
import io
import json
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest
from explained import ALL, differences, different, one

import limelight as ll
from limelight.export import archive, documents
from limelight.export._leaves import as_json, filled, from_json, mapped
from limelight.export.plain import plain, value_of

BOTH = pytest.mark.parametrize("kind", [documents, archive], ids=["json", "npz"])



@BOTH
@pytest.mark.parametrize("name", ALL)
def test_every_kind_comes_back_bit_by_bit_and_is_written_the_same_again(name, kind):
    content = kind.dumps(one(name))
    loaded = kind.loads(content)
    assert different(one(name), loaded) == []
    assert kind.dumps(loaded) == content


@BOTH
def test_numbers_that_are_hard_to_write_come_back_bit_by_bit(kind):
    hard = [-0.0, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, np.nextafter(1, 2), np.pi, -1 / 3]
    fresh = one("text, lime")
    values = np.resize(hard, fresh.values.shape)
    errors = np.resize([np.inf, 0.0, np.nan, -np.nan, 1e-300], fresh.values.shape)
    base = np.array([np.nan, -np.inf])
    given_ = dataclasses.replace(fresh, values=values, std_error=errors, base_values=base)
    assert different(given_, kind.loads(kind.dumps(given_))) == []


VALUES = [
    None, True, 3, 10**30, "naïve ☃ \u2028 </script>", 1.5, float("nan"), float("-inf"), -0.0, [1, [2.5]],
    (1, ("a", None)),
    {"a": 1, "type": "array"}, {1: "x", (2, 3): None}, b"\x00\xff", np.float32(0.1), np.int8(-3), np.uint64(2**64 - 1),
    np.float16(1.5), np.bool_(True), np.str_("a"), np.datetime64("2020-01-02T03:04", "ns"), np.timedelta64(3, "D"),
    np.datetime64("NaT", "s"), np.arange(3, dtype="i2"), np.array(2.5), np.zeros((0, 3)), np.full((2, 2), -np.nan),
    np.arange(2000.0), np.arange(6).reshape(2, 3).T, np.arange(4, dtype=">f8"),
    np.random.default_rng(0).random(1001) < 0.5,
    datetime.date(2020, 2, 29), datetime.datetime(2020, 2, 29, 1, 2, 3, 4),
    datetime.datetime(2020, 2, 29, tzinfo=datetime.UTC), datetime.timedelta(-1, 5), decimal.Decimal("1.10"),
    pd.Timestamp("2020-03-01 12:00:00.123456789", tz="Europe/Berlin"), pd.Timestamp(1), pd.Timedelta("1s"), pd.NaT,
    pd.NA, pd.Timestamp("2020-03-01T12:00+05:30"), pd.Interval(0, np.float64(1.5), "left"),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__} {value!s:.20}")
def test_a_value_of_each_type_comes_back_as_it_was(value):
    text = json.dumps(mapped(plain(value, "data"), as_json), allow_nan=False)
    found = value_of(filled(json.loads(text), from_json))
    if isinstance(value, np.ndarray):
        value = value.astype(value.dtype.newbyteorder("="))
        found = np.asarray(found)
    assert list(differences(value, found)) == []


@pytest.mark.parametrize("value", [object(), {1, 2}, np.array(["a"]), 1 + 2j, np.array([None]), lambda: 0])
def test_what_can_not_be_written_without_loss_is_refused_by_name(value):
    with pytest.raises(ll.InputError, match=r"params holds a .*, which can't be written"):
        documents.dumps(dataclasses.replace(one("text, lime"), params={**one("text, lime").params, "own": value}))


def test_json_is_what_other_programs_read_and_a_person_too():
    text = documents.dumps(one("row of mixed types")).decode()

    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    found = json.loads(text, parse_constant=refuse)
    assert (found["format"], found["version"], len(found["checksum"])) == ("limelight-explanation", 2, 64)
    assert found["values"]["values"] == one("row of mixed types").values.tolist()
    assert "größe" in text and max(map(len, text.splitlines())) < 3000
    assert found["neighborhood"]["coalitions"].keys() >= {"dtype", "shape"}


def test_npz_is_plain_arrays_that_numpy_opens():
    with np.load(io.BytesIO(archive.dumps(one("text, shapley"))), allow_pickle=False) as found:
        fresh = one("text, shapley")
        np.testing.assert_array_equal(found["values"], fresh.values)
        np.testing.assert_array_equal(found["neighborhood.outputs"], fresh.neighborhood.outputs)
        assert found["neighborhood.coalitions"].dtype == bool
        assert json.loads(found["explanation.json"])["method"] == "shapley"


@pytest.mark.parametrize("suffix", [".json", ".npz", ".csv", ".svg", ".png"])
def test_of_a_category_only_the_rows_own_is_kept_and_its_model_brings_the_others(suffix, tmp_path):
    rows = pd.DataFrame({"age": [20, 53], "town": pd.Categorical(["Ulm", "Rye"], ["Rye", "Ulm", "Oslo"])})
    model = ll.tabular_model(lambda frame: np.asarray(frame["age"], float) + (frame["town"] == "Rye"), rows)
    fresh = ll.explain(model, rows.iloc[1], progress=False)
    again = ll.load(fresh.save(tmp_path / f"x{suffix}"))
    assert "Oslo" in repr(dict(fresh.subject)) and "Ulm" in repr(dict(fresh.subject))
    assert not any(word in repr(vars(again._question)) for word in ("Oslo", "Ulm"))
    if suffix != ".csv":
        assert different(fresh, again) == []
        assert ll.evaluate(again, "deletion_auc", model=model).equals(ll.evaluate(fresh, "deletion_auc"))


def test_both_kinds_have_one_checksum():
    with zipfile.ZipFile(io.BytesIO(archive.dumps(one("picture, saliency")))) as packed:
        header = json.loads(packed.read("explanation.json"))
    assert header["checksum"] == json.loads(documents.dumps(one("picture, saliency")))["checksum"]


def test_reading_a_file_loads_no_pickle_and_no_torch():
    script = ("import sys, limelight as ll; ex = ll.load(sys.argv[1]); assert len(ex.view.widget.get_state()) > 7; "
              "assert not {'torch', 'transformers', 'shap'} & set(sys.modules), 'loaded'")
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = f"{folder}/x.npz"
        one("text, lime").save(path)
        done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_five_thousand_evaluations_are_small(tmp_path):
    found = large()
    sizes = {kind.__name__: len(kind.dumps(found)) for kind in (documents, archive)}
    assert sizes["limelight.export.archive"] < 150_000 and sizes["limelight.export.documents"] < 200_000
    assert different(found, archive.loads(archive.dumps(found))) == []


def large():
    """5,000 evaluations of 50 features and two outputs."""
    words = " ".join(f"w{i:02}" for i in range(50))
    weights = np.random.default_rng(0).normal(size=50)

    def score(texts):
        kept = np.array([[f"w{i:02}" in text for i in range(50)] for text in texts], float)
        p = 1 / (1 + np.exp(-kept @ weights))
        return np.column_stack([p, 1 - p])

    return ll.explain(ll.text_model(score), words, method="lime", n_samples=5000, progress=False)


def test_a_comparison_is_no_explanation(tmp_path):
    fresh = one("text, lime")
    for name in ("x.json", "x.npz", "x.csv"):
        with pytest.raises(ll.InputError, match="holds one explanation, and a Comparison came"):
            ll.compare(fresh, fresh.refit("shapley")).save(tmp_path / name)


@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_what_save_wrote_load_reads(tmp_path, suffix):
    path = one("row of mixed types").save(tmp_path / f"x{suffix}")
    assert different(ll.load(path), one("row of mixed types")) == []
    assert ll.load(str(path)).save(tmp_path / f"y{suffix}").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(("name", "message"), [
    ("x.html", "a page for readers, and can't be loaded back: save the explanation as .npz or .json"),
    ("x.pickle", "should end in .json, .npz, .csv"),
    ("x", "should end in .json, .npz, .csv"),
    ("missing.npz", "is not there: check its name and folder"),
    ("folder.npz", "is a folder"),
    ("x\0.npz", "is no path"),
])
def test_a_path_that_can_not_be_loaded_says_why(tmp_path, name, message):
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(ll.InputError, match=message):
        ll.load(tmp_path / name)
