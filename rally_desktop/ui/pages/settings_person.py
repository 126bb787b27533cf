"""What is known of one person of the office, kept as soon as it is typed or chosen."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.services import users
from rally_desktop.services.people import Member
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.field_editor import NameBox
from rally_desktop.ui.widgets.plain_label import PlainLabel


class Person(QWidget):
    """``edited`` brings a user's number and the values, ``away`` a day, or None for here."""

    edited = Signal(int, dict)
    away = Signal(int, object)
    stopped = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._clock = desk.clock
        self._member: Member | None = None
        self.name = PlainLabel("", "title")
        self.email = QLineEdit(placeholderText="name@example.com")
        self.role = QComboBox()
        for role in users.ROLES:
            self.role.addItem(role.capitalize(), role)
        self.zone = NameBox("time_zone", desk.background)
        self.zone.setPlaceholderText("As the office")
        self.until = QDateEdit(calendarPopup=True)
        self.until.setMinimumDate(self._today())
        self.until.setSpecialValueText("Not away")
        self.back = button(desk.theme, "Is back")
        self.progress = PlainLabel("", "sub")
        self.stop = button(desk.theme, "Stop", "square")
        form = QFormLayout()
        form.setSpacing(8)
        form.setContentsMargins(0, 0, 0, 0)
        away = QHBoxLayout()
        away.setSpacing(8)
        away.addWidget(self.until, 1)
        away.addWidget(self.back)
        for text, field in (
            ("E-mail", self.email), ("Role", self.role), ("Time zone", self.zone)
        ):  # fmt: skip
            field.setAccessibleName(text)
            form.addRow(_label(text), field)
        self.until.setAccessibleName("Away until")
        form.addRow(_label("Away until"), away)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.name)
        column.addLayout(form)
        column.addSpacing(8)
        column.addWidget(self.progress)
        row = QHBoxLayout()
        row.addWidget(self.stop)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.email.editingFinished.connect(self._tell_email)
        self.zone.editingFinished.connect(self._tell_zone)
        self.role.activated.connect(lambda _: self._tell(role=self.role.currentData()))
        self.until.editingFinished.connect(self._tell_away)
        self.back.clicked.connect(self._tell_back)
        self.stop.clicked.connect(self.stopped)
        self.show_progress("")

    def show_member(self, member: Member | None) -> None:
        """Show somebody; what is being typed stays."""
        same = self._member is not None and member is not None and self._member.id == member.id
        self._member = member
        self.setEnabled(member is not None and member.active)
        self.name.setText(member.name if member else "")
        if member is None:
            return
        if not (same and self.email.hasFocus()):
            self.email.setText(member.email)
        if not (same and self.zone.hasFocus()):
            self.zone.setText(member.time_zone)
        self.role.setCurrentIndex(self.role.findData(member.role))
        if not (same and self.until.hasFocus()):
            with QSignalBlocker(self.until):
                self.until.setMinimumDate(self._today())
                self.until.setDate(self._day(member))
        self.back.setVisible(member.back_on is not None)

    def show_progress(self, text: str) -> None:
        """Say how far the handing over is; nothing where none goes on."""
        self.progress.setText(text)
        self.progress.setVisible(bool(text))
        self.stop.setVisible(bool(text))

    def _tell(self, **values: str) -> None:
        if self._member is not None and values["role"] != self._member.role:
            self.edited.emit(self._member.id, values)

    def _tell_email(self) -> None:
        if self._member is not None and self.email.text().strip() != self._member.email:
            self.edited.emit(self._member.id, {"email": self.email.text()})

    def _tell_zone(self) -> None:
        if self._member is not None and self.zone.text().strip() != self._member.time_zone:
            self.edited.emit(self._member.id, {"time_zone": self.zone.text()})

    def _tell_away(self) -> None:
        if self._member is not None and self.until.date() != self._day(self._member):
            chosen = self.until.date()
            day = (
                None
                if chosen == self._today()
                else date(chosen.year(), chosen.month(), chosen.day())
            )
            self.away.emit(self._member.id, day)

    def _tell_back(self) -> None:
        if self._member is not None:
            self.away.emit(self._member.id, None)

    def _today(self) -> QDate:
        """Return the first day that can be chosen, which stands for not being away."""
        now = self._clock.now().astimezone()
        return QDate(now.year, now.month, now.day)

    def _day(self, member: Member) -> QDate:
        back = member.back_on
        return QDate(back.year, back.month, back.day) if back else self._today()


def _label(text: str) -> PlainLabel:
    made = PlainLabel(text, "sub")
    made.setMinimumHeight(32)
    return made
