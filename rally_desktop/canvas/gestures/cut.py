"""A stroke across connectors: those it crosses lead nowhere afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.plan import Slot

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


class Cut(Gesture):
    """What is crossed turns red, and is cut when the button is let go."""

    cursor = Qt.CursorShape.CrossCursor
    scrolls = True

    def __init__(self, editor: FlowEditor) -> None:
        self._editor = editor
        self._last = QPointF()
        self._path = QPainterPath()
        self._crossed: dict[Slot, None] = {}
        self._item = QGraphicsPathItem()
        pen = QPen(editor.scene.look.colour("bad"), 2)
        pen.setCosmetic(True)
        self._item.setPen(pen)

    def start(self, at: Pointer) -> None:
        """Set the knife on the ground."""
        self._last = at.sheet
        self._path.moveTo(at.sheet)
        self._editor.scene.afloat.add(self._item)

    def move(self, at: Pointer) -> Gesture | None:
        """Draw it on."""
        here = (self._last.x(), self._last.y()), (at.sheet.x(), at.sheet.y())
        self._crossed |= dict.fromkeys(self._editor.connecting.crossed(*here))
        self._last = at.sheet
        self._path.lineTo(at.sheet)
        self._item.setPath(self._path)
        self._editor.connecting.doom(self._crossed)
        return None

    def finish(self, at: Pointer) -> None:
        """Cut what was crossed."""
        self.move(at)
        crossed = list(self._crossed)
        self.cancel()
        self._editor.connecting.cut(crossed)

    def cancel(self) -> None:
        """Lift the knife."""
        self._crossed.clear()
        self._editor.connecting.doom(())
        self._editor.scene.afloat.remove(self._item)
