"""What was asked about, and of which output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from limelight.errors import InputError
from limelight.scalars import is_whole
from limelight.types import OutputSpace

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Question:
    """What was asked about: one input of one model, and how its parts are hidden."""

    subject: Mapping[str, Any]
    """What a view draws (CONTRIBUTING.md, "What crosses to the browser")."""
    data: Any
    feature_names: tuple[str, ...]
    output_names: tuple[str, ...]
    output_space: OutputSpace
    target: int
    seed: int
    input: Mapping[str, Any] = field(default_factory=dict)
    """What it takes besides to ask about the same input again: see `maskers.remembered`."""


def to_keep(subject: Mapping[str, Any]) -> dict[str, Any]:
    """A subject as files and pages keep it: of a column's categories the row's own, and not those of other rows.

    A view offers all of them for a value to be changed to, which takes a model.
    """
    columns = [column if column.get("categories") is None else {**column, "categories": [str(column["value"])]}
               for column in subject.get("columns", ())]
    return {**subject, **({"columns": columns} if "columns" in subject else {})}


def as_index(names: Sequence[str]) -> pandas.Index:
    """Names for a pandas table: as objects where there are half characters, which Arrow's strings refuse."""
    import pandas

    try:
        return pandas.Index(names, tupleize_cols=False)
    except UnicodeEncodeError:
        return pandas.Index(names, dtype=object, tupleize_cols=False)


def check_meant(column: int, names: Sequence[str]) -> None:
    """Raise InputError where a whole number is the position of one column, and another's name.

    As it is where columns were dropped from a DataFrame whose labels are numbers.
    """
    at = names[column] if -len(names) <= column < len(names) else str(column)
    if str(column) in names and at != str(column):
        raise InputError(f"{column} is the name of one column and the position of another, {at!r}: give the name of "
                         f"the one that is meant as text, {str(column)!r} or {at!r}")


def find_target(target: int | str, output_names: tuple[str, ...]) -> int:
    """Return the index of an output given by name or index, or raise InputError."""
    called = [i for i, name in enumerate(output_names) if isinstance(target, str) and name == target]
    if len(called) > 1:
        raise InputError(f"target={target!r} is what {len(called)} outputs are called, those of index "
                         f"{', '.join(map(str, called))}: give the index of one")
    if called:
        return called[0]
    if is_whole(target) and -len(output_names) <= target < len(output_names):
        return int(target) % len(output_names)
    shown = ", ".join(repr(name) for name in output_names[:10]) + (", ..." if len(output_names) > 10 else "")
    raise InputError(f"target={target!r} is none of these outputs: give one of {shown}, "
                     f"or an index from 0 to {len(output_names) - 1}")
