"""Rows whose absent features come from the background, against closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from limelight.errors import InputError
from limelight.maskers.tabular import TabularMasker
from limelight.models.tabular import TabularModel

torch.set_num_threads(1)
RNG = np.random.default_rng(0)
BACKGROUND = RNG.normal(size=(30, 4))
ROW = RNG.normal(size=4)
WEIGHTS = np.array([[1.0, -2.0], [0.5, 0.0], [0.0, 3.0], [-1.0, 1.0]])
ALL = (np.arange(16)[:, None] >> np.arange(4) & 1).astype(bool)


def linear(rows):
    return np.asarray(rows) @ WEIGHTS


def network():
    layer = torch.nn.Linear(4, 2, bias=False).double()
    layer.weight.data = torch.tensor(WEIGHTS.T.copy())
    return layer


MODELS = {
    "array": lambda: TabularModel(linear, BACKGROUND),
    "one type": lambda: TabularModel(linear, pd.DataFrame(BACKGROUND, columns=list("abcd"))),
    "several types": lambda: TabularModel(
        linear, pd.DataFrame(BACKGROUND, columns=list("abcd")).astype({"b": "float32"})
    ),
    "network": lambda: TabularModel(network(), BACKGROUND),
    "network, framed": lambda: TabularModel(network(), pd.DataFrame(BACKGROUND)),
}


@pytest.mark.parametrize("kind", MODELS)
def test_a_linear_model_answers_with_the_mean_of_the_background(kind):
    masker = TabularMasker(MODELS[kind](), ROW)
    expected = np.where(ALL, ROW, BACKGROUND.mean(0)) @ WEIGHTS
    np.testing.assert_allclose(masker(ALL, "logit"), expected, atol=1e-6)


@pytest.mark.parametrize("output", ["probability", "logit"])
def test_the_mean_is_taken_in_the_space_that_is_explained(output):
    masker = TabularMasker(TabularModel(network(), BACKGROUND), ROW)
    logits = np.where(ALL[:, None], ROW, BACKGROUND) @ WEIGHTS
    probabilities = np.exp(logits) / np.exp(logits).sum(2, keepdims=True)
    expected = (probabilities if output == "probability" else logits).mean(1)
    np.testing.assert_allclose(masker(ALL, output), expected, rtol=1e-10)


@given(blocks=st.integers(1, 20), rows=st.sampled_from([1, 2, 30]))
def test_blocks_make_no_difference(blocks, rows):
    model = TabularModel(linear, BACKGROUND[:rows])
    masker = TabularMasker(model, ROW)
    whole = masker(ALL, "logit")
    model.block = lambda: blocks
    np.testing.assert_allclose(masker(ALL, "logit"), whole, rtol=1e-12)


def test_double_background_rows_change_nothing():
    twice = TabularMasker(TabularModel(linear, np.repeat(BACKGROUND, 2, axis=0)), ROW)
    np.testing.assert_allclose(twice(ALL, "logit"), TabularMasker(MODELS["array"](), ROW)(ALL, "logit"))


def test_the_model_is_asked_a_background_of_rows_for_each_coalition():
    asked = []
    masker = TabularMasker(TabularModel(lambda rows: asked.append(len(rows)) or rows[:, 0], BACKGROUND), ROW)
    masker(ALL, "probability")
    assert sum(asked) == 16 * 30


@pytest.mark.parametrize(("width", "most"), [(8, 32_000), (100_000, 8_000)])
def test_a_micro_batch_holds_thousands_of_rows_and_fewer_of_a_large_network(width, most):
    layers = torch.nn.Sequential(torch.nn.Linear(4, width), torch.nn.ReLU(), torch.nn.Linear(width, 2))
    for rows in (1, 30, 100, 3000):
        model = TabularModel(layers.eval(), RNG.normal(size=(rows, 4)))
        assert most / 2 < TabularMasker(model, ROW).batch_size * min(rows, 100) <= most


def test_infinite_values_are_not_mixed_with_the_others():
    background = np.where(np.eye(4, dtype=bool)[[1]], np.inf, BACKGROUND)
    only_finite = type("Net", (torch.nn.Module,), {"forward": lambda self, x: x.isfinite().double().sum(1)})()
    masker = TabularMasker(TabularModel(only_finite, background), ROW)
    np.testing.assert_array_equal(masker(ALL, "logit")[:, 0], 3 + ALL[:, 1])


MIXED = pd.DataFrame({
    "number": [1.5, 2.5, 3.5], "whole": [1, 2, 3], "flag": [True, False, True], "city": ["Bern", "Rome", "Rome"],
    "size": pd.Categorical(["s", "m", "m"], categories=["s", "m", "l"]), "seen": pd.array([1, None, 3], dtype="Int64"),
})


def test_mixed_types_are_kept_column_by_column():
    seen = []
    masker = TabularMasker(TabularModel(lambda rows: seen.append(rows) or rows["number"].to_numpy(), MIXED),
                           {**MIXED.iloc[0], "size": "l", "city": "Bern"})
    coalitions = np.array([[False] * 6, [True] * 6, [False, False, True, True, True, False]])
    masker(coalitions, "probability")
    rows = pd.concat(seen, ignore_index=True)
    assert rows.dtypes.to_dict() == MIXED.dtypes.to_dict()
    pd.testing.assert_frame_equal(rows[:3], MIXED)
    assert rows[3:6].nunique().tolist() == [1] * 6
    assert rows.loc[6:, "city"].tolist() == ["Bern"] * 3
    assert rows.loc[6:, "size"].tolist() == ["l"] * 3
    assert rows.loc[6:, "whole"].tolist() == [1, 2, 3]


def test_a_fraction_widens_a_column_of_whole_numbers():
    masker = TabularMasker(
        TabularModel(lambda rows: rows["whole"].to_numpy(float), MIXED), {**MIXED.iloc[0], "whole": 1.5}
    )
    np.testing.assert_allclose(masker(np.array([[True] * 6, [False] * 6]), "probability"), [[1.5], [2]])


def test_edited_values_are_asked_about():
    masker = TabularMasker(TabularModel(linear, BACKGROUND), ROW)
    expected = np.array([ROW[0], 7.5, ROW[2], -1]) @ WEIGHTS
    np.testing.assert_allclose(masker.edited({1: "7.5", 3: -1}, "logit"), expected)
    np.testing.assert_allclose(masker.edited({}, "logit"), masker(ALL[-1:], "logit")[0])


@pytest.mark.parametrize(("changes", "message"), [
    ({1: "many"}, "'feature 1' should be a number; 'many' came"), ({4: 1}, "no feature 4"), ({-1: 1}, "no feature -1"),
    ({0: "nan"}, "'feature 0' is missing"),
])
def test_edits_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        TabularMasker(TabularModel(linear, BACKGROUND), ROW).edited(changes, "logit")


def test_the_view_gets_values_kinds_and_categories():
    model = TabularModel(len, MIXED)
    row = {"number": np.float32(0.1), "whole": 3, "flag": False, "city": "Rome", "size": "l", "seen": None}
    subject = TabularMasker(model, row).subject
    assert (subject["kind"], subject["model"], subject["hide"]) == ("table", "len", "background")
    assert subject["features"] == list(MIXED.columns)
    assert subject["notes"] == ["Absent features take their values from 3 background rows."]
    assert subject["columns"] == [
        {"value": 0.1, "kind": "number", "categories": None}, {"value": 3, "kind": "number", "categories": None},
        {"value": "False", "kind": "category", "categories": ["False", "True"]},
        {"value": "Rome", "kind": "category", "categories": ["Bern", "Rome"]},
        {"value": "l", "kind": "category", "categories": ["s", "m", "l"]},
        {"value": "nan", "kind": "number", "categories": None},
    ]
