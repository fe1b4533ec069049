"""The names that users may rely on."""

import pytest

import limelight as ll

NAMES = {"explain", "live", "methods", "compare", "show", "evaluate", "overview", "explain_many", "losses", "track",
         "save", "load", "options", "text_model", "image_model", "tabular_model", "Explanation", "LiveView",
         "LimelightError", "InputError", "ModelError"}


def test_the_public_names_are_these_and_load():
    assert set(ll.__all__) == set(dir(ll)) == NAMES
    assert all(getattr(ll, name) is not None for name in NAMES)


def test_an_unknown_name_says_what_there_is():
    with pytest.raises(AttributeError, match=r"'expain': there are .* explain"):
        ll.expain  # noqa: B018
