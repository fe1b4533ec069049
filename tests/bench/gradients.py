"""Integrated gradients of a sentence and of a photo, against captum's with as many steps."""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import Any

import torch
from skimage.data import chelsea
from text import SENTENCE
from timing import Figure, Work, interleaved, ratio

import limelight as ll
from assets.models import efficientnet, sentiment
from limelight.maskers.image import ImageMasker
from limelight.maskers.tensors import tensor_game
from limelight.maskers.text import TextMasker
from limelight.types import TensorGame

MOST = 56


def figures(quick: bool) -> list[Figure]:
    """Measure both; `quick` with fewer repeats, for development."""
    net, preprocess, _ = efficientnet()
    text, image = ll.text_model(sentiment()), ll.image_model(net, preprocess)
    repeats = 1 if quick else 5
    words, photo = (tensor_game(masker, "logit") for masker in (TextMasker(text, SENTENCE),
                                                                ImageMasker(image, chelsea())))
    return [against_captum("text", text, SENTENCE, words, words, repeats),
            against_captum("image", image, chelsea(), photo, net, repeats)]


def against_captum(name: str, model: Any, x: Any, game: TensorGame, network: Any, repeats: int) -> Figure:
    """All of `explain`, and captum's attributions alone, in micro-batches of the same size.

    captum is given the network as it is; of a text, whose network takes no embeddings, what we make of it.
    """
    explain = partial(ll.explain, model, x, method="integrated_gradients", output="logit", n_samples=MOST, gap=0,
                      progress=False)
    found = explain()
    times = interleaved({"captum": by_captum(network, game, found.target, MOST), "explain": explain}, repeats)
    return Figure(f"{name}: captum's integrated gradients / limelight, {MOST} passes",
                  ratio(times["captum"], times["explain"]), "at least", 0.95, "x",
                  f"{median(times['captum']):.3g} s and {median(times['explain']):.3g} s")


def by_captum(network: Any, game: TensorGame, target: int, steps: int) -> Work:
    """The same function of the same tensor."""
    from captum.attr import IntegratedGradients

    method = IntegratedGradients(lambda inputs: network(inputs)[:, target])

    def attribute() -> torch.Tensor:
        with game.open():
            found: torch.Tensor = method.attribute(game.x, game.baselines, n_steps=steps,
                                                   internal_batch_size=game.batch_size)
        return found

    return attribute
