"""Words over texts, and segments over images."""

from __future__ import annotations

import numpy as np
import pytest

from limelight.dataset.corpus import gather
from limelight.dataset.overview import overview
from limelight.errors import InputError
from limelight.models.image import ImageModel
from limelight.models.text import TextModel

WORTH = {"good": 2.0, "bad": -1.0}
TEXTS = ["good film", "Good plot, good end", "bad film", "a film", "bad plot", "...", "GOOD"]


def score(texts):
    return np.array([sum(WORTH.get(word.strip(",.").lower(), 0.0) for word in text.split()) for text in texts])


@pytest.fixture(scope="module")
def corpus():
    return overview(TextModel(score), TEXTS, score(TEXTS), progress=False)


def test_words_are_gathered_without_regard_to_capitals(corpus):
    assert corpus.importance["feature"][0] == "good"
    assert corpus.ranked("occurring").set_index("feature")["count"]["good"] == 3
    np.testing.assert_allclose(corpus.measure("direction").values[[corpus.index_of("good"), corpus.index_of("bad")]],
                               [2.0, -1.0], atol=1e-6)
    np.testing.assert_allclose(corpus.measure("attributions").values[corpus.index_of("GOOD")], 8 / 6, atol=1e-6)


def test_texts_without_words_are_left_out_and_said(corpus):
    assert corpus.n_rows == 7 and corpus.rows.tolist() == [0, 1, 2, 3, 4, 6]
    assert "Texts that hold no word are left out: 1." in corpus.notes


def test_a_word_has_places_with_the_text_around_them(corpus):
    found = corpus.dependence("good")
    assert sorted(found["row"]) == [0, 1, 1, 6]
    second = found[(found["row"] == 1) & (found["word"] == "good")].iloc[0]
    assert second["before"] == "Good plot, " and second["after"] == " end"
    np.testing.assert_allclose(found["value"], 2.0, atol=1e-6)
    assert len(corpus.attributions) == corpus.corpus.values.shape[0] == 13


def test_a_cohort_of_texts_has_a_word(corpus):
    found = corpus.cohort(feature="bad", low=1)
    assert found.rows.tolist() == [2, 4] and found.to_frame()["feature"][0] == "good"


def test_a_text_is_explained_as_all_were(corpus):
    assert corpus.explain(1).method == "shapley" == corpus.method
    np.testing.assert_allclose(corpus.explain(1).values.sum(), 4.0, atol=1e-6)


def test_rare_words_stay_in_their_texts_and_out_of_the_list():
    found = gather([["Ab", "cd"], ["ab"]], [np.array([0, 3]), np.array([0])], [np.ones((2, 1)), np.ones((1, 1))],
                   [np.zeros((2, 1)), np.zeros((1, 1))], least=2)
    assert found.corpus.words == ("ab",) and found.corpus.word.tolist() == [0, -1, 0]
    assert found.values[:, 0, 0].tolist() == [1.0, 1.0] and found.counts[:, 0].tolist() == [1.0, 1.0]


def test_words_that_come_twice_add_up_and_so_do_their_variances():
    found = gather([["a", "a"]], [np.array([0, 2])], [np.array([[1.0], [2.0]])], [np.array([[3.0], [4.0]])], least=1)
    assert found.values[0, 0, 0] == 3.0 and found.std_error[0, 0, 0] == 5.0 and found.counts[0, 0] == 2.0


def test_groups_of_words_and_many_outputs_without_a_target_are_refused():
    with pytest.raises(InputError, match="granularity='sentence'"):
        overview(TextModel(score), TEXTS, groups=[["good", "bad"]])
    many = TextModel(lambda texts: np.ones((len(texts), 12)) / 12, output_names=[f"class {i}" for i in range(12)])
    with pytest.raises(InputError, match="say which one is meant"):
        overview(many, TEXTS)


def test_images_with_one_map_are_explained_by_its_segments():
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 255, (4, 4, 3)).astype(np.uint8) for _ in range(4)]
    segments = np.kron([[0, 1], [2, 3]], np.ones((2, 2), int))

    def brightness(batch):
        return np.asarray(batch, float)[:, :2, :2].mean((1, 2, 3))

    found = overview(ImageModel(brightness, segments=segments, hide="black"), images, progress=False)
    assert found.feature_names == tuple(f"segment {i}" for i in range(4)) and found.subject["width"] == 4
    np.testing.assert_allclose(found.values[:, 0], brightness(images), atol=1e-6)
    np.testing.assert_allclose(found.values[:, 1:], 0, atol=1e-6)
    with pytest.raises(InputError, match="a segment, which has no value"):
        found.dependence(0)
    with pytest.raises(InputError, match="share one map of segments"):
        overview(ImageModel(brightness), images)
