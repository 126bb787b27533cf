"""What becomes of a letter once somebody pressed Send: counted down, recalled, hurried, told."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from rally_desktop.core.errors import NotFound
from rally_desktop.engine.reasons import sentence
from rally_desktop.services import outgoing, writing
from rally_desktop.services.outgoing import Outgoing
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.letters import standing


class Parting(QObject):
    """Tells how a letter leaves, until it is out or waits for something else.

    ``recalled`` brings the draft that it is again.
    """

    recalled = Signal(object)

    def __init__(self, desk: Desk, number: int, name: str) -> None:
        super().__init__(desk)
        self._desk, self._number, self._name = desk, number, name
        self._letter: Outgoing | None = None
        self._tells = True
        desk.background.changed.connect(self._hear)
        self.look()

    @later
    @newest
    async def look(self) -> None:
        """See how the letter stands, and tell what is new."""
        try:
            found = await self._desk.background.read(outgoing.one, self._number)
        except NotFound:
            self._end()
            return
        if not self._tells:
            return
        first, self._letter = self._letter is None, found
        now = self._desk.clock.now()
        if found.waits and standing.is_counted(found, now):
            if first:
                self._count_down()
        elif found.waits:
            self._tell_wait(found)
        elif not found.leaves:
            self._tell_end(found)

    @later
    async def recall(self) -> None:
        """Take the letter back: it is a draft again."""
        self._rest()
        draft = await self._desk.background.write(outgoing.recall, self._number)
        self._letter = None
        if draft is not None:
            self.recalled.emit(draft)

    @later
    async def take_up(self) -> None:
        """Make a draft of what was not sent."""
        draft = await self._desk.background.write(writing.take_up, self._number)
        if draft is not None:
            self.recalled.emit(draft)

    @later
    async def hurry(self) -> None:
        """Let the letter go at once."""
        await self._desk.background.write(outgoing.send_now, self._number)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    def _count_down(self) -> None:
        recall, hurry = ("Recall", self.recall), ("Send now", self.hurry)
        self._desk.notices.tell(self._counted(), action=recall, also=hurry, counts=self._said_now)

    def _said_now(self) -> str:
        """Return what the countdown says; nothing once there is no more to count."""
        found = self._letter
        now = self._desk.clock.now()
        if found is None or not found.waits or found.due_at <= now:
            return ""
        return self._counted()

    def _counted(self) -> str:
        assert self._letter is not None
        said = standing.said(self._letter, self._desk.clock.now())
        return f"Your letter to {self._name} {said}."

    def _tell_wait(self, found: Outgoing) -> None:
        tone = "plain" if found.reason in outgoing.FREE and not found.held else "warn"
        said = self._counted()
        self._desk.notices.tell(said.replace("..", "."), tone, ("Recall", self.recall))
        self._rest()

    def _tell_end(self, found: Outgoing) -> None:
        name = self._name
        if found.state == "sent":
            self._desk.notices.tell(f"Your letter to {name} was sent.", "ok")
        elif found.state == "doubt":
            self._desk.notices.tell(
                f"Nobody can tell whether your letter to {name} was sent. {found.answer}", "warn"
            )
        elif found.reason != "recalled":
            why = found.answer or sentence(found.reason)
            again = ("Write it again", self.take_up)
            self._desk.notices.tell(f"Your letter to {name} was not sent. {why}", "bad", again)
            self._rest()
            return
        self._end()

    def _end(self) -> None:
        """Have no more to tell."""
        self._rest()
        self._letter = None
        self.deleteLater()

    def _rest(self) -> None:
        """Tell no more by itself; what was told can still be acted on."""
        self._tells = False

    def _hear(self, touched: frozenset[str]) -> None:
        if "outbox" in touched and self._tells:
            self.look()
