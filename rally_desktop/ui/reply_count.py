"""How many people wait for an answer, said in the rail wherever in the program one is."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from rally_desktop.services import replies
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.rail import Rail

PAGE, WHAT = "today", "waiting for an answer"
WATCHED = frozenset({"contact", "message", "outbox"})
MINUTE_MS = 60_000  # what was put off comes due by itself


class ReplyCount(QObject):
    """Counts those of whoever sits here, and of nobody; everybody’s where nobody sits here."""

    def __init__(self, desk: Desk, rail: Rail) -> None:
        super().__init__(rail)  # its timer ends with the window, on the thread of the screen
        self._desk, self._rail = desk, rail
        self._minutes = QTimer(self, interval=MINUTE_MS)
        self._minutes.timeout.connect(self.look)
        self._minutes.start()
        desk.background.closing.connect(self._minutes.stop)
        desk.background.changed.connect(self._hear)
        desk.seat.changed.connect(self.look)
        self.look()

    @later
    @newest
    async def look(self) -> None:
        """Count anew."""
        found = await self._desk.background.read(replies.count, self._desk.seat.user)
        self._rail.count(PAGE, found, WHAT)

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & WATCHED:
            self.look()
