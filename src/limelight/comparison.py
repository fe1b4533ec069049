"""`compare`: explanations side by side, and how far they agree.

Not named like its function, which it would hide in the package.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import combinations
from textwrap import shorten
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from limelight.displayed import Displayed
from limelight.errors import InputError
from limelight.estimators import LABELS
from limelight.explanation import Explanation
from limelight.quality.agreement import Agreement, Column, Key, agree, common, leading, top_of
from limelight.question import as_index
from limelight.registry import STREAMED

if TYPE_CHECKING:
    import pandas

    from limelight.widgets.compare import CompareView

FIRST_WORDS = 24
"""So many characters of a text tell it from another."""


class Comparison(Displayed):
    """Explanations side by side. As the last line of a cell it is the view.

    Attributes
    ----------
    explanations : tuple of Explanation
    names : tuple of str
        What each column is called.
    shared_scale : bool
        Whether one scale holds for all. Where the values of some don't add up to the prediction, these have scales
        of their own, and the others share one.
    own_scale : tuple of bool
        Which have.
    """

    def __init__(self, explanations: Sequence[Explanation], names: Sequence[str]):
        self.explanations, self.names = tuple(explanations), tuple(names)
        self.own_scale = tuple(not each.params.get("adds_up", True) for each in explanations)
        self.shared_scale = not any(self.own_scale)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The output that each explanation shows."""
        return tuple(_column(each, name) for each, name in zip(self.explanations, self.names, strict=True))

    @property
    def scales(self) -> list[float]:
        """What the strongest colour stands for in each column, in its own units."""
        largest = [float(np.abs(column.values).max(initial=0)) for column in self.columns]
        shared = max((most for most, own in zip(largest, self.own_scale, strict=True) if not own), default=0.0)
        return [most if own else shared for most, own in zip(largest, self.own_scale, strict=True)]

    @cached_property
    def agreement(self) -> pandas.DataFrame:
        """One row a pair of columns.

        `first`, `second`; `common`, how many features both have, and `of`, how
        many the longer one has; `rank`, Spearman's correlation of their
        absolute values (ties get their mean rank; NaN where there is no order,
        or fewer than five of more features are common); `top`, how many of the
        most important features are held against one another, and `shared`, how
        many of these are the same; `disagree`, the features that they give
        different signs, where the values of both have signs; of the shared
        ones `same_place` have the same rank in both, `same_sign` the same
        sign, and `same_place_and_sign` both. Divided by `top` these are the
        feature, rank, sign and signed rank agreement of Krishna et al. 2022
        (arXiv:2202.01602).
        """
        import pandas

        leads = [leading(a.values[i], b.values[j], top_of(len(i)))
                 for a, b in combinations(self.columns, 2) for i, j in [common(a, b)]]
        return pandas.DataFrame([{"first": first, "second": second, **found._asdict(),
                                  "disagree": tuple(name for name, _ in found.disagree), **lead._asdict()}
                                 for (first, second, found), lead in zip(self.pairs, leads, strict=True)])

    @cached_property
    def pairs(self) -> tuple[tuple[str, str, Agreement], ...]:
        """How far each two columns agree: their names, and what was found."""
        return tuple((a.name, b.name, agree(a, b)) for a, b in combinations(self.columns, 2))

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Names of the features that any two columns give different signs, the most important first."""
        apart = {key for _, _, found in self.pairs for key in found.disagree}
        return tuple(dict.fromkeys(key[0] for key in self.keys if key in apart))

    @property
    def one_output(self) -> bool:
        """Whether all show the same output: where they don't, different signs are no disagreement."""
        return len({each.output_names[each.target] for each in self.explanations}) == 1

    def to_frame(self) -> pandas.DataFrame:
        """One row a feature, one column an explanation; NaN where it has no such feature."""
        import pandas

        keys = pandas.Index(self.keys, tupleize_cols=False)
        frame = pandas.DataFrame({i: pandas.Series(column.values, pandas.Index(column.keys, tupleize_cols=False))
                                  .reindex(keys) for i, column in enumerate(self.columns)})
        frame.columns = as_index(self.names)
        frame.index = as_index([key[0] for key in self.keys]).rename("feature")
        return frame

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """All features, the most important first: by the largest share of its column's scale."""
        share: dict[Key, float] = {}
        for column, scale in zip(self.columns, self.scales, strict=True):
            for key, value in zip(column.keys, np.abs(column.values) / (scale or 1), strict=True):
                share[key] = max(share.get(key, 0.0), float(value))
        return tuple(sorted(share, key=lambda key: -share[key]))

    @cached_property
    def view(self) -> CompareView:
        """The interactive view."""
        from limelight.widgets.compare import CompareView

        return CompareView(self)

    def plot(self, top: int = 10) -> Any:
        """Draw the most important features of all columns with their 95 % intervals.

        Parameters
        ----------
        top : int
            So many features have a bar in each column.

        Returns
        -------
        matplotlib.figure.Figure
            As high as it needs to be, with the size of letters that matplotlib's rcParams say.

        Raises
        ------
        InputError
            If `top` is no whole number from 1 on.
        """
        from limelight.export.compare_figure import plot

        return plot(self, top)

    def __repr__(self) -> str:
        from limelight.export.compare import as_text

        return as_text(self)

    @property
    def _line(self) -> str:
        return f"<Comparison: {'; '.join(self.names)}>"

    def _svg(self, name: str, still: str) -> str:
        from limelight.export.compare import picture

        return picture(self, name, still)


@overload
def compare(*explanations: Explanation, names: Sequence[str] | None = None) -> Comparison: ...
@overload
def compare(models: Mapping[str, Any], /, *, examples: Sequence[Any], labels: Sequence[int | str],
            **options: Any) -> pandas.DataFrame: ...


def compare(*explanations: Any, names: Sequence[str] | None = None, **options: Any) -> Any:
    """Show explanations side by side, or hold models against one another in a table.

    `compare(a, b)` is of explanations: of methods, classes, models,
    checkpoints or inputs. `compare({"base": a, "tuned": b}, examples=texts,
    labels=labels)` is of models, on held-out examples: base and fine-tuned,
    teacher and student, with and without regularisation.

    Parameters
    ----------
    *explanations : Explanation
        Two or more, of texts, of images or of tables. Each shows its target.
        Features are matched by name, and a picture's segments where both have the same.
        Or one mapping from names to models, the first of which is what the others are held against.
    names : sequence of str, optional
        What to call explanations; default what they differ in.
    examples, labels : sequence
        Of models: inputs that none was trained on, and the right output of each, by name or index.
    pinned : int
        Of models: how many of the examples are explained, from the first on; default 8.
    method : str
        Of models: as of `ll.explain`; default lrp for transformers, input_x_gradient for other torch models, and
        shapley for others.
    output : {"probability", "logit"}
        Of models: what is explained, of all; default probability.
    metrics : sequence of str
        Of models: those of `ll.evaluate`; default comprehensiveness and sufficiency.
    seed : int
        Of models, as are the method's own options, which may be given besides.

    Returns
    -------
    Comparison or DataFrame
        Of explanations, as the last line of a cell the view; `agreement` is a
        table of how far each two agree, `disagreements` the features that they
        give different signs. Of models a table, one row each: `accuracy`, macro
        `f1`, `n` examples; of the explained ones the means of `sparseness`,
        `complexity` and the metrics; against the first model `moved`, the share
        of the evidence that is elsewhere, and `rank`, Spearman's correlation of
        the sizes.

    Raises
    ------
    InputError
        If they explain outputs in different spaces (probability, logit, ...),
        or inputs of different kinds, or names are not one each; if labels are
        none of the outputs, or not one an example.
    """
    if len(explanations) == 1 and isinstance(explanations[0], Mapping):
        return _of_models(explanations[0], names, **options)
    if options:
        raise InputError(f"compare of explanations takes names= only, and {', '.join(options)} came: for models give "
                         "one mapping, compare({\"base\": a, \"tuned\": b}, examples=..., labels=...)")
    for each in explanations:
        if not isinstance(each, Explanation):
            raise InputError(f"compare takes explanations, and {type(each).__name__} came: a view's is "
                             "view.explanation, and ll.show makes one of another package's result")
    if len(explanations) < 2:
        raise InputError(f"compare needs two explanations or more, and {len(explanations)} came")
    kinds = {each.subject.get("kind") for each in explanations}
    if len(kinds) > 1 or None in kinds:
        raise InputError("compare needs inputs of one kind, texts, images or rows of tables; these are "
                         f"{', '.join(str(each.subject.get('kind', 'unknown')) for each in explanations)}")
    labels = _labels(explanations) if names is None else _checked_names(names, len(explanations))
    spaces = [each.output_space for each in explanations]
    if len(set(spaces)) > 1:
        told = ", ".join(f"{label} explains a {space}" for label, space in zip(labels, spaces, strict=True))
        raise InputError(f"one scale can't hold different output spaces: {told}. Explain all with the same output=, "
                         "or say output_space= to ll.show")
    return Comparison(explanations, labels)


def _of_models(models: Mapping[str, Any], names: Any, examples: Any = (), labels: Any = (), **options: Any) -> Any:
    from limelight.training.before_after import before_after

    if names is not None:
        raise InputError("models are named by the mapping that they come in: leave names= out")
    return before_after(models, examples, labels, **options)


def _checked_names(names: Sequence[str], n: int) -> list[str]:
    if isinstance(names, str):
        raise InputError(f"names={names!r} is one text: give a list of {n} names")
    found = [str(name) for name in names]
    if len(found) != n:
        raise InputError(f"names is of length {len(found)}, and there are {n} explanations: give one each")
    twice = [name for name, count in Counter(found).items() if count > 1]
    if twice:
        raise InputError(f"names holds {twice[0]!r} more than once: columns need names that tell them apart")
    return found


def _column(explanation: Explanation, name: str) -> Column:
    k = explanation.target
    low, high = explanation.interval()
    margins = (high - low)[:, k] / 2
    if "source" in explanation.params:  # another package's result tells no errors: it is taken at its word
        margins = np.where(np.isfinite(margins), margins, 0.0)
    return Column(name, _keys(explanation), explanation.values[:, k], margins,
                  explanation.params.get("signed") is not False)


def _keys(explanation: Explanation) -> tuple[Key, ...]:
    """Names, with the how-manieth of its name each is; a segment means nothing without its map."""
    names, seen = explanation.feature_names, Counter[str]()
    if explanation.subject.get("kind") == "image":
        return tuple((name, explanation.subject["segments"]) for name in names)
    found = []
    for name in names:
        seen[name] += 1
        found.append((name, seen[name]))
    return tuple(found)


def _labels(explanations: Sequence[Explanation]) -> list[str]:
    """What they differ in: methods and outputs; where that is not enough models, then inputs, then numbers."""
    streamed = {name: method.label for name, method in STREAMED.items()}
    methods = [{**LABELS, **streamed}.get(each.method, each.method) for each in explanations]
    telling = [part for part in (methods, [each.output_names[each.target] for each in explanations])
               if len(set(part)) > 1]
    for part in ([str(each.subject.get("model", "")) for each in explanations], _inputs(explanations)):
        if len(set(zip(*telling, strict=True))) < len(explanations) and len(set(part)) > 1:
            telling.append(part)
    labels = [", ".join(parts) for parts in zip(*(telling or [methods]), strict=True)]
    if len(set(labels)) == len(labels):
        return labels
    return [f"{label} ({i})" for i, label in enumerate(labels, 1)]


def _inputs(explanations: Sequence[Explanation]) -> list[str]:
    """A text's first words; "row 1", "picture 1", the same for the same input."""
    seen: list[Any] = []
    found = []
    for each in explanations:
        subject = each.subject
        if subject["kind"] == "text":
            found.append(shorten("".join(piece for piece, _ in subject["pieces"]), FIRST_WORDS, placeholder="…"))
            continue
        given = subject.get("picture") or [column["value"] for column in subject["columns"]]
        seen += [] if given in seen else [given]
        found.append(f"{'picture' if subject['kind'] == 'image' else 'row'} {seen.index(given) + 1}")
    return found
