"""All pinned examples at one checkpoint: in a few passes where their method takes one, else one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from limelight.sources import guarded
from limelight.streams import check_finite
from limelight.training.pinned import Estimated, Pinned, nudged
from limelight.training.together import Together, answers, batches
from limelight.types import Array

log_ = logging.getLogger("limelight")
AT_ONCE = 64
"""Examples whose tensors are held at once."""


def estimated(pinned: Sequence[Pinned], step: int) -> tuple[list[Estimated], dict[int, Exception]]:
    """Explain all examples as the model is now, at this step; and say why some, by their places, can't be.

    By a method of one pass all are explained at once, and so are the same
    inputs, moved a little, from which the noise is read: numbers are those of
    `Pinned.estimate`, up to rounding. Where that fails each is asked alone.

    Raises
    ------
    Exception
        What the model raised, where no example can be explained.
    """
    if pinned[0].rows is not None:
        try:
            return _at_once(pinned[0].rows, pinned, step), {}
        except Exception as error:  # which of them is to blame, each says alone
            log_.info("the pinned examples are explained one by one: %s", error)
    return _one_by_one(pinned, step)


def _at_once(rows: Callable[..., Any], pinned: Sequence[Pinned], step: int) -> list[Estimated]:
    places = range(len(pinned))
    return [one for start in places[::AT_ONCE]
            for one in _in_one_pass(rows, pinned[start : start + AT_ONCE], [(step, i) for i in places[start:]])]


def _one_by_one(pinned: Sequence[Pinned], step: int) -> tuple[list[Estimated], dict[int, Exception]]:
    found, failed = [each.missing() for each in pinned], dict[int, Exception]()
    for i, each in enumerate(pinned):
        try:
            found[i] = each.estimate(step, i)
        except Exception as error:  # the others can be explained all the same
            failed[i] = error
    if len(failed) == len(pinned):
        raise failed[0]
    return found, failed


def _in_one_pass(rows: Callable[..., Any], pinned: Sequence[Pinned], at: Sequence[tuple[int, int]]) -> list[Estimated]:
    """Explain some examples; `at`: the step and the example, of each."""
    n, games = len(pinned), [each.tensors() for each in pinned]
    moved = [nudged(game, each.other_seed(*when)) for game, each, when in zip(games, pinned, at, strict=False)]
    values, said = _found(rows, [*games, *moved], [each.column for each in pinned] * 2)
    hidden = [each.without(one) for each, one in zip(pinned, values, strict=False)]
    told = _outputs(pinned, [np.vstack([np.zeros_like(rest), rest]) for rest in hidden])
    return [Estimated(values[i], np.zeros_like(values[i]), values[n + i], told[i][0], said[i, each.columns], np.nan,
                      float(said[i, each.column] - told[i][1, each.target])) for i, each in enumerate(pinned)]


def _found(rows: Callable[..., Any], games: Sequence[Any], columns: Sequence[int]) -> tuple[list[Array], Array]:
    """Attributions to the features of each, and what the model says of it: (n, all outputs)."""
    found: dict[int, tuple[Array, Array]] = {}
    for several in batches(games):
        found.update(zip(several, _halving(rows, [(games[i], columns[i]) for i in several]), strict=True))
    values, said = zip(*(found[i] for i in range(len(games))), strict=True)
    check_finite(np.concatenate(values))
    return list(values), guarded(lambda: np.array(said))


def _halving(rows: Callable[..., Any], several: Sequence[tuple[Any, int]]) -> list[tuple[Array, Array]]:
    """Explain a batch; where memory runs out, in halves."""
    import torch

    games, columns = zip(*several, strict=True)
    try:
        batch = Together(games, [game.x for game in games])
        values = batch.features(rows(batch, batch.x, columns))
        return list(zip(values, batch.outputs.detach().cpu().double().numpy(), strict=True))
    except torch.cuda.OutOfMemoryError:
        if len(several) < 2:
            raise
    # Out of the except block: the error's traceback would keep the tensors that did not fit.
    torch.cuda.empty_cache()
    middle = len(several) // 2
    return [*_halving(rows, several[:middle]), *_halving(rows, several[middle:])]


def _outputs(pinned: Sequence[Pinned], coalitions: Sequence[Array]) -> list[Array]:
    """What the model says to coalitions of each, of the outputs that are kept: (n, n_outputs)."""
    found = guarded(lambda: answers([each.masker for each in pinned], coalitions, pinned[0].output))
    parts = np.split(found, np.cumsum([len(each) for each in coalitions])[:-1])
    return [part[:, each.columns] for each, part in zip(pinned, parts, strict=True)]
