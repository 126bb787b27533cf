"""The messages to a person that have not left yet: counted down, recalled, or sent at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import outgoing
from rally_desktop.services.outgoing import Outgoing
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.focus import kept
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.letters import standing
from rally_desktop.ui.letters.composer import open_composer
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

SECOND = 1_000
_CHANNELS = {"email": "E-mail", "sms": "SMS"}
_SHOWN = frozenset({"outbox", "setting", "mail_account"})


class OutgoingLetters(QFrame):
    """A line for each message, the next one first; hidden while there are none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ref: Ref | None = None
        self.lines: list[OutgoingLine] = []
        self.setAccessibleName("Not sent yet")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 4, 16, 12)
        self._column.setSpacing(10)
        self._seconds = QTimer(self, interval=SECOND)
        self._seconds.timeout.connect(self._tick)
        desk.background.changed.connect(self._hear)
        self.hide()

    def show_ref(self, ref: Ref) -> None:
        """Show what is to go out to a record."""
        self._ref = ref
        self._draw(())
        self._read()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    @later
    @newest
    async def _read(self) -> None:
        ref = self._ref
        if ref is not None:
            found = await self._desk.background.read(outgoing.of_record, ref)
            if ref == self._ref:
                self._draw(found)

    def _draw(self, found: Sequence[Outgoing]) -> None:
        if [line.letter for line in self.lines] != list(found):
            with kept(self):
                self._fill(found)
        self.setVisible(bool(found))
        now = self._desk.clock.now()
        counting = any(standing.is_counted(one, now) for one in found)
        (self._seconds.start if counting else self._seconds.stop)()

    def _fill(self, found: Sequence[Outgoing]) -> None:
        for line in self.lines:
            line.setParent(None)  # type: ignore[arg-type]
            line.deleteLater()
        self.lines = [OutgoingLine(self._desk, one) for one in found]
        for line in self.lines:
            self._column.addWidget(line)

    def _tick(self) -> None:
        for line in self.lines:
            line.say()

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & _SHOWN:
            self._read()


class OutgoingLine(QWidget):
    """One message: what it is about, when it goes, and what can be done about it."""

    def __init__(self, desk: Desk, letter: Outgoing) -> None:
        super().__init__()
        self._desk, self.letter = desk, letter
        channel = _CHANNELS.get(letter.channel, letter.channel)
        title = PlainLabel(letter.subject or f"{channel} without a subject", "strong")
        self.about = PlainLabel("", "sub")
        for label in (title, self.about):
            label.setWordWrap(True)
        self.hurry_button = button(desk.theme, "Send now", kind="link")
        self.recall_button = button(desk.theme, "Recall", kind="link")
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.about, 1)
        for made in (self.recall_button, self.hurry_button):
            made.setAccessibleName(f"{made.text().strip()}: {letter.subject}")
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(title)
        column.addLayout(row)
        self.hurry_button.setVisible(letter.may_hurry)
        self.recall_button.setVisible(letter.waits)
        self.hurry_button.clicked.connect(lambda: self._hurry())
        self.recall_button.clicked.connect(lambda: self._recall())
        self.say()

    def say(self) -> None:
        """Say how it stands at this moment."""
        said = standing.said(self.letter, self._desk.clock.now())
        self.about.setText(f"{_CHANNELS.get(self.letter.channel, 'Message')} {said}")
        held = bool(self.letter.held) or self.letter.reason not in outgoing.FREE
        self.about.set_tone("warn" if held or self.letter.state == "retry" else "quiet")

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    @later
    async def _hurry(self) -> None:
        await self._desk.background.write(outgoing.send_now, self.letter.id)

    @later
    async def _recall(self) -> None:
        """Take it back; what somebody wrote by hand is open again."""
        desk, window = self._desk, self.window()
        draft = await desk.background.write(outgoing.recall, self.letter.id)
        if draft is None:
            desk.notices.tell(f"‘{self.letter.subject}’ is recalled: it is not sent.")
        else:
            open_composer(desk, window, draft)
