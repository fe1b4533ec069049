"""TensorBoard and Weights & Biases: scalars at every record, and a figure at the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import InputError
from limelight.training.callback import OURS

if TYPE_CHECKING:
    from limelight.training.tracker import Tracker

TOP = 6
"""Features whose shares are written."""
Board = Callable[["Tracker", int, bool], None]
"""Writes what the last record says; or, where that is asked for, the figure of the whole training."""


def board_of(given: Any) -> Board:
    """Make of a SummaryWriter, a W&B run or a Trainer what a tracker writes to.

    Raises
    ------
    InputError
        If it is none of these.
    """
    for write, fits in ((_trainer, hasattr(given, "callback_handler")),
                        (_summary, hasattr(given, "add_scalar") and hasattr(given, "add_figure")),
                        (_run, callable(getattr(given, "log", None)))):
        if fits:
            return partial(write, given, {})
    raise InputError(f"a {type(given).__name__} can't be written to: give a SummaryWriter, with add_scalar and "
                     "add_figure, or a W&B run, with log")


def scalars(tracker: Tracker, most: dict[str, float]) -> dict[str, float]:
    """What the last record says, by name: drift and its floor, the shares of what has most evidence, the figures.

    Parameters
    ----------
    most : dict of str to float
        The largest share that each feature had so far: that of this record is added.
    """
    history = tracker._history
    every = history.steps
    steps = [*every[:1], *every[-2:]]
    found: dict[str, float] = {}
    for against, other in (("first", steps[0]), ("previous", steps[-2])):
        if other < steps[-1]:
            moved = history.moves.moved(int(other), int(steps[-1]), "l1")
            found |= {f"{OURS}drift_from_{against}": moved.value, f"{OURS}floor_from_{against}": moved.floor}
    now = history.shares(int(steps[-1]))
    most |= {name: max(share, most.get(name, 0.0)) for name, share in now.items()}
    found |= {f"{OURS}share/{name}": now[name] for name in sorted(now, key=lambda name: -most[name])[:TOP]}
    figures = history.moves.figures(int(steps[-1]))
    found |= {f"{OURS}{name}": value for name, value in figures.items() if np.isfinite(value)}
    return {**found, f"{OURS}overhead": tracker.overhead}


def _summary(writer: Any, most: dict[str, float], tracker: Tracker, step: int, figure: bool) -> None:
    if figure:
        writer.add_figure(f"{OURS}training", tracker.plot(), step)
        return
    for name, value in scalars(tracker, most).items():
        writer.add_scalar(name, value, step)


def _run(run: Any, most: dict[str, float], tracker: Tracker, step: int, figure: bool) -> None:
    """W&B counts its own steps: ours is logged beside the numbers."""
    found: dict[str, Any]
    if figure:
        import wandb

        found = {f"{OURS}training": wandb.Image(_picture(tracker))}
    else:
        found = dict(scalars(tracker, most))
    run.log({**found, f"{OURS}step": step})


def _trainer(trainer: Any, most: dict[str, float], tracker: Tracker, step: int, figure: bool) -> None:
    """What a Trainer logs goes to all that its `report_to` names; figures only some of these can show."""
    if not trainer.args.report_to:
        return
    if not figure:
        trainer.log(scalars(tracker, most))
        return
    for callback in trainer.callback_handler.callbacks:
        writer, wandb = getattr(callback, "tb_writer", None), getattr(callback, "_wandb", None)
        if writer is not None:
            writer.add_figure(f"{OURS}training", tracker.plot(), step)
        if wandb is not None:
            wandb.log({f"{OURS}training": wandb.Image(_picture(tracker)), "train/global_step": step})


def _picture(tracker: Tracker) -> Any:
    """The figure as Pillow has it: W&B takes figures of pyplot only."""
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    tracker.plot().savefig(file, format="png")
    return Image.open(file)
