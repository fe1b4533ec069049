"""The overview of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from limelight.bulk.rows import Rows
from limelight.dataset.behind import TableBehind
from limelight.dataset.correlation import STRONG, group_name
from limelight.dataset.grids import named
from limelight.dataset.result import FIRST, Overview
from limelight.dataset.singly import shown
from limelight.dataset.steps import ALONE, FEWEST, kept
from limelight.dataset.table import Table, conformed, rows_of
from limelight.dataset.ways import FEW, Way, answering, way_of
from limelight.errors import InputError, LimelightError, Unsuited
from limelight.models.tabular import TabularModel
from limelight.types import Array, Target

CHUNK = 4_096
"""Rows between two moments at which quick ways can be interrupted."""


def overview_of_table(model: Any, X: Any, y: Any, *, method: str, target: Target, n_rows: int | str, progress: bool,
                      options: Mapping[str, Any], **asked: Any) -> Overview:
    """Explain rows, and put beside them what is needed to ask more: see `overview`."""
    wrapped = model if isinstance(model, TabularModel) else TabularModel(model, X)
    rows = conformed(X, wrapped)
    if len(rows) < FEWEST:
        raise InputError(f"X holds {ALONE}")
    order = np.random.default_rng(asked["seed"]).permutation(len(rows))
    way = way_of(model, wrapped, rows, order[:FEW], method=method, options=options, **asked)
    order = order[: way.most(len(rows), n_rows)]
    pieces = kept(_explained(way, rows, order), lambda piece: len(piece.values), len(order), "rows", show=progress)
    return _put_together(wrapped, rows, y, _joined(pieces, order), target, way,
                         {"method": method, **asked, "options": {**options, **way.options}})


class Found(NamedTuple):
    """Attributions of rows, by their numbers in the data."""

    numbers: Array
    rows: Rows


def _explained(way: Way, rows: Any, order: Array) -> Iterator[Rows]:
    """The rows in this order, in pieces; the first one is there already. Each part of the order is a fair sample."""
    yield way.begun if len(way.begun.values) <= len(order) else way.explain(rows_of(rows, order))
    chunk = CHUNK if way.quick else FEW
    for start in range(FEW, len(order), chunk):
        yield way.explain(rows_of(rows, order[start : start + chunk]))


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


def _put_together(model: TabularModel, rows: Any, y: Any, found: Found, target: Target, way: Way,
                  asked: dict[str, Any]) -> Overview:
    index, explained = found
    seed = asked["seed"]
    summing, output = answering(model, asked["output"], explained.output_space)
    table = Table.of(summing, rows, y, output=output, judge=None if summing is model else model, seed=seed)
    chosen = shown(target, explained.output_names, explained.prediction)
    own = _columns_of(explained.feature_names, table)
    behind = TableBehind(table, explained, asked, grouped=-1 in own)
    remarks = [*way.notes, *_sampled(len(index), len(rows)), *_correlated(behind)]
    some = table.take(index)
    overview = Overview(
        "table", model.name, len(rows), index, explained.values, explained.std_error, explained.base_values,
        explained.prediction, some.rows, explained.feature_names,
        tuple("group" if j < 0 else table.columns[j].kind for j in own),
        tuple(None if j < 0 or table.columns[j].kind != "category" else named(table.columns[j]) for j in own),
        np.stack([_numbers(some, j) for j in own], axis=1), explained.output_names, explained.output_space, chosen,
        explained.method, {**_to_repeat(asked), **asked["options"]}, explained.n_evals,
        explained.exact, outcome=some.y, target_name=_name_of(y), remarks=tuple(remarks), _behind=behind)
    for name in behind.at_once:
        with suppress(Unsuited):  # what it can't be read off of, it is still offered for: asking says why
            overview.measure(name)
    with suppress(LimelightError):  # groups and free texts have no curve: asking says why
        overview.dependence(int(overview.measure(FIRST).values.argmax()))
    return overview


def _to_repeat(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What an overview from a file needs to explain a row again, besides the method's options."""
    limit = {} if asked["n_samples"] == "auto" else {"n_samples": asked["n_samples"]}
    return {"seed": asked["seed"], **({"groups": asked["groups"]} if asked["groups"] else {}), **limit}


def _columns_of(names: tuple[str, ...], table: Table) -> list[int]:
    """Which column each feature is; -1 for groups of them."""
    place = {name: j for j, name in enumerate(table.names)}
    return [place.get(name, -1) for name in names]


def _numbers(table: Table, j: int) -> Array:
    """A column as numbers: categories as their indices; NaN where there is none."""
    kind = "group" if j < 0 else table.columns[j].kind
    if kind == "number":
        return table.numbers(j)
    if kind == "category":
        codes = table.codes(j)
        return np.where(codes < 0, np.nan, codes)
    return np.full(table.n_rows, np.nan)


def _sampled(n: int, n_rows: int) -> list[str]:
    return [f"Explained are {n:,} rows drawn from {n_rows:,}."] if n < n_rows else []


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
