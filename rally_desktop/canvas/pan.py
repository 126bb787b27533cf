"""Moving the sheet by hand: the middle button, or the left one with Space held or on the ground."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt

from rally_desktop.canvas.gesture import Gesture, Pointer


class Pan(Gesture):
    """The sheet follows the hand."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, shift: Callable[[int, int], None]) -> None:
        self._shift = shift
        self._last = QPoint()

    def start(self, at: Pointer) -> None:
        """Take hold of the sheet."""
        self._last = at.window

    def move(self, at: Pointer) -> Gesture | None:
        """Shift the sheet by as much as the pointer moved."""
        moved = at.window - self._last
        self._last = at.window
        self._shift(-moved.x(), -moved.y())
        return None
