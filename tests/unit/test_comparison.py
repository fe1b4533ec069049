"""Explanations side by side: what they are called, what they share, and what may not share a scale."""

import numpy as np
import pytest

import limelight as ll

WEIGHTS = {"good": 2.0, "slow": -1.0, "dull": -0.5, "never": 1.5}


def shown(found, x=None, **options):
    return ll.show(np.array(found, float), x, **{"base_values": 0.0, "prediction": float(np.sum(found)),
                                                 "output_space": "probability", **options})


def sentiment(texts):
    score = np.array([sum(WEIGHTS.get(word, 0.0) for word in text.split()) for text in texts])
    return np.column_stack([1 / (1 + np.exp(score)), 1 / (1 + np.exp(-score))])


@pytest.fixture(scope="module")
def text():
    model = ll.text_model(sentiment, output_names=["bad", "good"])
    return ll.explain(model, "never dull and so good but slow", progress=False)


def test_methods_share_one_scale_and_its_table_has_a_row_a_pair(text):
    found = ll.compare(text, text.refit(method="shapley"), text.refit(method="occlusion"))
    assert found.names == ("LIME", "Shapley", "Occlusion")
    assert found.shared_scale and len(set(found.scales)) == 1
    assert found.scales[0] == max(np.abs(each.values[:, each.target]).max() for each in found.explanations)
    assert found.agreement[["first", "second"]].values.tolist() == [
        ["LIME", "Shapley"], ["LIME", "Occlusion"], ["Shapley", "Occlusion"]]
    assert (found.agreement["rank"] > 0.7).all() and found.disagreements == ()
    assert found.to_frame().loc["good"].tolist() == [column.values[4] for column in found.columns]


def test_two_outputs_that_are_each_others_complement_differ_in_every_sign(text):
    found = ll.compare(text, text.refit(target="bad"))
    assert found.names == ("good", "bad") and not found.one_output
    assert found.agreement["rank"][0] == pytest.approx(1)
    assert set(found.disagreements) >= {"good", "never", "slow"}
    assert found.disagreements[0] == "good"
    assert "signs differ on good" in repr(found)


def test_different_spaces_are_refused_by_name(text):
    other = shown([1, 2, 3], output_space="log-odds", method="EBM")
    table = shown([1, 2, 3])
    with pytest.raises(ll.InputError, match=r"given explains a probability, EBM explains a log-odds.*output="):
        ll.compare(table, other)


def test_values_that_are_no_shares_of_the_output_have_scales_of_their_own():
    shares = shown([0.3, -0.2, 0.1])
    slopes = shown([300, 200, 100], prediction=None, method="Saliency")
    found = ll.compare(shares, slopes)
    assert not found.shared_scale and found.scales == [0.3, 300]
    assert found.disagreements == ("feature 1",)
    assert "a scale of its own: Saliency, up to 300: its values don't add up" in repr(found)


def test_columns_that_add_up_share_a_scale_whatever_another_has():
    found = ll.compare(shown([0.3, -0.2], method="A"), shown([0.1, 0.6], method="B"),
                       shown([0.02, 0.04], prediction=None, method="Saliency"))
    assert found.own_scale == (False, False, True) and found.scales == [0.6, 0.6, 0.04]


def test_values_without_a_sign_disagree_with_none():
    sizes = shown([0.3, 0.2, 0.1], method="Saliency")
    object.__setattr__(sizes, "params", {**sizes.params, "signed": False})
    shares = [shown([0.3, sign * 0.2, 0.1], method=name) for name, sign in (("A", -1), ("B", 1))]
    assert ll.compare(sizes, shares[0]).disagreements == ()
    assert ll.compare(sizes, *shares).disagreements == ("feature 1",)
    assert "  0.3000  " in repr(ll.compare(sizes, *shares))


@pytest.mark.parametrize(("scale", "written"), [(1, "+0.3000"), (1e-5, "+0.00000300"), (1e-7, "+3.00e-08"),
                                                (1e12, "+3.00e+11")])
def test_small_and_large_values_are_written_so_that_they_can_be_read(scale, written):
    one, other = (shown(scale * np.array([0.3, -0.2, 0.1]), method=name) for name in "AB")
    assert repr(ll.compare(one, other)).count(written) == 2 and repr(one).count(written) == 1


def test_few_words_in_common_are_counted_and_not_ranked():
    one, other = shown([3, 2, 1, 4], "a fine old film"), shown([1, 2, 3, 4], "fine and new film")
    found = ll.compare(one, other)
    assert found.agreement.loc[0, ["common", "of"]].tolist() == [2, 4] and np.isnan(found.agreement["rank"][0])
    assert "words in common 2 of 4" in repr(found) and "rank" not in repr(found)
    with_third = repr(ll.compare(one, other, one))
    assert "rank agreement too few · 1.00 · too few" in with_third


def test_inputs_name_columns_that_nothing_else_tells_apart():
    texts = [shown([1, 2], "fine film"), shown([2, 1], "dull film")]
    assert ll.compare(*texts).names == ("fine film", "dull film")
    rows = [shown([1, 2], [1.5, 2.5]), shown([1, 2], [3.5, 4.5]), shown([1, 2], [1.5, 2.5], method="other")]
    assert ll.compare(*rows[:2]).names == ("row 1", "row 2")
    assert ll.compare(*rows).names == ("given, row 1", "given, row 2", "other, row 1")
    pictures = [shown([1], np.full((4, 4, 3), shade, np.uint8), segments=np.zeros((4, 4), int)) for shade in (9, 99)]
    assert ll.compare(*pictures).names == ("picture 1", "picture 2")


def test_columns_are_called_by_what_they_differ_in(text):
    models = [ll.text_model(function, output_names=["bad", "good"]) for function in (sentiment, lambda t: sentiment(t))]
    other = [ll.explain(model, "never dull and so good", progress=False) for model in models]
    assert ll.compare(*other).names == ("sentiment", "function")
    assert ll.compare(text, text).names == ("LIME (1)", "LIME (2)")
    assert ll.compare(text, text.refit(method="shapley", target="bad")).names == ("LIME, good", "Shapley, bad")
    assert ll.compare(text, text, names=["before", "after"]).names == ("before", "after")


def test_two_inputs_are_held_together_by_their_words(text):
    model = ll.text_model(sentiment, output_names=["bad", "good"])
    other = ll.explain(model, "slow and slow but so good", progress=False)
    found = ll.compare(text, other)
    assert found.agreement["common"][0] == 5  # and, so, good, but, slow: the second slow is a word of its own
    frame = found.to_frame()
    assert np.isnan(frame.loc["never"].iloc[1]) and len(frame) == 8


def test_segments_of_different_maps_have_nothing_in_common():
    picture = np.random.default_rng(0).integers(0, 255, (8, 8, 3)).astype(np.uint8)
    halves = [np.repeat([[0, 1]], 8, 0).repeat(4, 1), np.repeat([[0], [1]], 4, 0).repeat(8, 1)]
    one, other = (shown([1, -1], picture, segments=each) for each in halves)
    assert ll.compare(one, other).agreement["common"].tolist() == [0]
    assert ll.compare(one, one).agreement["common"].tolist() == [2]
    assert "no feature in common" in repr(ll.compare(one, other))


@pytest.mark.parametrize(("arguments", "said"), [
    (lambda e: [e], "two explanations or more, and 1 came"),
    (lambda e: [e, 3], "int came"),
    (lambda e: [e, shown([1, 2])], "inputs of one kind.*text, table"),
])
def test_what_can_t_be_compared_is_refused(text, arguments, said):
    with pytest.raises(ll.InputError, match=said):
        ll.compare(*arguments(text))


@pytest.mark.parametrize(("names", "said"), [
    (["only"], "of length 1, and there are 2 explanations"),
    (["a", "a"], "'a' more than once"),
    ("ab", "'ab' is one text: give a list of 2 names"),
])
def test_names_are_one_a_column(text, names, said):
    with pytest.raises(ll.InputError, match=said):
        ll.compare(text, text, names=names)
