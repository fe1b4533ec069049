"""explain_many: every row of a table, or every text of many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limelight.arguments import check_method, check_rest, whole
from limelight.bulk.chunks import Chunk
from limelight.bulk.given import TAKES, arrow, pieces_of
from limelight.bulk.held import Held
from limelight.bulk.ledger import Ledger
from limelight.bulk.tables import TableWork
from limelight.bulk.texts import TextWork
from limelight.bulk.work import Part, Place, Work, locally
from limelight.errors import InputError, LimelightError, warn
from limelight.maskers.grouped import Groups, read_groups
from limelight.progress import progress_bar
from limelight.scalars import is_whole
from limelight.types import Output

if TYPE_CHECKING:
    import pandas

HEAD = 256
"""Rows that are looked at first: as many whatever the chunks, because what is fixed by them is fixed for all rows."""


def explain_many(model: Any, X: Any, *, method: str = "auto", n_samples: int | str = "auto",
                 output: Output = "probability", groups: Groups | None = None, seed: int = 0,
                 out: str | PathLike[str] | None = None, on: str = "local", model_id: str | None = None,
                 std_error: bool = True, chunk_rows: int | str = "auto",
                 progress: bool = True) -> pandas.DataFrame | Path:
    """Explain every row of a table, or every one of many texts.

    Rows are read, explained and written a chunk at a time, so that memory does
    not grow with their number. The same rows get the same numbers, however
    they are cut into chunks and wherever these are worked on.

    Parameters
    ----------
    model
        As `explain` takes it: for rows `ll.tabular_model(model, background)`
        (an ensemble of trees may come as it is: its values are then
        path-dependent), for texts also a pipeline, a (model, tokenizer) pair or a function.
    X
        Rows: a DataFrame, an array or a memory map of shape (n_rows,
        n_features), an Arrow table or data set, the path of a Parquet or CSV
        file, or an iterable of such chunks. Texts: a list, a column or any
        iterable of str.
    method, n_samples, output, groups, seed
        As of `explain`. `groups` are a table's.
    out : path, optional
        A Parquet file to write. Meanwhile what is done is kept in a folder beside
        it, and after a crash or Ctrl-C the same call goes on from there.
    on : {"local", "ray"}
        "ray": on all processors, or all GPUs, of the Ray cluster that is
        connected, else of one that is started on this machine.
    model_id : str, optional
        A name of the model and its version. It is kept with what is done, and
        the call that goes on must give the same. Without it what the model
        says of the first rows must be the same.
    std_error : bool
        For tables: whether there are columns of standard errors. They are 0
        where values are exact; of an explainable boosting machine they are the
        standard deviation among its bags, as of `explain`.
    chunk_rows : int or "auto"
        Rows in a chunk: what is in memory at once, and what a crash costs. A
        model that is asked is asked about several rows together, and a chunk
        holds a multiple of them: their number is rounded up.
    progress : bool
        Show a progress line.

    Returns
    -------
    DataFrame, or Path
        With `out` its path. For tables a record has `row` (the place in X,
        from 0), `output`, `base_value`, `prediction`, an attribution in a column for each
        feature, and its standard error in one called "<feature> std_error". A
        feature called like one of the first columns is followed by
        "(feature)". For texts: `row`, `output`, `base_value`, `prediction`,
        `position`, `word`, `value`, `std_error`, one record a word. The
        table's `attrs` tell `method`, `output_space` and what stands for
        absent features, `hide`; of rows also `route` and `n_evals`, the most
        evaluations of a row. Interrupted without `out`, what there was, with a warning.

    Raises
    ------
    InputError
        If an argument can't be used, or `out` holds something else, was begun
        with other settings, rows or another model, or is being written by another run.
    ModelError
        If the model raised or returned NaN. With `out` the chunks before it are kept.
    """
    _check(n_samples, output, seed, model_id, chunk_rows)
    if getattr(model, "kind", None) == "image":
        raise InputError("explain_many takes rows and texts, and this is a model of images: explain them one by one "
                         "by ll.explain, or those of one size by ll.overview")
    file, place = _file(out), _place(on)
    given = pieces_of(X, model)
    head = given.head(HEAD)
    if head is None:
        raise InputError(f"X is empty: {TAKES}")
    work = _work(model, head, read_groups(groups), std_error, method=method, n_samples=n_samples, output=output,
                 seed=seed)
    size = work.chunk_rows if isinstance(chunk_rows, str) else int(chunk_rows)
    size = -(-size // work.block_rows) * work.block_rows
    store = Held() if file is None else Ledger(file, _identity(work, size, model_id))
    with closing(store):
        run = _Run(given.chunks(size), store, given.n_rows)
        try:
            with progress_bar(run, show=progress, unit="texts" if isinstance(head, list) else "rows") as advance:
                for chunk, part in place(work, run.undone()):
                    run.keep(chunk, part)
                    advance()
        except KeyboardInterrupt as stopped:
            if file is not None or not run.n:
                stopped.add_note(store.kept)
                raise
            warn(f"interrupted: {store.kept}")
        except LimelightError as error:
            error.add_note(store.kept)
            raise
        for said, (first, n) in store.notes.items():
            warn(f"{said} Rows like that: {n:,}, the first is {first:,}.")
        return store.result()


class _Run:
    """Chunks on their way: those that are done are left out, and all that were seen to are counted.

    Attributes
    ----------
    limit : int or None
        How many rows there are.
    n : int
        Rows that are done.
    """

    def __init__(self, chunks: Iterator[Chunk], store: Held | Ledger, limit: int | None):
        self._chunks, self._store, self.limit, self.n = chunks, store, limit, 0

    def undone(self) -> Iterator[Chunk]:
        """The chunks that are not done."""
        for chunk in self._chunks:
            if self._store.has(chunk):
                self.n += len(chunk)
            else:
                yield chunk

    def keep(self, chunk: Chunk, part: Part) -> None:
        """Keep what was found of a chunk."""
        self._store.add(chunk, part)
        self.n += len(chunk)


def _work(model: Any, head: Any, groups: Groups | None, std_error: bool, **asked: Any) -> Work:
    """Texts or rows, as the first ones tell."""
    if not isinstance(head, list):
        if getattr(model, "kind", None) == "text":
            raise InputError(f"this is a model of texts, and X holds rows: {TAKES}")
        return TableWork(model, head, groups=groups, std_error=std_error, **asked)
    if groups is not None:
        raise InputError("groups= are columns of a table, and each text has words of its own: leave it out, or give "
                         "ll.text_model(..., granularity='sentence')")
    if asked["method"] != "auto":
        check_method(asked["method"])
    return TextWork(model, head, **asked)


def _identity(work: Work, size: int, model_id: str | None) -> dict[str, Any]:
    """What the numbers in a file depend on, besides its rows."""
    return {"settings": {**work.settings, "chunk_rows": size},
            "model": {"outputs": work.outputs} if model_id is None else {"id": model_id}}


def _check(n_samples: int | str, output: Output, seed: int, model_id: str | None, chunk_rows: int | str) -> None:
    if n_samples != "auto":
        whole(n_samples)
    check_rest(output, None, seed)
    if model_id is not None and not isinstance(model_id, str):
        raise InputError(f"model_id={model_id!r} can't be used: give a name, such as 'credit-2024-05'")
    if chunk_rows != "auto" and not (is_whole(chunk_rows) and chunk_rows > 0):
        raise InputError(f"chunk_rows={chunk_rows!r} can't be used: give a whole number above 0, or 'auto'")


def _file(out: str | PathLike[str] | None) -> Path | None:
    """The file to write, if any."""
    if out is None:
        return None
    if not isinstance(out, (str, PathLike)):
        raise InputError(f"out={out!r} can't be used: give the path of a .parquet file to write")
    file = Path(out)
    if file.suffix != ".parquet":
        raise InputError(f"out={str(out)!r} should end in .parquet: that is what is written")
    if not file.parent.is_dir():
        raise InputError(f"out={str(out)!r} is in no folder that there is: make {file.parent} first")
    arrow()
    return file


def _place(on: str) -> Place:
    """Where the work is done."""
    if on == "local":
        return locally
    if on == "ray":
        from limelight.bulk.ray import on_ray

        return on_ray
    raise InputError(f"on={on!r} is not known: there are 'local' and 'ray'")
