"""The foot of a letter: what there is to know before one sends, and the buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.engine import letter_desk
from rally_desktop.services.writing import Draft
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.letters.remarks import Remarks
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

LOOK_AFTER = 400  # milliseconds without a key until what there is to know is looked up


class LetterFoot(QWidget):
    """Looks at what ``read`` returns when told to; what is in the way takes Send away."""

    def __init__(self, desk: Desk, read: Callable[[], Draft]) -> None:
        super().__init__()
        self._desk, self._read = desk, read
        self.remarks = Remarks(desk.theme)
        self.kept = PlainLabel("", "small")
        self.problem = PlainLabel("", "sub")
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.discard = button(desk.theme, "Discard", kind="quiet")
        self.later = button(desk.theme, "Send later", "clock")
        self.send = button(desk.theme, "Send", "send", "primary")
        self.send.setToolTip("Send (Ctrl+Enter)")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.kept, 1)
        for made in (self.discard, self.later, self.send):
            row.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self.remarks, self.problem):
            column.addWidget(part)
        column.addLayout(row)
        self._soon = QTimer(self, singleShot=True, interval=LOOK_AFTER)
        self._soon.timeout.connect(self.look)

    def hideEvent(self, event: QHideEvent) -> None:
        """Look at nothing any more."""
        super().hideEvent(event)
        self._soon.stop()

    def look_soon(self) -> None:
        """Look once nobody types any more."""
        self.show_problem("")
        self._soon.start()

    def show_problem(self, said: str) -> None:
        """Say what was in the way of sending."""
        self.problem.setText(said)
        self.problem.setVisible(bool(said))

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    @later
    @newest
    async def look(self) -> None:
        """Say what there is to know about the letter as it stands."""
        draft = self._read()
        found = await self._desk.background.read(letter_desk.remarks, draft)
        self.remarks.show_remarks(found)
        self.send.setEnabled(not any(one.stopping for one in found))
        now = self._desk.clock.now()
        word = "Schedule" if draft.send_at and draft.send_at > now else "Send"
        self.send.setText(f" {word}")
        self.send.setAccessibleName(word)
        self.send.setToolTip(f"{word} (Ctrl+Enter)")
