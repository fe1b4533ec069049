"""The numbers beside an explanation, and why one is missing."""

import pytest

from limelight import InputError, explain, text_model

TEXT = "one two three four five six seven eight"


def quality(score, **keywords):
    return explain(text_model(lambda texts: [score(text) for text in texts]), TEXT, progress=False, **keywords).quality


@pytest.mark.parametrize(("score", "keywords", "reason"), [
    (lambda text: 0.5, {}, "does not change"),
    (len, {"n_samples": 20}, "fewer than ten pairs"),
    (lambda text: text == TEXT, {"method": "occlusion"}, "too few coalitions"),
    (len, {"method": "occlusion", "n_samples": 12}, "too few coalitions"),
])
def test_no_fidelity_without_its_reason(score, keywords, reason):
    found = quality(score, **keywords)
    assert found["fidelity"] is None and reason in found.reason("fidelity")


def test_what_is_known_needs_no_reason():
    found = quality(len)
    assert found["fidelity"] == pytest.approx(1) and found.reason("fidelity") == ""


def test_a_reading_leaves_nothing_of_the_one_before():
    found = explain(text_model(lambda texts: [len(text) for text in texts]), TEXT, progress=False)
    assert "intercept" in found.params and "intercept" not in found.refit("shapley").params
    assert "intercept" in found.refit("shapley").refit("lime").params


@pytest.mark.parametrize("count", [2, 1_000, "20", 20.0])
def test_only_so_many_rows_as_there_are_can_be_read(count):
    found = explain(text_model(lambda texts: [len(text) for text in texts]), TEXT, progress=False)
    with pytest.raises(InputError, match=r"whole number from 10, .* to 256, which this explanation holds"):
        found.refit(n_samples=count)
