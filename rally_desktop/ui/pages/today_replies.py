"""Those who wrote and wait for an answer: read, answered, done, or put off, by mouse and keys."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.services import replies
from rally_desktop.services.replies import Aside, Reply
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel, TwoLines
from rally_desktop.ui.widgets.postpone_button import PostponeButton
from rally_desktop.ui.widgets.related_list import PAGES
from rally_desktop.ui.widgets.relative_time import ago

if TYPE_CHECKING:
    from rally_desktop.services.writing import Draft, Kind
    from rally_desktop.ui.widgets.letter_dialog import LetterDialog

KEYS = "R answers, O opens, E is done, S puts off; the arrow keys lead from one to the next."


SHORT = 60  # signs that one line has room for


class ReplyLine(QFrame):
    """One of them: who, what about, how it begins."""

    answered, opened, done = Signal(object), Signal(object), Signal(object)
    put_off = Signal(object, object)

    def __init__(self, desk: Desk, reply: Reply, now: datetime) -> None:
        super().__init__(objectName="reply")
        self.reply = reply
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        said = ", ".join(filter(None, (reply.name, reply.subject, reply.text)))
        self.setAccessibleName(f"{said}, {ago(reply.at, now)}")
        self.setToolTip(KEYS)
        self.name = ShortLabel(reply.name, "strong")
        self.subject = ShortLabel("SMS" if reply.channel == "sms" else reply.subject)
        self.text = (TwoLines if len(reply.text) > SHORT else ShortLabel)(reply.text, "sub")
        self.text.set_tone("quiet")
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        off = "put off until now, " if reply.since is not None else ""
        self.when = PlainLabel(off + ago(reply.at, now), "sub")
        self.when.set_tone("quiet")
        self.reply_button = button(desk.theme, "Reply", "reply", "quiet")
        self.done_button = button(desk.theme, "Done", "check", "quiet")
        self.later_button = PostponeButton(desk, None, reply.name)
        self._lay_out()
        self.reply_button.clicked.connect(lambda: self.answered.emit(reply))
        self.done_button.clicked.connect(lambda: self.done.emit(reply))
        self.later_button.moved.connect(lambda until: self.put_off.emit(reply, until))
        for made, says in ((self.reply_button, "Reply to"), (self.done_button, "Done with")):
            made.setAccessibleName(f"{says} {reply.name}")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.when)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addStretch(1)
        for part in (self.reply_button, self.done_button, self.later_button):
            foot.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 4)
        column.setSpacing(2)
        column.addLayout(head)
        for label in (self.subject, self.text):
            column.addWidget(label)
            label.setVisible(bool(label.whole()))
        column.addLayout(foot)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open what they wrote."""
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(place):
            self.opened.emit(self.reply)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer, open, take off the list, put off, or go to the next."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_R:
            self.answered.emit(self.reply)
        elif key in (Qt.Key.Key_O, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.reply)
        elif key == Qt.Key.Key_E:
            self.done.emit(self.reply)
        elif key == Qt.Key.Key_S:
            self.later_button.open_menu()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        above = self.parentWidget()
        lines = above.findChildren(ReplyLine) if above else [self]
        place = lines.index(self) + by
        if 0 <= place < len(lines):
            lines[place].setFocus()


class ReplyDeeds(QObject):
    """Does with a reply what somebody asks for, and takes it back where that was wrong."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._page = desk, page
        self.letter: LetterDialog | None = None

    def line(self, reply: Reply, now: datetime) -> ReplyLine:
        """Return the line of a reply, its buttons and keys at work."""
        made = ReplyLine(self._desk, reply, now)
        made.answered.connect(self.reply)
        made.opened.connect(self.open)
        made.done.connect(self.put_aside)
        made.put_off.connect(self.put_aside)
        return made

    @later
    async def reply(self, reply: Reply) -> None:
        """Begin an answer; a text message is answered from the timeline."""
        if reply.channel == "sms":
            self._desk.go(PAGES[reply.ref.kind], reply.ref, "sms")
            return
        if reply.message is not None:
            self.answer("reply", reply.message)
            return
        from rally_desktop.services.writing import Draft

        self._compose(Draft(reply.ref))

    @later
    async def answer(self, kind: Kind, number: int) -> None:
        """Begin an answer to a message of a conversation, or pass it on."""
        from rally_desktop.services import answering

        self._compose(await self._desk.background.read(answering.draft, number, kind))

    def _compose(self, draft: Draft) -> None:
        # What letters are written and read with is loaded when one is: this page is the first.
        from rally_desktop.ui.letters.composer import open_composer

        open_composer(self._desk, self._page, draft)

    @later
    async def open(self, reply: Reply) -> None:
        """Show what they wrote with the conversation; where it is not kept, go to them."""
        if reply.message is None:
            self._desk.go(PAGES[reply.ref.kind], reply.ref)
            return
        from rally_desktop.services import letters
        from rally_desktop.ui.widgets.letter_dialog import LetterDialog

        found = await self._desk.background.read(letters.of_message, reply.message)
        self.letter = LetterDialog(self._desk, found, self._page)
        self.letter.answered.connect(self.answer)
        self.letter.whose.connect(lambda ref: self._desk.go(PAGES[ref.kind], ref))
        self.letter.lead_to(reply.name)
        self.letter.open()

    @later
    async def put_aside(self, reply: Reply, until: datetime | None = None) -> None:
        """Take somebody off the list, for good or until a moment."""
        before = await self._desk.background.write(replies.put_aside, reply.ref, until)
        local = until.astimezone() if until else None
        when = f"put off until {local:%A}, {local.day} {local:%B}" if local else "done"
        undo = ("Undo", lambda: self._put_back(reply, before))
        self._desk.notices.tell(f"{reply.name}: {when}.", action=undo)

    @later
    async def _put_back(self, reply: Reply, before: Aside) -> None:
        await self._desk.background.write(replies.put_back, reply.ref, before)
