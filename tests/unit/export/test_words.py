"""What pictures, figures and tables say, in either language."""

import re
import string
from pathlib import Path

import pytest
from explained import one

import limelight as ll
from limelight.export import words
from limelight.export.fonts import Letters
from limelight.export.picture import picture


@pytest.fixture
def chinese():
    ll.options.language = "zh"
    yield
    ll.options.language = "auto"


@pytest.mark.parametrize("table", [words.WORDS, words.PICTURED])
def test_both_languages_have_the_same_sentences_with_the_same_fields(table):
    assert table["en"].keys() == table["zh"].keys()
    for what, english in table["en"].items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (
            english, table["zh"][what])]
        assert fields[0] == fields[1], what


def test_methods_are_called_as_in_the_views():
    views = (Path(__file__).parents[3] / "js/lib/words/zh.js").read_text()
    for name in ("Occlusion", "Saliency", "Input x gradient", "Int. gradients", "Permutation Shapley"):
        assert re.search(f'"?{re.escape(name)}"?: "{re.escape(words.LABELS["zh"][name])}"', views), name


def visible(svg):
    return re.sub("<[^>]*>", " ", svg)


def test_a_picture_and_a_terminal_speak_chinese_where_it_was_chosen(chinese):
    found = one("text, lime")
    said, printed = visible(picture(found)), repr(found)
    assert "提高" in said and "概率" in said and f"评估 {found.n_evals:,} 次" in said
    assert "raises" not in said and "evaluations" not in said + printed and "95% 区间" in printed


def test_a_figure_speaks_chinese_where_it_was_chosen(chinese):
    texts = [text.get_text() for text in one("text, lime").plot().findobj(lambda artist: hasattr(artist, "get_text"))]
    raises = Letters(["提高"])("提高")  # boxes, where no font has them
    assert any(raises in text for text in texts) and not any("raises" in text for text in texts)


def test_english_is_said_otherwise():
    assert "raises the probability of" in visible(picture(one("text, lime")))
