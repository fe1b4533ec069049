import pytest

import limelight as ll
from limelight.errors import InputError
from limelight.preferences import Options


def test_options_start_as_hosts_say():
    options = Options()
    assert (options.language, options.theme, options.picture, options.display) == ("auto", "auto", True, "widget")
    assert options.look == {"language": "auto", "theme": "auto"}


def test_the_environment_chooses_pages(monkeypatch):
    monkeypatch.setenv("LIMELIGHT_DISPLAY", "page")
    assert Options().display == "page"


def test_an_environment_that_can_not_be_used_is_named(monkeypatch):
    monkeypatch.setenv("LIMELIGHT_DISPLAY", "html")
    with pytest.raises(InputError, match="variable LIMELIGHT_DISPLAY='html' can't be used"):
        Options()


def test_an_option_can_not_be_deleted():
    options = Options()
    with pytest.raises(InputError, match="set it to 'auto'"):
        del options.theme
    assert options.theme == "auto"


@pytest.mark.parametrize(("name", "value"), [("language", "fr"), ("theme", None), ("picture", 1), ("display", ["page"]),
                                             ("langauge", "en")])
def test_what_is_no_option_is_refused_and_changes_nothing(name, value):
    options = Options()
    before = repr(options)
    with pytest.raises(InputError, match=f"options.{name}"):
        setattr(options, name, value)
    assert repr(options) == before


def test_the_public_options_are_one_object():
    assert isinstance(ll.options, Options)
