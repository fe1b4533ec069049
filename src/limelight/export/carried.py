"""A picture's file that carries the explanation it shows: as a PNG chunk, or as an SVG's metadata.

A zTXt chunk is a keyword, a zero, a zero that means zlib, and the compressed text
(PNG, third edition, section 11.3.3.3). Programs that edit pictures may drop it.
"""

from __future__ import annotations

import logging
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator

from limelight.errors import InputError
from limelight.export.documents import most_unpacked

log = logging.getLogger("limelight")
MOST = 5_000_000
"""Bytes that a picture carries: more would make it a file that is hard to send."""
KEYWORD = b"limelight-explanation"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
METADATA = re.compile(rb'<metadata id="limelight-explanation">([A-Za-z0-9+/=\s]*)</metadata>')


def into_png(png: bytes, document: bytes) -> bytes:
    """Put a document into the bytes of a PNG file, before its end. One above 5 MB is left out, and the log says so."""
    content = KEYWORD + b"\0\0" + zlib.compress(b64encode(document), 9)
    if _is_large(content):
        return png
    body = b"zTXt" + content
    chunk = len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    end = png.rindex(b"\0\0\0\0IEND")
    return png[:end] + chunk + png[end:]


def into_svg(svg: bytes, document: bytes) -> bytes:
    """Put a document into the bytes of an SVG file, before its end. One above 5 MB is left out, as of a PNG."""
    packed = b64encode(zlib.compress(document, 9))
    if _is_large(packed):
        return svg
    end = svg.rindex(b"</svg>")
    return svg[:end] + b'<metadata id="limelight-explanation">' + packed + b"</metadata>\n" + svg[end:]


def from_png(content: bytes, name: str) -> bytes:
    """Return the document that a PNG file carries.

    Raises
    ------
    InputError
        If it is none, carries none, or is damaged.
    """
    if not content.startswith(SIGNATURE):
        raise InputError(f"{name} can't be read: it is no PNG file")
    for kind, data in _chunks(content, name):
        if kind == b"zTXt" and data.startswith(KEYWORD + b"\0\0"):
            return _decoded(_inflated(data[len(KEYWORD) + 2:], name), name)
    raise InputError(_nothing(name))


def from_svg(content: bytes, name: str) -> bytes:
    """Return the document that an SVG file carries.

    Raises
    ------
    InputError
        If it carries none, or is damaged.
    """
    found = METADATA.search(content)
    if found is None:
        if b"<svg" not in content:
            raise InputError(f"{name} can't be read: it is no SVG file")
        if not content.rstrip().endswith(b"</svg>"):
            raise InputError(_cut(name))
        raise InputError(_nothing(name))
    return _inflated(_decoded(found[1], name), name)


def _is_large(packed: bytes) -> bool:
    if len(packed) > MOST:
        log.warning("a picture is saved without its explanation, which takes %.0f MB: save that to "
                    ".json or .npz as well",
                    len(packed) / 1e6)
    return len(packed) > MOST


def _chunks(content: bytes, name: str) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at + 12 <= len(content):
        length = int.from_bytes(content[at:at + 4], "big")
        kind, data, check = content[at + 4:at + 8], content[at + 8:at + 8 + length], content[at + 8 + length:][:4]
        if len(check) < 4 or zlib.crc32(kind + data) != int.from_bytes(check, "big"):
            raise InputError(_cut(name))
        yield kind, data
        at += 12 + length


def _cut(name: str) -> str:
    return f"{name} can't be read: it is damaged, or was cut short. Save the explanation again"


def _nothing(name: str) -> str:
    return (f"{name} is a picture without its explanation: one above 5 MB is left out when it is saved, and programs "
            "that edit or send pictures may drop it. Save the explanation to .json or .npz as well, and load that")


def _decoded(text: bytes, name: str) -> bytes:
    try:
        return b64decode(b"".join(text.split()), validate=True)
    except ValueError:
        raise InputError(f"{name} can't be read: its explanation is damaged. Save it again") from None


def _inflated(packed: bytes, name: str) -> bytes:
    machine = zlib.decompressobj()
    try:
        found = machine.decompress(packed, most_unpacked(len(packed)))
    except zlib.error:
        found = b""
    if not machine.eof:
        raise InputError(f"{name} can't be read: its explanation is damaged. Save it again")
    return found
