"""The empty place that opens where something would be put."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from rally_desktop.canvas.look import Look


class Ghost(QGraphicsPathItem):
    """A dashed rounded box."""

    def __init__(self, look: Look, where: QRectF, radius: float = 12) -> None:
        super().__init__()
        path = QPainterPath()
        path.addRoundedRect(where.adjusted(1, 1, -1, -1), radius, radius)
        self.setPath(path)
        self.setPen(look.pen("accent", 1.6, dashed=True))
        self.setBrush(look.colour("accent_soft"))
        self.setZValue(2.5)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
