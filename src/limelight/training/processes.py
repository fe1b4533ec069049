"""Trainings of several processes: one of them explains, and only where it has all weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.errors import Unsuited

if TYPE_CHECKING:
    import torch


def is_first(trainer: Any = None) -> bool:
    """Whether this is the process that explains: the first one, or the only one.

    Parameters
    ----------
    trainer : transformers Trainer, optional
        It knows; of a loop, the process group of torch does.
    """
    if trainer is not None:
        return bool(trainer.is_world_process_zero())
    from torch import distributed

    return not (distributed.is_available() and distributed.is_initialized()) or distributed.get_rank() == 0


def check_whole(module: torch.nn.Module | None, trainer: Any = None) -> None:
    """Raise unless each process has all weights of a module, or is going to have them.

    Raises
    ------
    Unsuited
        Under FSDP, ZeRO-3 and tensor parallelism.
    """
    cut = _cut_by_trainer(trainer) or ("" if module is None else _cut(module))
    if cut:
        raise Unsuited(f"tracking needs all weights in the process that explains, and under {cut} each process has a "
                       "part of them: train with DDP or ZeRO-2, or save checkpoints and hold them against one another "
                       "by ll.compare")


def _cut_by_trainer(trainer: Any) -> str:
    """What is going to cut the weights, once training begins."""
    if getattr(trainer, "is_fsdp_enabled", False) or getattr(trainer, "is_fsdp_xla_enabled", False):
        return "FSDP"
    plugin = getattr(getattr(getattr(trainer, "accelerator", None), "state", None), "deepspeed_plugin", None)
    return "DeepSpeed's ZeRO-3" if getattr(plugin, "zero_stage", 0) == 3 else ""


def _cut(module: torch.nn.Module) -> str:
    """What cut the weights."""
    kinds = {base.__name__ for part in module.modules() for base in type(part).__mro__}
    if kinds & {"FullyShardedDataParallel", "FSDPModule"}:
        return "FSDP"
    weights = list(module.parameters())
    if any(hasattr(weight, "ds_id") for weight in weights):
        return "DeepSpeed's ZeRO-3"
    return "tensor parallelism" if any(type(weight).__name__ == "DTensor" for weight in weights) else ""
