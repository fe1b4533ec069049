"""Lines of words: in every script, and from either side."""

import pytest

from limelight.export.lines import laid_out, runs_from_right
from limelight.export.measure import cells, fitted, padded, pixels, printable, shortened


def lines_of(text, room, most=20):
    """What stands in each line, from left to right; every letter is one wide, and every word is a feature."""
    words = text.split(" ")
    pieces = [piece for i, word in enumerate(words) for piece in ((" ", -1), (word, i))][1:]
    placed, left_out = laid_out(pieces, len, room, most)
    found = {}
    for each in sorted(placed, key=lambda each: (each.line, each.x)):
        found[each.line] = found.get(each.line, "") + each.text
    return [line.strip() for line in found.values()], left_out


def test_lines_end_at_spaces():
    assert lines_of("one two three four", 9) == (["one two", "three", "four"], 0)


def test_a_word_that_is_longer_than_a_line_is_cut():
    assert lines_of("a incomprehensibilities b", 10)[0] == ["a", "incomprehe", "nsibilitie", "s b"]


def test_punctuation_stays_with_its_word():
    placed, _ = laid_out([("so", 0), (" ", -1), ("lovely", 1), (".", -1)], len, 9, 5)
    assert [(each.text, each.line) for each in placed if each.text != " "] == [("so", 0), ("lovely", 1), (".", 1)]


def test_lines_of_east_asia_end_between_letters_and_not_before_a_full_stop():
    placed, _ = laid_out([(letter, i) for i, letter in enumerate("这部电影很好看。")], len, 7, 5)
    assert ["".join(each.text for each in placed if each.line == line) for line in (0, 1)] == ["这部电影很好", "看。"]


def test_what_does_not_fit_is_counted():
    assert lines_of("one two three four", 5, most=2) == (["one", "two"], 2)


def test_lines_end_where_the_text_says_so():
    placed, _ = laid_out([("one", 0), ("\n\n", -1), ("two", 1)], len, 20, 5)
    assert [each.line for each in placed] == [0, 1]


@pytest.mark.parametrize(("text", "seen"), [
    ("אחת שתיים שלוש", "שלוש שתיים אחת"),
    ("אחת two three שלוש", "שלוש two three אחת"),
    ("one שתיים שלוש four", "one שלוש שתיים four"),
])
def test_words_that_run_from_the_right_stand_so(text, seen):
    assert lines_of(text, 40)[0] == [seen]


def test_a_text_from_the_right_begins_at_the_right():
    placed, _ = laid_out([("אחת", 0), (" ", -1), ("שתיים", 1)], len, 20, 5)
    assert {each.text: each.x for each in placed}["אחת"] == 17
    assert runs_from_right("12 مرحبا") and not runs_from_right("12") and not runs_from_right("abc مرحبا")


def test_widths_are_helveticas():
    assert pixels("Will", 1000) == 944 + 222 * 3
    assert pixels("字", 12) == 12 and pixels("e\u0301", 12) == pixels("e", 12)
    assert cells("字a\u0301") == 3


def test_what_is_cut_fits():
    assert fitted("a name that goes on", 60).endswith("…") and pixels(fitted("a name that goes on", 60)) <= 60
    assert shortened("price of it", 14, " = 0.1049") == "pric… = 0.1049" and shortened("a", 12, " = 0.1") == "a = 0.1"
    assert shortened("a", 9, " = Winterthur") == "a = Wint…" and shortened("a name", 9, " = Zug city") == "a… = Zu…"
    assert shortened("价格价格", 5) == "价格…" and shortened("short", 5) == "short"
    assert padded("价", 4) == "价  "


def test_controls_are_left_out_and_breaks_are_spaces():
    assert printable("a\nb\tc\x00\x1b[31m\ud800\uffff") == "a b c[31m"
