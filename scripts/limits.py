"""The gate on shape: no file, class or function grows beyond what one can hold in the head.

Usage: ``python scripts/limits.py [TREE ...]``; without a tree, everything of ours. Files are
parsed, never imported. What is beyond a limit earns a split, or a decision record that
changes the limit for all.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
TREES = ("rally_desktop", "benchmarks", "scripts", "tests")
LIMITS = {
    "file": 400,
    "class": 250,
    "methods": 20,
    "function": 50,
    "nesting": 4,
    "branches": 12,
    "parameters": 7,
}

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
NESTERS = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.TryStar,
    ast.Match,
)
DECISIONS = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.comprehension,
    ast.match_case,
)


class Measure(NamedTuple):
    """One counted thing: which limit it belongs to, how much, and where."""

    limit: str
    value: int
    where: str


def measure(source: str, shown_as: str) -> Iterator[Measure]:
    """Yield every measure of one file's text."""
    yield Measure("file", len(source.splitlines()), shown_as)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            yield from _class(node, f"{shown_as}:{node.lineno} {node.name}")
        elif isinstance(node, FUNCTIONS):
            yield from _function(node, f"{shown_as}:{node.lineno} {node.name}")


def _class(node: ast.ClassDef, where: str) -> Iterator[Measure]:
    yield Measure("class", _span(node), where)
    yield Measure("methods", sum(isinstance(item, FUNCTIONS) for item in node.body), where)


def _function(node: FunctionNode, where: str) -> Iterator[Measure]:
    yield Measure("function", _span(node), where)
    yield Measure("nesting", _nesting(node.body), where)
    yield Measure("branches", _branches(node), where)
    yield Measure("parameters", _parameters(node), where)


def _span(node: FunctionNode | ast.ClassDef) -> int:
    """Count lines from ``def`` or ``class`` (without decorators) to the last one."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _nesting(body: Iterable[ast.AST], depth: int = 0) -> int:
    """Return the deepest chain of blocks; elif adds nothing, a nested function starts anew."""
    deepest = depth
    for node in body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.If):
            is_elif = len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)
            below = _nesting(node.orelse, depth if is_elif else depth + 1)
            deepest = max(deepest, below, _nesting(node.body, depth + 1))
        else:
            inner = depth + 1 if isinstance(node, NESTERS) else depth
            deepest = max(deepest, _nesting(ast.iter_child_nodes(node), inner))
    return deepest


def _branches(node: FunctionNode) -> int:
    """Count decisions plus one (McCabe), each ``and`` and ``or`` and comprehension included."""
    return 1 + sum(
        isinstance(inner, DECISIONS) or (isinstance(inner, ast.BoolOp) and len(inner.values) - 1)
        for inner in _own_nodes(node)
    )


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            yield child
            yield from _own_nodes(child)


def _parameters(node: FunctionNode) -> int:
    """Count parameters, starred ones included, ``self`` and ``cls`` not."""
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    starred = [item for item in (arguments.vararg, arguments.kwarg) if item]
    return sum(item.arg not in ("self", "cls") for item in named) + len(starred)


def broken(trees: Iterable[Path]) -> list[str]:
    """Return a line for everything beyond its limit, the worst first within a limit."""
    found: list[Measure] = []
    for tree in trees:
        for path in [tree] if tree.is_file() else sorted(tree.rglob("*.py")):
            found += measure(path.read_text(encoding="utf-8"), str(path))
    over = [item for item in found if item.value > LIMITS[item.limit]]
    over.sort(key=lambda item: (list(LIMITS).index(item.limit), -item.value))
    return [f"{item.limit} {item.value} > {LIMITS[item.limit]}: {item.where}" for item in over]


def main(arguments: Sequence[str]) -> int:
    """Print what is beyond a limit; return 1 if anything is."""
    trees = [Path(name) for name in arguments] or [ROOT / name for name in TREES]
    lines = broken(tree for tree in trees if tree.exists())
    print("\n".join(lines) or "within all limits")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
