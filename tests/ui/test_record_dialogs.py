"""Adding a record: what its dialog begins with, and boxes for days that are none at first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtWidgets import QLineEdit

from rally_desktop.services import entry
from rally_desktop.ui.widgets.day_box import NONE, DayBox
from rally_desktop.ui.widgets.deal_dialog import DealDialog


@pytest.fixture
def box(qtbot, clock):
    """The box as it is used in London."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    made = DayBox(clock)
    qtbot.addWidget(made)
    made.show()
    yield made
    QLocale.setDefault(before)


def test_a_box_without_a_day_says_so_and_takes_one_by_keys(box, qtbot, clock):
    """The first digit begins a day of this month; Delete takes the whole day away again."""
    assert (box.date(), box.text()) == (NONE, "No date")
    qtbot.keyClicks(box, "05")
    now = clock.now()
    assert box.date() == QDate(now.year, now.month, 5)
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    assert box.date() == NONE


def test_the_calendar_opens_at_this_month(box, qtbot, clock):
    """Nobody turns pages from the year 1900."""
    arrow = QPoint(box.width() - 8, box.height() // 2)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=arrow)
    calendar = box.calendarWidget()
    qtbot.waitUntil(calendar.isVisible)
    assert calendar.yearShown() == clock.now().year
    qtbot.keyClick(calendar, Qt.Key.Key_Escape)


def test_a_new_deal_closes_on_no_day_until_somebody_says_so(desk, world, qtbot):
    """What was not filled in is not kept."""
    dialog = DealDialog(desk)
    qtbot.addWidget(dialog)
    made = []
    dialog.saved.connect(made.append)
    dialog.start()
    qtbot.waitUntil(dialog.isVisible)
    name = dialog.editors["name"].widget
    assert isinstance(name, QLineEdit)
    qtbot.keyClicks(name, "Chairs")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(made) == 1)
    assert world.ask(entry.card, made[0]).values["expected_close"] is None


def test_a_new_record_belongs_to_whoever_adds_it(desk, world, qtbot):
    """A deal begins where deals begin; another pipeline has other stages."""
    desk.seat.settle()
    qtbot.waitUntil(lambda: desk.seat.name == "Admin")
    dialog = DealDialog(desk)
    qtbot.addWidget(dialog)
    dialog.start()
    qtbot.waitUntil(dialog.isVisible)
    said = dialog.values()
    assert (said["owner"], said["pipeline"], said["stage"]) == ("Admin", "Sales", "New")
    dialog.editors["pipeline"].fill("Another")
    assert "stage" not in dialog.values()
