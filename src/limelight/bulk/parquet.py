"""Records in Parquet files, each of which is there as a whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limelight.bulk.given import arrow

if TYPE_CHECKING:
    import pandas

KEY = b"limelight"
"""Under which a file's metadata say what it holds, as JSON."""


def write(path: Path, records: pandas.DataFrame, about: Mapping[str, Any]) -> None:
    """Write records, and what they are: a JSON-able mapping."""
    table = arrow().Table.from_pandas(records, preserve_index=False)
    _whole(path, table.schema, [table], about)


def join(path: Path, parts: Iterable[Path], about: Mapping[str, Any]) -> None:
    """Make one file of several, in order, a row group each. One part at a time is in memory."""
    parts = list(parts)
    tables = (arrow("parquet").read_table(part) for part in parts)
    _whole(path, arrow("parquet").read_schema(parts[0]), tables, about)


def about(path: Path) -> dict[str, Any] | None:
    """What a file of ours says that it holds; None for other files, and where there is none that can be read."""
    try:
        found = (arrow("parquet").read_schema(path).metadata or {}).get(KEY)
    except (OSError, arrow().ArrowException):
        return None
    return None if found is None else dict(json.loads(found))


def _whole(path: Path, schema: Any, tables: Iterable[Any], about: Mapping[str, Any]) -> None:
    schema = schema.with_metadata({**(schema.metadata or {}), KEY: json.dumps(about).encode()})

    def fill(name: str) -> None:
        with arrow("parquet").ParquetWriter(name, schema) as writer:
            for table in tables:
                writer.write_table(table.replace_schema_metadata(schema.metadata), row_group_size=max(1, len(table)))

    replaced(path, fill)


def replaced(path: Path, fill: Callable[[str], None]) -> None:
    """Fill a new file and put it in the place of `path`, in one step."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        fill(str(new))
        with open(new, "rb") as file:
            os.fsync(file.fileno())
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
