"""Training aids: penalties of weights, a teacher, and losses that ask something of a model's explanations.

Each is a function that returns one number to add to a loss; `l1_proximal` alone works on the optimizer.
`ExplainedLosses` gives them to a transformers Trainer.
"""

from limelight.training.losses.agreement import attribution_distillation
from limelight.training.losses.distilling import distillation
from limelight.training.losses.marks import masks
from limelight.training.losses.proximal import l1_proximal, zeros
from limelight.training.losses.reasons import right_reasons
from limelight.training.losses.sparseness import sparse_attributions
from limelight.training.losses.variation import total_variation
from limelight.training.losses.weights import l2, l2_sp, weights
from limelight.training.mixin import ExplainedLosses

__all__ = [
    "ExplainedLosses",
    "attribution_distillation",
    "distillation",
    "l1_proximal",
    "l2",
    "l2_sp",
    "masks",
    "right_reasons",
    "sparse_attributions",
    "total_variation",
    "weights",
    "zeros",
]
