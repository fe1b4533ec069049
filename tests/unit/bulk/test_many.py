"""explain_many: what comes back, and that it is what explain would say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression

import limelight as ll
from limelight.bulk import ray as bulk_ray
from limelight.bulk import shared
from limelight.bulk.tables import column_names

rng = np.random.default_rng(0)
ROWS = pd.DataFrame({"age": rng.normal(size=60), "output": rng.normal(size=60), "pay": rng.normal(size=60)})
CLASSES = (ROWS["age"] * ROWS["pay"] > 0).map({True: "yes", False: "no"})
FOREST = ll.tabular_model(RandomForestClassifier(5, max_depth=4, random_state=0).fit(ROWS, CLASSES), ROWS[:20])
TEXTS = ["A slow start, but utterly gripping.", "", "Dull.", "?!", "Fine and good and fine."]
NOTE = r"A text without words has no records. Rows like that: 2, the first is 1"


def lengths(texts):
    """A model of texts: two outputs that add up to one."""
    share = np.array([len(text) for text in texts]) / 100
    return np.column_stack([share, 1 - share])


def smooth(rows):
    """A black box of rows."""
    rows = np.asarray(rows, float)
    return np.tanh(rows[:, 0] * rows[:, 1]) + np.cos(rows[:, 2])


def test_a_record_holds_what_explain_says_of_a_row_and_output():
    found = ll.explain_many(FOREST, ROWS, progress=False)
    assert list(found.columns) == ["row", "output", "base_value", "prediction", "age", "output (feature)", "pay",
                                   "age std_error", "output std_error", "pay std_error"]
    assert list(found["row"]) == list(np.repeat(np.arange(60), 2)) and list(found["output"][:2]) == ["no", "yes"]
    assert found.attrs == {"method": "tree_shap", "output_space": "probability", "n_evals": 0, "route": "tree",
                           "hide": "20 background rows"}
    for i in (0, 59):
        one = ll.explain(FOREST, ROWS.iloc[i], progress=False)
        own = found[found["row"] == i]
        np.testing.assert_allclose(own[["age", "output (feature)", "pay"]].to_numpy().T, one.values, atol=1e-7)
        np.testing.assert_allclose(own["base_value"], one.base_values, atol=1e-9)
        np.testing.assert_allclose(own["prediction"], one.prediction, atol=1e-9)
    assert (found[["age std_error", "pay std_error"]] == 0).all(axis=None)


def test_attributions_of_a_linear_model_are_its_weights_times_what_differs():
    model = LinearRegression().fit(ROWS, ROWS @ [1.0, -2.0, 3.0])
    found = ll.explain_many(ll.tabular_model(model, ROWS[:10]), ROWS, std_error=False, progress=False)
    assert list(found.columns)[4:] == ["age", "output (feature)", "pay"]
    np.testing.assert_allclose(found.iloc[:, 4:], (ROWS - ROWS[:10].mean()) * [1.0, -2.0, 3.0], atol=1e-9)


@pytest.mark.parametrize("model, X", [
    (FOREST, ROWS), (ll.tabular_model(smooth, ROWS[:4].to_numpy()), ROWS.to_numpy()), (lengths, TEXTS * 3)],
    ids=["trees", "function", "texts"])
@pytest.mark.filterwarnings("ignore:A text without words")
def test_the_same_bits_whatever_the_chunks_and_where_they_go(tmp_path, monkeypatch, model, X):
    monkeypatch.setattr(shared, "MOST_ROWS", 4)
    whole = ll.explain_many(model, X, progress=False)
    for size in (7, 16):
        path = ll.explain_many(model, X, out=tmp_path / f"{size}.parquet", chunk_rows=size, progress=False)
        written = pd.read_parquet(path)
        pd.testing.assert_frame_equal(written, whole, check_exact=True)
        assert written.attrs == whole.attrs
    assert sorted(file.name for file in tmp_path.iterdir()) == ["16.parquet", "7.parquet"]


def test_a_chunk_holds_whole_blocks_of_rows_that_are_asked_about_together(tmp_path, monkeypatch):
    import pyarrow.parquet as pq

    monkeypatch.setattr(shared, "MOST_ROWS", 8)
    model = ll.tabular_model(smooth, ROWS[:4].to_numpy())
    path = ll.explain_many(model, ROWS.to_numpy(), out=tmp_path / "out.parquet", chunk_rows=13, progress=False)
    groups = pq.ParquetFile(path).metadata
    assert [groups.row_group(i).num_rows for i in range(groups.num_row_groups)] == [16, 16, 16, 12]


def test_chunks_are_row_groups(tmp_path):
    import pyarrow.parquet as pq

    path = ll.explain_many(FOREST, ROWS, out=tmp_path / "out.parquet", chunk_rows=25, progress=False)
    read = pq.ParquetFile(path)
    assert [read.metadata.row_group(i).num_rows for i in range(read.num_row_groups)] == [50, 50, 20]


def test_a_text_has_a_record_for_each_output_and_word():
    with pytest.warns(UserWarning, match=NOTE):
        found = ll.explain_many(lengths, iter(TEXTS), progress=False)
    assert list(found.columns) == ["row", "output", "base_value", "prediction", "position", "word", "value",
                                   "std_error"]
    assert sorted(set(found["row"])) == [0, 2, 4]
    for i in (0, 2, 4):
        one = ll.explain(lengths, TEXTS[i], progress=False)
        own = found[found["row"] == i]
        assert list(own["word"]) == 2 * list(one.feature_names)
        assert list(own["position"]) == 2 * list(range(len(one.feature_names)))
        assert list(own["output"]) == [name for name in one.output_names for _ in one.feature_names]
        np.testing.assert_array_equal(own["value"], one.values.T.ravel())
        np.testing.assert_array_equal(own["std_error"], one.std_error.T.ravel())
        np.testing.assert_array_equal(own["prediction"], np.repeat(one.prediction, len(one.feature_names)))


def test_texts_of_a_network_are_as_explain_has_them(sentiment):
    texts = ["An utterly gripping story.", "Slow and dull."]
    for method in ("shapley", "input_x_gradient"):
        found = ll.explain_many(sentiment, texts, method=method, n_samples=60 if method == "shapley" else "auto",
                                progress=False)
        for i, text in enumerate(texts):
            one = ll.explain(sentiment, text, method=method, n_samples=60 if method == "shapley" else "auto",
                             progress=False)
            own = found[found["row"] == i]
            kept = ~np.isnan(one.values).all(0)
            assert set(own["output"]) == set(np.array(one.output_names)[kept])
            np.testing.assert_allclose(own["value"], one.values[:, kept].T.ravel(), atol=1e-6)


def test_texts_without_words_alone_are_no_records(tmp_path):
    with pytest.warns(UserWarning, match="Rows like that: 3, the first is 0"):
        found = ll.explain_many(lengths, ["", " ", "?"], progress=False)
    with pytest.warns(UserWarning, match="Rows like that: 3, the first is 0"):
        path = ll.explain_many(lengths, ["", " ", "?"], out=tmp_path / "out.parquet", progress=False)
    assert len(found) == 0
    pd.testing.assert_frame_equal(pd.read_parquet(path), found)


def test_columns_that_would_be_there_twice_are_told_apart():
    assert column_names(["row", "a", "a std_error", "row (feature)"]) == [
        "row (feature)", "a", "a std_error", "row (feature) (feature)",
        "row std_error", "a std_error (feature)", "a std_error std_error", "row (feature) std_error"]


def test_trees_come_as_they_are_and_other_models_are_refused_without_a_background():
    found = ll.explain_many(RandomForestClassifier(2, random_state=0).fit(ROWS, CLASSES), ROWS, progress=False)
    assert (found.attrs["route"], found.attrs["hide"]) == ("path-dependent", "both ways of the trees' splits")
    for model in (LinearRegression().fit(ROWS, ROWS["pay"]), smooth):
        with pytest.raises(ll.InputError, match=r"give ll.tabular_model\(model, background\)"):
            ll.explain_many(model, ROWS, progress=False)


def test_of_rows_only_their_own_methods_are_named():
    with pytest.raises(ll.InputError, match=r"there are tree_shap, .*occlusion") as refused:
        ll.explain_many(FOREST, ROWS, method="foo", progress=False)
    assert "gradient" not in str(refused.value)


def test_a_file_that_is_damaged_is_refused(tmp_path):
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(ll.InputError, match=r"broken\.parquet can't be read as Parquet"):
        ll.explain_many(FOREST, tmp_path / "broken.parquet", progress=False)


def test_a_cluster_that_does_not_start_is_told_with_advice():
    class Silent:
        def is_initialized(self):
            return False

        def init(self, **settings):
            raise TimeoutError("the node timed out")

        def shutdown(self):
            self.ended = True

    silent = Silent()
    with pytest.raises(ll.InputError, match=r"the node timed out.*`ray start --head`"), bulk_ray._cluster(silent):
        pass
    assert silent.ended


@pytest.mark.parametrize("wrong, said", [
    ({"on": "dask"}, "there are 'local' and 'ray'"), ({"method": "shap"}, "is not known"),
    ({"out": "out.csv"}, "should end in .parquet"), ({"out": "/no/such/out.parquet"}, "make /no/such first"),
    ({"out": 5}, "out=5 can't be used"),
    ({"chunk_rows": 0}, "chunk_rows=0"), ({"chunk_rows": True}, "chunk_rows=True"), ({"model_id": 3}, "model_id=3"),
    ({"seed": -1}, "seed=-1"), ({"output": "odds"}, "output='odds'"), ({"n_samples": 1.5}, "n_samples=1.5"),
    ({"groups": {"a": [0]}}, "groups= are columns of a table"), ({"X": []}, "X is empty"), ({"X": ROWS}, "of texts"),
    ({"model": FOREST}, "a model of tables, and X holds texts"), ({"X": "good"}, "a single text")])
def test_what_can_not_be_done_is_refused_with_advice(wrong, said):
    given = {"model": ll.text_model(lengths), "X": TEXTS, "progress": False, **wrong}
    with pytest.raises(ll.InputError, match=said):
        ll.explain_many(given.pop("model"), given.pop("X"), **given)


def test_pictures_are_sent_elsewhere():
    with pytest.raises(ll.InputError, match="this is a model of images"):
        ll.explain_many(ll.image_model(lambda batch: np.ones((len(batch), 2))), [np.zeros((8, 8, 3))] * 2)


def test_without_ray_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(ll.InputError, match=r"pip install 'limelight\[ray\]'"):
        next(bulk_ray.on_ray(None, []))
