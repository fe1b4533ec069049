from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from limelight.maskers.words import needs_space, sentences, words


def cut(text, find=words):
    return [text[start:stop] for start, stop in find(text)]


@pytest.mark.parametrize("text, found", [
    ("I don't think it's state-of-the-art.", ["I", "don't", "think", "it's", "state-of-the-art"]),
    ("rock’n’roll, 'tis --flag snake_case", ["rock’n’roll", "tis", "flag", "snake_case"]),
    ("1,000.5 or 3.14, in 2023.", ["1,000.5", "or", "3.14", "in", "2023"]),
    ("我爱北京2023年 iPhone手机。", ["我", "爱", "北", "京", "2023", "年", "iPhone", "手", "机"]),
    ("らーめんとラーメン、人々", ["らー", "め", "ん", "と", "ラーメン", "人", "々"]),
    ("สวัสดี เก่า ๒๕๖๗", ["ส", "วั", "ส", "ดี", "เก่า", "๒๕๖๗"]),
    ("မြန်မာ", ["မြ", "န်", "မာ"]),
    ("ខ្មែរ", ["ខ្មែ", "រ"]),
    ("ລາວ", ["ລາ", "ວ"]),
    ("한국어 문장입니다", ["한국어", "문장입니다"]),
    ("שלום עולם צה״ל", ["שלום", "עולם", "צה״ל"]),
    ("مرحبا بالعالم می‌خواهم", ["مرحبا", "بالعالم", "می‌خواهم"]),
    ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
    ("cafe\u0301s e\u0301te\u0301", ["cafe\u0301s", "e\u0301te\u0301"]),
    ("I❤️it👩‍👩‍👧‍👦😀🇫🇷🇩🇪1️⃣👍🏽", ["I", "❤️", "it", "👩‍👩‍👧‍👦", "😀", "🇫🇷", "🇩🇪", "1️⃣", "👍🏽"]),
    ("</script><img onerror=alert(1)>", ["script", "img", "onerror", "alert", "1"]),
    ("!!! © € -- ...", []),
    ("", []),
])
def test_words_of_many_scripts(text, found):
    assert cut(text) == found


@pytest.mark.parametrize("text, found", [
    ("Dr. Smith went home. He slept!", ["Dr. Smith went home.", "He slept!"]),
    ('"Really?" she said. It cost 3.50... e.g. this.', ['"Really?" she said.', "It cost 3.50... e.g. this."]),
    ("今天很好。我们去吧！好吗？", ["今天很好。", "我们去吧！", "好吗？"]),
    ("One line\n\n two lines", ["One line", "two lines"]),
    ("One! !!! Two.", ["One!", "Two."]),
    ("J. R. Tolkien wrote", ["J. R. Tolkien wrote"]),
    ("  !!! ", []),
])
def test_sentences(text, found):
    assert cut(text, sentences) == found


@pytest.mark.parametrize("left, right, needed", [
    ("a", "b", True), ("e\u0301", "1", True), ("א", "ב", True), ("한", "국", True),
    ("a", "中", False), ("中", "国", False), ("ก", "ข", False), ("ก่", "ข", False),
    ("a", "!", False), (" ", "b", False), ("", "b", False), ("😀", "b", False),
])
def test_a_space_parts_only_letters_of_spaced_scripts(left, right, needed):
    assert needs_space(left, right) is needed


@given(st.text(st.sampled_from("ab1é中のカーกา่កខ្မ一😀👍🏽\u200d\u0301\ufe0f🇫🇷 .,'-!\n؟ש\u064b"), max_size=30))
def test_features_never_overlap_and_never_part_a_mark(text):
    for find in (words, sentences):
        spans = find(text)
        assert all(start < stop for start, stop in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for _, stop in words(text):
        assert not regex.match(r"\p{M}", text[stop : stop + 1])
