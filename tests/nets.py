"""Small networks whose attributions are known, and what asks them."""

import numpy as np
import torch

import limelight as ll
from limelight.asked import Asked
from limelight.maskers.tabular import TabularMasker


class Of(torch.nn.Module):
    """A function of rows, (n, n_columns) -> (n,) or (n, n_outputs), in double precision."""

    def __init__(self, function):
        super().__init__()
        self.function = function
        self.weight = torch.nn.Parameter(torch.ones((), dtype=torch.float64))

    def forward(self, rows):
        found = self.function(rows) * self.weight
        return found if found.ndim == 2 else found[:, None]


def table_game(function, x, background=None, baseline=None):
    """A TensorGame of a function of rows."""
    x = np.asarray(x, float)
    module = function if isinstance(function, torch.nn.Module) else Of(function)
    model = ll.tabular_model(module, np.atleast_2d(np.zeros_like(x) if background is None else background))
    return Asked(model, x, TabularMasker(model, x), "probability", None, 0).tensors(baseline)


def explained(function, x, method, background=None, **options):
    """An Explanation of a function of rows."""
    x = np.asarray(x, float)
    module = function if isinstance(function, torch.nn.Module) else Of(function)
    model = ll.tabular_model(module, np.atleast_2d(np.zeros_like(x) if background is None else background))
    return ll.explain(model, x, method=method, progress=False, **options)


def of_target(found):
    """The values of the output that was explained."""
    return found.values[:, found.target]


def relu_net(n_in=6, n_out=1, bias=True, seed=0, width=16):
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Linear(n_in, width, bias), torch.nn.ReLU(),
                               torch.nn.Linear(width, width, bias), torch.nn.ReLU(),
                               torch.nn.Linear(width, n_out, bias)).double()


def smooth_net(n_in=6, n_out=1, seed=0, width=16):
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Linear(n_in, width), torch.nn.Tanh(), torch.nn.Linear(width, n_out)).double()
