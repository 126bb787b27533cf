"""Moving the sheet by hand: the middle or right button, or the left one with Space held."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt

from rally_desktop.canvas.gesture import DRAG_FROM, Gesture, Pointer


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


class PanOrMenu(Gesture):
    """A press of the right button: a drag moves the sheet, a click opens the menu."""

    def __init__(self, shift: Callable[[int, int], None], menu: Callable[[Pointer], None]) -> None:
        self._shift, self._menu = shift, menu
        self._began = QPoint()

    def start(self, at: Pointer) -> None:
        """Remember where."""
        self._began = at.window

    def move(self, at: Pointer) -> Gesture | None:
        """Take hold of the sheet after a few pixels."""
        if (at.window - self._began).manhattanLength() < DRAG_FROM:
            return None
        return Pan(self._shift)

    def finish(self, at: Pointer) -> None:
        """It was a click."""
        self._menu(at)
