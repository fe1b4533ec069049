"""DeepLIFT, LRP and Grad-CAM against captum's, and DeepLIFT's maxima against shap's."""

import numpy as np
import pytest
import torch
from captum.attr import LRP, DeepLift, DeepLiftShap, LayerAttribution, LayerGradCam, LayerGradientXActivation
from captum.attr._utils.lrp_rules import EpsilonRule
from nets import explained, of_target
from torch import nn

import limelight as ll

# captum warns of the hooks and of the gradients that it sets for the while.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:captum")
X, ROWS = np.random.default_rng(0).normal(size=6), np.random.default_rng(1).normal(size=(9, 6))
PICTURE = torch.rand(3, 16, 16, generator=torch.Generator().manual_seed(0))
MLP = [lambda: nn.ReLU(), lambda: nn.Tanh(), lambda: nn.Sigmoid(), lambda: nn.ELU(), lambda: nn.Softplus(),
       lambda: nn.LeakyReLU(0.1)]


def mlp(activation):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 8), activation(), nn.Linear(8, 8), activation(), nn.Linear(8, 3)).double()


class Picturing(nn.Module):
    """A convolutional network of modules that captum knows, each used once."""

    def __init__(self, pool, *, norm=True, between=None):
        super().__init__()
        torch.manual_seed(0)
        self.first, self.norm = nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6) if norm else nn.Dropout()
        self.between, self.pool = between or nn.ReLU(), pool
        self.second, self.after = nn.Conv2d(6, 8, 3), nn.ReLU()
        self.mean, self.last = nn.AdaptiveAvgPool2d(1), nn.Linear(8, 4)
        self.eval()

    def forward(self, pictures):
        maps = self.after(self.second(self.pool(self.between(self.norm(self.first(pictures))))))
        return self.last(self.mean(maps).flatten(1))


def of_picture(net, method, baseline=None, **options):
    model = ll.image_model(net, segments=np.arange(256).reshape(16, 16))
    named = {} if baseline is None else {"baseline": baseline}
    return ll.explain(model, PICTURE, method=method, output="logit", target=2, progress=False, **named, **options)


@pytest.mark.parametrize("activation", MLP)
@pytest.mark.parametrize("last", [[], [nn.Sigmoid()]])
def test_deep_lift_of_rows(activation, last):
    net = nn.Sequential(*mlp(activation), *last)
    x, rows = torch.tensor(X[None]), torch.tensor(ROWS)
    one = explained(net, X, "deep_lift", ROWS[:1], target=2, output="logit")
    assert of_target(one) == pytest.approx(DeepLift(net).attribute(x, rows[:1], target=2).numpy(force=True)[0],
                                           abs=1e-7)
    several = explained(net, X, "deep_lift", ROWS, target=2, output="logit")
    assert of_target(several) == pytest.approx(DeepLiftShap(net).attribute(x, rows, target=2).numpy(force=True)[0],
                                               abs=1e-7)


@pytest.mark.parametrize("pool", [nn.AvgPool2d(2), nn.Identity()])
def test_deep_lift_of_pictures(pool):
    net = Picturing(pool)
    found = of_picture(net, "deep_lift", "mean")
    baseline = game(net, "mean").baselines
    expected = DeepLift(net).attribute(PICTURE[None], baseline, target=2).sum(1)[0].detach()
    np.testing.assert_allclose(found.pixels, expected, atol=1e-6)


def test_deep_lift_of_a_maximum_is_captums_where_that_is_complete():
    net = Picturing(nn.MaxPool2d(2), between=nn.Identity())
    baseline = game(net, "blur").baselines
    expected, missing = DeepLift(net).attribute(PICTURE[None], baseline, target=2, return_convergence_delta=True)
    assert abs(missing.item()) < 1e-6
    np.testing.assert_allclose(of_picture(net, "deep_lift").pixels, expected.sum(1)[0].detach(), atol=1e-6)


def test_deep_lift_of_a_maximum_after_relu_is_shaps_where_captum_misses_some_of_the_change():
    import shap

    net = Picturing(nn.MaxPool2d(2))
    baseline = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(1)) * 3
    _, missing = DeepLift(net).attribute(PICTURE[None] * 3, baseline, target=2, return_convergence_delta=True)
    assert abs(missing.item()) > 1e-3

    class Flat(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net

        def forward(self, rows):
            return self.net(rows.unflatten(1, (3, 16, 16)))

    x = (PICTURE * 3).flatten().numpy()
    found = explained(Flat(), x, "deep_lift", baseline.flatten(1).numpy(), target=2, output="logit")
    expected = shap.DeepExplainer(net, baseline).shap_values(PICTURE[None] * 3, check_additivity=False)[..., 2].ravel()
    np.testing.assert_allclose(of_target(found), expected, atol=1e-6)
    assert found.params["relative_gap"] < 1e-5


@pytest.mark.parametrize("epsilon", [1e-9, 0.1, 2.0])
def test_lrp_of_rows(epsilon):
    net = mlp(nn.ReLU)
    for part in net:
        if isinstance(part, nn.Linear):
            part.rule = EpsilonRule(epsilon)
    expected = LRP(net).attribute(torch.tensor(X[None]), target=2).numpy(force=True)[0]
    found = explained(mlp(nn.ReLU), X, "lrp", target=2, output="logit", epsilon=epsilon)
    assert of_target(found) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("pool", [nn.MaxPool2d(2), nn.AvgPool2d(2)])
@pytest.mark.parametrize("norm", [True, False])
def test_lrp_of_pictures(pool, norm):
    net = Picturing(pool, norm=norm)
    expected = LRP(Picturing(pool, norm=norm)).attribute(PICTURE[None], target=2).sum(1)[0].detach()
    np.testing.assert_allclose(of_picture(net, "lrp").pixels, expected, atol=1e-5 * expected.abs().max().item())


@pytest.mark.parametrize("layer", ["first", "norm", "pool", "second", "after"])
@pytest.mark.parametrize("signed", [True, False])
def test_grad_cam_of_a_layer(layer, signed):
    net = Picturing(nn.MaxPool2d(2))
    cam = LayerGradCam(net, net.get_submodule(layer)).attribute(PICTURE[None], target=2,
                                                               relu_attributions=not signed).detach()
    expected = LayerAttribution.interpolate(cam, (16, 16), "bilinear")[0, 0]
    found = of_picture(net, "grad_cam", layer=layer, signed=signed)
    # captum's cells keep their value on every pixel; ours are spread over theirs.
    np.testing.assert_allclose(found.pixels * 256 / cam.numel(), expected, atol=1e-5)


def test_hires_cam_is_a_layers_gradient_times_activation():
    net = Picturing(nn.MaxPool2d(2))
    cells = LayerGradientXActivation(net, net.second).attribute(PICTURE[None], target=2).sum(1, keepdim=True)
    expected = LayerAttribution.interpolate(cells.detach(), (16, 16), "bilinear")[0, 0]
    found = of_picture(net, "grad_cam", layer="second", variant="hires")
    np.testing.assert_allclose(found.pixels * 256 / cells.numel(), expected, atol=1e-5)


def game(net, baseline):
    from limelight.asked import Asked
    from limelight.maskers.image import ImageMasker

    model = ll.image_model(net, segments=np.arange(256).reshape(16, 16))
    return Asked(model, PICTURE, ImageMasker(model, PICTURE), "logit", None, 0).tensors(baseline)
