"""Groups: hidden together, named, drawn, and refused where they make no sense."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import limelight as ll
from limelight.errors import InputError
from limelight.maskers.grouped import GroupedMasker, read_groups
from limelight.maskers.image import ImageMasker
from limelight.maskers.tabular import TabularMasker
from limelight.maskers.text import TextMasker
from limelight.models.image import ImageModel
from limelight.models.tabular import TabularModel
from limelight.models.text import TextModel

WEIGHTS = np.array([1.0, -2.0, 0.5, 4.0])
ROW = [1.0, 1.0, 1.0, 1.0]
TEXT = "This film is not good, is it? Not at all."


def table():
    return TabularModel(lambda rows: rows @ WEIGHTS, np.zeros((3, 4)), feature_names=["age", "sex", "bmi", "bp"])


def text(asked=None):
    def score(texts):
        if asked is not None:
            asked.extend(texts)
        return [0.5 + 0.1 * ("not good" in t) for t in texts]
    return TextModel(score)


def test_a_group_is_worth_what_its_members_are_together():
    found = ll.explain(table(), ROW, groups={"body": ["bmi", "bp"]}, progress=False)
    assert found.feature_names == ("age", "sex", "body")
    assert found.values[:, 0] == pytest.approx([1, -2, 4.5], abs=1e-9) and found.exact


@pytest.mark.parametrize("groups", [
    [["bmi", 3]], [[3, 2]], {"": [2, "bp"]}, [{2, 3}], {"": np.array([2, 3])}, [np.array(["bmi", "bp"])],
    [pd.Index(["bmi", "bp"])], {"": pd.Index([2, 3])}, {"": pd.Series(["bp", "bmi"])}], ids=str)
def test_members_are_names_or_indices(groups):
    masker = GroupedMasker(TabularMasker(table(), ROW), read_groups(groups))
    assert masker.feature_names == ("age", "sex", "bmi + bp")
    assert masker.owner.tolist() == [0, 1, 2, 2]
    assert masker.data == (1.0, 1.0, (1.0, 1.0))


@pytest.mark.parametrize("groups", [
    [["bmi", "bp"]], [{"bmi", "bp"}], np.array([["bmi", "bp"]]), [pd.Index(["bmi", "bp"])], {"bmi + bp": (2, 3)},
], ids=lambda groups: type(groups).__name__)
@pytest.mark.parametrize("many", [ll.explain_many, ll.overview], ids=lambda many: many.__name__)
def test_many_rows_have_groups_in_the_same_forms(many, groups):
    found = many(table(), np.arange(20.0).reshape(5, 4), groups=groups, progress=False)
    assert "bmi + bp" in (found.columns if many is ll.explain_many else found.feature_names)


@pytest.mark.parametrize("none", [None, [], {}, np.array([]), pd.Index([])], ids=lambda none: type(none).__name__)
def test_no_groups_come_in_many_forms(none):
    assert ll.explain(table(), ROW, groups=none, progress=False).feature_names == ("age", "sex", "bmi", "bp")


@pytest.mark.parametrize("groups", [5, "bmi", True, np.int64(2)], ids=repr)
@pytest.mark.parametrize("ask", [ll.explain, ll.explain_many, ll.overview], ids=lambda ask: ask.__name__)
def test_what_is_no_group_is_refused(ask, groups):
    with pytest.raises(InputError, match=r"groups=.* can't be used: give \{name: members\}"):
        ask(table(), ROW if ask is ll.explain else [ROW, ROW], groups=groups, progress=False)


def test_a_group_stands_where_its_first_member_stood():
    masker = GroupedMasker(TabularMasker(table(), ROW), {"ends": ["bp", "age"]})
    assert masker.feature_names == ("ends", "sex", "bmi")


def test_a_phrase_is_one_chip():
    masker = GroupedMasker(TextMasker(text(), TEXT), [["not good"], ["at all"]])
    assert masker.feature_names == ("This", "film", "is", "not good", "is", "it", "Not", "at all")
    pieces = masker.subject["pieces"]
    assert "".join(piece for piece, _ in pieces) == TEXT
    assert [piece for piece, feature in pieces if feature == 3] == ["not good"]


def test_a_word_stands_for_all_its_places():
    asked = []
    masker = GroupedMasker(TextMasker(text(asked), TEXT), {"being": ["is"]})
    i = masker.feature_names.index("being")
    coalition = np.ones((1, len(masker.feature_names)), bool)
    coalition[0, i] = False
    masker(coalition, "probability")
    assert asked == ["This film  not good,  it? Not at all."]
    assert [piece for piece, feature in masker.subject["pieces"] if feature == i] == ["is", "is"]


def test_segments_are_drawn_with_their_group():
    segments = np.repeat(np.repeat(np.arange(4).reshape(2, 2), 8, 0), 8, 1)
    picture = np.random.default_rng(0).integers(0, 255, (16, 16, 3), np.uint8)
    model = ImageModel(lambda batch: batch.reshape(len(batch), -1).mean(1), segments=segments)
    masker = GroupedMasker(ImageMasker(model, picture), {"top": [0, 1]})
    assert masker.feature_names == ("top", "segment 2", "segment 3")
    runs = np.frombuffer(masker.subject["segments"], "<u2").reshape(-1, 2)
    assert np.repeat(runs[:, 0], runs[:, 1]).reshape(16, 16).tolist() == np.array([0, 0, 1, 2])[segments].tolist()


def test_one_hot_columns_of_a_pipeline_are_one_feature():
    frame = pd.DataFrame({"color": ["red", "blue", "green"] * 10, "size": np.arange(30.0)})
    pipeline = make_pipeline(ColumnTransformer([("color", OneHotEncoder(), ["color"])], remainder="passthrough"),
                             LinearRegression()).fit(frame, np.arange(30.0) + 5 * (frame["color"] == "red"))
    found = ll.explain(ll.tabular_model(pipeline, frame), frame.iloc[0], progress=False)
    assert found.feature_names == ("color", "size") and found.exact
    assert found.values[0, 0] == pytest.approx(5 - 5 / 3)


def test_values_of_a_group_can_not_be_edited_and_those_of_others_can():
    masker = GroupedMasker(TabularMasker(table(), ROW), {"body": ["bmi", "bp"]})
    assert masker.edited({1: 0.0}, "probability") == pytest.approx([5.5])
    assert masker.subject["columns"][2] == {"value": "1.0, 1.0", "kind": "group", "categories": None}
    with pytest.raises(InputError, match="'body' is a group"):
        masker.edited({2: 0.0}, "probability")


@pytest.mark.parametrize(("groups", "message"), [
    ("age", "groups='age' can't be used: give"), (7, "groups=7"), ({"a": []}, "empty group"),
    ({"a": ["height"]}, "'height', which is no feature here: there is 'age'"), ([[4]], "names 4"),
    ([[-1]], "names -1"), ({"a": [0, 1], "b": ["sex"]}, r"'sex' is in 2 groups \(a, b\)")], ids=str)
def test_groups_that_make_no_sense_are_refused(groups, message):
    with pytest.raises(InputError, match=message):
        ll.explain(table(), ROW, groups=groups, progress=False)


def test_groups_and_the_quartile_law_do_not_go_together():
    with pytest.raises(InputError, match="leave out discretize"):
        ll.explain(table(), ROW, method="lime", discretize="quartile", groups=[[0, 1]], progress=False)


def test_groups_of_nothing_are_none():
    for groups in ({}, [], None):
        assert ll.explain(table(), ROW, groups=groups, progress=False).feature_names == ("age", "sex", "bmi", "bp")


@pytest.mark.parametrize(("groups", "message"), [
    (["age", "sex"], "joins nothing: each group has one member"), ({"age": ["sex", "bmi"]}, "be called 'age'"),
    ({"a": None}, "where members should be"), ({"a": slice(0, 2)}, "where members should be"),
    ({"a": np.array(["height"])}, "names 'height', which is no feature"), ({"a": pd.Index([])}, "empty group"),
    ({"a": np.float64(1.5)}, "holds 1.5 where members should be"), ({"a": np.array("age")}, "joins nothing")], ids=str)
def test_groups_that_users_get_wrong(groups, message):
    with pytest.raises(InputError, match=message):
        ll.explain(table(), ROW, groups=groups, progress=False)


def test_a_phrase_gives_its_name_and_shap_takes_groups():
    found = ll.explain(text(), "so not good and not good at all", groups=["not good"], progress=False)
    assert found.feature_names == ("so", "not good", "and", "at", "all")
    assert found.to_shap().data.tolist()[1] == "not good not good "
