"""What gestures show above the sheet: carried cards, live connectors, the rubber band."""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem

from rally_desktop.canvas.items.wire import WireItem

ABOVE = 8.0


class Afloat:
    """Keeps such items; from afar, where items are not asked to paint, these still are."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._items: list[QGraphicsItem] = []

    def add(self, item: QGraphicsItem, above: float = ABOVE) -> None:
        """Show an item."""
        for part in _parts(item):
            part.setZValue(above)
            self._scene.addItem(part)
            self._items.append(part)

    def remove(self, item: QGraphicsItem) -> None:
        """Take an item away."""
        for part in _parts(item):
            self._items.remove(part)
            self._scene.removeItem(part)

    def paint(self, painter: QPainter) -> None:
        """Paint all of them; the painter's units are those of the sheet."""
        option = QStyleOptionGraphicsItem()
        for item in sorted(self._items, key=lambda one: one.zValue()):
            for part in (item, *item.childItems()):
                if part.isVisible():
                    painter.save()
                    painter.setOpacity(part.effectiveOpacity())
                    painter.setTransform(part.sceneTransform(), combine=True)
                    part.paint(painter, option, None)
                    painter.restore()


def _parts(item: QGraphicsItem) -> list[QGraphicsItem]:
    if isinstance(item, WireItem) and item.head is not None:
        return [item, item.head]
    return [item]
