"""The models that everything else is shown with are what they say they are."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import torch
from skimage import data

from assets.bikes import CATEGORIES, NUMBERS, bikes
from assets.models import HEAD, imagenet_names, package, preprocess

PRAISE = "An utterly gripping story, beautifully shot, even if the first half is slow and dull."
BLAME = "The plot is thin and the jokes fall flat."


def positive(pipe, texts, **options):
    answers = pipe(texts, top_k=None, **options)
    return np.array([next(a["score"] for a in answer if a["label"] == "positive") for answer in answers])


def test_the_sentiment_head_is_small_and_says_how_good_it_is():
    facts = json.loads(HEAD.with_suffix(".json").read_text())
    assert HEAD.stat().st_size < 10_000
    assert 0.77 < facts["held_out_accuracy"] < 0.83
    assert facts["held_out"] >= 1_000


def test_the_pipeline_tells_praise_from_blame(sentiment):
    praise, blame = positive(sentiment, [PRAISE, BLAME])
    assert praise > 0.9
    assert blame < 0.3


def test_padding_changes_nothing(sentiment):
    texts = [BLAME, 12 * PRAISE]
    together = positive(sentiment, texts, batch_size=2)
    np.testing.assert_allclose(together, positive(sentiment, texts), atol=1e-6)


def test_embeddings_and_token_ids_are_answered_alike(sentiment):
    tokens = sentiment.tokenizer(PRAISE, return_tensors="pt")
    embeddings = sentiment.model.get_input_embeddings()(tokens.input_ids)
    with torch.inference_mode():
        by_ids = sentiment.model(**tokens).logits
        by_embeddings = sentiment.model(inputs_embeds=embeddings, attention_mask=tokens.attention_mask).logits
    torch.testing.assert_close(by_ids, by_embeddings)


def test_class_names_differ():
    assert len(set(imagenet_names())) == 1_000


@pytest.mark.parametrize(("photo", "name"), [("coffee", "espresso"), ("chelsea", "tiger cat")])
def test_the_network_knows_the_photos(efficientnet, photo, name):
    net, prepare, names = efficientnet
    with torch.inference_mode():
        answer = net(prepare(getattr(data, photo)())[None])[0]
    assert names[answer.argmax()] == name


def test_a_photo_of_any_size_becomes_what_the_network_takes():
    for shape in [(300, 500, 3), (500, 300, 3), (40, 30, 3), (256, 256)]:
        pixels = preprocess(np.full(shape, 127, np.uint8))
        assert pixels.shape == (3, 224, 224)
        assert pixels.abs().max() == 0


def test_the_hours_with_bikes_are_those_of_one_year_and_complete():
    rows, bikers = bikes()
    assert len(rows) == len(bikers)
    assert 0.98 < len(rows) / (365 * 24) < 1
    assert not rows.isna().any(axis=None)
    assert rows["hr"].between(0, 23).all()
    assert rows[NUMBERS].drop(columns=["season", "weekday"]).max(axis=None) == 1
    assert set(rows["mnth"]) > {"Jan", "Dec"}


def test_no_column_of_the_hours_gives_the_answer_away():
    rows, bikers = bikes()
    table = pd.read_csv(package("ISLP") / "data/Bikeshare.csv")
    assert (table["casual"] + table["registered"]).equals(bikers)
    assert list(rows.columns) == [*CATEGORIES, *NUMBERS]
    assert set(table.columns) - set(rows.columns) == {"casual", "registered", "bikers", "day"}
