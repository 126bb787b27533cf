"""What has not left for a person: letters that were begun, and messages that wait to go."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import outgoing, writing
from rally_desktop.services.outgoing import Outgoing
from rally_desktop.services.writing import Draft
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.focus import kept
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.letters import standing
from rally_desktop.ui.letters.composer import bring_back, open_composer
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

SECOND = 1_000
_CHANNELS = {"email": "E-mail", "sms": "SMS"}
_DOES = ("Recall", "Send now")
_SHOWN = frozenset({"outbox", "setting", "mail_account", "letter_draft"})


class OutgoingLetters(QFrame):
    """A line for each, what goes next first; hidden while there are none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ref: Ref | None = None
        self.lines: list[OutgoingLine] = []
        self.drafts: list[DraftLine] = []
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
        self._draw((), ())
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
            begun = await self._desk.background.read(writing.begun, ref)
            if ref == self._ref:
                self._draw(found, begun)

    def _draw(self, found: Sequence[Outgoing], begun: Sequence[Draft]) -> None:
        shown = ([line.letter for line in self.lines], [line.draft for line in self.drafts])
        if shown != (list(found), list(begun)):
            with kept(self):
                self._fill(found, begun)
        self.setVisible(bool(found or begun))
        now = self._desk.clock.now()
        counting = any(standing.is_counted(one, now) for one in found)
        (self._seconds.start if counting else self._seconds.stop)()

    def _fill(self, found: Sequence[Outgoing], begun: Sequence[Draft]) -> None:
        for line in (*self.lines, *self.drafts):
            line.setParent(None)  # type: ignore[arg-type]
            line.deleteLater()
        self.lines = [OutgoingLine(self._desk, one) for one in found]
        self.drafts = [DraftLine(self._desk, one) for one in begun]
        for line in (*self.lines, *self.drafts):
            self._column.addWidget(line)
        for line in self.lines:
            line.hurried.connect(self._hurry)
            line.recalled.connect(self._recall)
        for draft in self.drafts:
            draft.discarded.connect(self._discard)

    def _tick(self) -> None:
        for line in self.lines:
            line.say()

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & _SHOWN:
            self._read()

    # -- what is done with one, whose line may be gone before that is over --------------------

    @later
    async def _hurry(self, letter: Outgoing) -> None:
        await self._desk.background.write(outgoing.send_now, letter.id)

    @later
    async def _recall(self, letter: Outgoing) -> None:
        """Take it back; what somebody wrote by hand is open again."""
        desk, window = self._desk, self.window()
        draft = await desk.background.write(outgoing.recall, letter.id)
        if draft is None:
            what = f"‘{letter.subject}’" if letter.subject else "The message"
            desk.notices.tell(f"{what} is recalled: it is not sent.")
        else:
            open_composer(desk, window, draft)

    @later
    async def _discard(self, gone: Draft) -> None:
        """Throw it away, and offer to take that back."""
        desk, window = self._desk, self.window()
        await desk.background.write(writing.discard, gone.id)
        undo = ("Undo", lambda: bring_back(desk, window, gone))
        desk.notices.tell("Letter discarded.", action=undo)


class LetterLine(QWidget):
    """What a letter is about, how it stands, and what can be done about it."""

    def __init__(self, desk: Desk, subject: str, *does: str) -> None:
        super().__init__()
        self._desk = desk
        title = PlainLabel(subject, "strong")
        self.about = PlainLabel("", "sub")
        for label in (title, self.about):
            label.setWordWrap(True)
        self.buttons = [button(desk.theme, words, kind="link") for words in does]
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.about, 1)
        for made in self.buttons:
            made.setAccessibleName(f"{made.text().strip()}: {subject}")
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(title)
        column.addLayout(row)


class OutgoingLine(LetterLine):
    """One message that waits: when it goes, or what holds it."""

    hurried, recalled = Signal(object), Signal(object)

    def __init__(self, desk: Desk, letter: Outgoing) -> None:
        self.letter = letter
        channel = _CHANNELS.get(letter.channel, letter.channel)
        super().__init__(desk, letter.subject or f"{channel} without a subject", *_DOES)
        self.recall_button, self.hurry_button = self.buttons
        self.hurry_button.setVisible(letter.may_hurry)
        self.recall_button.setVisible(letter.waits)
        self.hurry_button.clicked.connect(lambda: self.hurried.emit(letter))
        self.recall_button.clicked.connect(lambda: self.recalled.emit(letter))
        self.say()

    def say(self) -> None:
        """Say how it stands at this moment."""
        said = standing.said(self.letter, self._desk.clock.now())
        self.about.setText(f"{_CHANNELS.get(self.letter.channel, 'Message')} {said}")
        held = bool(self.letter.held) or self.letter.reason not in outgoing.FREE
        self.about.set_tone("warn" if held or self.letter.state == "retry" else "quiet")


class DraftLine(LetterLine):
    """One letter that was begun: gone on with, or thrown away."""

    discarded = Signal(object)

    def __init__(self, desk: Desk, draft: Draft) -> None:
        super().__init__(desk, draft.subject or "Letter without a subject", "Go on", "Discard")
        self.draft = draft
        at = draft.updated_at
        said = f" {standing.moment(at, desk.clock.now())}" if at else ""
        self.about.setText(f"Begun, and not sent. Kept{said}.")
        self.about.set_tone("quiet")
        self.go_on_button, self.discard_button = self.buttons
        self.go_on_button.clicked.connect(lambda: open_composer(desk, self, draft))
        self.discard_button.clicked.connect(lambda: self.discarded.emit(draft))
