"""The window in which one writes a letter to a person; what is typed is kept while it is typed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from rally_desktop.core.errors import Conflict, RallyError
from rally_desktop.engine import letter_desk
from rally_desktop.engine.letter_desk import Scene
from rally_desktop.engine.runfields import run_fields
from rally_desktop.engine.samples import Sample
from rally_desktop.services import composing, writing
from rally_desktop.services.timeline import Line
from rally_desktop.services.writing import Begun, Draft
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.sample import SampleChoice
from rally_desktop.ui.later import later
from rally_desktop.ui.letters.fields import LetterOffer
from rally_desktop.ui.letters.foot import LetterFoot
from rally_desktop.ui.letters.keeping import Keeping
from rally_desktop.ui.letters.parting import Parting
from rally_desktop.ui.letters.remarks import News
from rally_desktop.ui.letters.replies import Replies
from rally_desktop.ui.letters.sheet import LetterSheet, SheetArea
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import ago

__all__ = ["Draft", "LetterComposer", "open_composer"]

WIDE, HIGH, MARGIN = 740, 700, 60
TITLES = {
    "new": "E-mail to {}",
    "reply": "Reply to {}",
    "reply_all": "Reply to {} and all others",
    "forward": "Forward, about {}",
}


def open_composer(desk: Desk, parent: QWidget, draft: Draft) -> None:
    """Open a window to write a letter in; what was begun of the same kind is gone on with."""
    for window in QApplication.topLevelWidgets():
        if isinstance(window, LetterComposer) and window.writes(desk, draft):
            window.raise_()
            window.activateWindow()
            return
    _Opening(desk, parent.window()).open(draft)


def bring_back(desk: Desk, parent: QWidget, gone: Draft) -> None:
    """Open a letter that was thrown away; it is kept again."""
    _Opening(desk, parent.window()).bring_back(gone)


class _Opening(QObject):
    """Reads what a letter is written with, then shows the window."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window

    @later
    async def bring_back(self, gone: Draft) -> None:
        """Keep a letter anew, and show the window."""
        fresh = replace(gone, id=0, revision=0)
        self.open(await self._desk.background.write(writing.save, fresh))

    @later
    async def open(self, wanted: Draft) -> None:
        """Show the window."""
        read = self._desk.background.read
        begun = Begun(wanted, True) if wanted.id else await read(writing.begin, wanted)
        scene = await read(letter_desk.scene, wanted.contact)
        fields = await read(run_fields, "contact")
        sample = SampleChoice(read)
        sample.choose(Sample(wanted.contact, scene.name))
        offer = LetterOffer({}, "contact", fields, sample)
        LetterComposer(self._desk, scene, begun, offer, self._window).show()
        self.deleteLater()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)


class LetterComposer(QDialog):
    """Ctrl+Enter sends; closing keeps what was written, to be gone on with."""

    def __init__(
        self, desk: Desk, scene: Scene, begun: Begun, offer: LetterOffer, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self._scene, self._window = desk, scene, parent
        self._begun, self._done = begun.draft, False
        self.sheet = LetterSheet(desk, scene, begun.draft, offer)
        self.foot = LetterFoot(desk, self.sheet.read)
        self.reply = News(desk.theme, "Read it")
        self.clash = News(desk.theme, "Show that", "Keep this one")
        self.keeping = Keeping(desk, self.sheet.read, self)
        self.replies = Replies(desk, begun.draft.contact, self)
        self._arrived: Line | None = None
        self._build()
        self._connect()
        if begun.again:
            self._say_kept()
            self.sheet.body.text.box.moveCursor(QTextCursor.MoveOperation.End)
        self.foot.look()
        self.sheet.first().setFocus()

    def writes(self, desk: Desk, draft: Draft) -> bool:
        """Say whether this is the window for a letter of an office."""
        mine = self._begun
        if self._done or self.desk is not desk or (draft.id and draft.id != self.keeping.draft.id):
            return False
        same = (mine.contact, mine.kind, mine.in_reply_to, mine.passed_on)
        return same == (draft.contact, draft.kind, draft.in_reply_to, draft.passed_on)

    # -- sending -------------------------------------------------------------------------

    @later
    async def send(self) -> None:
        """Send it; what is in the way is said, and everything stays as it was."""
        if not self.foot.send.isEnabled() or not await self._may_go():
            return
        self.foot.send.setEnabled(False)
        try:
            draft = await self.keeping.now()
            number = await self.desk.background.write(composing.send, draft.id)
        except Conflict:
            self._tell_clash()
            return
        except RallyError as error:
            self.foot.show_problem(str(error))
            return
        finally:
            self.foot.send.setEnabled(True)
        desk, window = self.desk, self._window
        parting = Parting(desk, number, self._scene.first_name)
        parting.recalled.connect(lambda draft: open_composer(desk, window, draft))
        self._leave()

    async def _may_go(self) -> bool:
        """Ask whether it is to go without a subject."""
        if self.sheet.head.subject.read().strip():
            return True
        words = "Letters without one are easily taken for spam, and hard to find again."
        return await ask(self, "Send it without a subject?", words, "Send")

    # -- keeping -------------------------------------------------------------------------

    def _touch(self) -> None:
        """Keep what was typed, and look what there is to know about it."""
        self.foot.look_soon()
        if self.sheet.is_begun() or self.keeping.draft.id:
            self.keeping.soon()

    def _say_kept(self) -> None:
        at = self.keeping.draft.updated_at
        words = f", {ago(at, self.desk.clock.now())}" if at else ""
        self.foot.kept.setText(f"Kept as a draft{words}")

    @later
    async def show_other(self) -> None:
        """Show what another window has made of the letter."""
        self.clash.say("")
        found, _ = await self.desk.background.read(writing.kept, self.keeping.draft.id)
        self.keeping.go_on_with(found)
        self.sheet.fill(found)

    @later
    async def keep_mine(self) -> None:
        """Keep what stands here, whatever another window has made of it."""
        self.clash.say("")
        await self.keeping.now(anyway=True)

    @later
    async def discard(self) -> None:
        """Throw the letter away, and offer to take that back."""
        gone, begun = self.sheet.read(), self.sheet.is_begun()
        self.sheet.awaited.end()
        await self.keeping.throw_away()
        if begun:
            desk, window = self.desk, self._window
            undo = ("Undo", lambda: bring_back(desk, window, gone))
            self.desk.notices.tell("Letter discarded.", action=undo)
        self._leave()

    def reject(self) -> None:
        """Close by Esc as by the cross: what was written is kept."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was written before the window goes."""
        if self._done:
            event.accept()  # QDialog asks reject() instead, which would close once more
            return
        event.ignore()
        self._put_away()

    @later
    async def _put_away(self) -> None:
        """Close once everything is safe; nothing is kept of what nobody would miss."""
        if not self.sheet.is_begun():
            await self.keeping.throw_away()
        if not self.sheet.is_begun() or self.keeping.is_safe():
            self._leave()
            return
        try:
            draft = await self.keeping.now()
        except Conflict:
            self._tell_clash()
            return
        desk, window = self.desk, self._window
        words = f"Your letter to {self._scene.first_name} is kept as a draft."
        desk.notices.tell(words, action=("Go on", lambda: open_composer(desk, window, draft)))
        self._leave()

    def _leave(self) -> None:
        self._done = True
        self.sheet.awaited.end()
        self.close()

    # -- what happens meanwhile ----------------------------------------------------------

    def _tell_reply(self, line: Line) -> None:
        self._arrived = line
        said = next(iter(line.body.strip().splitlines()), "")[:80]
        when = ago(line.at, self.desk.clock.now())
        self.reply.say(f"{self._scene.first_name} wrote {when}{f': “{said}”' if said else '.'}")

    def _read_reply(self) -> None:
        self.reply.say("")
        if self._arrived is not None:
            self.replies.read_whole(self._arrived, self)

    def _tell_clash(self) -> None:
        self.clash.say("This letter was changed in another window.")

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    # -- parts ---------------------------------------------------------------------------

    def _connect(self) -> None:
        self.sheet.changed.connect(self._touch)
        self.foot.remarks.corrected.connect(self.sheet.correct)
        self.keeping.kept.connect(self._say_kept)
        self.keeping.clashed.connect(self._tell_clash)
        self.replies.arrived.connect(self._tell_reply)
        self.replies.answered.connect(lambda draft: open_composer(self.desk, self._window, draft))
        self.reply.buttons[0].clicked.connect(self._read_reply)
        self.clash.buttons[0].clicked.connect(lambda: self.show_other())
        self.clash.buttons[1].clicked.connect(lambda: self.keep_mine())
        self.foot.discard.clicked.connect(lambda: self.discard())
        self.foot.later.clicked.connect(self.sheet.when.open)
        self.foot.send.clicked.connect(lambda: self.send())
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda: self.send())

    def _build(self) -> None:
        title = TITLES[self._begun.kind].format(self._scene.name)
        self.setWindowTitle(title)
        inside = QVBoxLayout()
        inside.setContentsMargins(24, 16, 24, 16)
        inside.setSpacing(10)
        inside.addWidget(PlainLabel(title, "title"))
        inside.addWidget(SheetArea(self.sheet), 1)
        inside.addWidget(self.foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.reply)
        column.addWidget(self.clash)
        column.addLayout(inside)
        room = self._window.screen().availableSize()
        self.resize(min(WIDE, room.width() - MARGIN), min(HIGH, room.height() - MARGIN))
