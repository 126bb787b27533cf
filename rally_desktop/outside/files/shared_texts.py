"""Workbooks opened by openpyxl, but for the texts that cells share: those are read in one pass.

The library keeps an element for each of them and builds an object a text; a list of a million
rows has several million.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

_ITEM, _PLAIN = f"{{{SHEET_MAIN_NS}}}si", f"{{{SHEET_MAIN_NS}}}t"


class _Reader(ExcelReader):
    def read_strings(self) -> None:
        """Read the texts that cells share."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = list(_texts(source))


def opened(path: Path) -> Workbook:
    """Open a workbook for reading its values as they were saved."""
    reader = _Reader(path, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb


def _texts(source: IO[bytes]) -> Iterator[str]:
    events = iterparse(source, ("start", "end"))
    _, whole = next(events)
    for event, node in events:
        if event == "end" and node.tag == _ITEM:
            yield _text(node).replace("x005F_", "")
            whole.clear()


def _text(item: Any) -> str:
    if len(item) == 1 and item[0].tag == _PLAIN:
        return item[0].text or ""
    text = Text.from_tree(item)
    return text.content if text else ""
