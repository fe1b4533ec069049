"""An explanation as a .csv file: one row a feature of each output that was computed, all digits of every number.

In UTF-8 with a mark at its beginning, by which Excel tells UTF-8, and which other programs skip. A text that a
spreadsheet would run as a formula stands behind an apostrophe.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import StringIO
from typing import Any, NamedTuple, get_args

import numpy as np

from limelight.errors import InputError
from limelight.estimators import LABELS
from limelight.explanation import Explanation
from limelight.export import inputs, overview_table, training_documents
from limelight.export.documents import Unreadable, reading
from limelight.export.named import is_a
from limelight.feedback import MARKS, marked
from limelight.given import GivenRun
from limelight.question import Question
from limelight.registry import STREAMED
from limelight.types import Array, Estimate, OutputSpace

COLUMNS = ("output", "position", "feature", "value", "std_error", "low", "high", "feature_value", "explained",
           "prediction", "base_value", "output_space", "method", "kernel_width", "degrees_of_freedom", "n_evals",
           "exact", "signed", "adds_up", "kind", "model", "mark", "rows")
"""`position` counts features from 0; `low` to `high` is the 95 % interval; `explained` marks the output that is shown;
`feature_value` is a table's own, `mark` a reader's; from `prediction` to `model` the same in all rows of an output.
`rows` is how many rows the
table has: the last column, so that a cut is seen wherever it is."""
NEEDED = COLUMNS[:4]
FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What makes a spreadsheet take a text for a formula: these, also as wide as Chinese characters."""
SOURCE = "a .csv file"
NOTE = "It is shown as the file has it: there is no model behind it to ask, and no perturbations."


def dumps(explanation: Any) -> bytes:
    """Write the values of all outputs that were computed as one table; of an overview the attributions of its rows.

    Raises
    ------
    InputError
        If it is neither.
    """
    if is_a("Overview", explanation):
        return overview_table.as_csv(explanation, _cell)
    if is_a("Tracker", explanation):
        return training_documents.as_csv(explanation, _cell)
    if not isinstance(explanation, Explanation):
        raise InputError(f"a .csv file holds one explanation, and a {type(explanation).__name__} came: "
                         "comparison.to_frame().to_csv() writes the columns of a comparison")
    file = StringIO(newline="")
    table = csv.writer(file, quoting=csv.QUOTE_MINIMAL)
    table.writerow(COLUMNS)
    table.writerows([_cell(each) for each in row] for row in _rows(explanation))
    return file.getvalue().encode("utf-8-sig", "backslashreplace")


def loads(content: bytes, name: str = "the file") -> Explanation:
    """Read what `dumps` wrote: values, errors and what is said of them, but no perturbations and no picture.

    Raises
    ------
    InputError
        If it is no such table.
    """
    with reading(name):
        rows = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        missing = [each for each in NEEDED if each not in (rows.fieldnames or ())]
        if missing:
            raise Unreadable(f"it has no column {missing[0]!r}, so it is no explanation's table; ll.show reads "
                             "attributions of other tables")
        found = [{column: _text(cell) for column, cell in row.items() if column and cell is not None} for row in rows]
        if "rows" in (rows.fieldnames or ()) and any(row.get("rows") != str(len(found)) for row in found):
            raise Unreadable(f"it was cut short, or rows were taken out or added: {len(found)} came, and each should "
                             f"say so in its last column; the first one says {found[0].get('rows', '')!r:.40}")
        return _explanation(_blocks(found))


class Block(NamedTuple):
    """The rows of one output, in the order of its features."""

    output: str
    rows: list[dict[str, str]]

    def numbers(self, column: str, otherwise: float) -> Array:
        return np.array([_number(row, column, otherwise) for row in self.rows], float)


def _rows(explanation: Explanation) -> Iterator[list[Any]]:
    subject, params = explanation.subject, explanation.params
    low, high = explanation.interval()
    given = [column["value"] for column in subject.get("columns", ())] or [""] * len(explanation.feature_names)
    rest = [explanation.output_space, explanation.method, params.get("kernel_width"), params["degrees_of_freedom"],
            int(explanation.n_evals), bool(explanation.exact), bool(params.get("signed", True)),
            bool(params.get("adds_up", True)),
            subject.get("kind", "table"), subject.get("model", "")]
    computed = np.flatnonzero(~np.isnan(explanation.values).any(0))
    for k in computed:
        for i, name in enumerate(explanation.feature_names):
            yield [explanation.output_names[k], i, name, explanation.values[i, k], explanation.std_error[i, k],
                   low[i, k], high[i, k], given[i], bool(k == explanation.target), explanation.prediction[k],
                   explanation.base_values[k], *rest, explanation.feedback.get(i, ""),
                   len(computed) * len(explanation.feature_names)]


def _cell(value: Any) -> str:
    """A number as the shortest text that means it, a text so that no spreadsheet runs it."""
    if isinstance(value, str):
        return f"'{value}" if FORMULA.match(value) else value
    if value is None or isinstance(value, (bool, int)):
        return "" if value is None else str(value)
    return repr(float(value))


def _text(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _blocks(rows: Sequence[dict[str, str]]) -> list[Block]:
    """The rows by output, whatever their order; of two outputs of one name the first has the first rows."""
    found: dict[tuple[str, int], dict[int, dict[str, str]]] = defaultdict(dict)
    seen: Counter[tuple[str, int]] = Counter()
    for row in rows:
        key = row["output"], int(row["position"])
        found[key[0], seen[key]][key[1]] = row
        seen[key] += 1
    blocks = [Block(output, [places[i] for i in sorted(places)]) for (output, _), places in found.items()]
    names = [[row["feature"] for row in block.rows] for block in blocks]
    whole = all(sorted(places) == list(range(len(places))) for places in found.values())
    if not names or not whole or any(each != names[0] for each in names):
        raise Unreadable("each of its outputs should have the same features, at positions from 0 on")
    return blocks


def _explanation(blocks: Sequence[Block]) -> Explanation:
    first, n_outputs = blocks[0].rows[0], len(blocks)
    values = np.stack([block.numbers("value", math.nan) for block in blocks], 1)
    if not np.isfinite(values).all():
        raise Unreadable("its values should be finite numbers")
    errors = np.stack([block.numbers("std_error", math.inf) for block in blocks], 1)
    opening = np.array([[_number(block.rows[0], column, math.nan) for block in blocks]
                        for column in ("base_value", "prediction")])
    shown = _shown(blocks[0], values)
    subject = {**shown.subject, "model": first.get("model", ""), "source": SOURCE, "hide": "mean", "notes": [NOTE]}
    question = Question(subject, shown.data, tuple(subject["features"]), tuple(block.output for block in blocks),
                        _space(first), _target(blocks), 0)
    method = first.get("method") or "attributions"
    estimate = Estimate(values, errors, _degrees(first), _truth(first, "exact", False),
                        np.full(n_outputs, np.nan), 0.0, _params(first, opening), _count(first))
    label = LABELS.get(method) or (STREAMED[method].label if method in STREAMED else "")
    return marked(GivenRun(question, opening, estimate, method, label).explanation(), _marks(blocks[0]))


def _marks(block: Block) -> list[tuple[int, str]]:
    """A reader's, which the rows of every output repeat."""
    found = [(i, row["mark"]) for i, row in enumerate(block.rows) if row.get("mark")]
    strange = [mark for _, mark in found if mark not in MARKS]
    if strange:
        raise Unreadable(f"its mark should be {' or '.join(MARKS)}, or nothing; {strange[0]!r:.40} came")
    return found


def _target(blocks: Sequence[Block]) -> int:
    """The output that is marked, or the only one, where the table has no column of marks."""
    if len(blocks) == 1 and "explained" not in blocks[0].rows[0]:
        return 0
    marked = [k for k, block in enumerate(blocks) if _truth(block.rows[0], "explained", False)]
    if len(marked) != 1:
        raise Unreadable(f"one of its {len(blocks)} outputs should have True in the column 'explained'; {len(marked)} "
                         "have")
    return marked[0]


def _shown(block: Block, values: Array) -> inputs.Shown:
    """Words as a text, of which the table has no more; other features as a row."""
    names = [row["feature"] for row in block.rows]
    if block.rows[0].get("kind") == "text":
        pieces = [piece for i, name in enumerate(names) for piece in ([" ", -1] if i else None, [name, i]) if piece]
        return inputs.Shown({"kind": "text", "features": names, "pieces": pieces, "cut": None}, tuple(names), values)
    return inputs.row([_value(row.get("feature_value", "")) for row in block.rows], names, values)


def _params(row: dict[str, str], opening: Array) -> dict[str, Any]:
    found: dict[str, Any] = {"source": SOURCE}
    if row.get("kernel_width"):
        found["kernel_width"] = _width(row)
    if not _truth(row, "signed", True):
        found["signed"] = False
    if not _truth(row, "adds_up", True) or np.isnan(opening).any():
        found["adds_up"] = False
    return found


def _value(text: str) -> float | int | str:
    """A number where it is written as one is here: a category such as "01234" stays as it is."""
    for read in (int, float):
        with suppress(ValueError):
            number: int | float = read(text)
            if _cell(number) == text:
                return number
    return text


def _number(row: dict[str, str], column: str, otherwise: float) -> float:
    return float(row[column]) if row.get(column) else otherwise


def _width(row: dict[str, str]) -> float:
    found = float(row["kernel_width"])
    if not found > 0:
        raise Unreadable(f"its kernel_width should be a positive number; {found} came")
    return found


def _degrees(row: dict[str, str]) -> float:
    found = _number(row, "degrees_of_freedom", math.inf)
    if not found >= 0:
        raise Unreadable(f"its degrees_of_freedom should be a number, 0 or more; {found} came")
    return found


def _count(row: dict[str, str]) -> int:
    found = int(row.get("n_evals") or 0)
    if not 0 <= found < 2**63:
        raise Unreadable(f"its n_evals should be a whole number, 0 or more; {found} came")
    return found


def _truth(row: dict[str, str], column: str, otherwise: bool) -> bool:
    """Spreadsheets write true and false in capital letters."""
    text = row.get(column, "").lower()
    if text not in ("", "true", "false"):
        raise Unreadable(f"its {column} should be true or false; {text!r:.40} came")
    return text == "true" if text else otherwise


def _space(row: dict[str, str]) -> OutputSpace:
    space: Any = row.get("output_space") or "value"
    if space not in get_args(OutputSpace):
        raise Unreadable(f"its output_space should be one of {', '.join(get_args(OutputSpace))}; {space!r:.40} came")
    return space
