"""A rubber band on the ground: what it touches is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsRectItem

from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.shapes import Bounds

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Band(Gesture):
    """With Shift it adds to what was selected, with Ctrl it turns that about."""

    scrolls = True

    def __init__(self, editor: FlowEditor) -> None:
        self._editor = editor
        self._from = QPointF()
        self._before = editor.scene.chosen
        self._current = editor.scene.selected
        look = editor.scene.look
        self._item = QGraphicsRectItem()
        self._item.setPen(look.hairline("accent"))
        self._item.setBrush(look.faint("accent", 0.08))

    def start(self, at: Pointer) -> None:
        """Begin at a corner."""
        self._from = at.sheet
        self._editor.scene.afloat.add(self._item)

    def move(self, at: Pointer) -> Gesture | None:
        """Select what lies in it now."""
        where = QRectF(self._from, at.sheet).normalized()
        self._item.setRect(where)
        self._choose(self._chosen(where, at))
        return None

    def finish(self, at: Pointer) -> None:
        """Say how many were selected."""
        self.move(at)
        self._editor.scene.afloat.remove(self._item)
        scene = self._editor.scene
        spots = [spot for spot in scene.plan.boxes if spot in scene.chosen]
        spots += sorted(scene.chosen.difference(spots))
        if spots:
            self._editor.choose(spots)

    def cancel(self) -> None:
        """Select what was selected before."""
        self._editor.scene.afloat.remove(self._item)
        self._editor.scene.choose(self._before, self._current)

    def _chosen(self, where: QRectF, at: Pointer) -> frozenset[Spot]:
        touched = frozenset(self._editor.scene.tiles.spots_in(_bounds(where)))
        if at.holds(CTRL):
            return self._before ^ touched
        return self._before | touched if at.holds(SHIFT) else touched

    def _choose(self, chosen: frozenset[Spot]) -> None:
        """Select some, without asking for the settings of one before the end."""
        kept = self._current if self._current in chosen else None
        self._editor.scene.choose(chosen, kept)


def _bounds(where: QRectF) -> Bounds:
    return (where.left(), where.top(), where.right(), where.bottom())
