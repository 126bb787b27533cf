"""House rules that no linter knows: each finds, in a syntax tree, the lines that break it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "rally_desktop"
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "stuff"}


@dataclass(frozen=True)
class Rule:
    """One rule: what it asks, where it does not hold, an example that breaks it."""

    asks: str
    finds: Callable[[ast.Module], Iterator[int]]
    breaks: str
    except_in: tuple[str, ...] = ()

    def broken(self, tree: ast.Module) -> list[int]:
        """Return the lines that break the rule."""
        return sorted(self.finds(tree))


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str, str]]:
    """Yield every call with what it is called on and by which name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, ast.unparse(node.func.value), node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node, "", node.func.id


def _modal(tree: ast.Module) -> Iterator[int]:
    for node, receiver, name in _calls(tree):
        # A drag has no other way, and ends with the mouse button.
        if name in ("exec", "exec_") and receiver and "drag" not in receiver:
            yield node.lineno


def _bare_label(tree: ast.Module) -> Iterator[int]:
    """Find labels made with a text; one without shows a picture."""
    yield from (node.lineno for node, _, name in _calls(tree) if name == "QLabel" and node.args)


def _own_time(tree: ast.Module) -> Iterator[int]:
    told = {
        ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
        ("time", "time"), ("time", "time_ns"), ("Instant", "now"), ("ZonedDateTime", "now"),
        ("QDateTime", "currentDateTime"), ("QDateTime", "currentDateTimeUtc"),
        ("QDate", "currentDate"), ("QTime", "currentTime"),
    }  # fmt: skip
    for node, receiver, name in _calls(tree):
        if (receiver.rpartition(".")[2], name) in told:
            yield node.lineno


def _broad_except(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        # What tidies up and raises again hides nothing.
        if isinstance(node, ast.ExceptHandler) and not _raises_again(node):
            caught = "BaseException" if node.type is None else ast.unparse(node.type)
            if {"Exception", "BaseException"} & set(caught.strip("()").split(", ")):
                yield node.lineno


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _event_loop(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "qasync" in ast.unparse(node):
            yield node.lineno


RULES = {
    "modal": Rule(
        "A dialog is opened, never executed: a nested loop strands coroutines for ever.",
        _modal,
        "dialog.exec()",
    ),
    "label": Rule(
        "Text on screen is a PlainLabel: a QLabel guesses that a name is HTML.",
        _bare_label,
        "label = QLabel(contact.name)",
        ("ui/widgets/plain_label.py",),
    ),
    "time": Rule(
        "The time comes from a clock that is handed in, so that tests can turn it.",
        _own_time,
        "moment = datetime.datetime.now(UTC)",
        # What an empty date field shows first decides nothing.
        ("core/clock.py", "ui/widgets/value_editor.py"),
    ),
    "except": Rule(
        "What nobody expected is caught where it can be shown, and nowhere else.",
        _broad_except,
        "try:\n    go()\nexcept (ValueError, Exception):\n    pass",
        ("ui/later.py", "engine/walk.py", "api/server.py"),
    ),
}


def files() -> list[Path]:
    """Return every file of the program."""
    return sorted(PACKAGE.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """Return a file's syntax tree, read once for all rules."""
    return ast.parse(path.read_text(encoding="utf-8"))


def broken_by(rule: Rule) -> list[str]:
    """Return the places in the program that break a rule."""
    return [
        f"{path.relative_to(ROOT)}:{line}"
        for path in files()
        if path.relative_to(PACKAGE).as_posix() not in rule.except_in
        for line in rule.broken(parsed(path))
    ]
