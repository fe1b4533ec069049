"""A view's state as one text, for a page: js/lib/static_host.js reads it."""

from __future__ import annotations

import gzip
import json
import math
import struct
from base64 import b64encode
from typing import Any

import numpy as np

Path = tuple[str | int, ...]


def packed(state: dict[str, Any]) -> str:
    """Return base64 of gzip, whose checksum tells whether it came whole; the same text for the same state.

    Compressed are the length of a JSON text as four bytes, little-endian, that text, `{"state": ..., "buffers":
    [[path, length], ...]}`, and the bytes that belong at these paths.
    """
    buffers: list[tuple[Path, bytes]] = []
    plain = _plain(state, (), buffers)
    text = json.dumps({"state": plain, "buffers": [[path, len(data)] for path, data in buffers]}, allow_nan=False,
                      separators=(",", ":")).encode()
    return letters(b"".join([struct.pack("<I", len(text)), text, *(data for _, data in buffers)]))


def letters(whole: bytes) -> str:
    """Compress bytes, and write them as letters: base64 of gzip, always the same."""
    return b64encode(gzip.compress(whole, 9, mtime=0)).decode()


def _plain(value: Any, path: Path, buffers: list[tuple[Path, bytes]]) -> Any:
    """What JSON can hold; bytes are put aside, and numbers that are not finite become null."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        buffers.append((path, bytes(value)))
        return None
    if isinstance(value, dict):
        return {str(name): _plain(each, (*path, str(name)), buffers) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, (*path, i), buffers) for i, each in enumerate(value)]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
