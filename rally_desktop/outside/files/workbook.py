"""Read a sheet of an Excel workbook row by row: values as they were saved, nothing calculated.

The rows are streamed, so that neither a huge sheet nor one with a cell in its last corner takes
the memory; the parts that must be held whole are looked at before they are unpacked.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from rally_desktop.core.errors import BadFile
from rally_desktop.outside.files.decoding import CONTROLS
from rally_desktop.outside.files.table import MOST_COLUMNS, Row, headings, unguarded

if TYPE_CHECKING:
    from openpyxl import Workbook

LARGEST_PART = 256 * 2**20  # bytes; of texts that all cells share
MOST_ROWS = 1_048_576
_EMPTY_ROWS = 5_000  # as many under each other are the end of the list
_LONGEST = 32_768
_WRONG = frozenset("#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #SPILL! #CALC!".split())
# What a damaged or invented workbook makes of the library that reads it.
_DAMAGED = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, AssertionError, OverflowError,
    EOFError, OSError, ParseError, NotImplementedError, RuntimeError, zipfile.BadZipFile,
    zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; a hidden one is offered after the others."""

    name: str
    hidden: bool


@dataclass(frozen=True)
class SheetTable:
    """A sheet that was looked into: what its columns are called, and what else there is."""

    path: Path
    sheet: str
    sheets: tuple[Sheet, ...]
    headers: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """Read the rows under the headings, one at a time."""
        width = len(self.headers)
        found = _read(self.path, self.sheet, width)
        next(found, None)
        for number, cells, problem in found:
            note = "Excel could not calculate a cell; it was left empty." if problem else ""
            if number < 0:
                yield Row(-number, cells, problem)
            elif any(cells[width:]):
                said = f"The row has more cells than the {width} headings. Name every column."
                yield Row(number, cells, said)
            else:
                yield Row(number, (cells + ("",) * width)[:width], "", note)


def read_workbook(path: Path, sheet: str = "") -> SheetTable:
    """Look into a workbook: the named sheet, else the first that is not hidden."""
    _refuse_bombs(path)
    try:
        workbook = _opened(path)
        try:
            found = [Sheet(one.title, one.sheet_state != "visible") for one in workbook.worksheets]
            sheets = tuple(sorted(found, key=lambda one: one.hidden))
            name = _chosen(path, sheets, sheet)
            cells = next((cells for _, cells, _ in _filled(workbook, name)), ())
        finally:
            workbook.close()
    except _DAMAGED as error:
        raise BadFile(f"{path.name} is damaged. Open it in Excel and save it anew.") from error
    while cells and not cells[-1]:
        cells = cells[:-1]
    if not cells:
        raise BadFile(f"The sheet ‘{name}’ is empty. Choose one with headings and rows.")
    if len(cells) > MOST_COLUMNS:
        raise BadFile(f"The sheet ‘{name}’ has more than {MOST_COLUMNS} columns. Remove some.")
    return SheetTable(path, name, sheets, headings(cells))


def _chosen(path: Path, sheets: Sequence[Sheet], name: str) -> str:
    if not sheets:
        raise BadFile(f"{path.name} has no sheet with cells. Choose another file.")
    if name and name not in {one.name for one in sheets}:
        raise BadFile(f"{path.name} has no sheet ‘{name}’. Choose one of the others.")
    return name or sheets[0].name


def _refuse_bombs(path: Path) -> None:
    """Refuse what would fill the memory once it is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadFile(f"{path.name} is damaged. Open it in Excel and save it anew.") from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        raise BadFile(f"{path.name} is a zip archive. Unpack it, then choose the list in it.")
    held = [part.file_size for part in parts if "/worksheets/" not in part.filename]
    if "xl/workbook.bin" in names:
        raise BadFile(f"{path.name} is a binary workbook. In Excel, save it as .xlsx or CSV.")
    if sum(held) > LARGEST_PART:
        raise BadFile(f"{path.name} is too large for one go. In Excel, save it as CSV UTF-8.")


def _opened(path: Path) -> Workbook:
    # Slow to import, and needed only for workbooks.
    from rally_desktop.outside.files.shared_texts import opened

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return opened(path)


def _read(path: Path, sheet: str, width: int) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """Yield the rows of a file; where it breaks off, one with its number negative."""
    number = 0
    try:
        workbook = _opened(path)
        try:
            for number, cells, problem in _filled(workbook, sheet, width):
                yield number, cells, problem
        finally:
            workbook.close()
    except _DAMAGED:
        yield -(number + 1), (), "The workbook is damaged from here on. Save it anew in Excel."


def _filled(
    workbook: Workbook, sheet: str, width: int = MOST_COLUMNS + 1
) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """Yield the rows that are not empty, and whether Excel could not calculate a cell.

    A row is no longer than ``width`` unless there is something beyond.
    """
    empty = 0
    for number, values in enumerate(_streamed(workbook, sheet), start=1):
        beyond = values[width:]
        said = values[:width] if beyond.count(None) == len(beyond) else values
        cells = tuple(map(_text, said))
        empty = 0 if any(cells) else empty + 1
        if empty > _EMPTY_ROWS or number > MOST_ROWS:
            return
        if not empty:
            yield number, cells, "wrong" if _WRONG & {*values_of(said)} else ""


def values_of(values: Iterable[Any]) -> Iterator[str]:
    """Return the texts among the values of a row."""
    return (value for value in values if isinstance(value, str))


def _streamed(workbook: Workbook, sheet: str) -> Iterator[tuple[Any, ...]]:
    one = workbook[sheet]
    one.reset_dimensions()  # what a sheet says of its own size is not to be trusted
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from one.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)


def _text(value: Any) -> str:
    """Return a cell as text that reads as the same value again."""
    if value is None or value in _WRONG:
        return ""
    if isinstance(value, str):
        text = value if value.isprintable() else CONTROLS.sub("", value.replace("\r\n", "\n"))
        return unguarded(text[:_LONGEST])
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return re.sub(r"\.0$", "", repr(value))
    if isinstance(value, datetime):
        bare = value.time() == time()
        return value.date().isoformat() if bare else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | timedelta) else ""
