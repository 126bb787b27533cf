"""What is wrong with a text that has merge fields, and where in it: for whoever writes one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from rally_desktop.core.errors import BadTemplate, UnknownField
from rally_desktop.core.merge import compile_template

_OPENS = re.compile(r"\{\{|\{%|\{#")
_WHOLE = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#.*?#\}")


class Flaw(NamedTuple):
    """One thing that is wrong, with its place: lines and columns count from 1."""

    text: str
    line: int
    column: int

    def said(self, lines: int) -> str:
        """Say what and where; the line only in a text of several lines."""
        where = f"line {self.line}, column" if lines > 1 else "column"
        return f"{self.text.removesuffix('.')} ({where} {self.column})"


def flaw(source: str, unknown: Callable[[str], UnknownField | None]) -> Flaw | None:
    """Return the first thing that is wrong with a text; ``unknown`` judges the fields by name."""
    if "{" not in source:
        return None
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    try:
        fields = compile_template(source).fields
    except BadTemplate as error:
        text = str(error).removeprefix(f"Line {error.line}: ")
        return Flaw(text, *_opening(source, error.line))
    for name in fields:
        if (found := unknown(name)) is not None:
            return Flaw(str(found), *_place(source, source.find(name)))
    return None


def _opening(source: str, line: int) -> tuple[int, int]:
    """Return where in a line the brackets begin that are not as they should be."""
    lines = source.split("\n")
    line = min(max(line, 1), len(lines))
    here = lines[line - 1]
    begun = [found.start() for found in _OPENS.finditer(_WHOLE.sub(_blank, here))]
    begun += [found.start() for found in _OPENS.finditer(here)]
    return line, (begun[0] if begun else 0) + 1


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _place(source: str, at: int) -> tuple[int, int]:
    before = source[: max(at, 0)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
