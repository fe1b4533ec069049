"""Asked in the middle of a training, a module is as it would be without: its weights, its precision, and chance."""

import numpy as np
import torch
from training_nets import trainer_of

import limelight as ll
from limelight.training.track import track
from limelight.training.untouched import untouched

TEXTS = ["a good film .", "a bad film ."]


class Bounded(torch.nn.Module):
    """Cuts the vectors of words that are too long when it looks them up; its head has the same weights."""

    def __init__(self):
        super().__init__()
        self.words, self.head = torch.nn.Embedding(8, 2, max_norm=0.1), torch.nn.Linear(2, 8, bias=False)
        self.head.weight = self.words.weight

    def forward(self, ids):
        return self.head(self.words(ids).sum(1))[:, 5:7]


def encoded(text):
    words = text.split()
    ends = np.cumsum([len(word) + 1 for word in words]) - 1
    return {"input_ids": [len(word) for word in words],
            "offset_mapping": [(end - len(word), end) for word, end in zip(words, ends.tolist(), strict=True)]}


def test_the_same_weights_have_the_same_explanation_where_the_trainer_turns_to_half_precision(tmp_path):
    watched = trainer_of(tmp_path, bf16=True, learning_rate=0.0, max_steps=2, save_strategy="no", eval_strategy="no")
    tracker = track(watched, TEXTS, every=1)
    watched.train()
    drift = tracker.drift.query("measure == 'l1'")
    assert len(drift) == 4 and drift["value"].max() == 0
    with torch.autocast("cpu", torch.bfloat16):
        tracker.step(3)
    assert tracker.drift.query("measure == 'l1' and step == 3")["value"].max() == 0


def test_vectors_that_are_too_long_are_not_cut_by_looking_on():
    torch.manual_seed(0)
    module = Bounded()
    weight, before = module.words.weight, module.words.weight.detach().clone()
    for method in ("shapley", "input_x_gradient"):
        tracker = track(ll.text_model(module, encoded), TEXTS, every=1, method=method)
        tracker.step(1)
        assert list(tracker.explanations) == [0, 1] and module.words.weight is module.head.weight is weight
        assert torch.equal(weight, before)
    with torch.no_grad():
        said = module(torch.tensor([encoded(TEXTS[0])["input_ids"]])).softmax(1)[0]
    assert not torch.equal(weight, before)  # now that it was asked in earnest
    np.testing.assert_allclose(tracker.explanations[1][0].prediction, said, atol=1e-6)


def test_generators_go_on_where_they_were_and_functions_have_nothing_else():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    with untouched(None):
        torch.rand(5)
    assert torch.equal(torch.rand(2), expected)
