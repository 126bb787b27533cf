"""What can be written about a record: an SMS, a note, a call, a meeting, a task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QTime, QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from rally_desktop.model.ref import Ref
from rally_desktop.services import calls, meetings, notes
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.buttons import button, dress
from rally_desktop.ui.widgets.composer_form import (
    MORNING,
    ComposerForm,
    day_box,
    moment_of,
    text_box,
    time_box,
)
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.segments import Segments
from rally_desktop.ui.widgets.sms_form import SmsForm
from rally_desktop.ui.widgets.task_form import TaskForm

LENGTHS = {"15 min": 15, "30 min": 30, "45 min": 45, "1 hour": 60, "90 min": 90, "2 hours": 120}
SECOND_MS = 1000


class NoteForm(ComposerForm):
    """A note, new or one's own to be changed."""

    kind, title, does = "note", "Note", "Write a note"
    icon, keys = "sticky-note", "Ctrl+Shift+N"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._number: int | None = None
        self._before = ""
        self.text = self.first = text_box("Write a note", "Note")
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
        self.length = time_box("How long it took", QTime(0, 0), "H:mm:ss")
        self.timer_button = button(desk.theme, "Start timer", "timer")
        self.was_earlier = QCheckBox("Earlier")
        self.was_earlier.setToolTip("The call was not just now")
        now = desk.clock.now().astimezone()
        today = QDate(now.year, now.month, now.day)
        self.day = day_box(desk, "Called on")
        self.day.setMaximumDate(today)
        self.day.setDate(today)
        self.at = time_box("Called at", QTime(now.hour, now.minute), "HH:mm")
        self.text = self.first = text_box("What was said?", "About the call")
        self.add_row(self.direction, self.outcome, stretch=1)
        self.add_row(PlainLabel("Took"), self.length, self.timer_button)
        self.column.addWidget(self.text)
        self.add_row(self.was_earlier, self.day, PlainLabel("at"), self.at, stretch=1)
        self._ticks = QTimer(self, interval=SECOND_MS)
        self._ticks.timeout.connect(self._tick)
        self.timer_button.clicked.connect(self._start_or_stop)
        for box in (self.day, self.at):
            box.setEnabled(False)
            self.was_earlier.toggled.connect(box.setEnabled)
        self.offer(self.outcome, "call_outcome")

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
            at=moment_of(self.day.date(), self.at.time()) if self.was_earlier.isChecked() else None,
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
        self.day = day_box(desk, "Day")
        self.at = time_box("Begins at", MORNING, "HH:mm")
        self.length = QComboBox()
        self.length.setAccessibleName("Takes")
        for words, minutes in LENGTHS.items():
            self.length.addItem(words, minutes)
        self.length.setCurrentText("1 hour")
        self.column.addWidget(self.name)
        self.add_row(self.day, PlainLabel("at"), self.at, stretch=0)
        self.add_row(self.type, self.length, stretch=0)
        self.name.returnPressed.connect(self.done)
        self.offer(self.type, "meeting_type")

    def has_begun(self) -> bool:
        """Say whether it has a name."""
        return bool(self.name.text().strip())

    async def save(self, ref: Ref) -> None:
        """Plan it."""
        begins = moment_of(self.day.date(), self.at.time())
        await self.desk.background.write(
            meetings.plan,
            ref,
            title=self.name.text(),
            starts_at=begins,
            ends_at=begins + timedelta(minutes=self.length.currentData()),
            type=self.type.currentText() or "Meeting",
        )


FORMS: Mapping[str, type[ComposerForm]] = {
    form.kind: form for form in (SmsForm, NoteForm, CallForm, MeetingForm, TaskForm)
}
