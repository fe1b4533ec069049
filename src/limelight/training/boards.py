"""TensorBoard and Weights & Biases: scalars at every record, and a figure at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from limelight.errors import InputError
from limelight.training.callback import OURS

if TYPE_CHECKING:
    from limelight.training.tracker import Tracker

Board = Callable[["Tracker", int, bool], None]
"""Writes what the last record says; or, where that is asked for, the figure of the whole training."""


def board_of(given: Any) -> Board:
    """Make of a SummaryWriter, a W&B run or a Trainer what a tracker writes to.

    Raises
    ------
    InputError
        If it is none of these.
    """
    if hasattr(given, "callback_handler"):
        return lambda tracker, step, figure: _trainer(given, tracker, step, figure)
    if hasattr(given, "add_scalar") and hasattr(given, "add_figure"):
        return lambda tracker, step, figure: _summary(given, tracker, step, figure)
    if callable(getattr(given, "log", None)):
        return lambda tracker, step, figure: _run(given, tracker, step, figure)
    raise InputError(f"a {type(given).__name__} can't be written to: give a SummaryWriter, with add_scalar and "
                     "add_figure, or a W&B run, with log")


def scalars(tracker: Tracker) -> dict[str, float]:
    """What the last record says, by name: drift and its floor, the shares of what has most evidence, the figures."""
    found = {}
    drift = tracker.drift
    if len(drift):
        last = drift[drift["step"] == drift["step"].iloc[-1]]
        for row in last[last["measure"] == "l1"].itertuples():
            found[f"{OURS}drift_from_{row.against}"] = row.value
            found[f"{OURS}floor_from_{row.against}"] = row.floor
    names, _, shares = tracker.evidence()
    found |= {f"{OURS}share/{name}": float(share) for name, share in zip(names, shares[-1:].ravel(), strict=False)}
    figures = tracker.figures.drop(columns="step").tail(1).dropna(axis="columns")
    found |= {f"{OURS}{name}": float(figures[name].iloc[0]) for name in figures}
    return {**found, f"{OURS}overhead": tracker.overhead}


def _summary(writer: Any, tracker: Tracker, step: int, figure: bool) -> None:
    if figure:
        writer.add_figure(f"{OURS}training", tracker.plot(), step)
        return
    for name, value in scalars(tracker).items():
        writer.add_scalar(name, value, step)


def _run(run: Any, tracker: Tracker, step: int, figure: bool) -> None:
    """W&B counts its own steps: ours is logged beside the numbers."""
    found: dict[str, Any] = scalars(tracker)
    if figure:
        import wandb

        found = {f"{OURS}training": wandb.Image(_picture(tracker))}
    run.log({**found, f"{OURS}step": step})


def _trainer(trainer: Any, tracker: Tracker, step: int, figure: bool) -> None:
    """What a Trainer logs goes to all that its `report_to` names; figures only some of these can show."""
    if not trainer.args.report_to:
        return
    if not figure:
        trainer.log(scalars(tracker))
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
