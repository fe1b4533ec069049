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
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from limelight.errors import InputError
from limelight.lock import Lock

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
    """A file that grows by a frame at a time. Only one has it: a file beside it, ending in .lock, says so.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    entries : list of dict
        What was there when it was opened.
    remarks : list of str
        What a reader must know of how it was found.

    Raises
    ------
    InputError
        If the file is no log, is damaged before its end, can't be written, or another tracker has it.
    """

    def __init__(self, path: Path):
        self.path = path
        self._lock: Lock | None = None
        try:
            self._hold()
            self._open()
        except OSError as error:
            self.close()
            raise InputError(f"log={str(path)!r} can't be opened: {error.strerror or error}. Give a file in a folder "
                             "that is there and can be written to") from error
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        self.path.touch()
        content = self.path.read_bytes()
        found = whole(content, repr(str(self.path)))
        self.entries, self.remarks = found.entries, found.remarks
        self._end, self._size = found.end, len(content)
        if not self._end:
            self._put(MAGIC)

    def _hold(self) -> None:
        """Keep others from writing to it."""
        if self._lock is None:
            self._lock = Lock(self.path.with_name(f"{self.path.name}.lock"),
                              f"log={str(self.path)!r} has another tracker",
                              "end that one, by its finish(), or give this one another log=")

    def close(self) -> None:
        """Let others write to it. Who writes again has to find it as it was left."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def add(self, entry: Entry) -> None:
        """Write one entry, and hand it to the operating system: from then on it outlives this process.

        Raises
        ------
        OSError
            If the file is gone, or the disk full: the next entry takes the
            place of what was written of this one. If another tracker has it,
            or has gone on in it.
        """
        from limelight.export._leaves import as_json, mapped

        try:
            self._hold()
        except InputError as error:
            raise OSError(str(error)) from error
        text = json.dumps(mapped(entry, as_json), ensure_ascii=False, separators=(",", ":"))
        payload = text.encode(errors="backslashreplace")  # what JSON has for half characters, too
        self._put(_HEAD.pack(len(payload), _of_length(len(payload)), zlib.crc32(payload)) + payload)

    @property
    def ends_here(self) -> bool:
        """Whether nobody else has written to the file since: another tracker may go on in it."""
        return self.path.stat().st_size == self._size

    def settle(self) -> None:
        """Have all that was written on the disk: from then on it outlives this machine's power, too."""
        with self.path.open("r+b") as file:
            os.fsync(file.fileno())

    def _put(self, data: bytes) -> None:
        if not self.ends_here:
            self.close()
            raise OSError("another tracker has gone on in it")
        try:
            with self.path.open("r+b") as file:
                file.seek(self._end)
                file.truncate()
                file.write(data)
        finally:
            self._size = self.path.stat().st_size
        self._end += len(data)


@contextmanager
def opened(path: str | os.PathLike[str] | None) -> Iterator[Log | None]:
    """Open a log, if one is wanted. Where what is done inside fails, others may have it."""
    log = None if path is None else Log(path_of(path))
    try:
        yield log
    except BaseException:
        if log is not None:
            log.close()
        raise


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


class Read(NamedTuple):
    """What could be read of a log.

    Attributes
    ----------
    entries : list of dict
        Those before the first that is not whole.
    end : int
        Where the last of them ends, in bytes.
    torn : bool
        Whether something comes after it.
    damaged : bool
        Whether that is more than the last entry, cut off by a crash while it was written.
    """

    entries: list[Entry]
    end: int
    torn: bool
    damaged: bool

    @property
    def remarks(self) -> list[str]:
        """What a reader must know of it."""
        if self.damaged:
            return [f"The log is damaged at byte {self.end:,}: what comes after that is left out."]
        return ["The log's last record was cut off, and is left out."] if self.torn else []


def whole(content: bytes, name: str) -> Read:
    """Read all entries, of which only the last one may be cut off.

    Raises
    ------
    InputError
        If it is no log, or is damaged before its end.
    """
    found = read(content, name)
    if found.damaged:
        raise InputError(f"{name} is damaged at byte {found.end:,}, before its end: ll.load opens what comes before. "
                         "To go on, give another log=, or another copy of this one")
    return found


def read(content: bytes, name: str) -> Read:
    """Read all entries up to the first that is not whole.

    Raises
    ------
    InputError
        If it is no log, or an entry is whole and holds something else.
    """
    from limelight.export._leaves import filled, from_json
    from limelight.export.documents import reading

    if content[:len(MAGIC)] != MAGIC[:len(content)]:
        raise InputError(f"{name} is no log of limelight's: give another name for the log, or the log itself")
    found: list[Entry] = []
    end = len(MAGIC) if len(content) >= len(MAGIC) else 0
    try:
        for payload, stop in frames(content):
            with reading(name):
                found.append(filled(json.loads(payload), from_json))
            end = stop
    except Torn as torn:
        return Read(found, end, True, not _cut_off(content, torn.end))
    return Read(found, end, end < len(content), False)


def frames(content: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each payload and where it ends.

    Raises
    ------
    Torn
        At the first frame that is not whole.
    """
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
        yield payload, at


def _cut_off(content: bytes, at: int) -> bool:
    """Whether the frame that is not whole is the last one: else it was changed after it was written."""
    rest = content[at:]
    if len(rest) < _HEAD.size or not rest.strip(b"\0"):
        return True
    length, of_length, _ = _HEAD.unpack(rest[:_HEAD.size])
    return of_length == _of_length(length) and len(rest) <= _HEAD.size + length


def _of_length(length: int) -> int:
    return zlib.crc32(length.to_bytes(4, "little"))
