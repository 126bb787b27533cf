"""What a gesture is. Nothing reaches the workflow before it finishes; Esc calls it off."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent

DRAG_FROM = 4  # pixels on screen: less is a click


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is, on screen and on the sheet."""

    window: QPoint
    sheet: QPointF
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    def holds(self, key: Qt.KeyboardModifier) -> bool:
        """Say whether a key like Shift is held."""
        return bool(self.keys & key)


class Gesture:
    """One stroke of the mouse, from press to release, or a choice made by keys.

    While a gesture that ``scrolls`` is near the border of the window, the sheet moves below it.
    """

    cursor: Qt.CursorShape | None = None
    scrolls = False

    def start(self, at: Pointer) -> None:
        """Begin."""

    def move(self, at: Pointer) -> Gesture | None:
        """Follow the pointer; return the gesture that takes over, if one does."""
        return None

    def finish(self, at: Pointer) -> None:
        """Do it."""

    def cancel(self) -> None:
        """Leave everything as it was."""

    def key(self, event: QKeyEvent) -> None:
        """Answer a key; no other command is obeyed before the gesture is over."""
