"""The evaluated coalitions around one input, in the order they were asked."""

from __future__ import annotations

import copy
import struct

import numpy as np

from limelight.types import Array, Law

MAGIC = b"LLN1"
LAWS: tuple[Law, ...] = ("uniform", "binomial", "bins")
_HEADER = struct.Struct("<4sIIIB3x")


class Neighborhood:
    """Coalitions and outputs: append-only, never the same coalition twice.

    Rows 0 and 1 are nothing and everything, then come the features left out
    one at a time, then complementary pairs. `first` and every result that
    holds a neighborhood share its memory: rows never change once written.

    Parameters
    ----------
    n_features, n_outputs : int
    law : {"uniform", "binomial", "bins"}
        How the sizes of coalitions are weighed by LIME. With "bins" (the lime
        package's tabular law) coalitions are drawn with repeats, and there
        are no pairs.
    """

    def __init__(self, n_features: int, n_outputs: int, law: Law = "uniform"):
        self.law: Law = law
        self._n = 0
        self._coalitions = np.empty((0, n_features), bool)
        self._outputs = np.empty((0, n_outputs))
        self._mirrors = np.empty(0, np.intp)
        self._rows: dict[bytes, int] = {}

    def __len__(self) -> int:
        return self._n

    def __repr__(self) -> str:
        return f"<Neighborhood: {self._n:,} coalitions of {self.n_features} features>"

    @property
    def n_features(self) -> int:
        return self._coalitions.shape[1]

    @property
    def n_outputs(self) -> int:
        return self._outputs.shape[1]

    @property
    def coalitions(self) -> Array:
        """bool, shape (n, n_features); True is present. Read-only."""
        return _frozen(self._coalitions[: self._n])

    @property
    def outputs(self) -> Array:
        """float64, shape (n, n_outputs). Read-only."""
        return _frozen(self._outputs[: self._n])

    @property
    def sizes(self) -> Array:
        """How many features each row keeps, shape (n,)."""
        return self.coalitions.sum(1)

    @property
    def complete(self) -> bool:
        """True when every coalition was evaluated: answers are then exact."""
        return self.law != "bins" and self.n_features < 63 and self._n == 2**self.n_features

    @property
    def pairs(self) -> tuple[Array, Array]:
        """Rows that are complements of one another: (earlier, later), one sample each."""
        later = np.flatnonzero(self._mirrors[: self._n] >= 0)
        return self._mirrors[later], later

    def append(self, coalitions: Array, outputs: Array) -> None:
        """Add rows: bool (m, n_features) and float (m, n_outputs)."""
        n = self._n + len(coalitions)
        if n > len(self._coalitions):
            self._coalitions = _grown(self._coalitions, self._n, n)
            self._outputs = _grown(self._outputs, self._n, n)
            self._mirrors = _grown(self._mirrors, self._n, n)
        self._coalitions[self._n : n] = coalitions
        self._outputs[self._n : n] = outputs
        self._mirrors[self._n : n] = -1 if self.law == "bins" else self._find_mirrors(coalitions)
        self._n = n

    def find(self, coalition: Array) -> int | None:
        """Return the row that holds this coalition, or None."""
        row = self._rows.get(keys(coalition[None])[0]) if self.law != "bins" else None
        return row if row is not None and row < self._n else None

    def first(self, n: int) -> Neighborhood:
        """Return the first `n` rows, sharing memory with these."""
        part = copy.copy(self)
        part._n = min(n, self._n)
        part._coalitions, part._outputs = self.coalitions[:n], self.outputs[:n]
        return part

    def _find_mirrors(self, coalitions: Array) -> list[int]:
        self._rows.update(zip(keys(coalitions), range(self._n, self._n + len(coalitions)), strict=True))
        return [row if (row := self._rows.get(key, -1)) < i else -1
                for i, key in enumerate(keys(~coalitions), self._n)]

    def to_bytes(self) -> bytes:
        """Write the one byte format, read by `from_bytes` and js/lib/neighborhood.js.

        Little-endian: "LLN1", uint32 rows, features, outputs, uint8 law and
        three zero bytes; rows of packed bits (first feature in the lowest bit,
        each row filled up to a byte); zeros up to a multiple of four; float32
        outputs, row by row.
        """
        header = _HEADER.pack(MAGIC, self._n, self.n_features, self.n_outputs, LAWS.index(self.law))
        bits = np.packbits(self.coalitions, axis=1, bitorder="little").tobytes()
        return header + bits + bytes(-len(bits) % 4) + self.outputs.astype("<f4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Neighborhood:
        """Read what `to_bytes` wrote.

        Raises
        ------
        ValueError
            If the bytes are no neighborhood, or some are missing.
        """
        if len(data) < _HEADER.size or data[:4] != MAGIC:
            raise ValueError("these bytes are no limelight neighborhood: they should begin with LLN1")
        _, n, d, k, law = _HEADER.unpack_from(data)
        width = (d + 7) // 8
        start = _HEADER.size + n * width + -(n * width) % 4
        if law >= len(LAWS) or len(data) != start + 4 * n * k:
            raise ValueError(f"the neighborhood is damaged: {n} rows of {d} features and {k} outputs "
                             f"take {start + 4 * n * k} bytes, and {len(data)} came")
        bits = np.frombuffer(data, np.uint8, n * width, _HEADER.size).reshape(n, width)
        rows = cls(d, k, LAWS[law])
        rows.append(np.unpackbits(bits, axis=1, count=d, bitorder="little").astype(bool),
                    np.frombuffer(data, "<f4", n * k, start).reshape(n, k))
        return rows


def least(n_features: int) -> int:
    """Fewest evaluations that give an answer."""
    return min(n_features + 2, 2**n_features) if n_features < 63 else n_features + 2


def keys(coalitions: Array) -> list[bytes]:
    """Bytes that tell coalitions apart, one each, for sets and dicts."""
    packed = np.packbits(coalitions, axis=1)
    return packed.view(f"V{packed.shape[1]}").ravel().tolist()


def _frozen(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view


def _grown(array: Array, used: int, needed: int) -> Array:
    larger = np.empty((max(needed, 2 * len(array), 64), *array.shape[1:]), array.dtype)
    larger[:used] = array[:used]
    return larger
