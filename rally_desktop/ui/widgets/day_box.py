"""A box for a day that may be none: typed, or picked from a calendar."""

from __future__ import annotations

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QCalendarWidget, QDateEdit

from rally_desktop.core.clock import Clock
from rally_desktop.ui import figures

NONE = QDate(1900, 1, 1)


class DayBox(QDateEdit):
    """Holds no day at first; a digit begins with today, Delete takes the whole day away."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(calendarPopup=True)
        self._clock = clock
        self.setCalendarWidget(_Calendar(clock))
        self.setMinimumDate(NONE)
        self.setDate(NONE)
        self.setSpecialValueText("No date")
        self.setDisplayFormat(figures.day_format())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Begin a day by a digit, and take it away where all of it is chosen."""
        line = self.lineEdit()
        if self.date() == NONE and event.text().isdigit():
            self.setDate(_today(self._clock))
            self.setSelectedSection(self.sectionAt(0))
        elif (
            event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
            and line.selectedText() == line.text()
        ):
            self.setDate(NONE)
            return
        super().keyPressEvent(event)


class _Calendar(QCalendarWidget):
    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def showEvent(self, event: QShowEvent) -> None:
        """Open at this month where no day is chosen yet."""
        super().showEvent(event)
        if self.selectedDate() == NONE:
            today = _today(self._clock)
            self.setCurrentPage(today.year(), today.month())


def _today(clock: Clock) -> QDate:
    today = clock.now().astimezone()
    return QDate(today.year, today.month, today.day)
