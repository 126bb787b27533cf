"""Listens for what a person writes while one writes to them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import answering, letters, timeline
from rally_desktop.services.timeline import Line
from rally_desktop.services.writing import Kind
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest

ARRIVED = ("email_received", "sms_received")
LOOKED_AT = 20


class Replies(QObject):
    """``arrived`` brings a line that was not there when one began to write.

    ``answered`` brings an answer to it that somebody wants to write instead.
    """

    arrived, answered = Signal(object), Signal(object)

    def __init__(self, desk: Desk, contact: Ref, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._contact = desk, contact
        self._known: set[int] | None = None
        desk.background.changed.connect(self._hear)
        self._look()

    @later
    async def read_whole(self, line: Line, parent: QWidget) -> None:
        """Show what arrived, beside what one writes."""
        from rally_desktop.ui.widgets.letter_dialog import LetterDialog  # it stands on much

        found = await self._desk.background.read(letters.of_line, line.id)
        dialog = LetterDialog(self._desk, found, parent)
        dialog.answered.connect(self._answer)
        dialog.show()

    @later
    async def _answer(self, kind: Kind, number: int) -> None:
        self.answered.emit(await self._desk.background.read(answering.draft, number, kind))

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    @later
    @newest
    async def _look(self) -> None:
        how = {"groups": ("messages",), "limit": LOOKED_AT}
        lines = await self._desk.background.read(timeline.lines, self._contact, **how)
        found = [line for line in lines if line.kind in ARRIVED]
        known, self._known = self._known, {line.id for line in found}
        if known is not None and (new := [line for line in found if line.id not in known]):
            self.arrived.emit(new[0])

    def _hear(self, touched: frozenset[str]) -> None:
        if "activity" in touched:
            self._look()
