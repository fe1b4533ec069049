"""X as users have it: in memory, in files, or coming piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from itertools import chain, islice
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from limelight.bulk.chunks import Pieces
from limelight.errors import InputError
from limelight.models.reading import as_table

AT_ONCE = 4096
"""Rows or texts of a file or a generator that are read at once."""

TAKES = ("give a DataFrame, an array of shape (n_rows, n_features), an Arrow table or data set, the path of a .parquet "
         "or .csv file, an iterable of such chunks or of rows, or texts: a list, a column or any iterable of str")


def pieces_of(X: Any, model: Any = None) -> Pieces:
    """Read what users give as many rows or texts.

    Parameters
    ----------
    X
        Rows: a DataFrame; an array of shape (n_rows, n_features), also a
        memory map or a tensor; anything that streams Arrow tables, such as a
        pyarrow Table or Dataset or a polars DataFrame; the path of a Parquet
        file, of a folder of them, or of a CSV file; an iterable of chunks of
        rows, or of rows: lists or dicts. Or texts: a list, a Series or any iterable of str.
    model : optional
        Of files only its columns are read, where it tells which.

    Raises
    ------
    InputError
        If it is none of these.
    """
    X = X.detach().cpu().numpy() if hasattr(X, "detach") else X
    if isinstance(X, (str, PathLike)):
        return _file(X, model)
    if (hasattr(X, "columns") and hasattr(X, "iloc")) or (getattr(X, "ndim", 0) == 2 and isinstance(X, np.ndarray)):
        return Pieces([X], len(X))
    if hasattr(X, "scanner") or (hasattr(X, "__arrow_c_stream__") and not hasattr(X, "iloc")):
        return _arrow(X, model)
    if isinstance(X, Iterable) and not isinstance(X, (dict, bytes)):
        return _iterated(X)
    raise InputError(f"a {type(X).__name__} is neither many rows nor many texts: {TAKES}")


def _iterated(X: Iterable[Any]) -> Pieces:
    """Texts, or chunks of rows, as the first one tells."""
    rest: Iterator[Any] = iter(X)
    first: Any = next(rest, None)
    n_rows = len(X) if isinstance(X, Sized) else None
    if first is None and not n_rows:
        return Pieces([], 0)
    every = chain([first], rest)
    if isinstance(first, str):
        return Pieces(_texts(every), n_rows)
    if isinstance(first, Mapping) or _ndim(first) == 1:
        return Pieces(_lists(every), n_rows)
    if np.ndim(first) == 2:
        return Pieces(map(_rows, every), None)
    raise InputError(f"the first of what X holds is a {type(first).__name__}, neither a text nor a chunk of rows of "
                     f"shape (n_rows, n_features): {TAKES}")


def _texts(texts: Iterator[Any]) -> Iterator[list[str]]:
    n = 0
    while some := list(islice(texts, AT_ONCE)):
        wrong = next((i for i, text in enumerate(some) if not isinstance(text, str)), None)
        if wrong is not None:
            raise InputError(f"X[{n + wrong}] is a {type(some[wrong]).__name__}, and those before are texts: every "
                             "one should be a str; leave out or fill what is missing")
        yield [str(text) for text in some]
        n += len(some)


def _lists(rows: Iterator[Any]) -> Iterator[Any]:
    """Rows that come one by one, as lists, dicts or arrays."""
    while some := list(islice(rows, AT_ONCE)):
        yield as_table(some, "X")


def _ndim(row: Any) -> int:
    """Dimensions of a row; one of values of several lengths has none that numpy knows."""
    return 1 if isinstance(row, (list, tuple)) and not any(np.ndim(value) for value in row) else int(np.ndim(row))


def _rows(piece: Any) -> Any:
    piece = piece.detach().cpu().numpy() if hasattr(piece, "detach") else piece
    if np.ndim(piece) != 2:
        raise InputError(f"X gave a {type(piece).__name__} of {np.ndim(piece)} dimensions after chunks of rows: every "
                         "chunk should have shape (n_rows, n_features)")
    return piece if hasattr(piece, "iloc") else np.asarray(piece)


def _file(path: str | PathLike[str], model: Any) -> Pieces:
    found = Path(path)
    if found.suffix not in (".parquet", ".csv") and not found.is_dir():
        raise InputError(f"X={str(path)[:60]!r} is neither a path ending in .parquet or .csv, nor a folder of Parquet "
                         "files; a single text is explained by ll.explain, several are given as a list")
    if not found.exists():
        raise InputError(f"there is no file {found}: give the path of what should be explained")
    return _csv(found, model) if found.suffix == ".csv" else _arrow(_dataset(found), model)


def _dataset(path: Path) -> Any:
    try:
        return arrow("dataset").dataset(path, format="parquet")
    except (OSError, arrow().ArrowException) as error:
        raise InputError(f"{path} can't be read as Parquet ({error}): write it again, or give another file") from error


def _csv(path: Path, model: Any) -> Pieces:
    """As pandas reads it, a part at a time, with the background's words as words."""
    import pandas

    columns = _wanted(model, pandas.read_csv(path, nrows=0).columns)
    background: Any = getattr(model, "background", None)
    words = {name: str for name in columns or () if hasattr(background, "columns")
             and not pandas.api.types.is_numeric_dtype(background[name].dtype)}
    return Pieces(pandas.read_csv(path, usecols=columns, dtype=words, chunksize=AT_ONCE), None)


def _arrow(X: Any, model: Any) -> Pieces:
    """Arrow's batches as DataFrames, few of them ahead of what is worked on."""
    if hasattr(X, "scanner"):
        scanner = X.scanner(columns=_wanted(model, X.schema.names), batch_size=AT_ONCE, batch_readahead=1,
                            fragment_readahead=1)
        return Pieces((batch.to_pandas() for batch in scanner.to_batches()), X.count_rows())
    try:
        reader = arrow().RecordBatchReader.from_stream(X)
    except arrow().ArrowInvalid as error:
        raise InputError(f"a {type(X).__name__} is one column, and no table: {TAKES}") from error
    columns = _wanted(model, reader.schema.names) or reader.schema.names
    return Pieces((batch.select(columns).to_pandas() for batch in reader), getattr(X, "num_rows", None))


def _wanted(model: Any, columns: Sequence[str]) -> list[str] | None:
    """The model's columns in their order; None, which is all, where these are not among them."""
    names = list(getattr(model, "feature_names", ()))
    return names if names and set(names) <= set(columns) else None


def arrow(part: str = "") -> Any:
    """Load pyarrow, or one of its modules.

    Raises
    ------
    InputError
        If it is not installed.
    """
    from importlib import import_module

    try:
        return import_module(f"pyarrow.{part}" if part else "pyarrow")
    except ImportError as error:
        raise InputError("Parquet and Arrow tables need pyarrow: pip install 'limelight[parquet]'") from error
