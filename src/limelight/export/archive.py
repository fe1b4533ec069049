"""An explanation, overview or tracker as a .npz file: plain arrays, and a header of JSON that says what they are."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import numpy as np

from limelight.export._leaves import Leaf, dtype_of, filled, little, mapped, numbers_of, size_of
from limelight.export.documents import Unreadable, document, known, made_of, most_unpacked, parsed, reading
from limelight.export.named import is_a
from limelight.types import Array

HEADER = "explanation.json"
HEADERS = {"Overview": "overview.json", "Tracker": "training.json"}
"""The header of what is no explanation, by its class."""
LONGEST = 100
"""Of an array's name, in characters."""


def dumps(explanation: Any) -> bytes:
    """Write an explanation, overview or tracker as a .npz file: the same bytes for the same one.

    `numpy.load` opens it: "values", "std_error", "neighborhood.coalitions",
    ..., and the header, "explanation.json", "overview.json" or "training.json",
    as bytes.

    Raises
    ------
    InputError
        If it is none of these, or holds what can't be written without loss.
    """
    arrays: dict[str, Array] = {}

    def keep(leaf: Leaf, path: str) -> dict[str, str]:
        name = _name(path, arrays)
        raw = isinstance(leaf, bytes)
        arrays[name] = np.frombuffer(leaf, np.uint8) if isinstance(leaf, bytes) else little(leaf)
        return {"type": "bytes" if raw else "array", "name": name}

    header = json.dumps(mapped(document(explanation), keep), indent=1, allow_nan=False)
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        place = next((each for name, each in HEADERS.items() if is_a(name, explanation)), HEADER)
        packed.writestr(_entry(place), header)
        for name, array in arrays.items():
            packed.writestr(_entry(f"{name}.npy"), _npy(array))
    return file.getvalue()


def loads(content: bytes, name: str = "the file") -> Any:
    """Read what `dumps` wrote. It is data: nothing in it is run, and no object is unpickled.

    Raises
    ------
    InputError
        If it is no such file, of a newer version, cut short or altered, or
        would take much more memory than it has bytes.
    """
    with reading(name), ZipFile(BytesIO(content)) as packed:
        _check_sizes(packed, len(content))
        place = next((name for name in HEADERS.values() if name in packed.namelist()), HEADER)
        header = parsed(packed.read(place))
        known(header)
        unread = set(packed.namelist()) - {place}
        found = filled(header, lambda node: _leaf(packed, node, unread))
        if unread:
            raise Unreadable(f"it holds {min(unread)!r:.60}, which its header does not speak of")
        return made_of(found)


def _check_sizes(packed: ZipFile, size: int) -> None:
    """Raise `Unreadable` unless what is packed is as large as it may be: zipfile reads no more than is declared."""
    entries = packed.infolist()
    if len({entry.filename for entry in entries}) < len(entries):
        raise Unreadable("two of its parts have one name")
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise Unreadable("it is compressed in a way that limelight does not use")
    total = sum(entry.file_size for entry in entries)
    if total > most_unpacked(size):
        raise Unreadable(f"it has {size:,} bytes, and would take {total:,} unpacked: no explanation does")
    if not {HEADER, *HEADERS.values()} & set(packed.namelist()):
        raise Unreadable("it is no explanation that limelight saved")


def _leaf(packed: ZipFile, node: dict[str, Any], unread: set[str]) -> Leaf:
    """An array or bytes, each once, read without numpy's own reader: that one believes a header's size."""
    entry = f"{node['name']}.npy"
    if entry not in unread:
        raise Unreadable(f"{entry!r:.60} is missing, or spoken of twice")
    unread.remove(entry)
    data = packed.read(entry)
    file = BytesIO(data)
    if np.lib.format.read_magic(file) != (1, 0):
        raise Unreadable(f"{node['name']!r:.60} is an array of a version that limelight does not use")
    shape, by_column, dtype = np.lib.format.read_array_header_1_0(file)
    if by_column or dtype.hasobject or dtype.fields is not None:
        raise Unreadable(f"{node['name']!r:.60} is no plain array")
    found = numbers_of(data[file.tell():], dtype_of(dtype.name), size_of(shape)).reshape(shape)
    return found.astype(np.uint8).tobytes() if node["type"] == "bytes" else found


def _npy(array: Array) -> bytes:
    file = BytesIO()
    np.lib.format.write_array(file, array, (1, 0), allow_pickle=False)
    return file.getvalue()


def _entry(name: str) -> ZipInfo:
    """An entry that is the same whenever and wherever it is written."""
    entry = ZipInfo(name)
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
    return entry


def _name(path: str, taken: dict[str, Array]) -> str:
    """What an array is called: where it is, in plain letters."""
    name = re.sub(r"[^A-Za-z0-9_.]", "_", path)[:LONGEST]
    while name in taken:
        name += "_"
    return name
