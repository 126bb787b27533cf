"""The colours of tags as chips show them, the same everywhere and followed at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rally_desktop.services import tags
from rally_desktop.ui.later import later, newest

if TYPE_CHECKING:
    from rally_desktop.ui.background import Background

PLAIN = "flow"


class TagColours(QObject):
    """Knows the family of the tokens of each tag; ``changed`` tells when others hold."""

    changed = Signal()

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._families: Mapping[str, str] = {}
        background.changed.connect(self._hear)
        self.refresh()

    def family(self, name: str) -> str:
        """Return the family that a tag is drawn in."""
        return self._families.get(name, PLAIN)

    @later
    @newest
    async def refresh(self) -> None:
        """Read the colours."""
        found = await self._background.read(tags.colours)
        if found != self._families:
            self._families = found
            self.changed.emit()

    def _hear(self, tables: frozenset[str]) -> None:
        if "tag" in tables:
            self.refresh()
