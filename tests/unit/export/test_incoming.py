"""Results that were found elsewhere: read as what they are, or refused with what is missing."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import limelight as ll

RNG = np.random.default_rng(0)
PICTURE = RNG.integers(0, 255, (20, 24, 3)).astype(np.uint8)


def only(explanation):
    """The values of an explanation of one output, by feature name."""
    return dict(zip(explanation.feature_names, explanation.values[:, 0].tolist(), strict=True))


def test_an_array_and_a_text_are_shown_word_by_word():
    found = ll.show([0.5, -0.25, 0.125], "not so bad!", output_names="good")
    assert only(found) == {"not": 0.5, "so": -0.25, "bad": 0.125}
    assert found.subject["kind"] == "text" and "".join(piece for piece, _ in found.subject["pieces"]) == "not so bad!"
    assert found.output_names == ("good",) and found.output_space == "value"
    assert found.neighborhood is None and found.n_evals == 0 and not found.exact
    assert np.isinf(found.std_error).all()


@pytest.mark.parametrize(("tokens", "text", "names"), [
    (["so", "good"], "so good", ["so", "good"]),
    (["un", "##believ", "##able", "film"], "unbelievable film", ["un", "believ", "able", "film"]),
    (["So", "Ġgood", "!"], "So good!", ["So", "good", "!"]),
    (["▁So", "▁good"], "So good", ["So", "good"]),
    (["so ", "good", "."], "so good.", ["so", "good", "."]),
    (["", "good", ""], "good", ["token 0", "good", "token 2"]),
])
def test_tokens_are_joined_as_they_say(tokens, text, names):
    found = ll.show(np.arange(len(tokens)) + 1.0, tokens)
    assert list(found.feature_names) == names
    assert "".join(piece for piece, _ in found.subject["pieces"]).strip() == text
    assert {piece: k for piece, k in found.subject["pieces"] if k >= 0} == {
        name: k for k, name in enumerate(names) if not name.startswith("token ")}


def test_outputs_come_last_and_the_predicted_one_is_shown():
    found = ll.show([[1, 2], [3, 4], [5, 6]], [0.1, 0.2, 0.3], base_values=[0, 0], prediction=[9, 12],
                    output_names=["a", "b"], feature_names=["x", "y", "z"])
    assert found.values.tolist() == [[1, 2], [3, 4], [5, 6]] and found.target == 1
    assert found.subject["kind"] == "table" and found.data == [0.1, 0.2, 0.3]
    assert found.quality["completeness_gap"] == 0
    assert ll.show([[1, 2]], [0.1, 0.2]).values.tolist() == [[1], [2]]
    assert ll.show([[1, 2], [3, 4]], target="output 1").target == 1


def test_a_data_frames_row_brings_its_names():
    import pandas

    row = pandas.DataFrame({"age": [30], "sex": ["f"]})
    for x in (row, row.iloc[0]):
        found = ll.show([1.0, 2.0], x)
        assert only(found) == {"age": 1, "sex": 2}
        assert [column["value"] for column in found.subject["columns"]] == [30, "f"]


def test_a_row_of_categories_with_names_of_its_own_is_no_text():
    assert ll.show([1, 2], ["f", "yes"], feature_names=["sex", "smoker"]).subject["kind"] == "table"
    assert ll.show([1, 2], ["f", "yes"]).subject["kind"] == "text"


def test_pixels_are_kept_and_summed_to_segments():
    values = RNG.normal(size=(20, 24))
    segments = np.arange(20)[:, None] // 10 * 2 + np.arange(24) // 12
    found = ll.show(values, PICTURE, segments=segments)
    assert found.values[:, 0] == pytest.approx([values[segments == i].sum() for i in range(4)])
    assert found.pixels == pytest.approx(values.astype(np.float32))
    assert ll.show(values, PICTURE).values.sum() == pytest.approx(values.sum())


@pytest.mark.parametrize("shape", [(20, 24, 3), (20, 24, 1), (20, 24, 3, 1)])
def test_channels_of_a_picture_are_summed(shape):
    values = RNG.normal(size=shape)
    expected = values.sum(2) if values.ndim == 3 else values.sum(2)[..., 0]
    assert ll.show(values, PICTURE).pixels == pytest.approx(expected.astype(np.float32))


def test_each_output_of_a_picture_has_pixels_of_its_own():
    values = RNG.normal(size=(20, 24, 3, 2))
    found = ll.show(values, PICTURE, target=1)
    assert found.pixels == pytest.approx(values.sum(2)[..., 1].astype(np.float32))
    estimates = found.view.widget.get_state()["answers"]["estimates"]
    assert [each["target"] for each in estimates] == [0, 1]
    assert len({each["pixels"] for each in estimates}) == 2


@pytest.mark.parametrize("low_high", [(0, 255), (0, 1), (-2.1, 2.6)])
def test_a_tensor_is_shown_as_a_picture_whatever_it_was_normalised_to(low_high):
    low, high = low_high
    x = torch.tensor(PICTURE / 255).permute(2, 0, 1)[None].float() * (high - low) + low
    found = ll.show(torch.ones(1, 3, 20, 24), x)
    assert (found.subject["width"], found.subject["height"]) == (24, 20)
    assert found.pixels == pytest.approx(np.full((20, 24), 3))


def test_attributions_of_embeddings_are_summed_to_tokens():
    attributions = torch.randn(1, 3, 16, requires_grad=True)
    found = ll.show((attributions,), ["so", "very", "good"])
    assert found.values[:, 0] == pytest.approx(attributions.detach().numpy().sum((0, 2)), abs=1e-5)
    assert found.params["adds_up"] is False and found.quality["completeness_gap"] is None


def ebm(scores, intercept, classes, names=("a", "b"), values=(1.5, "")):
    """What InterpretML's explain_local returns, by the documented structure of its data()."""
    local = [{"type": "univariate", "names": list(names), "values": list(values), "scores": each,
              "extra": {"names": ["Intercept"], "scores": [intercept], "values": [1]},
              "perf": {"is_classification": bool(classes)}, **({"meta": {"label_names": classes}} if classes else {})}
             for each in scores]
    return SimpleNamespace(explanation_type="local", data=lambda key: {"specific": local} if key == -1 else local[key])


def test_interpretml_tells_its_own_space_and_adds_up():
    found = ll.show(ebm([[0.5, -0.25], [1, 2]], -1.0, [0, 1]), row=1)
    assert found.output_space == "log-odds" and found.output_names == ("1",)
    assert found.prediction.tolist() == [2] and found.quality["completeness_gap"] == 0
    several = ll.show(ebm([[np.array([1, 2, 3]), np.array([0, 1, 0])]], np.array([0.0, 0.5, 0]), ["x", "y", "z"]))
    assert several.output_space == "logit" and several.prediction.tolist() == [1, 3.5, 3] and several.target == 1
    assert ll.show(ebm([[1, 2]], 0.5, [])).output_space == "value"


@pytest.mark.parametrize(("arguments", "options", "said"), [
    (("a sentence",), {}, "show needs a shap.Explanation.*str came"),
    ((3.0,), {}, "one number came"),
    ((None,), {}, "None came"),
    ((np.array([]),), {}, r"empty array of shape \(0,\)"),
    ((np.array([1 + 2j, 3]),), {}, "complex ones came: give their .real"),
    ((torch.ones(3, dtype=torch.complex64),), {}, "complex ones came"),
    ((np.ones((2, 3)), [1.0, 2.0, 3.0]), {}, r"outputs come last, and np.stack\(values, -1\)"),
    (([np.ones(3), np.ones(3)], [1.0, 2.0, 3.0]), {}, r"a list of 2 arrays.*np.stack\(values, -1\)"),
    (([np.ones(3), np.ones(3)],), {}, "a list of 2 arrays"),
    ((np.ones((20, 24)), PICTURE.transpose(2, 0, 1)), {}, r"x.transpose\(1, 2, 0\)"),
    ((np.ones((3, 20, 24)), PICTURE), {}, r"values.transpose\(1, 2, 0\)"),
    (([1, 2, 3], "two words"), {}, "2 words, and there are 3 attributions: give x as the list of the 3 tokens"),
    (([1, 2, 3], [1.0, 2.0]), {}, r"shape \(3,\) and an input of shape \(2,\)"),
    (([1, 2], [1.0, 2.0]), {"feature_names": ["a"]}, "of length 1, and 2 attributions came"),
    (([1, 2],), {"output_names": ["a", "b"]}, "of length 2, and the attributions are of 1 output"),
    (([1, 2],), {"output_space": "odds"}, "'odds' is not known: there are probability"),
    (([1, 2],), {"base_values": [1, 2]}, "base_values should hold 1 numbers.*2 came"),
    (([1, np.nan],), {}, "NaN"),
    (([1, 2],), {"row": 0}, "leave it out"),
    ((np.ones((1, 4, 8, 8)),), {}, "give the picture as x"),
    ((np.ones(4), PICTURE), {}, "give segments="),
    ((np.ones(4), PICTURE), {"segments": np.full((20, 24), 4)}, "from 0 to 3"),
    ((torch.ones(1, 3, 7, 7), PICTURE), {}, "interpolate them to the input's size"),
    ((torch.ones(2, 3, 20, 24), PICTURE), {}, r"attributions\[:1\]"),
    ((ebm([[1, 2], [3, 4]], 0.0, [0, 1]),), {}, "holds 2 rows.*row="),
    ((SimpleNamespace(explanation_type="global", data=len),), {}, "explain_local.*or .* to ll.overview"),
], ids=range(26))
def test_what_is_unclear_is_refused_with_what_to_do(arguments, options, said):
    with pytest.raises(ll.InputError, match=said):
        ll.show(*arguments, **options)


def test_what_is_ours_already_comes_back():
    found = ll.show([0.5, -0.25], "so good")
    assert ll.show(found) is found
    assert ll.show(found.view).values.tolist() == found.values.tolist()
    with pytest.raises(ll.InputError, match="limelight's own"):
        ll.show(found, target=0)


def test_attributions_in_a_series_or_a_data_frame_keep_their_names():
    import pandas

    series = pandas.Series([1.0, 2.0], index=["age", "sex"])
    assert only(ll.show(series)) == only(ll.show(series.to_frame().T)) == {"age": 1, "sex": 2}
    both = ll.show(pandas.DataFrame({"no": series, "yes": -series}), [30, 1])
    assert both.feature_names == ("age", "sex") and both.output_names == ("no", "yes")
    assert ll.show(series.reset_index(drop=True)).feature_names == ("feature 0", "feature 1")
    assert ll.show(series, [30, 1], feature_names=["a", "b"]).feature_names == ("a", "b")


def test_tokens_that_hold_their_names_give_them_back():
    found = ll.show([1.0, 2.0], ["(So, ", "good!"], feature_names=["So", "good"])
    assert only(found) == {"So": 1, "good": 2} and found.subject["kind"] == "text"
    assert found.subject["pieces"] == [["(", -1], ["So", 0], [", ", -1], ["good", 1], ["!", -1]]


def test_its_view_is_over_and_says_where_it_came_from():
    found = ll.show([0.5, -0.25], "so good", output_names="good", method="Their method")
    state = found.view.widget.get_state()
    assert state["status"]["state"] == "done" and state["subject"]["source"] == "an array"
    assert [method["label"] for method in state["answers"]["methods"]] == ["Their method"]
    assert state["outputs"]["prediction"] == [None]
    json.dumps({**state["outputs"], **state["status"], **state["settings"]}, allow_nan=False)
    assert "no model" in state["subject"]["notes"][0]
    assert repr(found).startswith("good (value), Their method, from an array")
    bundle, _ = found._repr_mimebundle_()
    assert {"image/svg+xml", "text/plain", "application/vnd.jupyter.widget-view+json"} <= set(bundle)


def test_nothing_can_be_asked_of_it():
    view = ll.show([0.5, -0.25], "so good").view
    with pytest.raises(ll.InputError, match="no model behind"):
        view.resume(100)
    assert view.done and view.wait().explanation.values.tolist() == [[0.5], [-0.25]]
    with pytest.raises(ll.InputError, match="no model behind"):
        view.widget.run.probe({"absent": [0]})
    with pytest.raises(ll.InputError, match="refit needs a neighborhood"):
        view.explanation.refit(method="shapley")


def test_another_output_is_turned_to_without_a_model():
    view = ll.show([[1, 2], [3, 4]], "so good").view
    view.widget.settings = {**view.widget.settings, "target": 1}
    assert view.explanation.target == 1 and view.explanation.as_list() == [("good", 4.0), ("so", 2.0)]
