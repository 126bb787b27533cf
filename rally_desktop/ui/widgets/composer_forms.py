"""What can be written about a record: a note, a call, a meeting, a task; a form for each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from PySide6.QtCore import QDate, Qt, QTime, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.model.ref import Ref
from rally_desktop.services import calls, lists, meetings, notes, tasks, users
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button, dress
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.segments import Segments

HEIGHT = 84
MORNING = QTime(9, 0)
LENGTHS = {"15 min": 15, "30 min": 30, "45 min": 45, "1 hour": 60, "90 min": 90, "2 hours": 120}
SECOND_MS = 1000


class ComposerForm(QWidget):
    """One thing to write; ``first`` is where the cursor goes, ``done`` asks to be saved."""

    done = Signal()
    kind: ClassVar[str]
    title: ClassVar[str]
    does: ClassVar[str]
    icon: ClassVar[str]
    keys: ClassVar[str]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.first: QWidget = self

    def has_begun(self) -> bool:
        """Say whether anything was typed that one would miss."""
        raise NotImplementedError

    async def save(self, ref: Ref) -> None:
        """Keep it."""
        raise NotImplementedError

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def _row(self, *parts: QWidget, stretch: int = -1) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for place, part in enumerate(parts):
            row.addWidget(part, 1 if place == stretch else 0)
        if stretch < 0:
            row.addStretch(1)
        self.column.addLayout(row)

    @later
    async def _offer(self, box: QComboBox, source: str) -> None:
        """Offer the values of one of the office's lists."""
        box.addItems(await self.desk.background.read(lists.of, source))


class NoteForm(ComposerForm):
    """A note, new or one's own to be changed."""

    kind, title, does = "note", "Note", "Write a note"
    icon, keys = "sticky-note", "Ctrl+Shift+N"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._number: int | None = None
        self._before = ""
        self.text = self.first = _text("Write a note", "Note")
        self.column.addWidget(self.text)

    def change(self, number: int, text: str) -> None:
        """Change a note rather than write a new one."""
        self._number, self._before = number, text
        self.kind = f"note {number}"  # type: ignore[misc]
        self.text.setPlainText(text)
        self.text.moveCursor(self.text.textCursor().MoveOperation.End)

    def has_begun(self) -> bool:
        """Say whether the text differs from what is kept."""
        return self.text.toPlainText().strip() != self._before

    async def save(self, ref: Ref) -> None:
        """Write the note, or change it."""
        said = self.text.toPlainText()
        if self._number is None:
            await self.desk.background.write(notes.add, ref, said)
        else:
            await self.desk.background.write(notes.edit, self._number, said)


class CallForm(ComposerForm):
    """A call: who rang whom, how it went, how long it took."""

    kind, title, does = "call", "Call", "Log a call"
    icon, keys = "phone", "Ctrl+Shift+C"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._began: datetime | None = None
        self.direction = Segments("Who called")
        self.direction.add("out", "We called")
        self.direction.add("in", "They called")
        self.direction.choose("out")
        self.outcome = QComboBox()
        self.outcome.setAccessibleName("Outcome")
        self.length = _time("How long it took", QTime(0, 0), "H:mm:ss")
        self.timer_button = button(desk.theme, "Start timer", "timer")
        self.text = self.first = _text("What was said?", "About the call")
        self._row(self.direction, self.outcome, stretch=1)
        self._row(PlainLabel("Took"), self.length, self.timer_button)
        self.column.addWidget(self.text)
        self._ticks = QTimer(self, interval=SECOND_MS)
        self._ticks.timeout.connect(self._tick)
        self.timer_button.clicked.connect(self._start_or_stop)
        self._offer(self.outcome, "call_outcome")

    def has_begun(self) -> bool:
        """Say whether there is a text, or a length."""
        return bool(self.text.toPlainText().strip() or self._seconds() or self._began)

    async def save(self, ref: Ref) -> None:
        """Log the call, as long as it took until now."""
        self._stop()
        buttons = self.direction.buttons
        await self.desk.background.write(
            calls.log,
            ref,
            direction=next(key for key, one in buttons.items() if one.isChecked()),
            outcome=self.outcome.currentText(),
            seconds=self._seconds() or None,
            text=self.text.toPlainText().strip(),
        )

    def _seconds(self) -> int:
        return QTime(0, 0).secsTo(self.length.time())

    def _start_or_stop(self) -> None:
        if self._began is None:
            self._began = self.desk.clock.now() - timedelta(seconds=self._seconds())
            self._ticks.start()
            self._say("Stop timer", "circle-stop")
        else:
            self._stop()
        self.text.setFocus()

    def _stop(self) -> None:
        self._tick()
        self._began = None
        self._ticks.stop()
        self._say("Start timer", "timer")

    def _say(self, words: str, icon: str) -> None:
        self.timer_button.setText(f" {words}")
        self.timer_button.setAccessibleName(words)
        dress(self.timer_button, self.desk.theme, icon)

    def _tick(self) -> None:
        if self._began is not None:
            took = self.desk.clock.now() - self._began
            self.length.setTime(QTime(0, 0).addSecs(int(took.total_seconds())))


class MeetingForm(ComposerForm):
    """A meeting that is to take place, or that did."""

    kind, title, does = "meeting", "Meeting", "Plan a meeting"
    icon, keys = "calendar", "Ctrl+Shift+M"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.name = self.first = QLineEdit(placeholderText="What is the meeting about?")
        self.name.setAccessibleName("Meeting")
        self.type = QComboBox()
        self.type.setAccessibleName("Type")
        self.day = _day(desk, "Day")
        self.at = _time("Begins at", MORNING, "HH:mm")
        self.length = QComboBox()
        self.length.setAccessibleName("Takes")
        for words, minutes in LENGTHS.items():
            self.length.addItem(words, minutes)
        self.length.setCurrentText("1 hour")
        self.column.addWidget(self.name)
        self._row(self.day, PlainLabel("at"), self.at)
        self._row(self.type, self.length, stretch=0)
        self.name.returnPressed.connect(self.done)
        self._offer(self.type, "meeting_type")

    def has_begun(self) -> bool:
        """Say whether it has a name."""
        return bool(self.name.text().strip())

    async def save(self, ref: Ref) -> None:
        """Plan it."""
        begins = _moment(self.day.date(), self.at.time())
        await self.desk.background.write(
            meetings.plan,
            ref,
            title=self.name.text(),
            starts_at=begins,
            ends_at=begins + timedelta(minutes=self.length.currentData()),
            type=self.type.currentText() or "Meeting",
        )


class TaskForm(ComposerForm):
    """Something to be done, by when and by whom."""

    kind, title, does = "task", "Task", "Add a task"
    icon, keys = "square-check", "Ctrl+Shift+T"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.name = self.first = QLineEdit(placeholderText="What is to be done?")
        self.name.setAccessibleName("Task")
        self.due = _day(desk, "Due")
        self.assignee = QComboBox()
        self.assignee.setAccessibleName("Assignee")
        self.assignee.addItem("Nobody yet", None)
        self.column.addWidget(self.name)
        self._row(PlainLabel("Due"), self.due, self.assignee, stretch=2)
        self.name.returnPressed.connect(self.done)
        self._read_users()

    def has_begun(self) -> bool:
        """Say whether it has a name."""
        return bool(self.name.text().strip())

    async def save(self, ref: Ref) -> None:
        """Add it, due on the morning of its day."""
        await self.desk.background.write(
            tasks.create,
            ref,
            title=self.name.text(),
            due_at=_moment(self.due.date(), MORNING),
            assignee_id=self.assignee.currentData(),
        )

    @later
    async def _read_users(self) -> None:
        found: Mapping[str, users.User] = await self.desk.background.read(users.by_label)
        for label, user in found.items():
            self.assignee.addItem(label, user.id)


FORMS: Mapping[str, type[ComposerForm]] = {
    form.kind: form for form in (NoteForm, CallForm, MeetingForm, TaskForm)
}


def _text(asks: str, name: str) -> QPlainTextEdit:
    made = QPlainTextEdit(placeholderText=asks)
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    made.setFixedHeight(HEIGHT)
    return made


def _day(desk: Desk, name: str) -> QDateEdit:
    """Return an editor of a day that begins with tomorrow."""
    made = QDateEdit(calendarPopup=True)
    made.setDisplayFormat("ddd d MMM yyyy")
    made.setAccessibleName(name)
    tomorrow = desk.clock.now().astimezone().date() + timedelta(days=1)
    made.setDate(QDate(tomorrow.year, tomorrow.month, tomorrow.day))
    return made


def _time(name: str, at: QTime, looks: str) -> QTimeEdit:
    made = QTimeEdit(at)
    made.setDisplayFormat(looks)
    made.setAccessibleName(name)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made


def _moment(day: QDate, at: QTime) -> datetime:
    """Return a local day and time as a moment."""
    return datetime(day.year(), day.month(), day.day(), at.hour(), at.minute()).astimezone()
