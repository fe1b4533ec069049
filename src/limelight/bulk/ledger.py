"""What is done already: kept beside the file that it will be, so that a killed run can go on."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from limelight.bulk import parquet
from limelight.bulk.chunks import Chunk
from limelight.bulk.work import Notes, Part, together
from limelight.errors import InputError
from limelight.lock import Lock

VERSION = 1
TOLERANCE = 1e-5
"""By how much a model's outputs may differ, of their size: other processors and threads round otherwise."""


class Ledger:
    """The chunks of one file, each in a part of its own until all are done.

    A part appears as a whole and says itself which rows it is of, so there is
    no list of them that could be wrong: a run that is killed loses what it was
    at, and nothing else.

    Parameters
    ----------
    out : Path
        The file. Parts are in the folder of the same name and ".parts".
    identity : mapping
        What the numbers depend on besides the rows, as JSON has it: `settings`,
        and `model`, either {"id": str} or {"outputs": [float]}.

    Raises
    ------
    InputError
        If the file or its parts are of other settings or another model, the file is not ours, or another run is at it.
    """

    def __init__(self, out: Path, identity: Mapping[str, Any]):
        self.out, self.folder = out, out.with_name(f"{out.name}.parts")
        self._identity = {"version": VERSION, **json.loads(json.dumps(identity))}
        self._rows: dict[int, tuple[int, str]] = {}
        self.notes: Notes = {}
        self._lock: Lock | None = None
        self.finished = parquet.about(out)
        if self.finished is not None:
            self._check(self.finished, out)
            self.notes = together(self.finished["notes"])
            return
        if out.exists():
            raise InputError(f"{out} exists and holds something else: give another out=, or delete it")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = Lock(self.folder / "lock", f"another run writes {out}", "wait for it, or give another out=")
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let other runs have it."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _begin(self) -> None:
        said = self.folder / "settings.json"
        if said.exists():
            self._check(json.loads(said.read_text()), self.folder)
            return
        parquet.replaced(said, lambda name: _say(name, self._identity))

    def has(self, chunk: Chunk) -> bool:
        """Whether a chunk is done. All are asked about, in order.

        Raises
        ------
        InputError
            If what is done at that place is of other rows.
        """
        self._rows[chunk.start] = chunk.stop, chunk.digest
        if self.finished is not None:
            return True
        known = parquet.about(self._part(chunk.start)) if self._part(chunk.start).exists() else None
        if known is None:
            return False
        if (known["stop"], known["rows"]) != self._rows[chunk.start]:
            raise InputError(f"rows {chunk.start:,} to {known['stop'] - 1:,} are not those that {self.folder} has the "
                             f"answers of: {self._advice}")
        self.notes = together(self.notes, known["notes"])
        return True

    def add(self, chunk: Chunk, part: Part) -> None:
        """Keep what was found of a chunk."""
        about = {"stop": chunk.stop, "rows": self._rows[chunk.start][1], "notes": part.notes}
        parquet.write(self._part(chunk.start), part.records, about)
        self.notes = together(self.notes, part.notes)

    def result(self) -> Path:
        """Make one file of the parts, once there are all of them, and forget these.

        Raises
        ------
        InputError
            If there are answers of more rows than there are.
        """
        if self.finished is None:
            parts = [self._part(start) for start in sorted(self._rows)]
            beyond = set(self.folder.glob("rows-*.parquet")) - set(parts)
            if beyond:
                raise InputError(f"{self.folder} has the answers of more rows than the {self._n_rows:,} of X: "
                                 f"{self._advice}")
            joined = self.folder / "joined.parquet"
            parquet.join(joined, parts, {**self._identity, **self._all_rows(), "notes": self.notes})
            os.replace(joined, self.out)
        elif any(self.finished[name] != value for name, value in self._all_rows().items()):
            raise InputError(f"{self.out} is of other rows: {self._advice}")
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.out

    @property
    def kept(self) -> str:
        """Where what is done is kept, and how to go on."""
        return (f"{len(list(self.folder.glob('rows-*.parquet'))):,} chunks are done and kept in {self.folder}: the "
                "same call goes on from there")

    @property
    def _n_rows(self) -> int:
        return max((stop for stop, _ in self._rows.values()), default=0)

    def _all_rows(self) -> dict[str, Any]:
        """One hash of all rows, and how many there are."""
        digest = blake2b("".join(digest for _, (_, digest) in sorted(self._rows.items())).encode(), digest_size=16)
        return {"n_rows": self._n_rows, "rows": digest.hexdigest()}

    def _part(self, start: int) -> Path:
        return self.folder / f"rows-{start:012}.parquet"

    @property
    def _advice(self) -> str:
        return f"give another out=, or delete {self.out if self.finished is not None else self.folder} to begin anew"

    def _check(self, there: Mapping[str, Any], path: Path) -> None:
        apart = [*_apart(there.get("settings", {}), self._identity["settings"]),
                 *_models_apart(there.get("model", {}), self._identity["model"])]
        if there.get("version") != VERSION:
            apart = ["it was written by another version of limelight"]
        if apart:
            raise InputError(f"{path} is of another run: {'; '.join(apart[:5])}. Ask for the same, or: {self._advice}")


def _say(name: str, what: Any) -> None:
    Path(name).write_text(json.dumps(what, indent=1))


def _apart(there: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs among settings, in words."""
    return [f"{name}={_short(there.get(name))} there, {name}={_short(now.get(name))} here"
            for name in dict.fromkeys([*now, *there]) if there.get(name) != now.get(name)]


def _short(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= 60 else f"{said[:57]}..."


def _models_apart(there: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """How the models differ, in words: by their names where they were given, else by what they answer."""
    if "id" in there or "id" in now:
        return _apart({"model_id": there.get("id")}, {"model_id": now.get("id")})
    old, new = (np.array(each.get("outputs", ()), float) for each in (there, now))
    if old.shape == new.shape and np.allclose(old, new, rtol=TOLERANCE, atol=TOLERANCE * _size(old), equal_nan=True):
        return []
    return ["the model answers the first rows in another way (if it is the same one, it is not deterministic: "
            "give model_id= to tell it by a name)"]


def _size(outputs: np.ndarray) -> float:
    return float(np.abs(outputs).max(initial=0.0, where=np.isfinite(outputs)))
