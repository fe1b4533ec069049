"""Occlusion by windows against captum's, on the same network, picture and baseline."""

import numpy as np
import pytest
import torch
from captum.attr import Occlusion, ShapleyValueSampling

import limelight as ll
from limelight.maskers.image import ImageMasker, hidden_by
from limelight.quality.intervals import critical


@pytest.fixture
def net():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Conv2d(3, 6, 3, padding=1), torch.nn.Tanh(), torch.nn.MaxPool2d(2),
                               torch.nn.Flatten(), torch.nn.Linear(6 * 9 * 13, 4)).eval()


IMAGE = torch.rand(3, 18, 26, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("window", "stride"),
                         [((4, 4), (4, 4)), ((5, 7), (2, 3)), ((3, 3), (1, 1)), ((18, 26), (1, 1))])
@pytest.mark.parametrize("hide", ["blur", "mean"])
def test_windows_are_captums(net, window, stride, hide):
    model = ll.image_model(net, hide=hide, segments=20)
    ours = ll.explain(model, IMAGE, method="occlusion", window=window, stride=stride, target=2, output="logit",
                      progress=False)
    hidden = torch.tensor(_hidden(model, hide)).permute(2, 0, 1)[None]
    theirs = Occlusion(net).attribute(IMAGE[None], (3, *window), (3, *stride), baselines=hidden, target=2)
    # captum gives every channel the whole drop of a window.
    assert ours.pixels == pytest.approx(theirs[0, 0].detach().numpy(), abs=1e-5)


def _hidden(model, hide):
    masker = ImageMasker(model, IMAGE)
    return hidden_by(hide, masker.pixels, masker.segments)


def test_permutation_values_agree_with_captums_sampling():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(14, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    row = torch.randn(1, 14)
    theirs = ShapleyValueSampling(net).attribute(row, n_samples=300).detach().numpy()[0]
    ours = ll.explain(ll.tabular_model(net, np.zeros((1, 14))), row[0].numpy(), method="permutation_shapley",
                      n_samples=3000, progress=False)
    half = critical(ours.params["degrees_of_freedom"], 0.999) * ours.std_error[:, 0]
    assert (np.abs(ours.values[:, 0] - theirs) <= half + 0.03).all()
