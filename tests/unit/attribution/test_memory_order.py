"""Networks that flatten by `view` refuse the order of memory that is quickest: they are asked in the usual one."""

import numpy as np
import pytest
import torch

import limelight as ll

METHODS = ["saliency", "input_x_gradient", "integrated_gradients", "smooth_grad", "gradient_shap", "deep_lift", "lrp",
           "grad_cam"]
PICTURE = np.random.default_rng(0).integers(0, 256, (16, 20, 3), np.uint8)
SQUARES = np.kron(np.arange(20).reshape(4, 5), np.ones((4, 4), int))


class Flat(torch.nn.Module):
    """Two convolutions, and what makes rows of their maps."""

    def __init__(self, flatten):
        super().__init__()
        torch.manual_seed(0)
        self.first, self.second = torch.nn.Conv2d(3, 4, 3, padding=1), torch.nn.Conv2d(4, 4, 3, padding=1)
        self.head, self.flatten = torch.nn.Linear(4 * 16 * 20, 3), flatten

    def forward(self, images):
        return self.head(self.flatten(self.second(self.first(images).relu()).relu()))


@pytest.mark.parametrize("method", METHODS)
def test_attributions_are_those_of_a_network_that_flattens_in_any_order(method):
    usual, any_order = (
        ll.explain(ll.image_model(Flat(flatten), lambda photo: torch.tensor(photo.transpose(2, 0, 1)) / 255,
                                  segments=SQUARES), PICTURE, method=method, target=1, output="logit", n_samples=64,
                   progress=False).values[:, 1]
        for flatten in (lambda maps: maps.view(len(maps), -1), lambda maps: maps.flatten(1)))
    assert np.abs(usual).max() > 0
    np.testing.assert_allclose(usual, any_order, rtol=1e-4, atol=1e-5 * np.abs(usual).max())
