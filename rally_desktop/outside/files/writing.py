"""Write a table into a CSV file or an Excel workbook, bit by bit; never half of one is left.

What is written comes in columns, as most of them hold nothing that must be looked at one by one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from rally_desktop.outside.files.table import calculated, guarded
from rally_desktop.outside.files.whole import whole_file

Column = Sequence[Any]
Write = Callable[[Sequence[Column]], None]
_SHEET_ROWS = 1_048_576
_RISKY = frozenset("'=+-@\t\r\n\0")
# What a text begins with that is not written into a sheet as it stands.
_SPECIAL = frozenset("'<")
_FIRST = itemgetter(slice(1))
# Kinds of cell that the csv module writes as we would.
_PLAIN = frozenset((str, int, type(None)))


@contextmanager
def writing(
    path: Path, headings: Sequence[str], *, separator: str = ",", mark: bool = True
) -> Iterator[Write]:
    """Write a table into a file whose ending says which kind; yield what takes its columns.

    It takes those of some rows at a time. Cells are texts, numbers, yes or no, moments or nothing.
    ``mark`` puts before a CSV file what tells Excel that it is UTF-8. Raises BadFile; what stood
    there before stays until all is done.
    """
    if path.suffix.lower() == ".xlsx":
        with whole_file(path) as fresh, _workbook(fresh, headings) as write:
            yield write
        return
    with (
        whole_file(path) as fresh,
        fresh.open("w", newline="", encoding="utf-8") as file,
    ):
        file.write("\ufeff" if mark else "")
        writer = csv.writer(file, delimiter=separator, lineterminator="\r\n")
        writer.writerow([guarded(heading) for heading in headings])
        yield lambda columns: writer.writerows(zip(*map(_harmless, columns), strict=True))


def _harmless(cells: Column) -> Column:
    """Return a column as CSV has it: what a spreadsheet would calculate has a ' before it."""
    kinds = {*map(type, cells)}
    if not kinds <= _PLAIN:
        return [_text(cell) for cell in cells]
    if str not in kinds:
        return cells
    texts = cells if kinds == {str} else [cell for cell in cells if type(cell) is str]
    if _RISKY.isdisjoint(map(_FIRST, texts)) or not any(map(calculated, texts)):
        return cells
    return [guarded(cell) if type(cell) is str else cell for cell in cells]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return guarded(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if _is_day(value) else value.isoformat(" ")
    return str(value)


def _is_day(moment: datetime) -> bool:
    return not (moment.hour or moment.minute or moment.second or moment.microsecond)


@contextmanager
def _workbook(path: Path, headings: Sequence[str]) -> Iterator[Write]:
    # Slow to import, and needed only for workbooks.
    import xlsxwriter

    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "in_memory": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(path, options) as workbook:
        yield _Sheets(workbook, headings).write
        # Set last: what the library knows of a column it looks at with every cell.
        for sheet in workbook.worksheets():
            sheet.set_column(0, max(len(headings) - 1, 0), 18)


class _Sheets:
    """Writes rows onto a sheet, and onto the next one where it is full."""

    def __init__(self, workbook: Any, headings: Sequence[str]) -> None:
        self._workbook, self._headings = workbook, headings
        self._plain = workbook.add_format()
        self._bold = workbook.add_format({"bold": True, "bottom": 1})
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._begin()

    def _begin(self) -> None:
        self._sheet = self._workbook.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for place, heading in enumerate(self._headings):
            self._sheet.write_string(0, place, heading, self._bold)
        self._row = 1

    def write(self, columns: Sequence[Column]) -> None:
        """Write some rows; a text stays a text, whatever it begins with."""
        for cells in zip(*map(_for_sheet, columns), strict=True):
            if self._row >= _SHEET_ROWS:
                self._begin()
            row, put = self._row, self._sheet.write_string
            for place, value in enumerate(cells):
                if type(value) is str:
                    if value:
                        put(row, place, value)
                elif value is not None:
                    self._put(place, value)
            self._row += 1

    def _put(self, place: int, value: Any) -> None:
        sheet, row = self._sheet, self._row
        if isinstance(value, _LikeMarkup):
            sheet.write_rich_string(row, place, value[:1], self._plain, value[1:])
        elif isinstance(value, bool):
            sheet.write_string(row, place, "yes" if value else "no")
        elif isinstance(value, datetime):
            kind = self._day if _is_day(value) else self._moment
            sheet.write_datetime(row, place, value.replace(tzinfo=None), kind)
        else:
            sheet.write_number(row, place, value)


class _LikeMarkup(str):
    """A text that the library would take for its own markup and write as it is."""

    __slots__ = ()


def _for_sheet(cells: Column) -> Column:
    """Return a column in which only texts that the library writes as such are plain texts."""
    kinds = {*map(type, cells)}
    if str not in kinds:
        return cells
    texts = cells if kinds == {str} else [cell for cell in cells if type(cell) is str]
    if _SPECIAL.isdisjoint(map(_FIRST, texts)):
        return cells
    return [_sheet_text(cell) if type(cell) is str else cell for cell in cells]


def _sheet_text(text: str) -> str:
    """Return a text for a sheet; what begins with ' and a sign gets one more, for our import."""
    if text.startswith("<r>") and text.endswith("</r>"):
        return _LikeMarkup(text)
    return guarded(text) if text[:1] == "'" else text
