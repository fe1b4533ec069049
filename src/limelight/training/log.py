"""An append-only file of records: each in a frame with its length and checksum, so that a crash loses the last at most.

The file begins with `MAGIC`. A frame is three numbers of 4 bytes, little-endian: the length of its payload, the CRC-32
of that length, the CRC-32 of the payload; then the payload: JSON in UTF-8, whose arrays are objects as in files of
explanations.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from limelight.errors import InputError

MAGIC = b"limelight-log-1\n"
SUFFIX = ".track"
_HEAD = struct.Struct("<III")
Entry = Mapping[str, Any]


class Torn(ValueError):
    """A frame that is not whole: `end` is where the last whole one ends."""

    def __init__(self, end: int):
        super().__init__(f"the frame that begins at byte {end:,} is not whole")
        self.end = end


class Log:
    """A file that grows by a frame at a time.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    entries : list of dict
        What was there when it was opened.
    torn : bool
        Whether its last frame was not whole, and was cut off.

    Raises
    ------
    InputError
        If the file is no log, is damaged before its end, or can't be written.
    """

    def __init__(self, path: Path):
        self.path = path
        try:
            content = path.read_bytes() if path.exists() else b""
            self.entries, self._end = whole(content, repr(str(path)))
            self.torn = self._end < len(content)
            if not self._end:
                self._put(MAGIC, "wb")
        except OSError as error:
            raise InputError(f"log={str(path)!r} can't be opened: {error.strerror or error}. Give a file in a folder "
                             "that is there and can be written to") from error

    def add(self, entry: Entry) -> None:
        """Write one entry, and hand it to the operating system: from then on it outlives this process.

        Raises
        ------
        OSError
            If the file is gone, or the disk full: the next entry takes the place of what was written of this one.
        """
        from limelight.export._leaves import as_json, mapped

        payload = json.dumps(mapped(entry, as_json), ensure_ascii=False, separators=(",", ":")).encode()
        self._put(_HEAD.pack(len(payload), _of_length(len(payload)), zlib.crc32(payload)) + payload)

    def settle(self) -> None:
        """Have all that was written on the disk: from then on it outlives this machine's power, too."""
        with self.path.open("r+b") as file:
            os.fsync(file.fileno())

    def _put(self, data: bytes, mode: str = "r+b") -> None:
        with self.path.open(mode) as file:
            file.seek(self._end)
            file.truncate()
            file.write(data)
        self._end += len(data)


def path_of(path: str | os.PathLike[str]) -> Path:
    """Where a log is to be.

    Raises
    ------
    InputError
        If its name does not say that it is one.
    """
    from limelight.export.places import place_of

    place = place_of(path)
    if place.suffix.lower() != SUFFIX:
        raise InputError(f"log={str(path)!r} should end in {SUFFIX}: ll.load knows it by that")
    return place


def whole(content: bytes, name: str) -> tuple[list[Entry], int]:
    """Read all frames that are whole, and where the last of them ends.

    Only the last one may be cut off: by a crash while it was written.

    Raises
    ------
    InputError
        If it is no log, or is damaged before its end.
    """
    if not content:
        return [], 0
    if content[:len(MAGIC)] != MAGIC[:len(content)]:
        raise InputError(f"{name} is no log of limelight's: give another name for the log, or the log itself")
    found: list[Entry] = []
    end = len(MAGIC) if len(content) >= len(MAGIC) else 0
    try:
        for entry, stop in frames(content):
            found.append(entry)
            end = stop
    except Torn as torn:
        if not _cut_off(content, torn.end):
            raise InputError(f"{name} is damaged at byte {torn.end:,}, before its end, after {len(found):,} records: "
                             "load another copy") from torn
    return found, end


def frames(content: bytes) -> Iterator[tuple[Entry, int]]:
    """Yield each entry and where it ends.

    Raises
    ------
    Torn
        At the first frame that is not whole.
    """
    from limelight.export._leaves import filled, from_json

    at = len(MAGIC)
    while at < len(content):
        start = at + _HEAD.size
        if start > len(content):
            raise Torn(at)
        length, of_length, of_payload = _HEAD.unpack(content[at:start])
        payload = content[start:start + length]
        if of_length != _of_length(length) or len(payload) < length or zlib.crc32(payload) != of_payload:
            raise Torn(at)
        at = start + length
        yield filled(json.loads(payload), from_json), at


def _cut_off(content: bytes, at: int) -> bool:
    """Whether the frame that is not whole is the last one: else it was changed after it was written."""
    rest = content[at:]
    if len(rest) < _HEAD.size or not rest.strip(b"\0"):
        return True
    length, of_length, _ = _HEAD.unpack(rest[:_HEAD.size])
    return of_length == _of_length(length) and len(rest) <= _HEAD.size + length


def _of_length(length: int) -> int:
    return zlib.crc32(length.to_bytes(4, "little"))
