"""The empty places that open where something would be put."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from rally_desktop.canvas.look import Look

RADIUS = 12.0


class Ghost(QGraphicsPathItem):
    """A dashed rounded box for each place."""

    def __init__(self, look: Look, places: Iterable[QRectF]) -> None:
        super().__init__()
        path = QPainterPath()
        for where in places:
            radius = min(RADIUS, where.height() / 2)
            path.addRoundedRect(where.adjusted(1, 1, -1, -1), radius, radius)
        self.setPath(path)
        self.setPen(look.pen("accent", 1.6, dashed=True))
        self.setBrush(look.colour("accent_soft"))
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
