"""Workbooks are read as they were saved: nothing calculated, nothing taken on trust."""

import zipfile
from datetime import datetime

import pytest
import xlsxwriter
from openpyxl import load_workbook

from rally_desktop.core.errors import BadFile
from rally_desktop.outside.files.opening import open_table


def fill(sheet, place, value, day):
    """Write a value: a moment as one, (formula, what it came to) as a formula."""
    if isinstance(value, datetime):
        sheet.write_datetime(*place, value, day)
    elif isinstance(value, tuple):
        sheet.write_formula(*place, value[0], None, value[1])
    else:
        sheet.write(*place, value)


@pytest.fixture
def book(tmp_path):
    """Write a workbook of one sheet or more and return its path."""

    def write(*sheets, **options):
        path = tmp_path / "list.xlsx"
        with xlsxwriter.Workbook(path, options) as made:
            for name, hidden, rows in sheets:
                sheet = made.add_worksheet(name)
                sheet.hide() if hidden else sheet.activate()
                day = made.add_format({"num_format": "yyyy-mm-dd"})
                cells = ((y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row))
                for y, x, value in cells:
                    fill(sheet, (y, x), value, day)
        return path

    return write


def test_values_of_every_kind_become_text(book):
    """Texts, numbers, dates and yes or no read as the same values again."""
    rows = [["Name", "Amount", "Since", "Paid"], ["Ana", 12.5, datetime(2026, 3, 28), True]]
    table = open_table(book(("A", False, [*rows, ["Bo", 3, datetime(2026, 3, 28, 9, 5)]])))
    assert table.headers == ("Name", "Amount", "Since", "Paid")
    assert [row.cells for row in table.rows()] == [
        ("Ana", "12.5", "2026-03-28", "yes"),
        ("Bo", "3", "2026-03-28 09:05:00", ""),
    ]


def test_a_formula_is_what_was_saved_of_it(book):
    """What a formula came to is read; nothing is calculated, and what failed is said."""
    table = open_table(
        book(("A", False, [["Name", "Sum"], ["Ana", ("=6*7", 42)], ["Bo", ("=1/0", "#DIV/0!")]]))
    )
    ana, bo = table.rows()
    assert (ana.cells, ana.note) == (("Ana", "42"), "")
    assert bo.cells == ("Bo", "")
    assert "could not calculate" in bo.note


def test_dates_of_an_old_mac_are_the_same_days(book):
    """A workbook that counts from 1904 means the days it shows."""
    rows = [["Name", "Since"], ["Ana", datetime(2026, 3, 28)]]
    [row] = open_table(book(("A", False, rows), date_1904=True)).rows()
    assert row.cells == ("Ana", "2026-03-28")


def test_a_hidden_sheet_is_not_the_first_choice(book):
    """The first sheet that one sees is read; any other can be chosen, hidden ones too."""
    path = book(("Old", True, [["Hidden"], ["x"]]), ("New", False, [["Seen"], ["y"]]))
    table = open_table(path)
    assert (table.headers, [s.name for s in table.sheets]) == (("Seen",), ["New", "Old"])
    assert open_table(path, sheet="Old").headers == ("Hidden",)


def test_a_cell_in_the_last_corner_costs_nothing(book, tmp_path):
    """A sheet that claims to be as large as there is room is read to the end of its list."""
    path = tmp_path / "corner.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["Name", "City"])
        sheet.write_row(1, 0, ["Ana", "Genève"])
        sheet.write(1048575, 16383, "far")
    assert [row.cells for row in open_table(path).rows()] == [("Ana", "Genève")]


def test_what_is_damaged_is_said_and_what_stood_before_is_read(book, tmp_path):
    """A sheet that breaks off gives its rows, then says where it broke."""
    whole = book(("A", False, [["Name"], *[[f"P{n}"] for n in range(50)]]))
    torn = tmp_path / "torn.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(torn, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, content[:-500] if "sheet1" in part else content)
    *rows, last = open_table(torn).rows()
    assert rows[0].cells == ("P0",)
    assert "damaged" in last.problem


def test_what_is_no_workbook_is_refused(tmp_path):
    """A zip of other things, and half a file, are refused with what to do."""
    path = tmp_path / "photos.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("photo.jpg", b"x")
    with pytest.raises(BadFile, match="Unpack it"):
        open_table(path)
    path.write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(BadFile, match="damaged"):
        open_table(path)


def test_texts_that_cells_share_lose_their_looks_alone(tmp_path):
    """Plain, bold and escaped texts come to what the library makes of them."""
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet, bold = made.add_worksheet(), made.add_format({"bold": True})
        sheet.write_row(0, 0, ["Name", "City"])
        for row, text in enumerate((" Ana ", "a_x005F_b", "Zoë", "x"), start=1):
            sheet.write(row, 0, text)
            sheet.write_rich_string(row, 1, "Be", bold, "rn", " & Co")
    _, *expected = load_workbook(path).active.values
    assert [row.cells for row in open_table(path).rows()] == expected
    assert expected[2] == ("Zoë", "Bern & Co")
