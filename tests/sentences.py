"""Find the sentences that Python makes and a view shows, in the source: js/lib/words/zh.js has them in Chinese."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path

SRC = Path(__file__).parents[1] / "src" / "limelight"
TABLES_ONLY = {"metrics/place.py"}
"""Metrics that need to be told what should matter stand in the table of `evaluate`, and in no view."""
WHILE_RUNNING = {"sources.py", "streams.py", "attribution/_watch.py"}
"""What is said around a model's own error; other ModelErrors come before there is a view."""
SAID = {"warning", "_warning", "_doubts", "categories", "_categories", "notes", "_notes", "note", "_note", "reason",
        "source", "no_model", "remarks", "LIKENESS", "PATHS", "TERMS", "OWN",
        "_refusal", "OVER_WHITE", "MEAN", "said", "LOSSES"}
"""Arguments, keys, attributes and functions that hold sentences, or are one."""
WHAT_IFS = {"probe", "ask", "edited", "_missing", "_number", "_category", "_time", "find_label", "check_position"}
"""Functions whose InputErrors answer a reader's what-if, or search for a row."""
FIELD = "{}"


Scopes = list[ast.AST]
"""The module that a node is in and the functions around it, the innermost last."""


class Sentences:
    """All modules, and what strings an expression in them may come to be."""

    def __init__(self) -> None:
        self._nodes: list[tuple[str, ast.AST, Scopes]] = []
        self._functions: dict[str, list[tuple[ast.FunctionDef, Scopes]]] = defaultdict(list)
        self._calls: dict[str, list[tuple[ast.Call, Scopes]]] = defaultdict(list)
        self._assigned: dict[tuple[ast.AST, str], list[tuple[ast.expr, Scopes]]] = defaultdict(list)
        self._returned: dict[ast.AST, list[tuple[ast.expr | None, Scopes]]] = defaultdict(list)
        self._found: dict[ast.AST, list[str]] = {}
        for path in sorted(SRC.rglob("*.py")):
            self._read(str(path.relative_to(SRC)), ast.parse(path.read_text()), [])

    def _read(self, name: str, node: ast.AST, scopes: Scopes) -> None:
        """Note every node below, with what is around it."""
        inside = [*scopes, node] if isinstance(node, (ast.Module, ast.FunctionDef)) else scopes
        for child in ast.iter_child_nodes(node):
            self._nodes.append((name, child, inside))
            self._note(child, inside)
            self._read(name, child, inside)

    def _note(self, node: ast.AST, scopes: Scopes) -> None:
        match node:
            case ast.FunctionDef():
                self._functions[node.name].append((node, scopes))
            case ast.Call(func=func):
                self._calls[_name(func)].append((node, scopes))
            case ast.Return(value=value):
                self._returned[scopes[-1]].append((value, scopes))
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        self._assigned[scopes[-1], target.id].append((value, scopes))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield (file, template): what differs is {}."""
        for name, node, scopes in self._nodes:
            for root in _roots(name, node, scopes):
                yield from ((name, found) for found in self.of(root, scopes) if _is_sentence(found))
            if isinstance(node, ast.Call) and _name(node.func) == "Unsuited" and name not in TABLES_ONLY:
                yield from ((name, f"{{}}; use {way}") for arg in node.args[1:2] for way in self.of(arg, scopes))

    def of(self, node: ast.AST | None, scopes: Scopes) -> list[str]:
        """Every string that an expression may be; none where that can't be told."""
        if node is None:
            return []
        if node not in self._found:
            self._found[node] = []  # so much is known of it while it is looked for
            self._found[node] = list(dict.fromkeys(self._of(node, scopes)))
        return self._found[node]

    def _of(self, node: ast.AST, scopes: Scopes) -> list[str]:
        match node:
            case ast.Constant(value=str() as text):
                return [text]
            case ast.JoinedStr(values=parts):
                return ["".join(each) for each in product(*(self._part(part, scopes) for part in parts))]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return [a + b for a in self.of(left, scopes) for b in self.of(right, scopes)]
            case ast.BinOp(left=left, op=ast.Mult()):
                return [text for found in self.of(left, scopes) for text in ("", found)]
            case ast.Name(id=name):
                return self._named(name, scopes)
            case ast.Call(func=func, args=args):
                own = [(each, inside) for each, inside in self._functions[_name(func)] if inside[0] is scopes[0]]
                said = [text for each, _ in own for value, inside in self._returned[each]
                        for text in self.of(value, inside)]
                return said or self._any(args, scopes)
            case ast.GeneratorExp(elt=elt, generators=generators) | ast.ListComp(elt=elt, generators=generators):
                return self._any([elt, *(each.iter for each in generators)], scopes)
            case ast.Dict(values=values):
                return self._any(values, scopes)
            case ast.IfExp() | ast.BoolOp() | ast.Tuple() | ast.List() | ast.Starred():
                return self._any([each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)], scopes)
        return []

    def _any(self, nodes: list[ast.expr], scopes: Scopes) -> list[str]:
        return [text for node in nodes for text in self.of(node, scopes)]

    def _part(self, part: ast.AST, scopes: Scopes) -> list[str]:
        """Of an f-string: a field is what it may be, where that is a part of the sentence."""
        if not isinstance(part, ast.FormattedValue):
            return self.of(part, scopes)
        if isinstance(part.value, ast.BinOp):
            return self.of(part.value, scopes) or [FIELD]
        known = self.of(part.value, scopes) if isinstance(part.value, ast.Name) else []
        whole = all(" " in each or not each for each in known) and any(known)
        return known if whole else [FIELD]

    def _named(self, name: str, scopes: Scopes) -> list[str]:
        """What is assigned to a name, in its function or else in its module; or what a parameter is given as it is."""
        for scope in reversed(scopes):
            values = self._assigned.get((scope, name), [])
            if isinstance(scope, ast.FunctionDef) and name in (names := [arg.arg for arg in scope.args.args]):
                given = [(call.args[names.index(name):names.index(name) + 1], inside)
                         for call, inside in self._calls[scope.name]]
                values = values + [(arg, inside) for args, inside in given for arg in args
                                   if isinstance(arg, ast.Constant)]
            if values:
                return [text for value, inside in values for text in self.of(value, inside)]
        return []


def _roots(name: str, node: ast.AST, scopes: Scopes) -> Iterator[ast.expr | None]:
    """Expressions that are said."""
    inside = getattr(scopes[-1], "name", "")
    match node:
        case ast.Call(func=func, args=[first, *_]) if (error := _name(func)):
            if ((error == "Unsuited" and name not in TABLES_ONLY) or (error == "ModelError" and name in WHILE_RUNNING)
                    or (error == "InputError" and inside in WHAT_IFS) or error == "Result"):
                yield first
            if error == "Measure":
                yield from node.args[1:2]
            yield from (each.value for each in node.keywords if each.arg in SAID)
        case ast.Dict(keys=keys, values=values):
            yield from (value for key, value in zip(keys, values, strict=True)
                        if isinstance(key, ast.Constant) and key.value in SAID)
        case ast.Assign(targets=[target], value=value) if _name(target) in SAID:
            yield value
        case ast.Return(value=value) if inside in SAID:
            yield value


def _name(node: ast.AST) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


def _is_sentence(text: str) -> bool:
    return any(letter.isalpha() for letter in text.replace(FIELD, "")) and " " in text
