"""A table out of a file: headings and rows, whatever kind of file it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

MOST_COLUMNS = 500
# What a spreadsheet would calculate; our own export puts a ' before it, and one more where
# there was one.
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
_PHONE_OR_NUMBER = r"(?:[+-]?\d|[+(](?=[ ().,/-]*\d))[\d ().,/-]*\Z"
calculated = re.compile(rf"(?!{_PHONE_OR_NUMBER})'*[=+\-@\t\r\n\0]").match
"""Whether a spreadsheet would calculate a text; numbers and phones may stay as they are."""


class Row(NamedTuple):
    """One row: the number of its first line in the file (headings are 1), and its cells.

    ``problem`` says why it could not be read; ``note`` what was done to read it.
    """

    number: int
    cells: tuple[str, ...]
    problem: str = ""
    note: str = ""


class Table(Protocol):
    """A list that was looked into: its headings, and its rows one at a time."""

    @property
    def path(self) -> Path:
        """Return which file it is."""
        ...

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headings, all different."""
        ...

    def rows(self) -> Iterator[Row]:
        """Read the rows from the first one on."""
        ...


def preview(table: Table, count: int = 20) -> list[Row]:
    """Return the first rows, for a person to look at."""
    return [row for row, _ in zip(table.rows(), range(count), strict=False)]


def headings(cells: Iterable[str]) -> tuple[str, ...]:
    """Return headings that are all there and all different."""
    made: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"Column {place}"
        count, unique = 1, name
        while unique in made:
            count += 1
            unique = f"{name} ({count})"
        made.append(unique)
    return tuple(made)


def guarded(text: str) -> str:
    """Put a ' before what a spreadsheet would calculate."""
    return "'" + text if calculated(text) else text


def unguarded(cell: str) -> str:
    """Take off the ' that ``guarded`` puts before what a spreadsheet would calculate."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
