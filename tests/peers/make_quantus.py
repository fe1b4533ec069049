"""Write quantus.json: what Quantus says of one explanation of a small network.

Quantus wants many packages that nothing else here needs: run it where `quantus==0.6.0` and torch are installed.
"""

import json
from pathlib import Path

import numpy as np
import quantus
import torch

N, SUBSET, RUNS = 12, 3, 40

rng = np.random.default_rng(3)
inner, outer, x, values = (rng.normal(size=shape) for shape in ((N, 8), (8, 3), N, N))


class Net(torch.nn.Module):
    """softmax(tanh(x inner) outer)."""

    def __init__(self):
        super().__init__()
        self.inner, self.outer = (torch.nn.Parameter(torch.tensor(weights)) for weights in (inner, outer))

    def forward(self, rows):
        return (torch.tanh(rows.flatten(1).to(self.inner) @ self.inner) @ self.outer).softmax(1)


def asked(metric):
    picture = (1, 1, 3, N // 3)
    found = metric(model=Net().eval(), x_batch=x.reshape(picture), y_batch=np.array([1]),
                   a_batch=values.reshape(picture), device="cpu", softmax=False)
    return np.ravel(found).astype(float).tolist()


quiet = {"disable_warnings": True, "display_progressbar": False}
zero = {"perturb_baseline": 0.0, "normalise": False, **quiet}
np.random.seed(5)
subsets = [np.random.choice(N, SUBSET, replace=False).tolist() for _ in range(RUNS)]
np.random.seed(5)
found = {
    "faithfulness_correlation": asked(quantus.FaithfulnessCorrelation(
        nr_runs=RUNS, subset_size=SUBSET, return_aggregate=False, **zero))[0],
    "pixel_flipping": asked(quantus.PixelFlipping(features_in_step=1, **zero)),
    "sparseness": asked(quantus.Sparseness(**quiet))[0],
    "complexity": asked(quantus.Complexity(**quiet))[0],
    "effective_complexity": asked(quantus.EffectiveComplexity(eps=0.2, **quiet))[0],
}
inputs = {"inner": inner.tolist(), "outer": outer.tolist(), "x": x.tolist(), "values": values.tolist(),
          "subsets": subsets, "target": 1}
Path(__file__).with_name("quantus.json").write_text(
    json.dumps({"version": quantus.__version__, "inputs": inputs, "found": found}) + "\n")
