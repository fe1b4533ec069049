"""The same answers on a GPU, from models that stay where they are."""

import numpy as np
import pytest
import skimage.data
import torch

import limelight as ll

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU, and there is none here"),
]


def explained(model, x, **keywords):
    return ll.explain(model, x, n_samples=200, progress=False, **keywords)


def device_of(module):
    return next(module.parameters()).device.type


def test_a_table_network(seed=0):
    torch.manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(16, 64), torch.nn.ReLU(), torch.nn.Linear(64, 3))
    rows = np.random.default_rng(seed).normal(size=(100, 16)).astype("f4")
    on_cpu = explained(ll.tabular_model(net, rows), rows[0])
    net.cuda()
    on_gpu = explained(ll.tabular_model(net, rows), rows[0])
    assert device_of(net) == "cuda"
    assert on_gpu.values == pytest.approx(on_cpu.values, abs=1e-4)


@pytest.mark.parametrize("n_samples", [100, 256])
def test_rows_of_a_table_network(n_samples):
    from limelight.bulk.rows import RowsExplainer

    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(8, 64), torch.nn.Tanh(), torch.nn.Linear(64, 3))
    rows = np.random.default_rng(0).normal(size=(20, 8)).astype("f4")
    on_cpu = RowsExplainer(ll.tabular_model(net, rows[:10]), n_samples=n_samples).explain(rows)
    net.cuda()
    explainer = RowsExplainer(ll.tabular_model(net, rows[:10]), n_samples=n_samples)
    on_gpu = explainer.explain(rows)
    assert device_of(net) == "cuda"
    assert on_gpu.values == pytest.approx(on_cpu.values, abs=1e-3)


def test_rows_of_a_table_network_have_the_same_bits_wherever_they_are_cut_between_blocks():
    from limelight.bulk.rows import RowsExplainer

    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(12, 64), torch.nn.ReLU(), torch.nn.Linear(64, 2)).cuda()
    rows = np.random.default_rng(0).normal(size=(1_000, 12)).astype("f4")
    explainer = RowsExplainer(ll.tabular_model(net, rows[:10]), n_samples=100)
    whole, step = explainer.explain(rows), explainer.block_rows
    assert step == 128 and not explainer.halved
    parts = [explainer.explain(rows[at : at + 3 * step], at).values for at in range(0, 1_000, 3 * step)]
    assert np.array_equal(np.concatenate(parts), whole.values)


def test_an_image_network(efficientnet):
    net, preprocess, names = efficientnet
    photo = np.random.default_rng(0).integers(0, 255, (240, 240, 3), dtype=np.uint8)
    on_cpu = explained(ll.image_model(net, preprocess, output_names=names, segments=12), photo)
    try:
        on_gpu = explained(ll.image_model(net.cuda(), preprocess, output_names=names, segments=12), photo)
        assert device_of(net) == "cuda"
    finally:
        net.cpu()
    assert on_gpu.values == pytest.approx(on_cpu.values, abs=1e-3)


def test_a_text_pipeline():
    from assets.models import sentiment

    text = "A slow start, but the second half is utterly gripping and beautifully shot."
    on_cpu, on_gpu = (explained(sentiment(device), text) for device in ("cpu", "cuda"))
    assert on_gpu.values == pytest.approx(on_cpu.values, abs=1e-3)


GRADIENTS = ("saliency", "input_x_gradient", "integrated_gradients", "smooth_grad", "gradient_shap", "deep_lift")


@pytest.mark.parametrize("method", GRADIENTS)
def test_gradients_of_a_table_network(method):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(16, 64), torch.nn.ReLU(), torch.nn.Linear(64, 3))
    rows = np.random.default_rng(0).normal(size=(20, 16)).astype("f4")
    # DeepLIFT goes through no softmax.
    on_cpu, on_gpu = (ll.explain(ll.tabular_model(net.to(device), rows), rows[0], method=method, output="logit",
                                 progress=False) for device in ("cpu", "cuda"))
    assert device_of(net) == "cuda"
    assert of_target(on_gpu) == pytest.approx(of_target(on_cpu), abs=1e-4)


@pytest.mark.parametrize("method", ["saliency", "input_x_gradient", "grad_cam", "rise"])
def test_pixels_of_an_image_network(method, efficientnet):
    net, preprocess, names = efficientnet
    try:
        # By default a GPU multiplies with ten bits of precision in convolutions, which gradients show.
        with torch.backends.cudnn.flags(allow_tf32=False):
            on_cpu, on_gpu = (ll.explain(ll.image_model(net.to(device), preprocess, output_names=names, segments=12),
                                         skimage.data.chelsea(), method=method, output="logit", progress=False,
                                         n_samples=16 if method == "rise" else "auto") for device in ("cpu", "cuda"))
        assert device_of(net) == "cuda"
    finally:
        net.cpu()
    assert on_gpu.pixels == pytest.approx(on_cpu.pixels, abs=0.02 * np.abs(on_cpu.pixels).max())


@pytest.mark.parametrize("method", ["saliency", "integrated_gradients", "lrp"])
def test_gradients_of_a_text_pipeline(method):
    from assets.models import sentiment

    text = "A slow start, but the second half is utterly gripping and beautifully shot."
    on_cpu, on_gpu = (ll.explain(sentiment(device), text, method=method, output="logit", progress=False)
                      for device in ("cpu", "cuda"))
    assert of_target(on_gpu) == pytest.approx(of_target(on_cpu), abs=2e-3)


def test_a_training_is_tracked_where_it_runs_and_stays_the_same_bit_by_bit():
    rows = np.random.default_rng(0).normal(size=(64, 16)).astype("f4")

    def trained(device, track):
        torch.manual_seed(0)
        net = torch.nn.Sequential(torch.nn.Linear(16, 32), torch.nn.Tanh(), torch.nn.Linear(32, 2)).to(device)
        optimizer = torch.optim.SGD(net.parameters(), 0.1)
        tracker = ll.track(ll.tabular_model(net, rows[:10]), rows[:3], every=2) if track else None
        x, y = torch.tensor(rows, device=device), torch.tensor(rows[:, 0] > 0, device=device).long()
        for step in range(1, 7):
            # Dropout draws on the device: tracking must not move its generator.
            loss = torch.nn.functional.cross_entropy(net(torch.nn.functional.dropout(x, 0.1)), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if tracker is not None:
                tracker.step(step, loss=loss)
        return net, tracker

    net, on_gpu = trained("cuda", True)
    alone, _ = trained("cuda", False)
    assert device_of(net) == "cuda" and list(on_gpu.explanations) == [0, 2, 4, 6]
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), alone.parameters(), strict=True))
    first = trained("cpu", True)[1].explanations[0]
    assert all(of_target(a) == pytest.approx(of_target(b), abs=1e-4)
               for a, b in zip(on_gpu.explanations[0], first, strict=True))


def of_target(found):
    return found.values[:, found.target]


def test_memory_that_runs_out_halves_the_batch_and_goes_on():
    class Greedy(torch.nn.Linear):
        largest = 0

        def forward(self, rows):
            if len(rows) > 500:
                torch.empty(2**42, device="cuda")
            Greedy.largest = max(Greedy.largest, len(rows))
            return super().forward(rows)

    net = Greedy(16, 2).cuda()
    rows = np.random.default_rng(0).normal(size=(100, 16)).astype("f4")
    assert np.isfinite(explained(ll.tabular_model(net, rows), rows[0]).values).all()
    assert 0 < Greedy.largest <= 500
