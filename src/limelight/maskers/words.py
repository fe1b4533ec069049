r"""Where the words and sentences of a text are, in any script.

A word is letters and digits with what joins them inside (don't, COVID-19,
1,000.5). Scripts written without spaces fall apart further: Chinese and
Hiragana into characters, Thai, Lao, Khmer and Burmese into clusters of a
consonant and its marks, which is as far as one gets without a dictionary;
runs of Katakana stay together. An emoji is a word, whatever it is made of.
Punctuation, other symbols and spaces are none, and no combining mark is ever
parted from its letter.
"""

from __future__ import annotations

from functools import cache
from typing import Any

Span = tuple[int, int]
"""Start and end in the text, in characters."""

_CLUSTERED = (r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Javanese}"
              r"\p{Tai_Le}\p{New_Tai_Lue}\p{Tai_Tham}\p{Tai_Viet}")
_UNSPACED = rf"\p{{Han}}\p{{Hiragana}}\p{{Katakana}}ー[{_CLUSTERED}--\p{{Nd}}]"
_LETTER = rf"[\p{{L}}\p{{N}}--[{_UNSPACED}]]"
_MARKS = r"[\p{M}\u200c\u200d\u00ad]*"

_EMOJI = (r"(?=[\p{Extended_Pictographic}--[©®™‼⁉〰〽㊗㊙]]|\p{Regional_Indicator}|[0-9\#*]\ufe0f?\u20e3"
          r"|[©®™‼⁉〰〽㊗㊙]\ufe0f)\X")
_CHARACTER = r"[[\p{Han}\p{Hiragana}]&&[\p{L}\p{N}]][\p{M}ー]*"
_KATAKANA = r"[\p{Katakana}&&\p{L}][[\p{Katakana}&&\p{L}]\p{M}ーﾞﾟ]*"
# Vowels written apart from their consonant belong to it, and so do consonants stacked below another.
_CLUSTER = (rf"(?=[[{_CLUSTERED}]&&\p{{L}}])(?:[\u0e40-\u0e44\u0ec0-\u0ec4](?=\p{{L}}))*"
            r"\X(?:(?<=[\u17d2\u1039])\X|[\p{M}\u0e2f\u0e30\u0e32\u0e45\u0e46\u0eb0\u0eb2\u0ec6])*")
_JOINT = r"(?:['’‘＇‐‑_·׳״\-]|(?<=\p{N})[.,٫٬](?=\p{N}))"
_WORD = rf"{_LETTER}{_MARKS}(?:{_JOINT}?{_LETTER}{_MARKS})*"

_ABBREVIATION = r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|cf|Fig|e\.g|i\.e|\p{Lu})"
_CLOSING = r"[\p{Pe}\p{Pf}\"']*"
_SENTENCE_END = (rf"(?:(?<!{_ABBREVIATION})\.|[!?…]|\.\.)[.!?…]*{_CLOSING}(?=\s+(?!\p{{Ll}}))"
                 rf"|[。！？｡।॥؟۔։።]+{_CLOSING}|[\r\n\u2028\u2029]")


def words(text: str) -> list[Span]:
    """Find the words of a text, in order."""
    return [match.span() for match in _compiled("|".join([_EMOJI, _CHARACTER, _KATAKANA, _CLUSTER, _WORD]))
            .finditer(text)]


def sentences(text: str) -> list[Span]:
    """Find the sentences of a text that hold a word, without the spaces around them.

    A sentence ends with its mark and a space (with its mark alone in scripts
    without spaces) or with the line; not after "Dr." or an initial, and not
    where a small letter goes on.
    """
    ends = [match.end() for match in _compiled(_SENTENCE_END).finditer(text)]
    spans = [_stripped(text, start, end)
             for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
    return [(start, end) for start, end in spans if words(text[start:end])]


def needs_space(left: str, right: str) -> bool:
    """Tell whether two texts put side by side would run two words into one."""
    if not left or not right:
        return False
    letter = _compiled(rf"{_LETTER}|[\p{{M}}--[{_UNSPACED}]]")
    return bool(letter.match(left[-1]) and letter.match(right[0]))


def _stripped(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


@cache
def _compiled(pattern: str) -> Any:
    import regex

    return regex.compile(pattern, regex.V1)
