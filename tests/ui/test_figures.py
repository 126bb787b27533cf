"""Numbers and days are written as the person at this computer writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from rally_desktop.core.amounts import amount
from rally_desktop.ui import figures
from rally_desktop.ui.widgets.board_cards import closing
from rally_desktop.ui.widgets.grid_model import copied, say
from rally_desktop.ui.widgets.value_editor import value_editor

CHRISTMAS = datetime(2026, 12, 25, tzinfo=UTC)


@pytest.fixture
def use():
    """Sit at a computer of another country."""
    before = QLocale()
    yield lambda name: QLocale.setDefault(QLocale(name))
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("name", "said", "typed"),
    [
        ("C", "1,234,567.50", "1234567.5"),
        ("en_GB", "1,234,567.50", "1234567.5"),
        ("de_DE", "1.234.567,50", "1234567,5"),
        ("fr_FR", "1\u202f234\u202f567,50", "1234567,5"),
        ("en_IN", "12,34,567.50", "1234567.5"),
    ],
)
def test_an_amount_reads_as_is_usual_where_one_is(use, name, said, typed):
    """What is shown can be typed and pasted back, and means the same."""
    use(name)
    assert figures.money(1234567.5) == said
    assert figures.written(1234567.5) == typed
    assert [figures.read(text) for text in (said, typed, "1234567.5")] == ["1234567.5"] * 3


def test_one_sign_means_here_what_it_means_here(use):
    """A point parts thousands in Munich and cents in London."""
    use("de_DE")
    assert figures.read("1.234") == "1234"
    use("en_GB")
    assert figures.read("1.234") == "1.234"


def test_what_is_no_number_stays_as_it_was_typed():
    """Whoever checks it then says so."""
    assert figures.read(" ten ") == "ten"
    assert figures.read("") == ""
    assert amount("ten") is None


def test_a_number_has_no_more_decimals_than_it_has():
    """Whole ones have none, and thirds end somewhere."""
    assert [figures.number(value) for value in (3.0, 0.5, 1e6, 1 / 3)] == [
        "3", "0.5", "1,000,000", "0.333333",
    ]  # fmt: skip


def test_a_day_is_the_same_day_in_every_zone():
    """It has no time that could be over; in a spreadsheet it sorts."""
    assert say(CHRISTMAS, "day") == "25 December 2026"
    assert copied(CHRISTMAS, "day") == "2026-12-25"
    assert figures.short_day(CHRISTMAS, date(2026, 12, 24)) == "Tomorrow"
    assert figures.short_day(CHRISTMAS, date(2027, 2, 1)) == "25 Dec 2026"


def test_a_deal_that_is_to_close_today_is_not_late_yet():
    """The day lasts until its evening."""
    evening = datetime(2026, 12, 25, 23, 59).astimezone()
    assert closing(CHRISTMAS, evening) == "Closes today"
    assert closing(CHRISTMAS, evening + timedelta(minutes=1)) == "Was to close yesterday"


def test_a_filter_takes_numbers_as_they_are_written_here(use, qtbot):
    """In Munich a comma is a part of a number, so several are told apart by semicolons."""
    use("de_DE")
    one, some = (value_editor("number", op, ()) for op in ("more_than", "any_of"))
    for editor, typed in ((one, "1234,5"), (some, "1,5; 2.000")):
        qtbot.addWidget(editor.widget)
        qtbot.keyClicks(editor.widget, typed)
    assert (one.read(), some.read()) == (1234.5, [1.5, 2000.0])
