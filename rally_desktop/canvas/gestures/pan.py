"""Moving the sheet by hand: the middle button, or the left one with Space held or on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from rally_desktop.canvas.gestures.base import Gesture, Pointer

if TYPE_CHECKING:
    from rally_desktop.canvas.view import FlowView


class Pan(Gesture):
    """The sheet follows the hand."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: FlowView) -> None:
        self._view = view
        self._last = QPoint()

    def start(self, at: Pointer) -> None:
        """Take hold of the sheet."""
        self._last = at.window

    def move(self, at: Pointer) -> Gesture | None:
        """Shift the sheet by as much as the pointer moved."""
        moved = at.window - self._last
        self._last = at.window
        self._view.shift(-moved.x(), -moved.y())
        return None
