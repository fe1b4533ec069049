"""Where a run gets its rows from: coalitions and what the model says to them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import InputError, LimelightError, ModelError, said
from limelight.estimators.coalitions import blocks
from limelight.neighborhood import Neighborhood, keys
from limelight.question import find_target
from limelight.types import Array, Law, Masker, Output

if TYPE_CHECKING:
    from limelight.maskers.quartile import QuartileMasker

MOST_OUTPUTS = 10


@dataclass(frozen=True)
class Chosen:
    """The outputs that are kept: all of them, or the ten most likely.

    Attributes
    ----------
    columns : ndarray of shape (n_outputs,)
        Among the model's outputs.
    names : tuple of str
    target : int
        The one to explain, as an index into `names`.
    """

    columns: Array
    names: tuple[str, ...]
    target: int

    @classmethod
    def among(cls, names: Sequence[str] | None, prediction: Array, target: Wanted) -> Chosen:
        """Choose by what the model says of the unperturbed input; what was chosen before stays."""
        if isinstance(target, Chosen):
            return target
        given = tuple(names or (f"output {i}" for i in range(len(prediction))))
        if len(given) != len(prediction):
            raise InputError(f"{len(given)} output names were given, and the model has {len(prediction)} outputs")
        wanted = int(np.argmax(prediction)) if target is None else find_target(target, given)
        columns = _most_likely(prediction, wanted)
        return cls(columns, tuple(given[i] for i in columns), int(np.flatnonzero(columns == wanted)[0]))


Wanted = int | str | Chosen | None
"""The output to explain, an index or a name; what was chosen before; None: the most likely one."""


class Answers:
    """What a game said to single coalitions, none of which is asked twice.

    Attributes
    ----------
    n : int
        How many were asked.
    """

    def __init__(self, game: Callable[[Array], Array]):
        self._game, self._known, self.n = game, dict[bytes, Array](), 0

    def __call__(self, coalitions: Array) -> Array:
        """bool (n, n_features) -> float64 (n, n_outputs)."""
        names = keys(coalitions)
        new = {name: i for i, name in enumerate(names) if name not in self._known}
        if new:
            rows = coalitions[list(new.values())]
            self.n += len(rows)
            self.add(rows, self._game(rows))
        return np.array([self._known[name] for name in names])

    def add(self, coalitions: Array, outputs: Array) -> None:
        """Remember what was said elsewhere."""
        self._known.update(zip(keys(coalitions), outputs, strict=True))

    def get(self, name: bytes) -> Array | None:
        """What was said to the coalition with this key, or None."""
        return self._known.get(name)


class MaskedGame:
    """A masker whose outputs were chosen: coalitions in, outputs out.

    Setting it up asks about nothing and everything: `opening`, of shape (2, n_outputs).
    What was asked apart from any run is in `answers`; `n_asked` counts all it was asked.
    `each` answers coalitions for each background row, (n, n_replacements, n_outputs); where nothing is averaged over
    there is one.
    """

    def __init__(self, masker: Masker, output: Output, target: Wanted):
        self._masker, self._output, self.model = masker, output, masker.model
        self.n_features = len(masker.feature_names)
        self.law: Law = masker.law
        self.batch_size = masker.batch_size
        ends = np.repeat([[False], [True]], self.n_features, axis=1)
        outputs = guarded(lambda: masker(ends, output))
        self.chosen = Chosen.among(masker.model.output_names, outputs[1], target)
        self.n_outputs = len(self.chosen.columns)
        self.opening = outputs[:, self.chosen.columns]
        self.answers, self.n_asked = Answers(self), len(ends)
        self.answers.add(ends, self.opening)
        self.each = Answers(self._each)

    def __call__(self, coalitions: Array) -> Array:
        """Ask about coalitions: bool (n, n_features) -> float64 (n, n_outputs)."""
        self.n_asked += len(coalitions)
        return guarded(lambda: self._masker(coalitions, self._output))[:, self.chosen.columns]

    def _each(self, coalitions: Array) -> Array:
        """Ask, and keep apart what absent features are replaced by: (n, n_replacements, n_outputs)."""
        self.n_asked += len(coalitions)
        each = getattr(self._masker, "each", None)
        if each is None:
            return guarded(lambda: self._masker(coalitions, self._output))[:, None, self.chosen.columns]
        return guarded(lambda: each(coalitions, self._output))[:, :, self.chosen.columns]

    def edited(self, changes: Mapping[int, Any]) -> Array:
        """Ask about the input with other values: shape (n_outputs,)."""
        return guarded(lambda: self._masker.edited(changes, self._output)[None])[0, self.chosen.columns]


@dataclass(frozen=True)
class Batch:
    """Rows that were evaluated together.

    Attributes
    ----------
    coalitions : bool ndarray of shape (n, n_features)
    outputs : float64 ndarray of shape (n, n_outputs)
    chosen : bool ndarray of shape (n,)
        Rows that were chosen for what earlier ones said, and not drawn.
    """

    coalitions: Array
    outputs: Array
    chosen: Array


Block = tuple[Array, bool]
"""Coalitions that are best asked together, and whether they were chosen."""


class PairedSource:
    """Coalitions in their fixed order, none of them asked twice.

    What-ifs are kept beside the drawn rows and used when their turn comes.
    """

    def __init__(self, game: MaskedGame, seed: int):
        self.game, self.chosen = game, game.chosen
        self.law, self.n_features, self.batch_size = game.law, game.n_features, game.batch_size
        self.most = 2**game.n_features if game.n_features < 63 else None
        self._blocks = blocks(game.n_features, game.law, seed=seed)
        self._waiting: deque[Block] = deque()
        self._n_waiting = self._room = 0
        self.opening = Batch(next(self._blocks), game.opening, np.zeros(2, bool))

    def take(self, before: Neighborhood, most: int) -> Batch:
        """Evaluate the next micro-batch, `most` rows at most: what comes after these."""
        rows, chosen = (part[:most] for part in self._next(before))
        outputs = np.empty((len(rows), len(self.chosen.names)))
        known = [self.game.answers.get(name) for name in keys(rows)]
        unknown = np.array([answer is None for answer in known])
        for i in np.flatnonzero(~unknown):
            outputs[i] = known[i]
        if unknown.any():
            outputs[unknown] = self.game(rows[unknown])
        self._drop(len(rows))
        return Batch(rows, outputs, chosen)

    def _next(self, before: Neighborhood) -> tuple[Array, Array]:
        """Whole blocks, as many as fit; or the first part of a block that does not.

        First the features left out one at a time, and no more: they are all
        that an answer takes. Then at most as many rows as there are, so that
        rules that stop a run can look.
        """
        self._room = min(self.batch_size, max(self.n_features, len(before)) if len(before) > 2 else self.n_features)
        self._fill(before)
        stops = np.cumsum([len(block) for block, _ in self._waiting])
        fitting = stops[stops <= self._room]
        end = fitting[-1] if len(fitting) else self._room
        return (np.concatenate([block for block, _ in self._waiting])[:end],
                np.concatenate([np.full(len(block), chosen) for block, chosen in self._waiting])[:end])

    def _fill(self, before: Neighborhood) -> None:
        while self._n_waiting < self._room and (block := next(self._blocks, None)) is not None:
            self._put(block, False)

    def _put(self, block: Array, chosen: bool) -> None:
        self._waiting.append((block, chosen))
        self._n_waiting += len(block)

    def _drop(self, n: int) -> None:
        self._n_waiting -= n
        while n:
            block, chosen = self._waiting.popleft()
            if len(block) > n:
                self._waiting.appendleft((block[n:], chosen))
            n -= min(n, len(block))

    @property
    def n_probes(self) -> int:
        """How many coalitions were asked apart from the rows."""
        return self.game.answers.n

    def ask(self, coalitions: Array) -> Array:
        """Outputs of coalitions, each evaluated at most once: shape (n, n_outputs)."""
        return self.game.answers(coalitions)

    def edited(self, changes: Mapping[int, Any]) -> Array:
        """Outputs with other values, shape (n_outputs,)."""
        return self.game.edited(changes)


class DrawnSource:
    """Rows of the lime package's law for tables: drawn one by one, repeats and all.

    Setting it up asks for the first micro-batch, `most` rows at most: `opening`.
    """

    law: Law = "bins"
    game = None
    n_probes = 0

    def __init__(self, masker: QuartileMasker, output: Output, target: Wanted, most: int):
        self._masker, self._output = masker, output
        self.most: int | None = None
        self.n_features, self.batch_size = len(masker.feature_names), masker.batch_size
        # The row alone would do, but a forest takes as long for it as for hundreds.
        rows, outputs = self._asked(min(self.batch_size, most))
        self.chosen = Chosen.among(masker.model.output_names, outputs[0], target)
        self.opening = Batch(rows, outputs[:, self.chosen.columns], np.zeros(len(rows), bool))

    def take(self, before: Neighborhood, most: int) -> Batch:
        """Draw and evaluate a micro-batch, `most` rows at most."""
        rows, outputs = self._asked(min(self.batch_size, most))
        return Batch(rows, outputs[:, self.chosen.columns], np.zeros(len(rows), bool))

    def ask(self, coalitions: Array) -> Array:
        """Refuse: a feature is absent here when its value lies in another quartile, and there are many."""
        raise InputError("features can't be hidden under discretize='quartile': give them other values instead")

    def edited(self, changes: Mapping[int, Any]) -> Array:
        """Outputs with other values, shape (n_outputs,)."""
        return guarded(lambda: self._masker.edited(changes, self._output)[None])[0, self.chosen.columns]

    def _asked(self, n: int) -> tuple[Array, Array]:
        rows, drawn = self._masker.draw(n)
        return rows, guarded(lambda: self._masker(drawn, self._output))


def guarded(ask: Callable[[], Array]) -> Array:
    """Ask the model, and say in our words what went wrong.

    Raises
    ------
    ModelError
        If the model raised, or returned NaN or infinity.
    """
    try:
        outputs = np.asarray(ask(), float)
    except LimelightError:
        raise
    except Exception as error:
        raise ModelError(f"the model raised {type(error).__name__}: {said(error)}. It was asked about the "
                         "input whole and with parts hidden: check that it accepts both") from error
    bad = ~np.isfinite(outputs).all(1)
    if bad.any():
        raise ModelError(f"the model returned NaN or infinity for {bad.sum()} of {len(outputs)} perturbed inputs: "
                         "every output must be a finite number; check it on an input with parts hidden")
    return outputs


def _most_likely(prediction: Array, wanted: int) -> Array:
    """Columns to keep: all when they are few, else the ten largest, the wanted one among them."""
    if len(prediction) <= MOST_OUTPUTS:
        return np.arange(len(prediction))
    columns = np.argsort(-prediction, kind="stable")[:MOST_OUTPUTS]
    if wanted not in columns:
        columns[-1] = wanted
    return columns
