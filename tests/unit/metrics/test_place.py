"""Localisation where it is known what should matter: planted columns, trigger words, a picture's object."""

import numpy as np
import pytest

import limelight as ll
from limelight import InputError
from limelight.evaluation import evaluate
from limelight.metrics import METRICS, names_of
from limelight.metrics.truth import truth_of

LOCALISATION = [name for name, metric in METRICS.items() if metric.needs == "truth"]


@pytest.fixture(scope="module")
def planted():
    """The product of three columns of nine, explained."""
    rows = np.random.default_rng(0).normal(size=(40, 9))
    model = ll.tabular_model(lambda given: np.asarray(given)[:, :3].prod(1) + np.asarray(given)[:, 1], rows[:30])
    return ll.explain(model, rows[33], method="shapley", progress=False)


@pytest.fixture(scope="module")
def pictured():
    """The brightness of the left half of a picture in four quadrants."""
    pixels = np.random.default_rng(0).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    quadrants = np.arange(20)[:, None] // 10 * 2 + np.arange(20) // 10
    model = ll.image_model(lambda batch: batch[:, :, :10].reshape(len(batch), -1).mean(1) / 255, segments=quadrants,
                           hide="black")
    return ll.explain(model, pixels, progress=False)


def test_planted_columns_have_all_of_the_mass_and_noise_has_none(planted):
    found = evaluate(planted, LOCALISATION, truth=[0, 1, 2])
    assert found.value.tolist() == pytest.approx([1] * 5)
    assert found.random.tolist() == pytest.approx([1 / 3] * 4 + [1 / 2])
    assert found.informative.all() and found.n_evals.sum() == 0


def test_it_is_measured_where_the_truth_is_known_and_only_there(planted):
    assert set(LOCALISATION) <= set(evaluate(planted, truth=[0, 1, 2]).index)
    assert not set(LOCALISATION) & set(evaluate(planted).index) and not set(LOCALISATION) & set(names_of("all"))
    with pytest.raises(InputError, match="truth="):
        evaluate(planted, "auroc")


def test_a_mask_of_pixels_stands_for_the_segments_that_it_holds(pictured):
    mask = np.zeros((20, 20), bool)
    mask[:, :11] = True  # a tenth of the right half, which is not held
    found = evaluate(pictured, LOCALISATION, truth=mask)
    assert truth_of(pictured, mask).tolist() == [True, False, True, False]
    assert found.value.tolist() == pytest.approx([1] * 5)


def test_a_word_stands_for_all_its_places():
    explanation = ll.explain(ll.text_model(lambda texts: [text.count("bad") for text in texts]),
                             "a bad day and a bad night", progress=False)
    assert truth_of(explanation, ["bad"]).tolist() == [False, True, False, False, False, True, False]


@pytest.mark.parametrize(("truth", "message"), [
    (["nine"], "names 'nine', which is no feature: give names among"),
    ([9], "indices from 0 to 8"),
    ("feature 0", "give a list of features"),
    (5, "give a list of features"),
    ([], "none of the 9 features"),
    (list(range(9)), "all of the 9 features"),
    (np.ones(4, bool), r"shape \(4,\): \(9,\) was expected"),
    ([0, 1, 0], "an index more than once"),
    (np.full((3, 3), 255), "other numbers than 0 and 1"),
])
def test_what_can_not_be_the_truth_says_why(planted, truth, message):
    with pytest.raises(InputError, match=message):
        evaluate(planted, truth=truth)


def test_a_mask_of_another_size_says_which_one_was_expected(pictured):
    with pytest.raises(InputError, match=r"\(4,\), or \(20, 20\) for its pixels"):
        evaluate(pictured, truth=np.ones((10, 10), bool))


def test_a_list_of_bools_is_one_a_feature(planted):
    assert truth_of(planted, [True] * 3 + [False] * 6).tolist() == [True] * 3 + [False] * 6


def test_zeros_and_ones_are_a_mask_and_no_indices(planted, pictured):
    mask = np.array([0, 0, 1, 0, 0, 0, 0, 1, 0])
    assert truth_of(planted, mask).tolist() == truth_of(planted, mask.tolist()).tolist() == mask.astype(bool).tolist()
    assert truth_of(planted, np.arange(8, -1, -2)).tolist() == [True, False] * 4 + [True]
    pixels = np.zeros((20, 20), np.uint8)
    pixels[:, :10] = 1
    assert truth_of(pictured, pixels).tolist() == [True, False, True, False]
