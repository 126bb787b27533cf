"""What every form has in which one writes about a record, and the boxes that they share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from PySide6.QtCore import QDate, Qt, QTime, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QPlainTextEdit,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.model.ref import Ref
from rally_desktop.services import lists
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later

HEIGHT = 84
MORNING = QTime(9, 0)
CLOCK = 19  # pixels for each sign of a time, with the arrows


class ComposerForm(QWidget):
    """One thing to write; ``first`` is where the cursor goes, ``done`` asks to be saved.

    ``saves`` is what saving it is called; what is ``for_people`` is written to nobody's company.
    """

    done = Signal()
    kind: ClassVar[str]
    title: ClassVar[str]
    does: ClassVar[str]
    icon: ClassVar[str]
    keys: ClassVar[str]
    saves: ClassVar[str] = "Save"
    for_people: ClassVar[bool] = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.first: QWidget = self

    def begin(self, ref: Ref) -> object:
        """Learn about which record one writes; called once, when the form is made."""

    def has_begun(self) -> bool:
        """Say whether anything was typed that one would miss."""
        raise NotImplementedError

    async def save(self, ref: Ref) -> None:
        """Keep it."""
        raise NotImplementedError

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def add_row(self, *parts: QWidget, stretch: int = -1) -> None:
        """Put parts beside each other; the one at ``stretch`` takes what room is left."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for place, part in enumerate(parts):
            row.addWidget(part, 1 if place == stretch else 0)
        if stretch < 0:
            row.addStretch(1)
        self.column.addLayout(row)

    @later
    async def offer(self, box: QComboBox, source: str) -> None:
        """Offer the values of one of the office's lists."""
        box.addItems(await self.desk.background.read(lists.of, source))


def text_box(asks: str, name: str) -> QPlainTextEdit:
    """Return a box for some lines; Tab goes on to what comes next."""
    made = QPlainTextEdit(placeholderText=asks)
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    made.setFixedHeight(HEIGHT)
    return made


def day_box(desk: Desk, name: str) -> QDateEdit:
    """Return an editor of a day that begins with tomorrow."""
    made = QDateEdit(calendarPopup=True)
    made.setDisplayFormat("ddd d MMM yyyy")
    made.setAccessibleName(name)
    tomorrow = desk.clock.now().astimezone().date() + timedelta(days=1)
    made.setDate(QDate(tomorrow.year, tomorrow.month, tomorrow.day))
    return made


def time_box(name: str, at: QTime, looks: str) -> QTimeEdit:
    """Return an editor of a time of day, or of a length."""
    made = QTimeEdit(at)
    made.setDisplayFormat(looks)
    made.setAccessibleName(name)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setMaximumWidth(CLOCK * len(looks))
    return made


def moment_of(day: QDate, at: QTime) -> datetime:
    """Return a local day and time as a moment."""
    return datetime(day.year(), day.month(), day.day(), at.hour(), at.minute()).astimezone()
