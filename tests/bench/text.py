"""A 22-word sentence and MiniLM: against the forward passes alone, lime_text and shap's partitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

import numpy as np
import torch
from timing import Figure, Work, cpu_seconds, explained, fastest, outside_the_model, overhead

import limelight as ll
from assets.models import sentiment
from limelight.maskers.text import TextMasker
from limelight.models.text import TextModel

SENTENCE = ("The plot is thin and the jokes are old yet her honest performance makes this small film moving "
            "from start to finish")
BATCHES = (32, 64, 128)
PEER_BATCH = 32
FAR = 99
"""Seed of the reference, which no compared run shares."""
FEWEST = 150


def figures(quick: bool) -> list[Figure]:
    """Measure all of them; `quick` with fewer samples, for development."""
    pipeline = sentiment()
    model = ll.text_model(pipeline)
    ll.explain(model, SENTENCE, n_samples=200, progress=False)
    n = 1_000
    forward = {size: forward_passes(model, SENTENCE, n, size) for size in BATCHES}
    return [overhead(f"text, {n:,} evaluations", 1.05, lambda: explained(model, SENTENCE, n, "lime"),
                     forward[fastest(forward, 1 if quick else 3)], 1 if quick else 5),
            outside_the_model("text", model, SENTENCE, n), *against_peers(pipeline, model, quick)]


def forward_passes(model: TextModel, text: str, n: int, batch: int) -> list[Work]:
    """Nothing but the network, on the same rows."""
    return [partial(ask, model.module, planes) for planes in ready(model, text, n, batch)]


def ready(model: TextModel, text: str, n: int, batch: int) -> list[torch.Tensor]:
    """The rows of a run in batches, sorted by length and padded: ids, attention and segments, (3, batch, length)."""
    neighborhood = ll.explain(model, text, n_samples=n, progress=False).neighborhood
    rows = TextMasker(model, text).rows(neighborhood.coalitions)
    order = np.argsort(rows.lengths, kind="stable")
    planes, lengths = torch.from_numpy(rows.padded(0, "right")[:, order]), rows.lengths[order]
    return [planes[:, at : at + batch, : lengths[min(at + batch, n) - 1]].clone() for at in range(0, n, batch)]


def ask(net: torch.nn.Module, planes: torch.Tensor) -> None:
    """One forward pass."""
    ids, attention, segments = planes
    with torch.no_grad():
        net(input_ids=ids, attention_mask=attention, token_type_ids=segments)


def against_peers(pipeline: Any, model: TextModel, quick: bool) -> list[Figure]:
    """Time at equal error: how many of our evaluations are as near to a long run as the peer's?"""
    n, seeds = (1_000, 2) if quick else (5_000, 5)
    reference = ll.explain(model, SENTENCE, n_samples=3 * n, seed=FAR, progress=False)
    few = 3 * n // 4
    seconds, ours = timed(lambda seed: ll.explain(model, SENTENCE, n_samples=few, seed=seed, progress=False), seeds - 1)
    lime_seconds, lime_found = timed(lambda seed: by_lime(as_users_ask(pipeline), n, seed), 2)
    # More seeds, for a surer error: the same probabilities, asked for in a quicker way.
    lime_found += [by_lime(lambda texts: model.texts(texts, "probability"), n, seed) for seed in range(2, seeds)]
    shap_seconds, shap_found = timed(lambda _: by_partition(pipeline), 1 if quick else 3)
    each = median(seconds) / few
    return [
        compared(f"text: lime_text, {n:,} samples / limelight at equal error", 2, "lime", lime_seconds, lime_found,
                 ours, reference, each),
        compared("text: shap partition, 500 evaluations / limelight at equal error", 6, "shapley", shap_seconds,
                 shap_found, ours, reference, each)]


def timed(work: Callable[[int], Any], times: int) -> tuple[list[float], list[Any]]:
    """Do the work for each seed: seconds, and what was found."""
    found: list[Any] = []
    return [cpu_seconds(lambda seed=seed: found.append(work(seed))) for seed in range(times)], found


def compared(name: str, target: float, method: str, peer_seconds: list[float], peer: Sequence[np.ndarray],
             ours: Sequence[ll.Explanation], reference: ll.Explanation, each: float) -> Figure:
    """Compare the peer's time with ours for so many evaluations that the error is the same."""
    truth = reference.refit(method).values[:, 1]
    bound = error(peer, truth)
    n = evaluations_needed(ours, method, truth, bound)
    note = (f"{median(peer_seconds):.1f} s for a root mean square error of {bound:.2g} against a run of "
            f"{reference.n_evals:,}; ours is there after {n:,} evaluations, {each * n:.1f} s")
    return Figure(name, median(peer_seconds) / (each * n), "at least", target, "x", note)


def evaluations_needed(runs: Sequence[ll.Explanation], method: str, truth: np.ndarray, bound: float) -> int:
    """Where the line through the logarithms of our errors meets the peer's: no luck of one length decides.

    A run holds the answers of all shorter ones. Never fewer than the shortest that was read.
    """
    lengths = np.geomspace(FEWEST, runs[0].n_evals, 20).astype(int)
    errors = [error([run.refit(method, n_samples=int(n)).values[:, 1] for run in runs], truth) for n in lengths]
    slope, level = np.polyfit(np.log(lengths), np.log(errors), 1)
    return max(FEWEST, round(float(np.exp((np.log(bound) - level) / slope))))


def error(found: Sequence[np.ndarray], truth: np.ndarray) -> float:
    """Root mean square over features and seeds."""
    return float(np.sqrt(np.mean([(values - truth) ** 2 for values in found])))


def as_users_ask(pipeline: Any) -> Callable[[list[str]], np.ndarray]:
    """Probabilities from the network itself: quicker than its pipeline, which asks one text at a time."""

    def probabilities(texts: list[str]) -> np.ndarray:
        found = []
        with torch.no_grad():
            for at in range(0, len(texts), PEER_BATCH):
                inputs = pipeline.tokenizer(texts[at : at + PEER_BATCH], padding=True, return_tensors="pt")
                found.append(pipeline.model(**inputs).logits.softmax(1).numpy())
        return np.concatenate(found)

    return probabilities


def by_lime(probabilities: Callable[[list[str]], np.ndarray], n: int, seed: int) -> np.ndarray:
    """Coefficients of lime's own explainer, all words kept."""
    from lime.lime_text import LimeTextExplainer

    # bow=False: a word that comes twice is two features, as it is for us.
    explainer = LimeTextExplainer(feature_selection="none", bow=False, mask_string="", random_state=seed)
    found = explainer.explain_instance(SENTENCE, probabilities, labels=(1,), num_features=22, num_samples=n)
    return np.array([weight for _, weight in sorted(found.as_map()[1])])


def by_partition(pipeline: Any) -> np.ndarray:
    """Values of shap's partition explainer, 500 evaluations: words are deleted, as by us."""
    import shap
    import transformers

    asked = transformers.pipeline("text-classification", pipeline.model, tokenizer=pipeline.tokenizer, top_k=None)
    explainer = shap.Explainer(asked, shap.maskers.Text(words, mask_token=" "))
    found = explainer([SENTENCE], max_evals=500, silent=True)
    return found.values[0][:, list(found.output_names).index("positive")]


def words(text: str, return_offsets_mapping: bool = True) -> dict[str, list[Any]]:
    """Tokenize as shap wants it: a word is a token."""
    offsets = [match.span() for match in re.finditer(r"\S+|^\s+$", text)]
    return {"input_ids": [hash(text[start:stop]) for start, stop in offsets], "offset_mapping": offsets}
