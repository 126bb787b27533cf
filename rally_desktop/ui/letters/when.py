"""When a letter goes out: at once, or at a day and time, by the clock of whoever gets it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QTime, Signal
from PySide6.QtWidgets import QDateEdit, QTimeEdit, QVBoxLayout, QWidget

from rally_desktop.core.days import in_zone
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.composer_form import MORNING, day_box, time_box
from rally_desktop.ui.widgets.flow_layout import FlowLayout
from rally_desktop.ui.widgets.plain_label import PlainLabel


class WhenBox(QWidget):
    """Hidden until somebody wants to send later: ``opened``; ``changed`` with every moment."""

    changed, opened = Signal(), Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._zone = ZoneInfo("UTC")
        self._name = ""
        self.day: QDateEdit = day_box(desk, "Goes out on")
        self.at: QTimeEdit = time_box("Goes out at", MORNING, "HH:mm")
        self.says = PlainLabel("", "sub")
        self.says.setWordWrap(True)
        self.tomorrow = button(desk.theme, "Tomorrow at 9", kind="link")
        self.monday = button(desk.theme, "Monday at 9", kind="link")
        self.off = tool(desk.theme, "Send it at once instead", "x")
        on, at = PlainLabel("Goes out on", "sub"), PlainLabel("at", "sub")
        for label in (on, at):
            label.setMinimumHeight(self.day.sizeHint().height())
        row = FlowLayout()
        for part in (on, self.day, at, self.at, self.tomorrow, self.monday, self.off):
            row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.says)
        self.day.dateChanged.connect(self._tell)
        self.at.timeChanged.connect(self._tell)
        self.off.clicked.connect(lambda: self.show_moment(None))
        self.tomorrow.clicked.connect(lambda: self._choose(1))
        self.monday.clicked.connect(lambda: self._choose(7 - self._today().weekday()))
        self.hide()

    def begin(self, name: str, zone: ZoneInfo) -> None:
        """Go by the clock of a person."""
        self._name, self._zone = name, zone

    def moment(self) -> datetime | None:
        """Return when it goes out; None where that is at once."""
        if self.isHidden():
            return None
        day, at = self.day.date(), self.at.time()
        wall = datetime(day.year(), day.month(), day.day(), at.hour(), at.minute())
        return in_zone(wall, self._zone)

    def show_moment(self, moment: datetime | None) -> None:
        """Show a moment, or that it goes out at once."""
        if moment is not None:
            local = moment.astimezone(self._zone)
            self.day.setDate(QDate(local.year, local.month, local.day))
            self.at.setTime(QTime(local.hour, local.minute))
        self.setVisible(moment is not None)
        self._tell()

    def open(self) -> None:
        """Begin with tomorrow morning."""
        self.show()
        self._choose(1)
        self.day.setFocus()
        self.opened.emit()

    def _choose(self, days: int) -> None:
        day = self._today() + timedelta(days=days)
        self.day.setDate(QDate(day.year, day.month, day.day))
        self.at.setTime(MORNING)
        self._tell()

    def _today(self) -> datetime:
        return self._desk.clock.now().astimezone(self._zone)

    def _tell(self) -> None:
        moment = self.moment()
        if moment is not None:
            self.says.setText(self._said(moment))
        self.changed.emit()

    def _said(self, moment: datetime) -> str:
        """Say whose clock that is, and what the clock says here where it says something else."""
        if moment <= self._desk.clock.now():
            return "That is past: it goes out at once."
        place = self._zone.key.rpartition("/")[2].replace("_", " ")
        there, here = moment.astimezone(self._zone), moment.astimezone()
        said = f"That is by the clock in {place}, where {self._name} is"
        if there.utcoffset() == here.utcoffset():
            return f"{said}."
        day = f"{here:%a} " if here.date() != there.date() else ""
        return f"{said} ({day}{here:%H:%M} here)."
