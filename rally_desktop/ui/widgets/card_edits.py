"""What is changed on a record's card: saved at once, said, and taken back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from rally_desktop.model.ref import Ref
from rally_desktop.services import edits, records
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.grid_history import History


class CardEdits(QObject):
    """``history`` is that of the grid beside the card, so that Ctrl+Z there knows of both."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.history = History()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    async def put(self, ref: Ref, name: str, value: Any, said: str) -> None:
        """Save a field; ``said`` is its label and whose it is."""
        note = await self._desk.background.write(edits.put_cell, ref, name, value)
        self._tell(f"{said} changed.", note)

    @later
    async def add_tag(self, ref: Ref | None, name: str) -> None:
        """Put a tag on; its cross takes it off again."""
        if ref is not None:
            await self._desk.background.write(records.add_tag, ref, name)

    @later
    async def take_tag(self, ref: Ref | None, name: str) -> None:
        """Take a tag off."""
        if ref is not None:
            note = await self._desk.background.write(edits.take_tag, ref, name)
            self._tell(f"The tag ‘{name}’ was taken off.", note)

    def _tell(self, words: str, note: bytes) -> None:
        if note:
            undo = self.history.add(words, lambda: self._undo(note))
            self._desk.notices.tell(words, "plain", ("Undo", undo))

    @later
    async def _undo(self, note: bytes) -> None:
        undone = await self._desk.background.write(edits.undo, note)
        self._desk.notices.tell(undone.says(), "warn" if undone.kept else "plain")
