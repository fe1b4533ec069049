"""A photo and EfficientNet-Lite0: against the forward passes alone and lime_image."""

from __future__ import annotations

from functools import partial
from statistics import median

import numpy as np
import torch
from skimage.data import chelsea
from timing import Figure, Work, explained, fastest, interleaved, overhead, ratio

import limelight as ll
from assets.models import efficientnet
from limelight.maskers.image import ImageMasker

BATCHES = (1, 2, 4, 8)


def figures(quick: bool) -> list[Figure]:
    """Measure all of them; `quick` with fewer samples, for development."""
    n = 120 if quick else 1_000
    net, preprocess, names = efficientnet()
    model = ll.image_model(net, preprocess, output_names=names)
    photo = chelsea()
    ll.explain(model, photo, n_samples=50, progress=False)  # what is imported and compiled once
    size = fastest({size: forward_passes(net, 24, size) for size in BATCHES})
    times = interleaved({"lime": lime_image(net, ImageMasker(model, photo), preprocess(photo), n),
                         "explain": lambda: ll.explain(model, photo, n_samples=n, progress=False)}, 1)
    return [
        overhead(f"image, {n:,} evaluations", 1.05, lambda: explained(model, photo, n, "lime"),
                 forward_passes(net, n, size), 1),
        Figure(f"image: lime_image, {n:,} samples / limelight", ratio(times["lime"], times["explain"]),
               "at least", 1.4, "x", f"{median(times['lime']):.0f} s and {median(times['explain']):.0f} s, "
               "the same segments")]


def forward_passes(net: torch.nn.Module, n: int, size: int) -> list[Work]:
    """Nothing but the network, with its channels last, the quicker order on a CPU."""
    batch = torch.rand(size, 3, 224, 224).contiguous(memory_format=torch.channels_last)
    return [partial(ask, net, batch[: n - at]) for at in range(0, n, size)]


def ask(net: torch.nn.Module, batch: torch.Tensor) -> None:
    """One forward pass."""
    with torch.no_grad():
        net(batch)


def lime_image(net: torch.nn.Module, masker: ImageMasker, tensor: torch.Tensor, n: int) -> Work:
    """lime's own explainer as its tutorial has it; the same segments, hidden by their mean, as by us."""
    from lime.lime_image import LimeImageExplainer

    picture = tensor.permute(1, 2, 0).numpy().astype(np.double)

    def probabilities(images: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            batch = torch.stack([torch.from_numpy(image).permute(2, 0, 1).contiguous().float() for image in images])
            return net(batch).softmax(1).numpy()

    return lambda: LimeImageExplainer(random_state=0).explain_instance(
        picture, probabilities, top_labels=1, num_samples=n, segmentation_fn=lambda _: masker.segments)
