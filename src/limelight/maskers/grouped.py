"""Features that are hidden together: columns, words or segments as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.maskers.segments import run_lengths
from limelight.maskers.words import words
from limelight.question import check_meant
from limelight.scalars import is_whole
from limelight.types import Array, Law, Masker, Output

Groups = Mapping[str, Any] | Sequence[Any]


def read_groups(groups: Any) -> Groups | None:
    """Groups and their members in mappings and lists, whatever they came in; None where there are none.

    Raises
    ------
    InputError
        If they can be no groups.
    """
    found = _listed(groups)
    if isinstance(found, Mapping):
        return {str(name): _listed(members) for name, members in found.items()} or None
    if found is None or found == []:
        return None
    if not isinstance(found, list):
        raise InputError(f"groups={groups!r} can't be used: give {{name: members}}, or a list of lists of members, "
                         "which are names or indices of features")
    return [_listed(members) for members in found]


def _listed(members: Any) -> Any:
    """A list of what a set, an array, an Index or a Series holds."""
    if isinstance(members, (set, frozenset)):
        return sorted(members, key=str)
    if hasattr(members, "tolist"):
        return members.tolist()
    return list(members) if isinstance(members, Sequence) and not isinstance(members, (str, bytes)) else members


class GroupedMasker:
    """A masker whose features are hidden and shown in groups.

    What is in no group stays a feature of its own; a group stands where the
    first of its members stood.

    Parameters
    ----------
    masker : Masker
    groups : mapping of name to members, or list of members
        As `read_groups` gives them. Members are indices of features, or their
        names, in a list: a word stands for all its places in the text, and so
        does a phrase, such as "not good".

    Attributes
    ----------
    inner : Masker
    owner : ndarray of shape (number of the masker's features,)
        Which group each feature is in.
    data : tuple
        What each feature is; of groups, the tuple of their members.

    Raises
    ------
    InputError
        If a member is unknown or in two groups, or a group is empty.
    """

    def __init__(self, masker: Masker, groups: Groups):
        self.inner = masker
        given = _named(groups)
        members = [_indices(group, masker) for _, group in given]
        if all(len(found) == 1 for found in members):
            raise InputError(f"groups={groups!r} joins nothing: each group has one member. For one group of several "
                             "features give a list in a list, or {name: [members]}")
        _check_disjoint([name for name, _ in given], members, masker.feature_names)
        self.owner = _owner(members, len(masker.feature_names))
        self._members = [np.flatnonzero(self.owner == i) for i in range(self.owner.max() + 1)]
        names = {int(self.owner[found[0]]): name for (name, _), found in zip(given, members, strict=True)}
        _check_names([name for name, _ in given], [name for i, name in enumerate(masker.feature_names)
                                                   if not any(i in found for found in members)])
        self.feature_names: Sequence[str] = tuple(
            names.get(i) or _name(masker, found) for i, found in enumerate(self._members))
        self.data: Any = tuple(_data(masker.data, found) for found in self._members)
        self.model, self.hide, self.batch_size = masker.model, masker.hide, masker.batch_size
        self.law: Law = masker.law

    @property
    def notes(self) -> Sequence[str]:
        return self.inner.notes

    @property
    def subject(self) -> Mapping[str, Any]:
        """What the view draws: the masker's, each part with its group."""
        drawn = dict(self.inner.subject)
        drawn["features"] = list(self.feature_names)
        if drawn["kind"] == "text":
            drawn["pieces"], drawn["cut"] = _pieces(drawn["pieces"], drawn["cut"], self.owner)
        elif drawn["kind"] == "image":
            drawn["segments"] = run_lengths(self.owner[self.inner.segments])  # type: ignore[attr-defined]
        else:
            drawn["columns"] = [_column([drawn["columns"][i] for i in found]) for found in self._members]
        return drawn

    def __call__(self, coalitions: Array, output: Output) -> Array:
        """Ask the model: bool (n, n_groups) -> float64 (n, all outputs)."""
        return self.inner(coalitions[:, self.owner], output)

    def each(self, coalitions: Array, output: Output) -> Array:
        """Ask for each background row: float64 (n, n_background, all outputs); without any there is one."""
        coalitions = coalitions[:, self.owner]
        each = getattr(self.inner, "each", None)
        return np.asarray(self.inner(coalitions, output)[:, None] if each is None else each(coalitions, output))

    def edited(self, changes: Mapping[int, Any], output: Output) -> Array:
        """Ask about other values of features that are in no group: (all outputs,)."""
        several = [self.feature_names[i] for i in changes if len(self._members[i]) > 1]
        if several:
            raise InputError(f"{several[0]!r} is a group: hide it, or explain without groups to edit its values")
        return self.inner.edited({int(self._members[i][0]): value for i, value in changes.items()}, output)


def _named(groups: Groups) -> list[tuple[str, Any]]:
    """Pairs of a name ("" if it has none) and members."""
    if isinstance(groups, Mapping):
        return list(groups.items())
    return [(members[0] if _is_phrase(members) else members if isinstance(members, str) else "", members)
            for members in groups]


def _is_phrase(members: Any) -> bool:
    return isinstance(members, list) and len(members) == 1 and isinstance(members[0], str)


def _check_names(groups: Sequence[str], alone: Sequence[str]) -> None:
    """Raise InputError where a group would be called like another, or like a feature of its own."""
    given = [name for name in groups if name]
    for name in given:
        if given.count(name) > 1 or name in alone:
            raise InputError(f"two features would be called {name!r}: give the group another name")


def _indices(group: Any, masker: Masker) -> Array:
    """Features of one group, in ascending order."""
    if not isinstance(group, (str, int, list)):
        raise InputError(f"groups holds {group!r} where members should be: give names or indices of features")
    members = group if isinstance(group, list) else [group]
    if not members:
        raise InputError("groups holds an empty group: give each at least one member")
    return np.unique(np.concatenate([_places(member, masker) for member in members]))


def _places(member: Any, masker: Masker) -> Array:
    names = list(masker.feature_names)
    if is_whole(member):
        if masker.model.kind == "table":
            check_meant(member, names)
        if 0 <= member < len(names):
            return np.array([member])
    elif isinstance(member, str):
        found = _runs(names, _parts(member, names))
        if len(found):
            return found
    shown = ", ".join(map(repr, names[:10])) + (", ..." if len(names) > 10 else "")
    raise InputError(f"groups names {member!r}, which is no feature here: there is {shown}, "
                     f"or an index from 0 to {len(names) - 1}")


def _parts(member: str, names: Sequence[str]) -> list[str]:
    return [member] if member in names else [member[start:stop] for start, stop in words(member)]


def _runs(names: Sequence[str], parts: Sequence[str]) -> Array:
    """Indices of every place where the parts follow one another."""
    starts = [i for i in range(len(names)) if parts and names[i : i + len(parts)] == parts]
    return np.array([i + k for i in starts for k in range(len(parts))], int)


def _check_disjoint(names: Sequence[str], members: Sequence[Array], features: Sequence[str]) -> None:
    """Raise InputError where a feature is in two groups."""
    counts = np.bincount(np.concatenate([np.zeros(0, int), *members]), minlength=len(features))
    if (counts > 1).any():
        twice = int(counts.argmax())
        places = [name or f"group {i}" for i, (name, found) in enumerate(zip(names, members, strict=True))
                  if twice in found]
        raise InputError(f"{features[twice]!r} is in {len(places)} groups ({', '.join(places)}): "
                         "a feature can be in one group only")


def _owner(members: Sequence[Array], n_features: int) -> Array:
    """Number groups and single features by where they begin."""
    first = np.arange(n_features)
    for found in members:
        first[found] = found[0]
    return np.unique(first, return_inverse=True)[1]


def _name(masker: Masker, members: Array) -> str:
    names = [masker.feature_names[i] for i in members]
    if len(names) == 1:
        return names[0]
    kind = masker.model.kind
    if kind == "image":
        return f"segments {', '.join(map(str, members))}"
    return (" " if kind == "text" and (np.diff(members) == 1).all() else " + ").join(names)


def _data(data: Any, members: Array) -> Any:
    parts = tuple(data[i] for i in members)
    return parts[0] if len(parts) == 1 else parts


def _pieces(pieces: Sequence[list[Any]], cut: int | None, owner: Array) -> tuple[list[list[Any]], int | None]:
    """Pieces of text with their groups; what lies between words of one group joins them."""
    seen = [[text, feature if feature < 0 else int(owner[feature])] for text, feature in pieces[:cut]]
    found: list[list[Any]] = []
    for text, feature in seen:
        joins = len(found) > 1 and found[-1][1] < 0 <= feature == found[-2][1]
        if joins:
            between = found.pop()[0]
            found[-1][0] += between + text
        elif found and found[-1][1] == feature:
            found[-1][0] += text
        else:
            found.append([text, feature])
    return found + [list(piece) for piece in pieces[len(seen):]], None if cut is None else len(found)


def _column(columns: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """One column as it is; several as their values, which can't be edited."""
    if len(columns) == 1:
        return columns[0]
    return {"value": ", ".join(str(column["value"]) for column in columns), "kind": "group", "categories": None}
