"""The overview of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from limelight.bulk.rows import Rows
from limelight.dataset.asking import seconds_a_row
from limelight.dataset.behind import TableBehind
from limelight.dataset.collected import ALONE, FEWEST, Watch, collected, remarks
from limelight.dataset.correlation import STRONG, group_name
from limelight.dataset.dependence import CURVE
from limelight.dataset.grids import named
from limelight.dataset.labels import Labels, of_rows
from limelight.dataset.measured import FIRST
from limelight.dataset.result import Overview
from limelight.dataset.singly import shown
from limelight.dataset.steps import with_progress
from limelight.dataset.table import Table, conformed
from limelight.dataset.ways import FEW, Way, answering, by_number, way_of
from limelight.errors import InputError, LimelightError, Unsuited
from limelight.models.tabular import TabularModel
from limelight.types import Array, Target

CHUNK = 4_096
"""Rows between two moments at which quick ways can be interrupted."""
A_PIECE = 0.05
"""Of the time that there is: how long a piece of slow ways takes at most."""


def overview_of_table(model: Any, X: Any, y: Any, *, method: str, target: Target, n_rows: int | str, progress: bool,
                      watch: Watch, labels: Labels | None, options: Mapping[str, Any], **asked: Any) -> Overview:
    """Explain rows, and put beside them what is needed to ask more: see `overview`."""
    wrapped = model if isinstance(model, TabularModel) else TabularModel(model, X)
    rows = conformed(X, wrapped)
    if len(rows) < FEWEST:
        raise InputError(f"X holds {ALONE}" if len(rows) else "X is empty: an overview is of two rows or more")
    order = np.random.default_rng(asked["seed"]).permutation(len(rows))
    way = way_of(model, wrapped, rows, order, method=method, options=options, watch=watch, **asked)
    wanted = order[: way.most(len(rows), n_rows)]
    pieces = collected(_explained(way, rows, wanted, watch), lambda piece: len(piece.values), len(wanted), "rows",
                       show=progress, watch=watch)
    found = _joined(pieces, wanted)
    late = remarks(len(found.numbers), len(wanted), "rows", watch)
    given = Given(wrapped, rows, y, target, labels, progress,
                  {"method": method, **asked, "options": {**options, **way.options}})
    return _put_together(given, found, way, late, watch)


class Given(NamedTuple):
    """What `overview` was called with."""

    model: TabularModel
    rows: Any
    y: Any
    target: Target
    labels: Labels | None
    progress: bool
    asked: dict[str, Any]


class Found(NamedTuple):
    """Attributions of rows, by their numbers in the data."""

    numbers: Array
    rows: Rows


def _explained(way: Way, rows: Any, order: Array, watch: Watch) -> Iterator[Rows]:
    """The rows in this order, in pieces; the first one is there already. Each part of the order is a fair sample."""
    yield way.begun if len(way.begun.values) <= len(order) else by_number(way.explain, rows, order)
    start = len(way.begun.values)
    while start < len(order):
        stop = start + (CHUNK if way.quick else min(FEW, _in_a_moment(watch, start)))
        yield by_number(way.explain, rows, order[start:stop])
        start = stop


def _in_a_moment(watch: Watch, n: int) -> int:
    """How many rows take no more than a small part of the time, where n took what was spent."""
    return CHUNK if watch.seconds is None else max(1, int(watch.seconds * A_PIECE * n / max(watch.spent, 1e-9)))


def _joined(pieces: list[Rows], order: Array) -> Found:
    """All pieces as one, in the order of the data."""
    first = pieces[0]
    index = order[: sum(len(piece.values) for piece in pieces)]
    by_row = np.argsort(index)

    def whole(name: str) -> Array:
        joined = np.concatenate([getattr(piece, name) for piece in pieces])[by_row]
        joined.flags.writeable = False
        return joined

    exact = all(piece.exact for piece in pieces)
    errors = np.broadcast_to(0.0, (len(index), *first.values.shape[1:])) if exact else whole("std_error")
    return Found(index[by_row], Rows(whole("values"), errors, whole("base_values"), whole("prediction"), first.method,
                                     exact, max(piece.n_evals for piece in pieces), first.feature_names,
                                     first.output_names, first.output_space))


def _put_together(given: Given, found: Found, way: Way, late: list[str], watch: Watch) -> Overview:
    index, explained = found
    model, rows, asked = given.model, given.rows, given.asked
    summing, output = answering(model, asked["output"], explained.output_space)
    table = Table.of(summing, rows, given.y, output=output, judge=None if summing is model else model,
                     seed=asked["seed"])
    own = _columns_of(explained.feature_names, table)
    behind = TableBehind(table, explained, asked, grouped=-1 in own, labels=given.labels)
    some = table.take(index)
    overview = Overview(
        "table", model.name, len(rows), index, explained.values, explained.std_error, explained.base_values,
        explained.prediction, some.rows, explained.feature_names,
        tuple("group" if j < 0 else table.columns[j].kind for j in own),
        tuple(None if j < 0 or table.columns[j].kind != "category" else named(table.columns[j]) for j in own),
        np.stack([_numbers(some, j) for j in own], axis=1), explained.output_names, explained.output_space,
        shown(given.target, explained.output_names, explained.prediction),
        explained.method, {**_to_repeat(asked), **asked["options"]}, explained.n_evals,
        explained.exact, outcome=some.y, target_name=_name_of(given.y), labels=of_rows(given.labels, index),
        remarks=(*way.notes, *late, *_sampled(len(index), len(rows)), *_infinite(table), *_correlated(behind)),
        background=model.background, _behind=behind)
    _begin(overview, behind, watch, given.progress)
    return overview


def _begin(overview: Overview, behind: TableBehind, watch: Watch, progress: bool) -> None:
    """Compute what is shown first, and takes next to no time."""
    table = behind.table
    for name in behind.at_once:
        with suppress(Unsuited):  # what it can't be read off of, it is still offered for: asking says why
            overview.measure(name, progress=progress)
    if watch.seconds is None or watch.allows(CURVE * seconds_a_row(table.asker(), table.rows, watch.left)):
        with suppress(LimelightError):  # groups and free texts have no curve: asking says why
            first = int(overview.measure(FIRST).values.argmax())
            with_progress(overview.depending(first), overview.feature_names[first], show=progress)


def _to_repeat(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What an overview from a file needs to explain a row again, besides the method's options."""
    limit = {} if asked["n_samples"] == "auto" else {"n_samples": asked["n_samples"]}
    return {"seed": asked["seed"], **({"groups": asked["groups"]} if asked["groups"] else {}), **limit}


def _columns_of(names: tuple[str, ...], table: Table) -> list[int]:
    """Which column each feature is; -1 for groups of them."""
    place = {name: j for j, name in enumerate(table.names)}
    return [place.get(name, -1) for name in names]


def _numbers(table: Table, j: int) -> Array:
    """A column as numbers: categories as their indices; NaN where there is none, or none that an axis could show."""
    kind = "group" if j < 0 else table.columns[j].kind
    if kind == "number":
        numbers = table.numbers(j)
        return np.where(np.isinf(numbers), np.nan, numbers)
    if kind == "category":
        codes = table.codes(j)
        return np.where(codes < 0, np.nan, codes)
    return np.full(table.n_rows, np.nan)


def _sampled(n: int, n_rows: int) -> list[str]:
    return [f"Explained are {n:,} rows drawn from {n_rows:,}."] if n < n_rows else []


def _infinite(table: Table) -> list[str]:
    """A sentence for columns that hold infinite numbers."""
    found = [name for j, name in enumerate(table.names)
             if table.columns[j].kind == "number" and np.isinf(table.numbers(j)).any()]
    return [f"Infinite numbers are shown as missing, as no axis holds them: {', '.join(found)}."] if found else []


def _correlated(behind: TableBehind) -> list[str]:
    """A sentence for the columns that go together."""
    groups = behind.related.groups
    if not groups:
        return []
    named_groups = "; ".join(group_name(behind.table.names, group) for group in groups)
    return [f"These columns go together (association above {STRONG:g}): {named_groups}. Read their importance "
            "together: how a model shares it among them may be an accident, and changing one alone asks about rows "
            "that can't be."]


def _name_of(y: Any) -> str:
    return str(getattr(y, "name", "") or "")
