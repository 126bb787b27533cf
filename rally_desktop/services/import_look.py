"""A first look into a list: what its columns are called, how it begins, what they may be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rally_desktop.model.ref import RecordKind
from rally_desktop.model.work import Work
from rally_desktop.outside.files.opening import open_table
from rally_desktop.outside.files.table import Row, Table, preview
from rally_desktop.services import imports


@dataclass(frozen=True)
class Reading:
    """How a person wants a file read; what is empty is as the file suggests."""

    sheet: str = ""
    encoding: str = ""
    separator: str = ""


USUAL = Reading()


@dataclass(frozen=True)
class Look:
    """A list as a person sees it before it comes in.

    ``mapping`` is remembered or guessed: {heading: field}; ``fields`` is what there is to choose
    from, by name with its label. ``sheets`` are those of a workbook, ``encoding`` that of a text,
    ``separator`` what stands between its columns.
    """

    table: Table
    rows: tuple[Row, ...]
    mapping: dict[str, str]
    fields: dict[str, str]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    separator: str = ""


def look(work: Work, path: Path, kind: RecordKind, read: Reading = USUAL) -> Look:
    """Look into a file; raise BadFile where it is no list."""
    table = open_table(path, sheet=read.sheet, encoding=read.encoding, separator=read.separator)
    return Look(
        table,
        tuple(preview(table)),
        imports.guessed(work, table.headers, kind),
        imports.fields(work, kind),
        getattr(table, "sheet", ""),
        tuple(one.name for one in getattr(table, "sheets", ())),
        getattr(table, "encoding", ""),
        getattr(table, "separator", ""),
    )
