"""Overviews in files: what comes back, and that whatever else a file holds ends in one InputError."""

from __future__ import annotations

import csv
import io
import json
import random

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import limelight.export.documents as documents
from limelight.dataset.overview import overview
from limelight.dataset.result import Overview
from limelight.errors import InputError
from limelight.export.loading import load
from limelight.export.overview_picture import picture
from limelight.export.plain import plain
from limelight.export.saving import save
from limelight.models.image import ImageModel
from limelight.models.tabular import TabularModel
from limelight.models.text import TextModel
from limelight.preferences import options


def _table() -> tuple[TabularModel, Overview]:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=40), "<b>": rng.integers(0, 9, 40),
                      "kind": pd.Categorical(rng.choice(["p", "=q"], 40))})
    model = TabularModel(lambda frame: frame["a"] * (frame["kind"] == "p") + frame["<b>"], X)
    found = overview(model, X, X["<b>"], n_rows=12, n_samples=8, progress=False)
    for name in ("permutation", "interaction"):
        found.measure(name)
    for feature in ("a", "kind"):
        found.dependence(feature)
    return model, found


TABLE, FOUND = _table()


def score(texts):
    return np.array([len(text) / 10 + text.count("good") for text in texts], float)


CORPUS = overview(TextModel(score), ["good film", "a bad one", "good, good"], progress=False)
IMAGES = overview(ImageModel(lambda batch: np.asarray(batch, float).mean((1, 2, 3)),
                             segments=np.kron([[0, 1]], np.ones((4, 2), int)), hide="black"),
                  [np.full((4, 4, 3), value, np.uint8) for value in (9, 90, 200)], progress=False)
ALL = pytest.mark.parametrize("found", [FOUND, CORPUS, IMAGES], ids=["table", "text", "image"])


@ALL
@pytest.mark.parametrize("suffix", ["json", "npz", "png", "svg"])
def test_what_was_saved_comes_back(found, suffix, tmp_path):
    back = load(save(found, tmp_path / f"found.{suffix}"))
    assert isinstance(back, Overview) and repr(back) == repr(found) and back.notes == found.notes
    for name in ("all_values", "all_std_error", "all_base_values", "all_predictions", "codes", "rows"):
        np.testing.assert_array_equal(getattr(back, name), getattr(found, name))
    assert back.categories == found.categories and dict(back.params) == dict(found.params)
    assert not back.all_values.flags.writeable
    again = save(back, tmp_path / "again.npz").read_bytes()
    assert again == save(found, tmp_path / "first.npz").read_bytes()


def test_what_was_computed_comes_with_it_and_the_rest_says_what_to_do(tmp_path):
    back = load(save(FOUND, tmp_path / "found.npz"))
    assert list(back.measures) == list(FOUND.measures) and back.interactions.equals(FOUND.interactions)
    np.testing.assert_array_equal(back.dependence("a").ice, FOUND.dependence("a").ice)
    pd.testing.assert_frame_equal(back.data, FOUND.data.reset_index(drop=True))


def test_what_was_not_computed_says_what_to_do(tmp_path):
    X = np.random.default_rng(0).normal(size=(20, 2))
    back = load(save(overview(LinearRegression().fit(X, X[:, 0]), X, progress=False), tmp_path / "found.npz"))
    with pytest.raises(InputError, match="again with the model"):
        back.dependence("feature 1")
    with pytest.raises(InputError, match="no model to ask for more"):
        back.measure("sage")


def test_with_the_model_a_row_is_explained_again(tmp_path):
    back = load(save(FOUND, tmp_path / "found.json"))
    row = int(back.rows[3])
    with pytest.raises(InputError, match=rf"overview.explain\({row}, model=...\)"):
        back.explain(row)
    found = back.explain(row, model=TABLE)
    np.testing.assert_allclose(found.values[:, 0], FOUND.values[3], atol=1e-9)
    other = TabularModel(lambda frame: frame["a"] * 0 + 3.0, TABLE.rows)
    with pytest.raises(InputError, match="does not answer as the model that was explained"):
        back.explain(row, model=other)
    missing = next(i for i in range(FOUND.n_rows) if i not in FOUND.rows)
    with pytest.raises(InputError, match=f"row {missing} was not explained"):
        back.explain(missing, model=TABLE)


def test_texts_are_explained_again(tmp_path):
    back = load(save(CORPUS, tmp_path / "texts.npz"))
    assert back.dependence("good").equals(CORPUS.dependence("good"))
    assert back.explain(2, model=score).feature_names == ("good", "good")


def test_a_spreadsheet_has_a_row_for_each_and_runs_no_formula(tmp_path):
    lines = list(csv.reader(io.StringIO(save(FOUND, tmp_path / "rows.csv").read_text("utf-8-sig"))))
    assert lines[0] == ["row", "prediction", "base_value", "a", "<b>", "kind"] and len(lines) == 13
    np.testing.assert_array_equal(np.array(lines[1:], float)[:, 3:], FOUND.values)
    words = list(csv.reader(io.StringIO(save(CORPUS, tmp_path / "words.csv").read_text("utf-8-sig"))))
    assert words[0][:2] == ["row", "word"] and words[1][1] == "good"


def test_a_figure_is_drawn_of_each_kind_and_of_the_features_that_are_wanted():
    for found in (FOUND, CORPUS, IMAGES):
        assert found.plot(top=2).get_figheight() > 1
    titles = [ax.get_title() for ax in FOUND.plot(features=["kind"]).axes]
    assert "kind" in titles
    with pytest.raises(InputError, match="top=0"):
        FOUND.plot(top=0)


def _wrongly(change):
    """The document with something changed, and the checksum of what it is then."""
    document = documents.document(FOUND)
    change(document)
    del document["checksum"]
    document["checksum"] = documents.digest(document)
    return json.dumps(documents.mapped(document, documents.as_json)).encode()


def _set(**values):
    return lambda document: document.update({name: plain(value, name) for name, value in values.items()})


def _within(name, place, **values):
    return lambda document: document[name][place].update({key: plain(each, key) for key, each in values.items()})


def test_a_file_of_the_first_version_has_no_labels_and_no_background():
    def older(document):
        document["version"] = 1
        del document["labels"], document["background"]

    found = documents.loads(_wrongly(older))
    assert found.labels is None and found.background is None and found.importance.equals(FOUND.importance)


@pytest.mark.parametrize("change", [
    _set(kind="video"), _set(rows=np.array([3, 1])), _set(n_rows=2), _set(target=9), _set(kinds=["number"]),
    _set(feature_names=["a", "a", "kind"]), _set(categories=[None, None, None]), _set(importance=["x"]),
    _set(codes=np.full((12, 3), 7.0)), _set(codes=np.full((12, 3), np.inf)), _set(all_values=np.zeros((12, 3, 2))),
    _set(all_values=np.full((12, 3, 1), np.nan)), _set(all_std_error=np.full((12, 3, 1), -1.0)),
    _set(all_predictions=np.full((12, 1), np.inf)), _set(outcome=np.zeros(3)), _set(params={"seed": -1}),
    _set(corpus={}), _set(subject={}), _set(data={"form": "texts", "texts": ["a"]}), _set(data={"form": "magic"}),
    _set(labels=["a"]), _set(background={"form": "texts", "texts": ["a"]}), _set(background={"form": "frame"}),
    _set(background={"form": "array", "array": np.zeros(3)}), _set(background={"form": "list", "rows": []}),
    _set(background={"form": "frame", "names": ["a"], "columns": [{"form": "array", "values": np.float64(1)}]}),
    _set(measures=[{}]), _set(pairs=[{"target": 0}]), _set(remarks="one"),
    _within("measures", 0, target=4), _within("measures", 0, values=np.zeros(2)), _within("measures", 0, groups=[[9]]),
    _within("measures", 0, more=1), _within("dependences", 0, grid=np.array([2.0, 1.0])),
    _within("dependences", 0, ice=np.zeros((1, 1))), _within("dependences", 0, feature=7),
    _within("dependences", 1, grid=np.array([0.0, 5.0])), _within("pairs", 0, first=["x"]),
    lambda document: document["data"]["columns"].pop(), lambda document: document["data"]["columns"][2].update(
        values=np.full(12, 7, np.int32)), lambda document: document.pop("codes")])
def test_documents_that_are_no_overview_are_refused(change):
    with pytest.raises(InputError, match="can't be read"):
        documents.loads(_wrongly(change))


@pytest.mark.parametrize("suffix", ["npz", "json"])
def test_bytes_that_were_changed_end_in_one_error(suffix, tmp_path):
    content = save(FOUND, tmp_path / f"found.{suffix}").read_bytes()
    chance = random.Random(0)
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(3):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        (tmp_path / f"damaged.{suffix}").write_bytes(damaged[: chance.randrange(len(damaged) // 2, len(damaged))])
        with pytest.raises(InputError):
            load(tmp_path / f"damaged.{suffix}")


def test_a_corpus_whose_places_lie_outside_its_texts_is_refused():
    document = documents.document(CORPUS)
    for name, value in (("stop", 10_000), ("text", 7), ("word", 99), ("start", -1)):
        changed = json.loads(json.dumps(documents.mapped(document, documents.as_json)))
        changed = documents.filled(changed, documents.from_json)
        changed["corpus"][name] = np.full_like(changed["corpus"][name], value)
        del changed["checksum"]
        changed["checksum"] = documents.digest(changed)
        with pytest.raises(InputError, match="corpus"):
            documents.loads(json.dumps(documents.mapped(changed, documents.as_json)).encode())


@ALL
def test_a_page_holds_the_view_and_a_fragment_too(found, tmp_path):
    page = save(found, tmp_path / "found.html", title="All of it").read_text()
    assert 'data-view="overview"' in page and "<title>All of it</title>" in page
    assert found.save(tmp_path / "part.html", fragment=True).read_text().startswith("<iframe")


def test_tables_and_pictures_speak_chinese_where_it_was_chosen(monkeypatch):
    monkeypatch.setattr(options, "language", "zh")
    assert "40 行中的 12 行" in repr(FOUND) and "平均" in repr(FOUND.cohort(feature="a", low=0))
    assert "平均" in picture(FOUND)


def test_names_that_are_no_text_for_files_stay_names(tmp_path):
    X = np.random.default_rng(0).normal(size=(20, 2))
    names = ["half \ud800", "<script>alert(1)</script>"]
    model = TabularModel(LinearRegression().fit(X, X[:, 0]), X, feature_names=names)
    found = overview(model, X, progress=False)
    back = load(save(found, tmp_path / "found.json"))
    assert back.feature_names == found.feature_names and back.importance["feature"][0] == "half \ud800"
    assert "<script>alert" not in picture(found) and "<script>alert" not in save(found, tmp_path / "x.html").read_text()
    assert found.plot().axes and save(found, tmp_path / "x.csv").exists()


def test_a_row_of_groups_is_explained_again_in_the_same_groups(tmp_path):
    X = np.random.default_rng(0).normal(size=(20, 3))
    model = TabularModel(LinearRegression().fit(X, X.sum(1)), X)
    found = overview(model, X, groups={"both": [0, 1]}, progress=False)
    back = load(save(found, tmp_path / "found.json"))
    np.testing.assert_allclose(back.explain(4, model=model).values[:, 0], found.values[4], atol=1e-9)
