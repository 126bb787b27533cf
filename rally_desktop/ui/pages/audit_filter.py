"""What the audit log is narrowed to: words, who, what kind of thing, when, and one thing alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from PySide6.QtCore import QDate, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLineEdit, QWidget

from rally_desktop.services.audit_list import EVERYBODY, GROUPS, PROGRAM, WORKFLOWS, Wanted, Who
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

TYPING_PAUSE = 200  # milliseconds
BETWEEN = -1
SPANS = (
    ("At any time", 0),
    ("Today", 1),
    ("In the last 7 days", 7),
    ("In the last 30 days", 30),
    ("In the last 365 days", 365),
    ("Between two days", BETWEEN),
)


class AuditFilter(QWidget):
    """``changed`` tells that something else is wanted; ``left`` that the list is to have keys.

    ``about`` says what alone is listed, and stands where the page puts it.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._clock = desk.clock
        self._about: tuple[str, int] | None = None
        self.search = QLineEdit(placeholderText="Find words, names", clearButtonEnabled=True)
        self.search.setAccessibleName("Find in the audit log")
        self.search.setMinimumWidth(200)
        self.who = _box("Who", (("Everybody", EVERYBODY),))
        self.group = _box("What", (("Everything", ""), *((v, k) for k, v in GROUPS.items())))
        self.span = _box("When", SPANS)
        self.first, self.last = QDateEdit(calendarPopup=True), QDateEdit(calendarPopup=True)
        self.to = PlainLabel("to", "sub")
        for edit, name in ((self.first, "From this day on"), (self.last, "Up to this day")):
            edit.setAccessibleName(name)
            edit.setDisplayFormat("d MMM yyyy")
        self.about = button(desk.theme, "", "x", "quiet")
        self.about.setToolTip("Show everything again")
        self._typing = QTimer(self, singleShot=True, interval=TYPING_PAUSE)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        for part in (self.search, self.who, self.group, self.span, self.first, self.to, self.last):
            across.addWidget(part)
        across.addStretch(1)
        self._show_days()
        self.about.hide()
        self._connect()

    def wanted(self) -> Wanted:
        """Return what the list is to be narrowed to."""
        since, until = self._days()
        return Wanted(
            self.who.currentData(), self.group.currentData(), self._about, since, until,
            self.search.text().strip(),
        )  # fmt: skip

    def offer(self, people: Sequence[tuple[str, Who]]) -> None:
        """Offer whom there is; who was chosen stays so."""
        before = self.who.currentData()
        fixed = (
            ("Everybody", EVERYBODY),
            ("A computer, nobody named", PROGRAM),
            ("Every workflow", WORKFLOWS),
        )
        named = [(f"Workflow ‘{n}’" if who[0] == "workflow" else n, who) for n, who in people]
        with QSignalBlocker(self.who):
            self.who.clear()
            for words, who in (*fixed, *named):
                self.who.addItem(words, who)
            self.who.setCurrentIndex(max(0, self.who.findData(before)))

    def clear(self) -> None:
        """Want everything."""
        with QSignalBlocker(self):
            self._about = None
            self.about.hide()
            self.search.clear()
            for box in (self.who, self.group, self.span):
                box.setCurrentIndex(0)
        self._typing.stop()
        self.changed.emit()

    def show_about(self, about: tuple[str, int], name: str) -> None:
        """Want what happened to one thing alone."""
        self.clear()
        self._about = about
        self.about.setText(f" About {name}")
        self.about.setAccessibleName(f"About {name} alone; press to show everything again")
        self.about.show()
        self.changed.emit()

    def is_narrowed(self) -> bool:
        """Say whether anything is left out."""
        return self.wanted() != Wanted()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go down into the list with the arrow or Enter."""
        keys = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self.search.hasFocus() and event.key() in keys:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self._typing.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda: self._typing.start())
        self.span.currentIndexChanged.connect(lambda: self._show_days())
        for box in (self.who, self.group, self.span):
            box.currentIndexChanged.connect(lambda: self.changed.emit())
        for edit in (self.first, self.last):
            edit.dateChanged.connect(lambda: self._typing.start())
        self.about.clicked.connect(self.clear)

    def _show_days(self) -> None:
        between = self.span.currentData() == BETWEEN
        today = self._clock.now().astimezone().date()
        if between and self.first.isHidden():
            with QSignalBlocker(self.first), QSignalBlocker(self.last):
                self.last.setDate(QDate(today.year, today.month, today.day))
                self.first.setDate(self.last.date().addDays(-30))
        for part in (self.first, self.to, self.last):
            part.setVisible(between)

    def _days(self) -> tuple[datetime | None, datetime | None]:
        """Return from which moment on, and up to which; days begin where this computer is."""
        days = self.span.currentData()
        if days == 0:
            return None, None
        if days == BETWEEN:
            ends = (self.first.date(), self.last.date().addDays(1))
            since, until = (datetime(d.year(), d.month(), d.day()).astimezone() for d in ends)
            return since, until
        today = datetime.combine(self._clock.now().astimezone().date(), time()).astimezone()
        return today - timedelta(days=days - 1), None


def _box(name: str, items: Sequence[tuple[str, object]]) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setMaximumWidth(230)
    for words, value in items:
        made.addItem(words, value)
    return made
