"""Examples that are explained in one pass have the numbers that each has alone, by the weights of that moment."""

import numpy as np
import pytest
import torch
from training_nets import bert, tokenizer
from transformers import GPT2Config, GPT2ForSequenceClassification

import limelight as ll
from limelight.attribution import gradients
from limelight.training.track import track

TEXTS = ["a good film .", "dull .", "a bad film a bad film .", "good dullness", "mumble ."]
ONE_PASS = ["lrp", "input_x_gradient", "saliency"]


class Summed(torch.nn.Module):
    """None of transformers': the words' vectors are summed."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.words, self.head = torch.nn.Embedding(16, 4), torch.nn.Linear(4, 2)

    def forward(self, ids):
        return self.head(torch.tanh(self.words(ids).sum(1)))


def encoded(text):
    words = text.split()
    ends = np.cumsum([len(word) + 1 for word in words]) - 1
    return {"input_ids": [len(word) for word in words],
            "offset_mapping": [(end - len(word), end) for word, end in zip(words, ends.tolist(), strict=True)]}


def of_transformers(hide="auto"):
    return ll.text_model(bert(initializer_range=0.3), tokenizer(), hide=hide), TEXTS


def decoder(pad):
    """Padded at the left, or not at all."""
    torch.manual_seed(0)
    reader = tokenizer()
    reader.padding_side, reader.model_input_names = "left", ["input_ids", "attention_mask"]
    config = GPT2Config(vocab_size=13, n_positions=16, n_embd=8, n_layer=1, n_head=2, pad_token_id=pad,
                        initializer_range=0.3)
    return ll.text_model(GPT2ForSequenceClassification(config).eval(), reader), TEXTS


def pictures():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1),
                              torch.nn.Flatten(), torch.nn.Linear(4, 3))
    rng = np.random.default_rng(0)
    found = [torch.tensor(rng.normal(size=(3, size, 24))).float() for size in (24, 32, 24)]
    return ll.image_model(net, segments=9), found


def rows():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(5, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
    table = np.random.default_rng(0).normal(size=(12, 5))
    return ll.tabular_model(net, table[:6]), table[6:]


INPUTS = {"transformer": of_transformers, "masked": lambda: of_transformers("mask"), "left": lambda: decoder(0),
          "unpadded": lambda: decoder(None), "own": lambda: (ll.text_model(Summed(), encoded), TEXTS),
          "pictures": pictures, "rows": rows}


@pytest.mark.parametrize("method", ONE_PASS)
@pytest.mark.parametrize("name", INPUTS)
def test_together_they_have_the_numbers_of_each_alone(name, method):
    model, examples = INPUTS[name]()
    watched = track(model, examples, method=method)._watched
    for i, found in enumerate(watched.estimate(3)):
        alone = watched.pinned[i].estimate(3, i)
        for part in ("values", "other", "base_values", "prediction", "lost", "std_error"):
            np.testing.assert_allclose(getattr(found, part), getattr(alone, part), rtol=1e-4, atol=1e-6, err_msg=part)
        assert not np.allclose(found.values, found.other, rtol=1e-4, atol=1e-6)


def test_many_examples_are_few_calls_of_the_model():
    model, _ = of_transformers()
    watched = track(model, TEXTS * 3, method="lrp")._watched
    calls = []
    model.module.register_forward_pre_hook(lambda *_: calls.append(1))
    watched.estimate(1)
    together = len(calls)
    for i in range(4):
        watched.pinned[i].estimate(1, i)
    assert len(calls) - together >= 3 * 4 and together <= len(TEXTS * 3) // 3


def test_vectors_of_words_are_those_of_the_moment():
    model, _ = of_transformers()
    watched = track(model, TEXTS, method="lrp")._watched
    before = watched.estimate(1)
    with torch.no_grad():
        model.module.get_input_embeddings().weight.mul_(1.5)
    for old, new, alone in zip(before, watched.estimate(1), track(model, TEXTS, method="lrp")._watched.estimate(1),
                               strict=True):
        assert not np.allclose(old.values, new.values, rtol=1e-3)
        np.testing.assert_allclose(new.values, alone.values, rtol=1e-5, atol=1e-8)


def test_where_memory_runs_out_it_is_halved(monkeypatch):
    model, _ = of_transformers()
    watched = track(model, TEXTS, method="saliency")._watched
    expected, asked, whole = watched.estimate(1), [], gradients.rows_saliency

    def short(game, inputs, targets):
        asked.append(len(inputs))
        if len(inputs) > 2:
            raise torch.cuda.OutOfMemoryError("no memory")
        return whole(game, inputs, targets)

    monkeypatch.setattr(gradients, "rows_saliency", short)
    found = watched.estimate(1)
    assert max(asked) > 2 and sum(n for n in asked if n <= 2) == 2 * len(TEXTS)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.values, other.values, rtol=1e-4)


def test_a_model_that_comes_to_answer_nan_is_refused():
    model, table = rows()
    watched = track(model, table)._watched
    with torch.no_grad():
        model.module[2].bias[0] = torch.nan
    with pytest.raises(ll.errors.ModelError, match="NaN"):
        watched.estimate(1)


@pytest.mark.parametrize("method", ["input_x_gradient", "integrated_gradients", "occlusion", "shapley"])
def test_of_many_outputs_the_same_are_kept_whatever_becomes_likely(method):
    torch.manual_seed(0)
    net, x = torch.nn.Linear(3, 14), np.random.default_rng(0).normal(size=(1, 3))
    tracker = track(ll.tabular_model(net, x - 1), x, target=0, output="logit", method=method, every=1)
    names = tracker.explanations[0][0].output_names
    assert len(names) == 10
    with torch.no_grad():
        net.bias.copy_(torch.randn(14).sort().values * 5)
    tracker.step(1)
    said = net(torch.tensor(x).float())[0].detach().numpy()
    ex = tracker.explanations[1][0]
    assert ex.output_names == names and ex.target == tracker.explanations[0][0].target
    np.testing.assert_allclose(ex.prediction, [said[int(name.split()[1])] for name in names], rtol=1e-5)


def test_an_exact_method_asks_a_network_once_and_a_function_which_may_have_chance_again():
    net, table, asked = torch.nn.Linear(5, 3), np.random.default_rng(0).normal(size=(3, 5)), []
    net.register_forward_pre_hook(lambda _, args: asked.append(len(args[0])))
    rng = np.random.default_rng(1)

    def wavering(rows):
        return net(torch.tensor(rows).float()).detach().numpy() + rng.normal(size=(len(rows), 3))

    totals, same = [], []
    for model in (net, wavering):
        watched = track(ll.tabular_model(model, table[:1]), table[1:], method="occlusion")._watched
        asked.clear()
        found = watched.estimate(1)
        totals.append(sum(asked))
        same.append(all(np.array_equal(each.values, each.other) for each in found))
    assert totals[0] < 0.75 * totals[1] and same == [True, False]
