"""Grad-CAM where it is CAM, on grids of tokens, and layers that are found or named."""

import warnings

import numpy as np
import pytest
import torch
import transformers
from left import state
from nets import of_target
from torch import nn
from torch.nn import functional as F

import limelight as ll
from limelight.attribution.grad_cam import weighted
from limelight.errors import InputError, ModelError, Unsuited

PICTURE = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(0))
QUARTERS = np.arange(32)[:, None] // 16 * 2 + np.arange(32) // 16
TINY = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32, "image_size": 32}


class Pooled(nn.Module):
    """Convolutions, their mean over the picture, and a linear layer."""

    def __init__(self, activation=None):
        super().__init__()
        torch.manual_seed(0)
        self.first, self.second = nn.Conv2d(3, 6, 3, 2, 1), nn.Conv2d(6, 8, 3, 2, 1)
        self.norm, self.activation = nn.BatchNorm2d(8), activation or nn.ReLU(inplace=True)
        self.last = nn.Linear(8, 3)

    def maps(self, pictures):
        return self.activation(self.norm(self.second(self.first(pictures).relu())))

    def forward(self, pictures):
        return self.last(self.maps(pictures).mean((2, 3)))


def explained(net, method="grad_cam", **options):
    return ll.explain(ll.image_model(net, segments=QUARTERS), PICTURE, method=method, progress=False,
                      **{"output": "logit", "target": 1, **options})


@pytest.mark.parametrize("variant", ["grad_cam", "hires"])
def test_it_is_cam_where_a_mean_and_a_linear_layer_follow(variant):
    net = Pooled().eval()
    with torch.no_grad():
        cells = (net.last.weight[1, :, None, None] * net.maps(PICTURE[None])[0]).sum(0) / 64
        cam = F.interpolate(cells[None, None], size=(32, 32), mode="bilinear")[0, 0] / 16
    found = explained(net, variant=variant)
    np.testing.assert_allclose(found.pixels, cam, atol=1e-7)
    assert found.params["layer"] == "activation"
    assert of_target(found) == pytest.approx([cam.numpy()[i == QUARTERS].sum() for i in range(4)], abs=1e-6)
    assert of_target(found).sum() == pytest.approx(found.prediction[1] - net.last.bias[1].item(), abs=1e-5)
    assert not found.params["warning"] and found.quality["completeness_gap"] is None


@pytest.mark.parametrize("variant", ["grad_cam", "hires", "layer"])
def test_each_variant_weighs_by_its_formula(variant):
    a, g = torch.randn(2, 1, 5, 3, 4).unbind()
    expected = torch.zeros(3, 4)
    for k in range(5):
        for i in range(3):
            for j in range(4):
                weight = {"grad_cam": g[0, k].mean(), "hires": g[0, k, i, j], "layer": g[0, k, i, j].clamp(min=0)}
                expected[i, j] += weight[variant] * a[0, k, i, j]
    torch.testing.assert_close(weighted(a, g, variant)[0], expected)


def test_it_is_signed_unless_told_otherwise():
    signed, positive = explained(Pooled()), explained(Pooled(), signed=False)
    assert signed.pixels.min() < 0 < signed.pixels.max()
    assert positive.pixels.min() >= 0 and positive.pixels.max() > 0


def test_a_layer_is_named_or_given():
    net = Pooled()
    named, given = explained(net, layer="first"), explained(net, layer=net.first)
    assert named.params["layer"] == "first"
    np.testing.assert_array_equal(named.pixels, given.pixels)
    assert np.abs(named.pixels - explained(net).pixels).max() > 1e-6


def test_a_layer_that_is_written_into_afterwards_is_taken_as_it_was():
    def pixels(inplace):
        return explained(Pooled(nn.ReLU(inplace)), layer="norm").pixels

    np.testing.assert_array_equal(pixels(True), pixels(False))
    assert np.abs(pixels(True) - explained(Pooled()).pixels).max() > 1e-6


@pytest.mark.parametrize(("layer", "words"), [
    ("layer5", r"layer='layer5' is not in the model: .* there is activation \(the default\), norm, second, first$"),
    (nn.Linear(2, 2), "layer=Linear is not in the model"), (3, "layer=3 is not in the model"),
    ("last", r"layer='last' gives \(1, 3\), and grad_cam needs a map"),
    ("", r"layer='' gives \(1, 3\)"), ("unused", "layer='unused' gives nothing here")])
def test_a_bad_layer_lists_the_good_ones(layer, words):
    net = Pooled()
    net.unused = nn.Conv2d(3, 3, 3)
    with pytest.raises(InputError, match=words):
        explained(net, layer=layer)


def test_options_that_mean_nothing_are_refused():
    with pytest.raises(InputError, match="variant='cam' is not known: give 'grad_cam', 'hires', 'layer'"):
        explained(Pooled(), variant="cam")


def vit(kind=transformers.ViTForImageClassification, config=transformers.ViTConfig, patch=8, **others):
    torch.manual_seed(0)
    return kind(config(**TINY, patch_size=patch, num_labels=3, **others)).eval()


@pytest.mark.parametrize("variant", ["grad_cam", "hires", "layer"])
def test_the_tokens_of_a_vision_transformer_stand_on_their_grid_without_the_class_token(variant):
    net, kept = vit(), {}
    layer = next(name for name, _ in net.named_modules() if name.endswith(".1.layernorm_before"))

    def keep(_, __, output):
        output.retain_grad()
        kept["tokens"] = output

    handle = net.get_submodule(layer).register_forward_hook(keep)
    net(pixel_values=PICTURE[None]).logits[0, 1].backward()
    handle.remove()
    net.zero_grad()
    maps, gradients = (each[:, 1:].transpose(1, 2).reshape(1, 16, 4, 4)
                       for each in (kept["tokens"].detach(), kept["tokens"].grad))
    cam = F.interpolate(weighted(maps, gradients, variant)[None], size=(32, 32), mode="bilinear")[0, 0] / 64
    found = explained(net, variant=variant)
    assert found.params["layer"] == layer
    np.testing.assert_allclose(found.pixels, cam, atol=1e-6)


@pytest.mark.parametrize(("net", "layer"), [
    (lambda: vit(transformers.DeiTForImageClassification, transformers.DeiTConfig), "layernorm_before"),
    (lambda: vit(transformers.BeitForImageClassification, transformers.BeitConfig, use_mean_pooling=True), "norm"),
    (lambda: transformers.SwinForImageClassification(transformers.SwinConfig(
        embed_dim=8, depths=[1, 1], num_heads=[2, 2], window_size=4, image_size=32, patch_size=4, num_labels=3)),
     "swin.layernorm"),
    (lambda: transformers.ConvNextForImageClassification(transformers.ConvNextConfig(
        hidden_sizes=[8, 16], depths=[1, 1], num_stages=2, patch_size=2, num_labels=3)), "stages.1"),
    (lambda: transformers.ResNetForImageClassification(transformers.ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic", num_labels=3)), "stages.1")])
def test_the_last_map_is_found_by_itself(net, layer):
    torch.manual_seed(0)
    found = explained(net())
    assert layer in found.params["layer"]
    assert found.pixels.shape == (32, 32) and np.ptp(found.pixels) > 0
    assert of_target(found).sum() == pytest.approx(found.pixels.sum(), abs=1e-5)


def test_swin_reads_the_mean_of_its_last_map():
    torch.manual_seed(0)
    net = transformers.SwinForImageClassification(transformers.SwinConfig(
        embed_dim=8, depths=[1, 1], num_heads=[2, 2], window_size=4, image_size=32, patch_size=4, num_labels=3))
    found = explained(net)
    assert of_target(found).sum() == pytest.approx(found.prediction[1] - net.classifier.bias[1].item(), abs=1e-5)


def test_a_real_network_has_its_last_activation(efficientnet):
    net, preprocess, _ = efficientnet
    from skimage.data import chelsea

    found = ll.explain(ll.image_model(net, preprocess), chelsea(), method="grad_cam", output="logit", progress=False)
    # The map is what the mean and the linear layer read, so that all but the bias is there.
    bias = net._fc.bias[(found.prediction[found.target] - of_logits(net, preprocess(chelsea()))).abs().argmin()].item()
    assert found.params["layer"] == "_swish"
    assert of_target(found).sum() == pytest.approx(found.prediction[found.target] - bias, abs=1e-4)


def of_logits(net, picture):
    with torch.no_grad():
        return net(picture[None])[0]


@pytest.mark.parametrize("net", [
    nn.Sequential(nn.Flatten(), nn.Linear(3072, 8), nn.ReLU(), nn.Linear(8, 3)),
    nn.Sequential(nn.Flatten(), nn.Unflatten(1, (64, 48)), nn.LayerNorm(48), nn.Flatten(), nn.Linear(3072, 3))])
def test_a_network_without_convolutions_is_refused(net):
    with pytest.raises(Unsuited, match="grad_cam needs a convolutional layer: this model has none; "
                                       "use integrated_gradients"):
        explained(net)
    row = ll.methods(ll.image_model(net, segments=QUARTERS), PICTURE).loc["grad_cam"]
    assert not row["available"] and row["instead"] == "integrated_gradients"


def test_it_is_for_pictures():
    with pytest.raises(Unsuited, match="grad_cam is for images"):
        ll.explain(ll.tabular_model(nn.Linear(3, 1), np.zeros((2, 3))), np.ones(3), method="grad_cam")


def test_a_probability_that_can_not_change_is_told():
    net = Pooled()
    with torch.no_grad():
        net.last.bias[1] = 1000
    with pytest.warns(UserWarning, match="output='logit' avoids"):
        found = explained(net, output="probability")
    assert (found.pixels == 0).all()


@pytest.mark.parametrize("case", ["well", "named", "wrong target", "wrong layer", "crash"])
def test_the_network_is_left_as_it_was(case):
    class Crashing(nn.ReLU):
        def forward(self, maps):
            if torch.is_grad_enabled():
                raise RuntimeError("out of order")
            return super().forward(maps)

    net = Pooled(Crashing() if case == "crash" else None)
    net.norm.eval()
    net.first.weight.requires_grad_(False)
    before = state(net)
    options = {"named": {"layer": "norm"}, "wrong target": {"target": 9}, "wrong layer": {"layer": "nowhere"}}
    if case in ("well", "named"):
        explained(net, **options.get(case, {}))
    else:
        with pytest.raises((InputError, ModelError)):
            explained(net, **options.get(case, {}))
    assert state(net) == before


def test_compiled_frozen_and_in_half_precision():
    net = Pooled().requires_grad_(False)
    expected = explained(net)
    compiled = explained(torch.compile(net, backend="eager"), layer="_orig_mod.activation")
    np.testing.assert_allclose(compiled.pixels, expected.pixels, atol=1e-7)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        half = explained(net.bfloat16())
    assert np.abs(half.pixels - expected.pixels).max() < 0.05 * np.abs(expected.pixels).max()
