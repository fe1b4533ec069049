"""A network that was explained is left as it was found: after success, a wrong target and a crash."""

import numpy as np
import pytest
import torch

import limelight as ll
from limelight.errors import InputError, ModelError

METHODS = ["saliency", "input_x_gradient", "integrated_gradients", "smooth_grad", "gradient_shap"]
ROWS = np.random.default_rng(0).normal(size=(5, 6)).astype("f4")


class Net(torch.nn.Module):
    """Normalises batches, drops out, is partly frozen and partly training, and fails when told to."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.norm = torch.nn.BatchNorm1d(6)
        self.body = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Dropout(0.5), torch.nn.ReLU())
        self.head = torch.nn.Linear(8, 3)
        self.head.requires_grad_(False)
        self.train()
        self.norm.eval()
        self.body[0].register_forward_hook(lambda *_: None)
        self.questions, self.fails_at = 0, np.inf

    def forward(self, rows):
        self.questions += 1
        if rows.requires_grad and self.questions >= self.fails_at:
            raise RuntimeError("the disk is full")
        return self.head(self.body(self.norm(rows)))


def state(net):
    """All that an explanation could leave changed."""
    hooks = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return {
        "modules": [(name, part.training, [len(getattr(part, kind)) for kind in hooks], sorted(vars(part)))
                    for name, part in net.named_modules()],
        "weights": [(id(each), each.requires_grad, each.grad, each.device, each.dtype, each.is_leaf, each._version)
                    for each in (*net.parameters(), *net.buffers())],
        "torch": (torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.get_rng_state().sum().item(),
                  torch.backends.cudnn.enabled),
    }


@pytest.mark.parametrize("method", METHODS)
def test_after_success(method):
    net = Net()
    before = state(net)
    found = ll.explain(ll.tabular_model(net, ROWS), ROWS[0], method=method, progress=False)
    assert np.isfinite(found.values[:, found.target]).all()
    assert state(net) == before


@pytest.mark.parametrize("method", METHODS)
def test_after_a_wrong_target(method):
    net = Net()
    before = state(net)
    with pytest.raises(InputError, match="target"):
        ll.explain(ll.tabular_model(net, ROWS), ROWS[0], method=method, target=7, progress=False)
    assert state(net) == before


@pytest.mark.parametrize("method", METHODS)
def test_after_a_crash(method):
    net = Net()
    model = ll.tabular_model(net, ROWS)
    before = state(net)
    net.fails_at = 0
    with pytest.raises(ModelError, match="the disk is full"):
        ll.explain(model, ROWS[0], method=method, progress=False)
    assert state(net) == before


@pytest.mark.parametrize("method", METHODS)
def test_who_asks_without_gradients_gets_them_all_the_same(method):
    model = ll.tabular_model(Net(), ROWS)
    expected = ll.explain(model, ROWS[0], method=method, progress=False).values
    with torch.no_grad():
        np.testing.assert_array_equal(ll.explain(model, ROWS[0], method=method, progress=False).values, expected)
        assert not torch.is_grad_enabled()
