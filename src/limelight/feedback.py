"""A reader's marks: which features should matter, and which should not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from limelight.errors import InputError
from limelight.scalars import is_whole

MARKS = ("should not matter", "should matter")
"""What a reader can say of a feature."""
Explained = TypeVar("Explained", bound=Any)


class Feedback(Mapping[Any, str]):
    """A reader's marks. Frozen: `Explanation.mark` makes a new one.

    It goes over the indices of the features that are marked; a mark is found
    by name, too, that of the first of this name which has one.

    Parameters
    ----------
    marks : iterable of (int, str)
        Features by index, and one of `MARKS` each.
    names : sequence of str
        Of all features.
    """

    def __init__(self, marks: Iterable[tuple[int, str]] = (), names: Sequence[str] = ()):
        self._marks, self._names = dict(sorted((int(feature), mark) for feature, mark in marks)), tuple(names)

    def __getitem__(self, feature: int | str) -> str:
        if isinstance(feature, str):
            feature = next((i for i in self._marks if self._names[i] == feature), -1)
        return self._marks[feature]

    def __iter__(self) -> Iterator[int]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)

    def __repr__(self) -> str:
        return f"Feedback({', '.join(f'{i} {self._names[i]!r}: {mark!r}' for i, mark in self._marks.items())})"

    @property
    def pairs(self) -> list[list[Any]]:
        """Index and mark of each, as files and views hold them."""
        return [[feature, mark] for feature, mark in self._marks.items()]

    def of(self, mark: str) -> list[int]:
        """Indices of the features that are marked so."""
        return [feature for feature, given in self._marks.items() if given == mark]

    def changed(self, features: Iterable[int], mark: str | None) -> Feedback:
        """Mark features so, or with None take their marks back."""
        gone = set(features)
        kept = [(feature, given) for feature, given in self._marks.items() if feature not in gone]
        return Feedback([*kept, *([] if mark is None else [(feature, mark) for feature in gone])], self._names)


def marked(explanation: Explained, marks: Iterable[Any]) -> Explained:
    """The same explanation with these marks and no others."""
    return replace(explanation, feedback=Feedback(((feature, mark) for feature, mark in marks),
                                                  explanation.feature_names))


def mark(explanation: Explained, feature: int | str, given: str | None, every: bool) -> Explained:
    """See `Explanation.mark`."""
    if given is not None and given not in MARKS:
        raise InputError(f"a feature can be marked {' or '.join(map(repr, MARKS))}, or None takes its mark back; "
                         f"{given!r} came")
    names = explanation.feature_names
    place = _place(feature, names)
    places = [i for i, name in enumerate(names) if name == names[place]] if every else [place]
    before = Feedback(explanation.feedback.items(), names)
    return replace(explanation, feedback=before.changed(places, given))


def _place(feature: Any, names: tuple[str, ...]) -> int:
    """Index of a feature; a name stands for the first one of that name."""
    if isinstance(feature, str) and feature in names:
        return names.index(feature)
    if is_whole(feature) and 0 <= feature < len(names):
        return int(feature)
    shown = ", ".join(repr(name) for name in names[:10]) + (", ..." if len(names) > 10 else "")
    raise InputError(f"feature={feature!r} is no feature of this explanation: give one of {shown}, or an index from 0 "
                     f"to {len(names) - 1}")
