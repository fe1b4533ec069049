"""The same numbers as captum where they should be the same."""

import captum.attr
import numpy as np
import pytest
import torch
from nets import of_target, relu_net, smooth_net

import limelight as ll

ROWS = np.random.default_rng(0).normal(size=(8, 6))
TARGET = 2


def ours(net, method, background=ROWS, **options):
    model = ll.tabular_model(net, background)
    return of_target(ll.explain(model, ROWS[0], method=method, target=TARGET, output="logit", progress=False,
                                **options))


def theirs(kind, net, **options):
    found = kind(net).attribute(torch.tensor(ROWS[:1], requires_grad=True), target=TARGET, **options)
    return found.detach().numpy()[0]


@pytest.fixture(params=["relu", "smooth"])
def net(request):
    return (relu_net if request.param == "relu" else smooth_net)(n_out=3)


def test_saliency(net):
    assert ours(net, "saliency") == pytest.approx(theirs(captum.attr.Saliency, net, abs=False), abs=1e-12)
    assert ours(net, "saliency", signed=False) == pytest.approx(theirs(captum.attr.Saliency, net), abs=1e-12)


def test_input_x_gradient(net):
    assert ours(net, "input_x_gradient") == pytest.approx(theirs(captum.attr.InputXGradient, net), abs=1e-12)


@pytest.mark.filterwarnings("ignore:the values miss the change")
@pytest.mark.parametrize("points", [4, 8])
def test_integrated_gradients_at_the_same_points(net, points):
    expected = [theirs(captum.attr.IntegratedGradients, net, baselines=torch.tensor(row[None]), n_steps=points,
                       method="gausslegendre") for row in ROWS[1:4]]
    found = ours(net, "integrated_gradients", ROWS[1:4], n_samples=points)
    assert found == pytest.approx(np.mean(expected, 0), abs=1e-6)


def test_smooth_grad_within_the_errors_of_both(net):
    def tunnel(kind):
        torch.manual_seed(0)
        return theirs(lambda each: captum.attr.NoiseTunnel(captum.attr.Saliency(each)), net, nt_samples=4000,
                      nt_type=kind, stdevs=0.2, abs=False)

    around = ROWS[:1] + np.array([[-0.5], [0.5]])  # each column's range is 1, so noise is what they call stdevs
    found = ll.explain(ll.tabular_model(net, around), ROWS[0], method="smooth_grad", target=TARGET, output="logit",
                       noise=0.2, n_samples=8000, progress=False)
    expected, errors = tunnel("smoothgrad"), np.hypot(np.sqrt(tunnel("vargrad") / 4000), found.std_error[:, TARGET])
    assert np.all(np.abs(found.values[:, TARGET] - expected) < 4 * errors)
    assert errors.max() < 0.1 * np.abs(expected).max()


def test_gradient_shap_within_errors(net):
    torch.manual_seed(0)
    np.random.seed(0)  # captum draws baselines by numpy's global generator
    drawn = 20_000
    expected = theirs(captum.attr.GradientShap, net, baselines=torch.tensor(ROWS), n_samples=drawn, stdevs=0.0)
    model = ll.tabular_model(net, ROWS)
    found = ll.explain(model, ROWS[0], method="gradient_shap", target=TARGET, output="logit", n_samples=2000,
                       progress=False)
    assert found.values[:, TARGET] == pytest.approx(expected, abs=0.03 * np.abs(expected).max())


def test_a_picture(efficientnet):
    network, preprocess, names = efficientnet
    from skimage import data

    photo = data.chelsea()
    model = ll.image_model(network, preprocess, output_names=names, segments=20)
    options = {"target": "tiger cat", "output": "logit", "progress": False}
    pixels = preprocess(photo)[None].requires_grad_()
    expected = captum.attr.Saliency(network).attribute(pixels, target=282, abs=False)[0].sum(0)
    found = ll.explain(model, photo, method="saliency", **options)
    assert found.pixels == pytest.approx(expected.numpy(), abs=1e-5 * float(expected.abs().max()))
    product = captum.attr.InputXGradient(network).attribute(pixels, target=282)[0].sum(0).detach()
    found = ll.explain(model, photo, method="input_x_gradient", **options)
    assert found.pixels == pytest.approx(product.numpy(), abs=1e-5 * float(product.abs().max()))


@pytest.mark.filterwarnings("ignore:the values miss the change")
def test_a_text(sentiment):
    text = "a slow start and an utterly unforgettable end"
    net, tokenizer = sentiment.model, sentiment.tokenizer
    encoded = tokenizer(text, return_tensors="pt")
    ids, words = encoded["input_ids"], encoded.word_ids()[1:-1]
    baseline = ids.clone()
    baseline[:, 1:-1] = tokenizer.mask_token_id

    def forward(each):
        return net(each, attention_mask=torch.ones_like(each)).logits

    layer = captum.attr.LayerIntegratedGradients(forward, net.get_input_embeddings())
    expected = layer.attribute(ids, baselines=baseline, target=1, n_steps=8).sum(2)[0, 1:-1].detach().numpy()
    found = ll.explain(sentiment, text, method="integrated_gradients", target=1, output="logit", n_samples=8,
                       progress=False)
    assert of_target(found) == pytest.approx(np.bincount(words, expected), abs=1e-5)
