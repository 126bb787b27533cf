"""A button that puts something off: to tomorrow, to next week, or to a day of one's choice."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

from PySide6.QtCore import QDate, QPoint, Signal
from PySide6.QtWidgets import QCalendarWidget, QMenu, QToolButton, QWidgetAction

from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.buttons import dress

DAYS = {"Tomorrow": 1, "In 3 days": 3, "In a week": 7, "In 2 weeks": 14, "In a month": 30}
MORNING = 9


class PostponeButton(QToolButton):
    """``moved`` brings the new moment, at the same time of day as before."""

    moved = Signal(object)

    def __init__(self, desk: Desk, before: datetime | None, what: str) -> None:
        super().__init__()
        self._desk, self._before = desk, before
        self.setToolTip("Put it off")
        self.setAccessibleName(f"Put off: {what}")
        dress(self, desk.theme, "calendar-clock")
        self.clicked.connect(self.open_menu)

    def open_menu(self) -> None:
        """Show the days below the button."""
        self.menu_of_days.popup(self.mapToGlobal(QPoint(0, self.height())))

    @cached_property
    def menu_of_days(self) -> QMenu:
        """Return the menu; it is made when it is wanted, as a page may have hundreds of these."""
        made = QMenu(self)
        for words, days in DAYS.items():
            action = made.addAction(words)
            action.triggered.connect(lambda _=False, days=days: self._move_by(days))
        inside = QWidgetAction(self)
        inside.setDefaultWidget(self.calendar)
        made.addMenu("Another day").addAction(inside)
        return made

    @cached_property
    def calendar(self) -> QCalendarWidget:
        """Return the calendar in the menu."""
        made = QCalendarWidget()
        made.setMinimumDate(_day(self._desk.clock.now()))
        if self._before is not None:
            made.setSelectedDate(_day(self._before))
        made.clicked.connect(self._move_to)
        made.activated.connect(self._move_to)
        return made

    def _move_by(self, days: int) -> None:
        self._move_to(_day(self._desk.clock.now() + timedelta(days=days)))

    def _move_to(self, day: QDate) -> None:
        self.menu_of_days.close()
        at = self._before.astimezone() if self._before else None
        hour, minute = (at.hour, at.minute) if at else (MORNING, 0)
        self.moved.emit(datetime(day.year(), day.month(), day.day(), hour, minute).astimezone())


def _day(moment: datetime) -> QDate:
    local = moment.astimezone()
    return QDate(local.year, local.month, local.day)
