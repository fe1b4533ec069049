"""What Python says in a view, the view can say in Chinese: js/lib/words/zh.js."""

from __future__ import annotations

import json
import re
from itertools import chain
from pathlib import Path

import pytest
from sentences import Sentences

from limelight.dataset.measure import LABELS as MEASURES
from limelight.estimators import LABELS
from limelight.metrics import METRICS
from limelight.registry import STREAMED, WINDOWS

JS = Path(__file__).parents[2] / "js" / "lib"
ZH = (JS / "words" / "zh.js").read_text()
SAME = {"LIME", "Shapley", "Banzhaf", "SmoothGrad", "Gradient SHAP", "DeepLIFT", "LRP", "Grad-CAM", "RISE", "Tree SHAP",
        "Linear SHAP", "SAGE"}
"""Names that Chinese texts leave as they are."""


def of_js(name: str, opening: str, closing: str) -> str:
    """A list or an object of strings in zh.js, as JSON."""
    found = re.search(rf"\n  {name}: (\{opening}\n.*?\n  \{closing}),\n", ZH, re.DOTALL)
    assert found, f"zh.js should hold {name}: {opening} ... {closing}"
    keyed = re.sub(r"^    (\w+):", r'    "\1":', found[1], flags=re.MULTILINE)
    return re.sub(r",(\s*[\]}])", r"\1", keyed)


CHINESE: dict[str, str] = dict(json.loads(of_js("sentences", "[", "]")))


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """Every sentence of Python's that a view shows, and the file that says it."""
    return {text: name for name, text in Sentences()}


def without_numbers(template: str) -> str:
    return re.sub(r"\{\d\}", "{}", template)


def test_every_sentence_has_its_chinese(said: dict[str, str]) -> None:
    known = set(map(without_numbers, CHINESE))
    missing = [f"src/limelight/{name} says {text!r}" for text, name in said.items() if text not in known]
    assert not missing, "\n".join([*missing, "and no template in js/lib/words/zh.js does: add it to `sentences` there, "
                                             "with {1}, {2}, ... for what differs, and what it is in Chinese"])


def test_sentences_are_found_where_they_are_made(said: dict[str, str]) -> None:
    assert {"Absent features take their values from {} background row.", "{} should be a number; {} came",
            "the model raised {}: {}", "tree_shap needs columns of numbers, each made of one feature",
            "{}; use shapley"} <= set(said)


def test_no_template_is_left_of_a_sentence_that_went(said: dict[str, str]) -> None:
    thrown = chain.from_iterable(re.findall(r'new Error\("(.*?)"\)', path.read_text()) for path in JS.glob("*.js"))
    gone = set(map(without_numbers, CHINESE)) - set(said) - set(thrown)
    assert not gone, f"js/lib/words/zh.js has templates of sentences that nobody says: {sorted(gone)}"


@pytest.mark.parametrize("template", CHINESE, ids=lambda each: each[:40])
def test_a_translation_holds_nothing_that_the_sentence_has_not(template: str) -> None:
    wanted = set(re.findall(r"\{\*?(\d)\}", CHINESE[template]))
    assert wanted <= set(re.findall(r"\{(\d)\}", template))
    assert re.search("[\u4e00-\u9fff]", CHINESE[template]) or template == "a shap.Explanation"


def test_every_method_has_a_name_in_chinese() -> None:
    known = json.loads(of_js("labels", "{", "}"))
    methods = (method.label for method in (*STREAMED.values(), *WINDOWS.values()))
    labels = {*LABELS.values(), *MEASURES.values(), *methods}
    assert labels == set(known) | SAME


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_metric_has_a_name_and_says_what_it_is(language: str) -> None:
    words = (JS / "words" / f"quality_{language}.js").read_text()
    told = dict(re.findall(r'\n    (\w+): \[\s*"([^"]+)",\s*"[^"]+",?\s*\]', words[words.index("\n  metrics: {"):]))
    assert list(told) == list(METRICS)
    assert len(set(told.values())) == len(told)
