"""`compare`: explanations side by side, and how far they agree.

Not named like its function, which it would hide in the package.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import InputError
from limelight.estimators import LABELS
from limelight.explanation import Explanation
from limelight.quality.agreement import Agreement, Column, Key, agree
from limelight.registry import STREAMED

if TYPE_CHECKING:
    import pandas

    from limelight.widgets.compare import CompareView

class Comparison:
    """Explanations side by side. As the last line of a cell it is the view.

    Attributes
    ----------
    explanations : tuple of Explanation
    names : tuple of str
        What each column is called.
    shared_scale : bool
        Whether one scale holds for all; not where values of some method don't add up to an output.
    """

    def __init__(self, explanations: Sequence[Explanation], names: Sequence[str]):
        self.explanations, self.names = tuple(explanations), tuple(names)
        self.shared_scale = all(each.params.get("adds_up", True) for each in explanations)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The output that each explanation shows."""
        return tuple(_column(each, name) for each, name in zip(self.explanations, self.names, strict=True))

    @property
    def scales(self) -> list[float]:
        """What the strongest colour stands for in each column, in its own units."""
        largest = [float(np.abs(column.values).max(initial=0)) for column in self.columns]
        return [max(largest)] * len(largest) if self.shared_scale else largest

    @cached_property
    def agreement(self) -> pandas.DataFrame:
        """One row a pair of columns.

        `first`, `second`; `common`, how many features both have; `rank`,
        Spearman's correlation of their absolute values (ties get their mean
        rank; NaN where there is no order); `top`, how many of the most
        important features are held against one another, and `shared`, how many
        of these are the same; `disagree`, the features that they give different signs.
        """
        import pandas

        return pandas.DataFrame([{"first": first, "second": second, **found._asdict(),
                                  "disagree": tuple(name for name, _ in found.disagree)}
                                 for first, second, found in self.pairs])

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

        found = {(i, column.name): pandas.Series(column.values, index=pandas.Index(column.keys, tupleize_cols=False))
                 for i, column in enumerate(self.columns)}
        frame = pandas.DataFrame({key: each.reindex(pandas.Index(self.keys, tupleize_cols=False))
                                  for key, each in found.items()})
        frame.columns = list(self.names)
        frame.index = pandas.Index([key[0] for key in self.keys], name="feature")
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

    def __repr__(self) -> str:
        from limelight.export.compare import as_text

        return as_text(self)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        from limelight.export.compare import picture

        view, metadata = self.view._repr_mimebundle_() or ({}, {})
        return {**view, "text/plain": repr(self), "image/svg+xml": picture(self)}, metadata


def compare(*explanations: Explanation, names: Sequence[str] | None = None) -> Comparison:
    """Show explanations side by side: of methods, classes, models, checkpoints or inputs.

    Parameters
    ----------
    *explanations : Explanation
        Two or more, of texts, of images or of tables. Each shows its target.
        Features are matched by name, and a picture's segments where both have the same.
    names : sequence of str, optional
        What to call them; default what they differ in.

    Returns
    -------
    Comparison
        As the last line of a cell the view. `agreement` is a table of how far
        each two agree, `disagreements` the features that they give different signs.

    Raises
    ------
    InputError
        If they explain outputs in different spaces (probability, logit, ...),
        or inputs of different kinds.
    """
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
    labels = _labels(explanations) if names is None else [str(name) for name in names]
    if len(labels) != len(explanations):
        raise InputError(f"names holds {len(labels)} names for {len(explanations)} explanations: give one each")
    spaces = [each.output_space for each in explanations]
    if len(set(spaces)) > 1:
        told = ", ".join(f"{label} explains a {space}" for label, space in zip(labels, spaces, strict=True))
        raise InputError(f"one scale can't hold different output spaces: {told}. Explain all with the same output=, "
                         "or say output_space= to ll.show")
    return Comparison(explanations, labels)


def _column(explanation: Explanation, name: str) -> Column:
    k = explanation.target
    low, high = explanation.interval()
    margins = (high - low)[:, k] / 2
    if "source" in explanation.params:  # another package's result tells no errors: it is taken at its word
        margins = np.where(np.isfinite(margins), margins, 0.0)
    return Column(name, _keys(explanation), explanation.values[:, k], margins)


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
    """What they differ in: methods, outputs, models; numbers where that is not enough."""
    streamed = {name: method.label for name, method in STREAMED.items()}
    methods = [{**LABELS, **streamed}.get(each.method, each.method) for each in explanations]
    outputs = [each.output_names[each.target] for each in explanations]
    telling = [part for part in (methods, outputs) if len(set(part)) > 1] or [methods]
    labels = [", ".join(parts) for parts in zip(*telling, strict=True)]
    if len(set(labels)) < len(labels):
        models = [str(each.subject.get("model", "")) for each in explanations]
        told = models if telling == [methods] and len(set(methods)) == 1 else [
            f"{label}, {model}" for label, model in zip(labels, models, strict=True)]
        labels = told if len(set(models)) > 1 else labels
    if len(set(labels)) == len(labels):
        return labels
    return [f"{label} ({i})" for i, label in enumerate(labels, 1)]
