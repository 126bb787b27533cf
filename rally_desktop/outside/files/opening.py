"""A list in a file, opened as what it is: CSV, an Excel workbook, or address cards."""

from __future__ import annotations

from pathlib import Path

from rally_desktop.outside.files.csv import read_csv, sample
from rally_desktop.outside.files.table import Table
from rally_desktop.outside.files.vcard import is_vcard, read_vcard
from rally_desktop.outside.files.workbook import read_workbook

# What a person chooses among, as (words, pattern).
KINDS = (("Lists", ("csv", "txt", "tsv", "xlsx", "xlsm", "vcf")),)


def open_table(
    path: str | Path, *, sheet: str = "", encoding: str = "", separator: str = ""
) -> Table:
    """Look into a file; raise BadFile where it is no list that can be read."""
    path = Path(path)
    start = sample(path)
    if start.startswith(b"PK\x03\x04"):
        return read_workbook(path, sheet)
    if is_vcard(start):
        return read_vcard(path, encoding)
    return read_csv(path, encoding=encoding, separator=separator)
