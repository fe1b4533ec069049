"""Arrays and bytes within a document: as JSON has them, and what tells one document from another."""

from __future__ import annotations

import json
import math
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import numpy as np

from limelight.export.plain import DTYPES, NOT_FINITE, said
from limelight.types import Array

MOST_LISTED = 1000
"""Numbers of an array that are written out one by one, to be read by a person; more are bytes."""

Leaf = Array | bytes


def mapped(node: Any, change: Callable[[Leaf, str], Any], path: str = "") -> Any:
    """Replace the arrays and bytes of a document; `change` is told where each is, as "params.intercept"."""
    if isinstance(node, (np.ndarray, bytes)):
        return change(node, path)
    if isinstance(node, list):
        return [mapped(each, change, f"{path}.{i}") for i, each in enumerate(node)]
    if isinstance(node, dict):
        return {name: mapped(each, change, f"{path}.{name}" if path else name) for name, each in node.items()}
    return node


def filled(node: Any, read: Callable[[dict[str, Any]], Leaf]) -> Any:
    """Put arrays and bytes back where objects of these types stand for them."""
    if isinstance(node, list):
        return [filled(each, read) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") in ("array", "bytes"):
        return read(node)
    return {name: filled(each, read) for name, each in node.items()}


def digest(document: Any) -> str:
    """SHA-256 of a document but for its checksum: the same however its arrays are written.

    It is that of the document as JSON with sorted names and without spaces,
    in which arrays stand as [dtype, shape, SHA-256 of their little-endian
    bytes in C order], and bytes as the SHA-256 of them.
    """
    rest = {name: each for name, each in document.items() if name != "checksum"}
    text = json.dumps(mapped(rest, _told), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode()).hexdigest()


def _told(leaf: Leaf, _: str) -> Any:
    if isinstance(leaf, bytes):
        return sha256(leaf).hexdigest()
    return [leaf.dtype.name, list(leaf.shape), sha256(little(leaf).tobytes()).hexdigest()]


def little(array: Array) -> Array:
    """The same numbers, little-endian and in C order."""
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)


def as_json(leaf: Leaf, _: str) -> dict[str, Any]:
    """Write an array or bytes: few numbers as lists, more as base64, of booleans as bits, the first in the lowest."""
    if isinstance(leaf, bytes):
        return {"type": "bytes", "base64": _base64(leaf)}
    found: dict[str, Any] = {"type": "array", "dtype": leaf.dtype.name, "shape": list(leaf.shape)}
    if leaf.size <= MOST_LISTED:
        numbers = _listed(leaf.tolist())
        if little(_array(numbers, leaf.dtype)).tobytes() == little(leaf).tobytes():
            return {**found, "values": numbers}
    if leaf.dtype.kind == "b":
        return {**found, "bits": _base64(np.packbits(leaf, bitorder="little").tobytes())}
    return {**found, "base64": _base64(little(leaf).tobytes())}


def from_json(node: dict[str, Any]) -> Leaf:
    """Read what `as_json` wrote: no more memory than the file bears out.

    Raises
    ------
    ValueError, TypeError, KeyError
        If it did not write this.
    """
    if node["type"] == "bytes":
        return _bytes(node["base64"])
    dtype, shape = dtype_of(node["dtype"]), tuple(node["shape"])
    size = size_of(shape)
    if "values" in node:
        found = _array(node["values"], dtype)
    elif "bits" in node:
        packed = np.frombuffer(_bytes(node["bits"]), np.uint8)
        if dtype.kind != "b" or len(packed) != -(-size // 8):
            raise ValueError(f"{size} truth values should take {-(-size // 8)} bytes, and there are {len(packed)}")
        found = np.unpackbits(packed, count=size, bitorder="little").astype(bool)
    else:
        found = numbers_of(_bytes(node["base64"]), dtype, size)
    if found.size != size or ("values" in node and size and found.shape != shape):
        raise ValueError(f"an array of shape {shape} was announced, and {found.shape} is there")
    return found.reshape(shape)


def numbers_of(data: bytes, dtype: np.dtype[Any], size: int) -> Array:
    """Read so many little-endian numbers."""
    if len(data) != size * dtype.itemsize:
        raise ValueError(f"{size} numbers of type {dtype} should take {size * dtype.itemsize} bytes, and there are "
                         f"{len(data)}")
    if dtype.kind == "b":
        return np.frombuffer(data, np.uint8) != 0
    return np.frombuffer(data, dtype.newbyteorder("<")).astype(dtype)


def dtype_of(name: Any) -> np.dtype[Any]:
    """A type of numbers by its name."""
    if name not in DTYPES:
        raise ValueError(f"{name!r:.40} is no type of numbers that is known")
    return np.dtype(name)


def size_of(shape: tuple[Any, ...]) -> int:
    """How many numbers an array of this shape has."""
    if len(shape) > 8 or any(type(side) is not int or side < 0 for side in shape):
        raise ValueError(f"{shape!r:.60} is no shape")
    return math.prod(shape)


def _listed(numbers: Any) -> Any:
    if isinstance(numbers, list):
        return [_listed(each) for each in numbers]
    return said(numbers) if isinstance(numbers, float) and not math.isfinite(numbers) else numbers


def _array(numbers: Any, dtype: np.dtype[Any]) -> Array:
    return np.array(_unlisted(numbers), dtype)


def _unlisted(numbers: Any) -> Any:
    if isinstance(numbers, list):
        return [_unlisted(each) for each in numbers]
    if type(numbers) in (bool, int, float):
        return numbers
    return NOT_FINITE[numbers]


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _bytes(text: Any) -> bytes:
    return b64decode(text, validate=True)
