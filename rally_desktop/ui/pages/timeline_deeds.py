"""What can be done with a line of a timeline: open, answer, ask why, change, delete."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import answering, letters, notes, strangers, verdicts
from rally_desktop.services.timeline import Line
from rally_desktop.services.writing import Kind
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.letters.composer import open_composer
from rally_desktop.ui.letters.proof import show_proof
from rally_desktop.ui.widgets.letter_dialog import LetterDialog


class TimelineDeeds(QObject):
    """Does it, and tells what was done; ``edited`` carries a note’s number and its text."""

    edited = Signal(int, str)

    def __init__(self, desk: Desk, pane: QWidget) -> None:
        super().__init__(pane)
        self._desk, self._pane = desk, pane
        self.letter: LetterDialog | None = None

    def do(self, what: str, line: Line) -> None:
        """Do what a link of a line says."""
        does = {
            "open": self._open, "reply": self._reply, "known": self._know, "why": self._say_why,
            "proof": self._prove, "edit": self._edit, "delete": self._delete,
        }  # fmt: skip
        does[what](line)

    @later
    async def _open(self, line: Line) -> None:
        """Show a message whole, with its conversation."""
        found = await self._desk.background.read(letters.of_line, line.id)
        self.letter = LetterDialog(self._desk, found, self._pane)
        self.letter.answered.connect(self.answer)
        self.letter.open()

    def _reply(self, line: Line) -> None:
        if line.mail is not None:
            self.answer("reply", line.mail.number)

    @later
    async def answer(self, kind: Kind, number: int) -> None:
        """Begin an answer to a message, or pass it on."""
        draft = await self._desk.background.read(answering.draft, number, kind)
        open_composer(self._desk, self._pane, draft)

    @later
    async def _say_why(self, line: Line) -> None:
        """Say what led to a line, and go to the run where it did."""
        found = await self._desk.background.read(verdicts.why, line.id)
        if found.run is None:
            self._desk.notices.tell("No workflow did this.")
            return
        did = f" {found.visit.summary}" if found.visit else ""
        began = f" It began with: {found.cause}." if found.cause else ""
        self._desk.notices.tell(f"The workflow ‘{found.run.workflow}’ did this.{did}{began}")
        self._desk.go("runs", "run", found.run.id, found.visit.seq if found.visit else None)

    def _prove(self, line: Line) -> None:
        if line.outbox is not None:
            show_proof(self._desk, self._pane, line.outbox)

    # -- whose address it is -------------------------------------------------------------

    @later
    async def _know(self, line: Line) -> None:
        """Let the person be known by the address from which they answered."""
        if line.mail is not None:
            whose, address = line.mail.ref, line.mail.stranger
            await self._desk.background.write(strangers.also_known_by, whose, address)
            undo = ("Undo", lambda: self._forget(whose, address))
            said = f"{address} is {line.mail.whose or 'this contact'}’s address, too."
            self._desk.notices.tell(said, "ok", action=undo)

    @later
    async def _forget(self, whose: Ref, address: str) -> None:
        await self._desk.background.write(strangers.no_longer_known_by, whose, address)

    # -- notes ---------------------------------------------------------------------------

    @later
    async def _edit(self, line: Line) -> None:
        """Open one's note to be changed."""
        if line.note is not None:
            said = await self._desk.background.read(notes.text_of, line.note)
            self.edited.emit(line.note, said)

    @later
    async def _delete(self, line: Line) -> None:
        """Put one's note into the trash."""
        if (number := line.note) is not None:
            await self._desk.background.write(notes.remove, number)
            undo = ("Undo", lambda: self._restore(number))
            look = ("Show in trash", lambda: self._desk.go("trash", "note"))
            self._desk.notices.tell("Note deleted.", action=undo, also=look)

    @later
    async def _restore(self, number: int) -> None:
        await self._desk.background.write(notes.restore, number)
