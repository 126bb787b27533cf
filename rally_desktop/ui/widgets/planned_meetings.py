"""The meetings that are planned with a record: held, put off or called off from here."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import meetings
from rally_desktop.services.meetings import Meeting
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.postpone_button import PostponeButton
from rally_desktop.ui.widgets.relative_time import exactly


class PlannedMeetings(QFrame):
    """Planned meetings, the soonest first; hidden while there are none."""

    note_wanted = Signal()
    """Somebody wants to write down what a meeting that was just held was about."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ref: Ref | None = None
        self.lines: list[MeetingLine] = []
        self.setAccessibleName("Planned meetings")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 4, 16, 12)
        self._column.setSpacing(10)
        desk.background.changed.connect(self._hear)
        self.hide()

    def show_ref(self, ref: Ref) -> None:
        """Show the meetings with a record."""
        self._ref = ref
        self._draw(())
        self._read()

    @later
    @newest
    async def _read(self) -> None:
        ref = self._ref
        if ref is not None:
            found = await self._desk.background.read(meetings.planned, ref)
            if ref == self._ref:
                self._draw(found)

    def _draw(self, found: tuple[Meeting, ...]) -> None:
        now = self._desk.clock.now()
        for line in self.lines:
            line.hide()
            line.deleteLater()
        self.lines = [MeetingLine(self._desk, one, now) for one in found]
        for line in self.lines:
            self._column.addWidget(line)
            line.held.connect(self._complete)
            line.called_off.connect(self._cancel)
            line.moved.connect(self._move)
        self.setVisible(bool(found))

    # -- what is done with one, whose line may be gone before that is over --------------------

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    @later
    async def _complete(self, meeting: Meeting) -> None:
        await self._desk.background.write(meetings.complete, meeting.id)
        action = ("Write a note", self.note_wanted.emit)
        self._desk.notices.tell("The meeting took place.", "ok", action)

    @later
    async def _cancel(self, meeting: Meeting) -> None:
        await self._desk.background.write(meetings.cancel, meeting.id)
        undo = ("Undo", lambda: self._again(meeting.id))
        self._desk.notices.tell(f"‘{meeting.title}’ is called off.", action=undo)

    @later
    async def _again(self, number: int) -> None:
        await self._desk.background.write(meetings.plan_again, number)

    @later
    async def _move(self, meeting: Meeting, at: datetime) -> None:
        before = await self._desk.background.write(meetings.move, meeting.id, at)
        undo = ("Undo", lambda: self._move(meeting, before))
        self._desk.notices.tell(f"The meeting is on {exactly(at)} now.", action=undo)

    def _hear(self, touched: frozenset[str]) -> None:
        if "meeting" in touched:
            self._read()


class MeetingLine(QWidget):
    """One meeting: what it is about, when, and how it ends."""

    held, called_off, moved = Signal(object), Signal(object), Signal(object, object)

    def __init__(self, desk: Desk, meeting: Meeting, now: datetime) -> None:
        super().__init__()
        self.meeting = meeting
        title = PlainLabel(meeting.title, "strong")
        about = PlainLabel(_about(meeting), "sub")
        about.setToolTip(exactly(meeting.starts_at))
        about.set_tone("warn" if meeting.starts_at < now else "quiet")
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (title, about):
            label.setWordWrap(True)
            words.addWidget(label)
        self.held_button = button(desk.theme, "Held", "calendar-check")
        self.held_button.setAccessibleName(f"Held: {meeting.title}")
        self.move_button = PostponeButton(desk, meeting.starts_at, meeting.title)
        self.cancel_button = tool(desk.theme, f"Call off: {meeting.title}", "calendar-x")
        self.cancel_button.setToolTip("Call the meeting off")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addLayout(words, 1)
        for made in (self.held_button, self.move_button, self.cancel_button):
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        self.held_button.clicked.connect(lambda: self.held.emit(meeting))
        self.cancel_button.clicked.connect(lambda: self.called_off.emit(meeting))
        self.move_button.moved.connect(lambda at: self.moved.emit(meeting, at))


def _about(meeting: Meeting) -> str:
    begins = meeting.starts_at.astimezone()
    ends = f" to {meeting.ends_at.astimezone():%H:%M}" if meeting.ends_at else ""
    return f"{meeting.type}, {begins.day} {begins:%B, %H:%M}{ends}"
