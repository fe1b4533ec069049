"""Which part of limelight may import which. To change a layer, change it here first."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import limelight

ROOT = Path(limelight.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

GROUND = {"types", "errors", "feedback", "neighborhood", "question", "preferences", "displayed", "lock", "scalars"}
PARTS = {"models", "maskers", "estimators", "attribution", "quality"}
RUNS = GROUND | PARTS | {"explanation"}
ASKED = RUNS | {"sources", "others", "stopping", "streams", "asked", "registry"}
ABOVE = ASKED | {"adaptive", "arguments", "closed_form", "runs", "progress", "api"}

# A part, and what its modules may import when they are imported. Every part may import itself.
AT_ONCE = {
    "__init__": set(),
    **dict.fromkeys(GROUND, GROUND),
    **dict.fromkeys(PARTS, GROUND),
    "explanation": GROUND,
    "closed_form": RUNS,
    "sources": RUNS,
    "adaptive": RUNS | {"sources"},
    "runs": RUNS | {"sources", "others", "stopping"},
    "others": RUNS,
    "stopping": RUNS,
    "streams": RUNS | {"others", "sources", "stopping"},
    "given": RUNS,
    "loaded": ASKED | {"given", "runs"},
    "asked": RUNS | {"sources"},
    "registry": ASKED,
    "arguments": ASKED,
    "progress": RUNS,
    "api": ABOVE,
    "catalogue": ABOVE,
    "played": ABOVE,
    "found_again": ABOVE | {"played"},
    "evaluated": ABOVE | {"played", "found_again"},
    "metrics": RUNS | {"evaluated", "found_again"},
    "measuring": ABOVE | {"evaluated", "metrics", "played"},
    "revived": ABOVE,
    "scores": set(),
    "evaluation": ABOVE | {"evaluated", "metrics", "revived", "scores"},
    "comparison": ASKED,
    "bulk": ABOVE,
    "training": ABOVE | {"loaded"},
    "dataset": ABOVE | {"bulk"},
    "widgets": GROUND | {"explanation"},
    "export": GROUND | {"explanation", "widgets", "given", "loaded", "registry", "estimators", "quality"},
}
# What it may import besides, inside a function, when that is called.
LATER = {
    "displayed": {"widgets", "export"},
    "explanation": {"estimators", "quality", "export", "widgets", "measuring"},
    "api": {"widgets"},
    "comparison": {"widgets", "export", "training"},
    "dataset": {"widgets", "export"},
    "export": {"maskers", "dataset", "training"},
    "training": {"evaluation", "export", "widgets"},
    "widgets": {"export"},
}
# What takes long to load, and which part may load it when it is imported.
HEAVY = {"torch", "transformers", "shap", "lime", "captum", "matplotlib", "pandas", "anywidget", "ipywidgets",
         "sklearn", "skimage", "IPython", "xgboost", "numba"}
HEAVY_AT_ONCE = {"widgets": {"anywidget", "ipywidgets"}, "scores": {"pandas"}}
NEVER = {"widgets": {"torch", "transformers"}}


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").parts[0]


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield (dotted name, whether at module level) of every import but those for types only."""
    yield from _imports(ast.parse(path.read_text()), True)


def _imports(node: ast.AST, at_once: bool) -> Iterator[tuple[str, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, at_once) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "limelight imports by full names"
            yield from ((f"{child.module}.{alias.name}", at_once) for alias in child.names)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from (found for other in child.orelse for found in _imports(other, at_once))
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, at_once and not inside)


def broken(path: Path) -> Iterator[str]:
    """Say which imports of a module its part may not make."""
    part = part_of(path)
    now = AT_ONCE[part] | {part}
    for name, at_once in imports(path):
        top, _, rest = name.partition(".")
        when = "at module level" if at_once else "in a function"
        allowed = now if at_once else now | LATER.get(part, set())
        if top == "limelight" and rest.partition(".")[0] not in allowed:
            yield f"{name} {when}"
        if top in HEAVY and at_once and top not in HEAVY_AT_ONCE.get(part, ()):
            yield f"{name} {when}: it takes long to load"
        if top in NEVER.get(part, ()):
            yield f"{name}: {part} never needs it"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_what_its_part_may(path):
    assert list(broken(path)) == []


def test_every_part_is_in_the_list():
    assert {part_of(path) for path in MODULES} <= set(AT_ONCE)


def test_the_check_finds_what_it_should(tmp_path, monkeypatch):
    folder = tmp_path / "estimators"
    folder.mkdir()
    (folder / "wrong.py").write_text(
        "import torch\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from limelight.models.text import TextModel\n"
        "from limelight.types import Array\n"
        "class Held:\n    from limelight.maskers import text\n"
        "def later():\n    import pandas\n    from limelight.widgets import view\n"
    )
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert list(broken(folder / "wrong.py")) == [
        "torch at module level: it takes long to load",
        "limelight.maskers.text at module level",
        "limelight.widgets.view in a function",
    ]
