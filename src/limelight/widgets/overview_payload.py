"""What an overview sends to its view: at most so many rows, however many there are, and how all are spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.types import Array

if TYPE_CHECKING:
    from limelight.dataset.dependence import Dependence
    from limelight.dataset.result import Overview

MOST_ROWS, MOST_NUMBERS = 1000, 100_000
"""Rows that are carried, and attributions of all of them: fewer rows of wide tables, but never below `LEAST_ROWS`."""
LEAST_ROWS = 100
MOST_TEXTS, MOST_LETTERS = 100, 100_000
NOTABLE = 10
"""Rows of each kind that are worth a look."""
BINS, PLANE = 48, (32, 24)
"""How a density is cut: a feature's attributions, and its values by its attributions. As js/lib/damaged_overview.js."""
MOST_PLANES = 60
LONGEST_NAME = 200


def subject(overview: Overview) -> dict[str, Any]:
    """What is drawn; never changes."""
    from limelight.export.shown import method_label

    counts = None if overview.corpus is None else overview.corpus.counts.tolist()
    columns = [{"kind": kind, "names": None if names is None else [name[:LONGEST_NAME] for name in names],
                "count": None if counts is None else counts[j], "whole": _is_whole(overview, j)}
               for j, (kind, names) in enumerate(zip(overview.kinds, overview.categories, strict=True))]
    return {"kind": overview.kind, "model": overview.model, "method": method_label(overview.method),
            "n_rows": overview.n_rows, "n_explained": overview.n_explained, "closed": overview._behind is None,
            "features": list(overview.feature_names), "columns": columns, "labelled": overview.labels is not None,
            "image": overview.picture_of()}


def _is_whole(overview: Overview, j: int) -> bool:
    """Tell a column of whole numbers."""
    known = overview.codes[:, j][np.isfinite(overview.codes[:, j])]
    return overview.kinds[j] == "number" and bool(len(known)) and bool((known == np.round(known)).all())


def outputs(overview: Overview) -> dict[str, Any]:
    """The output that is shown, the names of all, and what a reader must know."""
    return {"names": list(overview.output_names), "space": overview.output_space, "target": overview.target,
            "mean": float(overview.prediction.mean()), "base": overview.base_value, "notes": list(overview.remarks),
            "unit": overview.target_name[:LONGEST_NAME] if overview.output_space == "value" else ""}


def notable(overview: Overview) -> dict[str, Array]:
    """Rows worth a look, by why: where they are among the explained ones, the most notable first."""
    none = np.zeros(0, int)
    found = {"largest": np.argsort(-np.abs(overview.values).max(1), kind="stable")[:NOTABLE],
             "surprising": none, "wrong": none}
    if overview.surprise is None:
        return found
    amazed = np.nan_to_num(overview.surprise, nan=0.0)
    order = np.argsort(-amazed, kind="stable")[:NOTABLE]
    return {**found, "surprising" if len(overview.output_names) == 1 else "wrong": order[amazed[order] > 0]}


def carried(overview: Overview, most: int) -> tuple[Array, int]:
    """Which of the explained rows cross: a sample, seeded, and behind it the notable ones; and how many are sampled."""
    n = overview.n_explained
    if n <= most:
        return np.arange(n), n
    wanted = np.unique(np.concatenate(list(notable(overview).values())))
    order = np.random.default_rng(0).permutation(n)[: max(most - len(wanted), 1)]
    return np.concatenate([np.sort(order), np.setdiff1d(wanted, order)]), len(order)


def most_rows(overview: Overview) -> int:
    """How many rows are carried at most."""
    return int(np.clip(MOST_NUMBERS // max(len(overview.feature_names), 1), LEAST_ROWS, MOST_ROWS))


def points(overview: Overview) -> dict[str, Any]:
    """Rows as numbers; none of a corpus, whose texts cross as texts."""
    chosen, sampled = (np.zeros(0, int), 0) if overview.corpus else carried(overview, most_rows(overview))
    errors, bases = overview.std_error[chosen], overview.base_values[chosen]
    places = {why: overview.rows[found].tolist() for why, found in notable(overview).items()}
    return {"rows": overview.rows[chosen].astype("<u4").tobytes(), "sampled": sampled,
            "values": _floats(overview.values[chosen]), "errors": _floats(errors) if errors.any() else None,
            "data": _floats(overview.codes[chosen]), "predictions": _floats(overview.prediction[chosen]),
            "bases": _floats(bases) if np.ptp(overview.base_values) else None,
            "truths": None if overview.outcome is None else [truth(overview, int(i)) for i in chosen],
            "labels": None if overview.labels is None else [label(overview, int(i)) for i in chosen],
            "notable": places}


def truth(overview: Overview, i: int) -> str:
    """What was to be predicted of a row, in words; "" where that is not known."""
    if overview.outcome is None or not np.isfinite(overview.outcome[i]):
        return ""
    if len(overview.output_names) == 1:
        return f"{overview.outcome[i]:.6g}"
    return str(overview.output_names[int(overview.outcome[i])])


def label(overview: Overview, i: int) -> str | None:
    """What the index of the data calls an explained row; None where it only counts them."""
    return None if overview.labels is None else overview.labels[i][:LONGEST_NAME]


def texts(overview: Overview) -> list[dict[str, Any]] | None:
    """Some texts of a corpus, whole: until there are enough of them, or of letters."""
    if overview.corpus is None:
        return None
    chosen, _ = carried(overview, MOST_TEXTS)
    letters = np.cumsum([len(overview.data[i]) for i in chosen])
    return [{**written(overview, int(i)), "words": overview.corpus.word[overview.corpus.of_text(int(i))].tolist()}
            for i in chosen[: max(1, int(np.searchsorted(letters, MOST_LETTERS, "right")))]]


def written(overview: Overview, i: int) -> dict[str, Any]:
    """One text in pieces, with what each of its words did."""
    corpus, text = overview.corpus, overview.data[i]
    assert corpus is not None
    places = corpus.of_text(i)
    spans = list(zip(corpus.start[places].tolist(), corpus.stop[places].tolist(), strict=True))
    pieces: list[list[Any]] = []
    at = 0
    for k, (start, stop) in enumerate(spans):
        pieces += [[text[at:start], -1]] if start > at else []
        pieces.append([text[start:stop], k])
        at = stop
    pieces += [[text[at:], -1]] if at < len(text) else []
    values, errors = corpus.values[places, overview.target], corpus.std_error[places, overview.target]
    return {**_said(overview, i), "names": [text[start:stop] for start, stop in spans], "pieces": pieces,
            "values": _floats(values), "errors": _floats(errors) if errors.any() else None}


def row(overview: Overview, i: int) -> tuple[dict[str, Any], list[bytes]]:
    """One of the explained rows: what is JSON of it, and its attributions and their errors, empty if exact."""
    if overview.corpus is not None:
        found = written(overview, i)
        values, errors = found.pop("values"), found.pop("errors")
        return found, [values, errors or b""]
    values, errors = overview.values[i], overview.std_error[i]
    cells = [_cell(overview, i, j) for j in range(len(overview.feature_names))]
    sent = [_floats(values), _floats(errors) if errors.any() else b""]
    drawn = overview.picture_of(i)
    if drawn is None:
        return {**_said(overview, i), "cells": cells}, sent
    size = {name: drawn[name] for name in ("width", "height")}
    return {**_said(overview, i), "cells": cells, "subject": size}, [*sent, drawn["picture"], drawn["segments"]]


def _said(overview: Overview, i: int) -> dict[str, Any]:
    return {"row": int(overview.rows[i]), "prediction": float(overview.prediction[i]),
            "base": float(overview.base_values[i]), "truth": truth(overview, i), "label": label(overview, i)}


def _cell(overview: Overview, i: int, j: int) -> str:
    """A value in the reader's terms; "" where it is missing or there is none."""
    code, names = float(overview.codes[i, j]), overview.categories[j]
    if not np.isfinite(code):
        return ""
    return f"{code:.6g}" if names is None else names[int(code)][:LONGEST_NAME]


def density(overview: Overview) -> dict[str, Any] | None:
    """How all rows are spread, in bins; None where all of them are carried."""
    if overview.corpus is not None or overview.n_explained <= most_rows(overview):
        return None
    values = overview.values
    low, high = values.min(0), values.max(0)
    strips = [_shares(np.histogram(column, BINS, (a, b))[0]) for column, a, b in zip(values.T, low, high, strict=True)]
    first = set(np.argsort(-np.abs(values).mean(0), kind="stable")[:MOST_PLANES].tolist())
    return {"low": _floats(low), "high": _floats(high), "strips": b"".join(strips),
            "planes": [_plane(overview, j) if j in first else None for j in range(values.shape[1])]}


def _plane(overview: Overview, j: int) -> dict[str, Any] | None:
    known = np.isfinite(overview.codes[:, j])
    if overview.kinds[j] != "number" or not known.any():
        return None
    across, up = overview.codes[known, j], overview.values[known, j]
    ends = [(float(across.min()), float(across.max())), (overview.values[:, j].min(), overview.values[:, j].max())]
    counts = np.histogram2d(across, up, PLANE, ends)[0]
    return {"low": ends[0][0], "high": ends[0][1], "counts": _shares(counts)}


def measures(overview: Overview) -> dict[str, Any]:
    """What is known of how much each feature matters, and what can be asked for."""
    known = [{"name": name, "label": found.label, "said": found.said, "signed": found.signed,
              "values": _floats(found.values), "low": _floats(found.low), "high": _floats(found.high),
              "notes": list(found.notes)} for name, found in overview.measures.items()]
    return {"known": known, "offers": [{"name": name, "label": label} for name, label in overview.offers.items()]}


def curves(overview: Overview) -> dict[str, Any]:
    """How the output depends on features, as far as that is known: by their numbers."""
    return {str(j): _curve(overview, found) for j, found in overview.dependences.items()}


def _curve(overview: Overview, found: Dependence) -> dict[str, Any]:
    """Curves about their mean over the rows, as attributions are: of a sum of terms these are the same."""
    column = overview.codes[:, found.feature]
    column = column[np.isfinite(column)]

    def centred(lines: Array) -> Array:
        means = np.array([np.interp(column, found.grid, line).mean() if len(column) else 0.0
                          for line in np.atleast_2d(lines)])
        return np.atleast_2d(lines) - means[:, None]

    middle = found.pdp[0] - centred(found.pdp)[0, 0]
    return {"grid": _floats(found.grid), "pdp": _floats(found.pdp - middle),
            "pdp_low": _floats(found.pdp_low - middle), "pdp_high": _floats(found.pdp_high - middle),
            "ice": _floats(centred(found.ice)) if len(found.ice) else b"", "ale_grid": _floats(found.ale_grid),
            "ale": _floats(found.ale), "ale_low": _floats(found.ale_low), "ale_high": _floats(found.ale_high),
            "note": found.note}


def partners(overview: Overview) -> list[int] | None:
    """For each feature the one that it acts with most, -1 where that is not known; None where nothing is."""
    pairs = overview.interactions
    if pairs is None:
        return None
    names = list(overview.feature_names)
    found = [-1] * len(names)
    for first, second in zip(pairs["first"][::-1], pairs["second"][::-1], strict=True):  # the strongest come first
        found[names.index(first)], found[names.index(second)] = names.index(second), names.index(first)
    return found


def cohort(overview: Overview, feature: int, axis: Any, low: float, high: float) -> tuple[dict[str, Any], list[bytes]]:
    """Some rows and the rest: how many, mean predictions; mean attributions of both and half their intervals."""
    numbers = overview.codes[:, feature] if axis == "value" else overview.values[:, feature]
    # What was read off a view has seven digits.
    slack = 1e-6 * max(abs(low), abs(high))
    n = int(((numbers >= low - slack) & (numbers <= high + slack)).sum())
    if n in (0, len(numbers)):
        none = _floats(np.full(len(overview.feature_names), np.nan))
        return {"n": [n, len(numbers) - n], "predictions": [None, None]}, [none] * 4
    found = overview.cohort(feature=feature, low=low - slack, high=high + slack, axis=axis)
    sides = [found.values, found.rest_values, found.high - found.values, found.rest_high - found.rest_values]
    return ({"n": [found.n, found.n_rest], "predictions": [found.prediction, found.rest_prediction]},
            [_floats(side) for side in sides])


def _floats(values: Array) -> bytes:
    return np.asarray(values).astype("<f4").tobytes()


def _shares(counts: Array) -> bytes:
    """Counts as bytes: 255 is the most, and none that is there is lost."""
    return np.ceil(counts * (255 / max(counts.max(), 1))).astype("u1").tobytes()
