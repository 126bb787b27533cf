"""A ring that grows out of a card and fades: it says «here», once."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEasingCurve, QObject, QRectF, QVariantAnimation
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from rally_desktop.canvas.look import Look
from rally_desktop.canvas.tokens import MOTION

REACH = 22.0


class Pulse(QObject):
    """Lets the ring run; the item is gone when it has."""

    def __init__(self, scene: QGraphicsScene, look: Look, where: QRectF, radius: float) -> None:
        super().__init__(scene)
        self._where, self._radius = where, radius
        self._item = QGraphicsPathItem()
        pen = QPen(look.colour("accent"), 2.5)
        self._item.setPen(pen)
        self._item.setZValue(1.9)
        scene.addItem(self._item)
        self._clock = QVariantAnimation(self)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.setDuration(MOTION["pulse"])
        self._clock.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._clock.valueChanged.connect(self._grow)
        self._clock.finished.connect(self._end)
        self._grow(0.0)
        self._clock.start()

    def _grow(self, value: object) -> None:
        share = cast("float", value)
        by = REACH * share
        path = QPainterPath()
        around = self._where.adjusted(-by, -by, by, by)
        path.addRoundedRect(around, self._radius + by, self._radius + by)
        self._item.setPath(path)
        self._item.setOpacity(1 - share)

    def _end(self) -> None:
        scene = self._item.scene()
        if scene is not None:
            scene.removeItem(self._item)
        self.deleteLater()
