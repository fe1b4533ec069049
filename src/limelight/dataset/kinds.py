"""Which measures of importance there are for a table, and how each is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

from limelight.attribution._sums import linear_sums, tree_sums
from limelight.attribution.exact import taken_apart
from limelight.dataset import gradients, permutation, sage
from limelight.dataset._loss_game import N_BACKGROUND, N_UNCORRECTED
from limelight.dataset.coefficients import coefficients
from limelight.dataset.collected import Watch
from limelight.dataset.conditional import permuting_alike
from limelight.dataset.correlation import Groups, associations, clusters
from limelight.dataset.gradients import deriving
from limelight.dataset.in_time import Evaluations, Size, in_time
from limelight.dataset.interaction import MOST_FEATURES, N_ROWS, interacting
from limelight.dataset.loss import OF_ALL
from limelight.dataset.measure import LABELS
from limelight.dataset.permutation import REPEATS, permuting, permuting_groups
from limelight.dataset.sage import MOST_EVALS, sharing
from limelight.dataset.splits import gains_of, splits
from limelight.dataset.steps import Steps, part
from limelight.dataset.table import Table
from limelight.errors import InputError
from limelight.scalars import is_finite, is_whole
from limelight.types import Array


@dataclass(frozen=True)
class Wanted:
    """What measures are computed from.

    Attributes
    ----------
    table : Table
    related : Related
    order : sequence of int
        Columns, the one with the largest attributions first.
    """

    table: Table
    related: Related
    order: Sequence[int]


class Related:
    """How the columns of a table go together; found once."""

    def __init__(self, table: Table):
        self._table = table

    @cached_property
    def strengths(self) -> Array:
        """Association of every two columns."""
        return associations(self._table)

    @cached_property
    def groups(self) -> Groups:
        """Columns that go together."""
        return clusters(self.strengths)


Found = tuple[Any, ...]
"""Measures, and perhaps a table of pairs."""


def _permutation(wanted: Wanted, **options: Any) -> Steps[Found]:
    return ((yield from permuting(wanted.table, strengths=wanted.related.strengths, **options)),)


def _grouped(wanted: Wanted, **options: Any) -> Steps[Found]:
    single = yield from part(permuting(wanted.table, **options), 0.0, 0.7)
    return ((yield from part(permuting_groups(wanted.table, single, wanted.related.groups, **options), 0.7, 1.0)),)


def _interaction(wanted: Wanted, **options: Any) -> Steps[Found]:
    found = yield from interacting(wanted.table, list(wanted.order[:MOST_FEATURES]), **options)
    return found.overall, found.to_frame()


def _derivatives(wanted: Wanted, **options: Any) -> Steps[Found]:
    return (yield from deriving(wanted.table, **options))


def _one(work: Callable[..., Steps[Any]]) -> Callable[..., Steps[Found]]:
    """Of a function that returns one measure."""
    def steps(wanted: Wanted, **options: Any) -> Steps[Found]:
        return ((yield from work(wanted.table, **options)),)

    return steps


def _read(work: Callable[[Table], Any]) -> Callable[..., Steps[Found]]:
    """Of a function that reads the model, which takes no time."""
    def steps(wanted: Wanted) -> Steps[Found]:
        yield from ()
        found = work(wanted.table)
        return found if isinstance(found, tuple) else (found,)

    return steps


class Kind(NamedTuple):
    """How a measure is computed, what can be asked of it, and how it is made smaller where there is little time."""

    steps: Callable[..., Steps[Found]]
    options: tuple[str, ...] = ()
    size: Size | None = None


def _shuffled(table: Table, options: Mapping[str, Any], n: int) -> float:
    return n * (1 + int(options.get("repeats", REPEATS)) * table.n_features)


def _moved(table: Table, options: Mapping[str, Any], n: int) -> float:
    return 2 * n * table.n_features


def _crossed(table: Table, options: Mapping[str, Any], n: int) -> float:
    d = min(table.n_features, MOST_FEATURES)
    return n**2 * d * (d + 1) / 2


def _played(table: Table, options: Mapping[str, Any], n: int) -> float:
    curved = table.loss is None or table.loss.curve is not None
    return 2 * n * max(table.n_features - 1, 0) * (N_BACKGROUND if curved else N_UNCORRECTED)


PERMUTED, SHARED = ("repeats", "n_rows", "loss"), ("n_evals", "n_rows", "ratio", "loss")
SHUFFLED, MOVED = Size("n_rows", permutation.MOST_ROWS, _shuffled), Size("n_rows", gradients.MOST_ROWS, _moved)
COMPUTED: dict[str, Kind] = {
    "coefficients": Kind(_read(coefficients)),
    "scaled_coefficients": Kind(_read(coefficients)),
    "splits": Kind(_read(splits)),
    "permutation": Kind(_permutation, PERMUTED, SHUFFLED),
    "grouped_permutation": Kind(_grouped, PERMUTED, SHUFFLED),
    "conditional_permutation": Kind(_one(permuting_alike), PERMUTED, SHUFFLED),
    "sage": Kind(_one(sharing), SHARED, Evaluations("n_evals", MOST_EVALS, _played, most_rows=sage.MOST_ROWS)),
    "derivative": Kind(_derivatives, ("n_rows",), MOVED),
    "absolute_derivative": Kind(_derivatives, ("n_rows",), MOVED),
    "scaled_derivative": Kind(_derivatives, ("n_rows",), MOVED),
    "interaction": Kind(_interaction, ("n_rows",), Size("n_rows", N_ROWS, _crossed)),
}
"""How each measure is computed, in the order in which they are shown."""
READ = ("coefficients", "scaled_coefficients", "splits")
"""Those that are read off the model, and cost next to nothing."""


def offered(related: Related, table: Table) -> dict[str, str]:
    """Measures that can be asked for: a label by name."""
    head = taken_apart(table.model)[1]
    lacking = set() if related.groups else {"grouped_permutation"}
    lacking |= set() if linear_sums(head) is not None else {"coefficients", "scaled_coefficients"}
    lacking |= set() if tree_sums(head) is not None and gains_of(head) is not None else {"splits"}
    lacking |= {"interaction", "conditional_permutation"} if table.n_features < 2 else set()
    return {name: LABELS.get(name, name) for name in COMPUTED if name not in lacking}


def computed(name: str, wanted: Wanted, options: Mapping[str, Any], watch: Watch) -> Steps[Found]:
    """Compute a measure, with options of its own, in the time that there is.

    Raises
    ------
    InputError
        If an option is not the measure's, or can't be used.
    """
    kind, given = COMPUTED[name], dict(options)
    unknown = [option for option in given if option not in kind.options]
    if unknown:
        raise InputError(f"measure={name!r} has no option {unknown[0]!r}: there is {', '.join(kind.options) or 'none'}")
    for option in given.keys() - {"loss", "ratio"}:
        if not is_whole(given[option]) or given[option] < 1:
            raise InputError(f"{option}={given[option]!r} can't be used: give a whole number from 1 on")
    ratio = given.get("ratio", 1.0)
    if not is_finite(ratio) or ratio <= 0:
        raise InputError(f"ratio={ratio!r} can't be used: give a number above 0, such as 0.025")
    if "loss" in given:
        wanted = replace(wanted, table=wanted.table.judged_by(given.pop("loss")))
    if watch.seconds is None or kind.size is None:
        return kind.steps(wanted, **given)
    return in_time(partial(kind.steps, wanted), kind.size, wanted.table, given, watch)


def of_all(name: str, table: Table, options: Mapping[str, Any]) -> bool:
    """Tell a measure that is the same whichever output is explained: what trees gained, and what a loss of all says."""
    asked = options.get("loss", "auto")
    loss = table.loss_name if asked == "auto" else asked
    return name == "splits" or ("loss" in COMPUTED[name].options and loss in OF_ALL)
