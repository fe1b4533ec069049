"""Where a run gets its rows from: coalitions and what the model says to them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from limelight.errors import InputError, LimelightError, ModelError
from limelight.estimators.coalitions import coalitions
from limelight.explanation import find_target
from limelight.types import Array, Law, Masker, Output

MOST_OUTPUTS = 10


class MaskedGame:
    """A masker whose outputs were chosen: all of them, or the ten most likely.

    Attributes
    ----------
    opening : ndarray of shape (2, n_outputs)
        Outputs with nothing and with everything present.
    target : int
        The output to explain, as an index into `output_names`.
    """

    def __init__(self, masker: Masker, output: Output, target: int | str | None):
        self._masker, self._output = masker, output
        self.n_features = len(masker.feature_names)
        self.law: Law = masker.law
        self.batch_size = masker.batch_size
        ends = np.repeat([[False], [True]], self.n_features, axis=1)
        outputs = guarded(lambda: masker(ends, output))
        names = tuple(masker.model.output_names or (f"output {i}" for i in range(outputs.shape[1])))
        if len(names) != outputs.shape[1]:
            raise InputError(f"{len(names)} output_names were given, and the model has {outputs.shape[1]} outputs")
        chosen = None if target is None else find_target(target, names)
        self._columns = _most_likely(outputs[1], chosen)
        self.n_outputs = len(self._columns)
        self.opening = outputs[:, self._columns]
        self.output_names = tuple(names[i] for i in self._columns)
        best = int(np.argmax(outputs[1])) if chosen is None else chosen
        self.target = int(np.flatnonzero(self._columns == best)[0])

    def __call__(self, coalitions: Array) -> Array:
        """Ask about coalitions: bool (n, n_features) -> float64 (n, n_outputs)."""
        return guarded(lambda: self._masker(coalitions, self._output))[:, self._columns]

    def edited(self, changes: Mapping[int, Any]) -> Array:
        """Ask about the input with other values: shape (n_outputs,)."""
        return guarded(lambda: self._masker.edited(changes, self._output)[None])[0, self._columns]


class PairedSource:
    """Coalitions in their fixed order, none of them asked twice.

    What-ifs are kept beside the drawn rows and used when their turn comes.
    """

    def __init__(self, game: MaskedGame, seed: int):
        self.game = game
        self.most = 2**game.n_features if game.n_features < 63 else None
        self.n_probes = 0
        self._drawn = coalitions(game.n_features, game.law, seed=seed)
        self._waiting: list[Array] = []
        ends = (next(self._drawn), next(self._drawn))
        self._probed = {row.tobytes(): out for row, out in zip(ends, game.opening, strict=True)}

    def take(self, n: int) -> tuple[Array, Array]:
        """Evaluate the next `n` coalitions: (bool (n, n_features), float64 (n, n_outputs))."""
        self._waiting += itertools.islice(self._drawn, n - len(self._waiting))
        rows = np.array(self._waiting[:n])
        unknown = np.array([row.tobytes() not in self._probed for row in rows])
        outputs = np.empty((n, self.game.n_outputs))
        outputs[~unknown] = [self._probed[row.tobytes()] for row in rows[~unknown]] or outputs[~unknown]
        if unknown.any():
            outputs[unknown] = self.game(rows[unknown])
        del self._waiting[:n]
        return rows, outputs

    def opening(self) -> tuple[Array, Array]:
        """Rows that were evaluated when the game was set up: nothing and everything."""
        ends = np.repeat([[False], [True]], self.game.n_features, axis=1)
        return ends, self.game.opening

    def probe(self, coalition: Array) -> Array:
        """Outputs of one coalition, evaluated at most once: shape (n_outputs,)."""
        key = coalition.tobytes()
        if key not in self._probed:
            self._probed[key] = self.game(coalition[None])[0]
            self.n_probes += 1
        return self._probed[key]


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
        raise ModelError(f"the model raised {type(error).__name__}: {error}. limelight hides parts of the input; "
                         "check that the model accepts such inputs") from error
    bad = ~np.isfinite(outputs).all(1)
    if bad.any():
        raise ModelError(f"the model returned NaN or infinity for {bad.sum()} of {len(outputs)} perturbed inputs: "
                         "every output must be a finite number; check it on an input with parts hidden")
    return outputs


def _most_likely(prediction: Array, chosen: int | None) -> Array:
    """Columns to keep: all when they are few, else the ten largest and the chosen one."""
    if len(prediction) <= MOST_OUTPUTS:
        return np.arange(len(prediction))
    columns = np.argsort(-prediction, kind="stable")[:MOST_OUTPUTS]
    if chosen is not None and chosen not in columns:
        columns[-1] = chosen
    return columns
