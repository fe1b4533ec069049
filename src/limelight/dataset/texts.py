"""The overview of texts: words over a corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from limelight.dataset import occurring
from limelight.dataset.collected import FEWEST, Watch, collected, remarks
from limelight.dataset.corpus import MOST_WORDS, Gathered, gather
from limelight.dataset.dependence import Dependence
from limelight.dataset.labels import Labels, of_rows
from limelight.dataset.result import Overview
from limelight.dataset.singly import TEXTS, Asking, asking, budget, common, one_by_one, outcome_of, shown, stacked
from limelight.dataset.steps import Steps
from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.types import Array, Output, Target

MANY = 10
"""Texts from which on a word has to be in two of them to be gathered."""


def overview_of_texts(model: Any, texts: Sequence[str], y: Any, *, method: str, target: Target, output: Output,
                      n_rows: int | str, n_samples: int | str, groups: Any, seed: int, progress: bool,
                      watch: Watch, labels: Labels | None, options: Mapping[str, Any]) -> Overview:
    """Explain texts, and gather their words: see `overview`."""
    if groups:
        raise InputError("groups= is for columns of a table: words over a corpus are gathered one by one. Give "
                         "ll.text_model(model, granularity='sentence') for larger parts")
    asked = asking(model, texts, target, method="shapley" if method == "auto" else method, output=output,
                   n_samples=n_samples, groups=None, seed=seed, options=options)
    order = np.random.default_rng(seed).permutation(len(texts))[: TEXTS if n_rows == "auto" else int(n_rows)]
    pieces = collected(one_by_one(asked, texts, order, budget), lambda _: 1, len(order), "texts", show=progress,
                       watch=watch)
    found = sorted(((i, each) for i, each in pieces if each is not None), key=lambda pair: pair[0])
    if len(found) < FEWEST:
        raise InputError(f"{len(found)} of {len(pieces)} texts hold a word: a corpus is two texts or more")
    late = remarks(len(pieces), len(order), "texts", watch)
    return _put_together(texts, y, asked, found, len(pieces) - len(found), late, labels)


def _put_together(texts: Sequence[str], y: Any, asked: Asking, found: list[tuple[int, Explanation]],
                  empty: int, late: list[str], labels: Labels | None) -> Overview:
    index = np.array([i for i, _ in found])
    explained = [each for _, each in found]
    names, places = common(explained)
    values = [each.values[:, place] for each, place in zip(explained, places, strict=True)]
    errors = [each.std_error[:, place] for each, place in zip(explained, places, strict=True)]
    least = 2 if len(found) >= MANY else 1
    words = gather([each.feature_names for each in explained], [_starts(each) for each in explained], values, errors,
                   least)
    first = explained[0]
    predictions = stacked("prediction", explained, places)
    overview = Overview(
        "text", first.subject["model"], len(texts), index, words.values, words.std_error,
        stacked("base_values", explained, places), predictions, tuple(texts[i] for i in index), words.corpus.words,
        ("word",) * len(words.corpus.words), (None,) * len(words.corpus.words), words.counts, names,
        first.output_space, shown(asked.target, names, predictions), first.method,
        asked.to_repeat(),
        int(np.mean([each.n_evals for each in explained])), all(each.exact for each in explained),
        outcome=outcome_of(y, len(texts), names, index), target_name=str(getattr(y, "name", "") or ""),
        remarks=tuple([*late, *_remarks(len(texts), len(found), empty, least, words)]), corpus=words.corpus,
        labels=of_rows(labels, index), _behind=TextsBehind(texts, asked, words, names, labels))
    for k in range(len(names)):  # of all outputs, so that a file has them
        for name in occurring.OCCURRING:
            overview.turn(k).measure(name)
    return overview


class TextsBehind:
    """Asks the model of a corpus about one of its texts."""

    offers: Mapping[str, str] = occurring.OCCURRING

    def __init__(self, texts: Sequence[str], asked: Asking, words: Gathered, names: tuple[str, ...],
                 labels: Labels | None = None):
        self.texts, self.asked, self.words, self.names, self.labels = texts, asked, words, names, labels

    def of_all(self, name: str, options: Mapping[str, Any]) -> bool:
        """Tell a measure that is the same whichever output is shown: there is none."""
        return False

    def measure(self, name: str, target: int, order: Sequence[int], options: Mapping[str, Any],
                watch: Watch) -> Steps[tuple[Any, ...]]:
        """Read what words do where they occur: asks nothing."""
        yield from ()
        if options:
            raise InputError(f"measure={name!r} has no option {next(iter(options))!r}: there is none")
        return (getattr(occurring, name)(self.words.corpus, target),)

    def dependence(self, feature: int, target: int) -> Steps[Dependence]:
        """Refuse: a word has places, and no values."""
        raise InputError("a word has no values to depend on")

    def explain(self, row: int, target: int, options: Mapping[str, Any]) -> Explanation:
        """Explain one text as all of them were."""
        text = self.texts[row]
        spend = budget(text) if self.asked.n_samples == "auto" and "method" not in options else None
        return self.asked.explain(text, spend, **{"target": self.names[target], **options})


def _starts(explanation: Explanation) -> Array:
    """Where each word begins in its text, in characters."""
    starts: dict[int, int] = {}
    at = 0
    for piece, feature in explanation.subject["pieces"]:
        if feature >= 0:
            starts.setdefault(feature, at)
        at += len(piece)
    return np.array([starts[j] for j in range(len(explanation.feature_names))])


def _remarks(n: int, n_explained: int, empty: int, least: int, words: Gathered) -> list[str]:
    """Sentences that a reader must see."""
    said = [f"Explained are {n_explained:,} texts drawn from {n:,}." if n_explained + empty < n else "",
            f"Texts that hold no word are left out: {empty:,}." if empty else "",
            f"Words that are in fewer than {least} texts are not listed." if least > 1 else "",
            f"Listed are the {MOST_WORDS} words with the largest attributions."
            if len(words.corpus.words) == MOST_WORDS else ""]
    return [each for each in said if each]
