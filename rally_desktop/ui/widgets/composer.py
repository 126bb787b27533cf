"""Where one writes a note or a task about the record on screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, Qt, QTime, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import RallyError
from rally_desktop.model.ref import Ref
from rally_desktop.services import notes, tasks, users
from rally_desktop.services.users import User
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.plain_label import PlainLabel

NOTE_HEIGHT = 84
DUE_AT = QTime(9, 0)


class NoteBox(QPlainTextEdit):
    """The note itself; Ctrl+Enter saves, Esc closes."""

    saved = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save or close with the keys one expects."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.saved.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Composer(QFrame):
    """One box for a note, one line for a task; hidden until asked for."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.ref: Ref | None = None
        self._begun: dict[Ref | None, str] = {}
        self.setObjectName("composer")
        self.note = NoteBox()
        self.note.setPlaceholderText("Write a note")
        self.note.setAccessibleName("Note")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(NOTE_HEIGHT)
        self.task = QWidget()
        self.title = QLineEdit(placeholderText="What is to be done?")
        self.title.setAccessibleName("Task")
        self.due = QDateEdit(calendarPopup=True)
        self.due.setAccessibleName("Due")
        self.assignee = QComboBox()
        self.assignee.setAccessibleName("Assignee")
        self.problem = PlainLabel(role="sub")
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.save_button = QPushButton("Save")
        self.save_button.setProperty("kind", "primary")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setProperty("kind", "quiet")
        self._kinds = QStackedWidget()
        self._lay_out()
        self.note.saved.connect(self.save)
        self.note.left.connect(self.close_box)
        self.title.returnPressed.connect(self.save)
        self.save_button.clicked.connect(self.save)
        self.cancel_button.clicked.connect(self.close_box)
        self.hide()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(PlainLabel("Due"))
        line.addWidget(self.due)
        line.addWidget(self.assignee, 1)
        task = QVBoxLayout(self.task)
        task.setContentsMargins(0, 0, 0, 0)
        task.setSpacing(8)
        task.addWidget(self.title)
        task.addLayout(line)
        self._kinds.addWidget(self.note)
        self._kinds.addWidget(self.task)
        self._kinds.setFixedHeight(NOTE_HEIGHT)
        foot = QHBoxLayout()
        foot.addWidget(self.problem, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self._kinds)
        layout.addLayout(foot)

    def show_ref(self, ref: Ref | None) -> None:
        """Write about another record from now on; what was begun is kept for its own."""
        if ref == self.ref:
            return
        if self.ref is not None and self.note.toPlainText().strip():
            self._begun[self.ref] = self.note.toPlainText()
        self.close_box()
        self.ref = ref
        if ref in self._begun:
            self.write_note()
            self.note.setPlainText(self._begun.pop(ref))

    def write_note(self) -> None:
        """Open the box for a note."""
        self._open(self.note)

    def write_task(self) -> None:
        """Open the line for a task."""
        tomorrow = self.desk.clock.now().astimezone().date() + timedelta(days=1)
        self.due.setDate(QDate(tomorrow.year, tomorrow.month, tomorrow.day))
        self._read_users()
        self._open(self.task)

    def close_box(self) -> None:
        """Put everything away."""
        self.note.clear()
        self.title.clear()
        self.problem.setText("")
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_box()
            return
        super().keyPressEvent(event)

    @later
    async def save(self) -> None:
        """Keep the note or the task."""
        ref = self.ref
        if ref is None:
            return
        try:
            if self._kinds.currentWidget() is self.note:
                await self.desk.background.write(notes.add, ref, self.note.toPlainText())
            else:
                await self._save_task(ref)
        except RallyError as error:
            self.problem.setText(str(error))
            return
        self.close_box()

    async def _save_task(self, ref: Ref) -> None:
        title, due, whose = self.title.text(), self._due_at(), self.assignee.currentData()
        await self.desk.background.write(
            tasks.create, ref, title=title, due_at=due, assignee_id=whose
        )

    def _due_at(self) -> datetime:
        day = self.due.date()
        return datetime(day.year(), day.month(), day.day(), DUE_AT.hour()).astimezone()

    def _open(self, kind: QWidget) -> None:
        self._kinds.setCurrentWidget(kind)
        self.problem.setText("")
        self.show()
        (self.note if kind is self.note else self.title).setFocus()

    @later
    async def _read_users(self) -> None:
        found: Mapping[str, User] = await self.desk.background.read(users.by_label)
        chosen = self.assignee.currentData()
        self.assignee.clear()
        self.assignee.addItem("Nobody yet", None)
        for label, user in found.items():
            self.assignee.addItem(label, user.id)
        self.assignee.setCurrentIndex(max(0, self.assignee.findData(chosen)))
