"""The '+' on connectors: a few pictures that all of them share."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPixmapItem

from rally_desktop.canvas.items.snap import snapped
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Slot
from rally_desktop.canvas.route import Point

HALF = 15
Heat = Literal["quiet", "hot", "focused"]


class Plus(QGraphicsPixmapItem):
    """One '+'."""

    def __init__(self, slot: Slot, at: Point) -> None:
        super().__init__()
        self.slot = slot
        self.setZValue(1.5)
        self.setShapeMode(QGraphicsPixmapItem.ShapeMode.BoundingRectShape)
        self.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.setPos(*at)

    def draw(self, picture: QPixmap, pixels: float) -> None:
        """Show one of the shared pictures."""
        self.setPixmap(picture)
        self.setOffset(snapped(self.pos(), -HALF, -HALF, pixels))


def plus_picture(look: Look, heat: Heat, scale: float) -> QPixmap:
    """Return the picture of a '+'."""
    picture = look.canvas(2 * HALF, 2 * HALF, scale)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(HALF, HALF)
    radius, arm = (9.0, 3.6) if heat == "quiet" else (11.0, 4.2)
    middle = QPointF(0, 0)
    if heat == "focused":
        painter.setPen(look.pen("ink", 1.6))
        painter.drawEllipse(middle, 13.6, 13.6)
    painter.setPen(look.pen("line_hover" if heat == "quiet" else "accent", 1))
    painter.setBrush(look.colour("surface" if heat == "quiet" else "accent"))
    painter.drawEllipse(middle, radius, radius)
    pen = QPen(look.colour("edge_strong" if heat == "quiet" else "on_accent"), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawLine(QPointF(-arm, 0), QPointF(arm, 0))
    painter.drawLine(QPointF(0, -arm), QPointF(0, arm))
    painter.end()
    return picture
