"""What users give as many rows or texts."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
import pytest
import torch

from limelight.bulk.given import AT_ONCE, pieces_of
from limelight.errors import InputError

N = AT_ONCE + 100
FRAME = pd.DataFrame({"age": np.arange(N) % 90, "code": [f"0{i % 7}" for i in range(N)], "target": 1})
ROWS = FRAME[["age", "code"]]
MODEL = SimpleNamespace(feature_names=["age", "code"], background=ROWS.iloc[:9])
NUMBERS = np.arange(12.0).reshape(6, 2)


def read(X, model=None, size=1000):
    given = pieces_of(X, model)
    return given.n_rows, list(given.chunks(size))


@pytest.fixture
def files(tmp_path):
    FRAME.to_parquet(tmp_path / "rows.parquet")
    FRAME.to_csv(tmp_path / "rows.csv", index=False)
    (tmp_path / "parts").mkdir()
    FRAME.iloc[:2500].to_parquet(tmp_path / "parts" / "1.parquet")
    FRAME.iloc[2500:].to_parquet(tmp_path / "parts" / "2.parquet")
    return tmp_path


@pytest.mark.parametrize("name", ["rows.parquet", "rows.csv", "parts"])
def test_files_are_read_as_the_background_is(files, name):
    n_rows, found = read(files / name, MODEL)
    assert n_rows in (None, N) and len(found) == -(-N // 1000)
    joined = pd.concat([chunk.rows for chunk in found], ignore_index=True)
    pd.testing.assert_frame_equal(joined, ROWS, check_dtype=False)
    assert [chunk.digest for chunk in read(str(files / name), MODEL)[1]] == [chunk.digest for chunk in found]


def test_arrow_tables_are_read_by_the_batch(files):
    table = pa.Table.from_pandas(FRAME)
    for given in (table, pyarrow.dataset.dataset(files / "parts"), table.to_reader()):
        _, found = read(given, MODEL)
        pd.testing.assert_frame_equal(pd.concat([chunk.rows for chunk in found], ignore_index=True), ROWS)


def test_columns_that_the_model_lacks_are_left_to_it_to_refuse(files):
    _, found = read(files / "rows.parquet", SimpleNamespace(feature_names=["age", "height"]))
    assert list(found[0].rows.columns) == ["age", "code", "target"]


def test_arrays_are_cut_where_they_lie(tmp_path):
    held = np.lib.format.open_memmap(tmp_path / "rows.npy", "w+", shape=NUMBERS.shape)
    held[:] = NUMBERS
    for given in (NUMBERS, held, torch.tensor(NUMBERS)):
        n_rows, found = read(given, size=4)
        assert n_rows == 6 and [len(chunk) for chunk in found] == [4, 2]
        np.testing.assert_array_equal(np.concatenate([chunk.rows for chunk in found]), NUMBERS)
    assert np.shares_memory(next(pieces_of(held).chunks(4)).rows, held)


def test_a_generator_gives_chunks_of_rows():
    n_rows, found = read((torch.tensor(NUMBERS[i:i + 1]) for i in range(6)), size=4)
    assert n_rows is None and [len(chunk) for chunk in found] == [4, 2]
    np.testing.assert_array_equal(np.concatenate([chunk.rows for chunk in found]), NUMBERS)


def test_rows_come_one_by_one_as_lists_arrays_or_dicts():
    for given in (NUMBERS.tolist(), [tuple(row) for row in NUMBERS], list(torch.tensor(NUMBERS)), iter(NUMBERS)):
        _, found = read(given, size=4)
        assert [len(chunk) for chunk in found] == [4, 2]
        np.testing.assert_array_equal(np.concatenate([chunk.rows for chunk in found]), NUMBERS)
    _, found = read(ROWS[:5].to_dict("records"))
    pd.testing.assert_frame_equal(found[0].rows, ROWS[:5])
    assert read([["a", 1.5], ["b", 2]])[1][0].rows.tolist() == [["a", 1.5], ["b", 2]]


@pytest.mark.parametrize("texts", [["a", "b", "c"], ("a", "b", "c"), pd.Series(["a", "b", "c"]),
                                   np.array(["a", "b", "c"]), iter("abc")], ids=lambda texts: type(texts).__name__)
def test_texts_come_as_they_are(texts):
    _, found = read(texts, size=2)
    assert [chunk.rows for chunk in found] == [["a", "b"], ["c"]]
    assert {type(text) for chunk in found for text in chunk.rows} == {str}


@pytest.mark.parametrize("wrong, said", [
    (3, "a int is neither many rows nor many texts"), ({"a": [1]}, "dict"), (b"text", "bytes"),
    ("a good film", "a single text is explained by ll.explain"), ("gone.parquet", "there is no file"),
    ([1.0, 2.0], "the first of what X holds is a float"), (["a", None], r"X\[1\] is a NoneType"),
    ([NUMBERS, NUMBERS[0]], "of 1 dimensions after chunks of rows"),
    ([[1, 2], [3]], "row 1 has 1 values, and the first one 2"),
    (pa.chunked_array([["a", "b"]]), "is one column, and no table")])
def test_what_can_not_be_read_is_refused_with_advice(wrong, said):
    with pytest.raises(InputError, match=said):
        read(wrong)


def test_nothing_is_no_rows():
    assert all(pieces_of(nothing).head(3) is None for nothing in ([], iter([]), FRAME[:0], NUMBERS[:0]))
