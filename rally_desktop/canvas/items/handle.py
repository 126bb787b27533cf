"""A place to take hold of a card: a port, the grip of its branch, the pin, a connector's end."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from rally_desktop.canvas.handles import Handle
from rally_desktop.canvas.look import Look

HALF = 12.0
DOT, HOT_DOT = 4.0, 6.0
GRIP = tuple((x, y) for x in (-2.2, 2.2) for y in (-5.0, 0.0, 5.0))


class HandleItem(QGraphicsItem):
    """One handle; there are only those of the card that is pointed at."""

    def __init__(self, handle: Handle, look: Look) -> None:
        super().__init__()
        self.handle = handle
        self._look = look
        self._hot = False
        self.setPos(*handle.at)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def heat(self, hot: bool) -> None:
        """Show whether the pointer is on it."""
        if hot != self._hot:
            self._hot = hot
            self.update()

    def boundingRect(self) -> QRectF:
        """Return the room that it takes."""
        return QRectF(-HALF, -HALF, 2 * HALF, 2 * HALF)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Paint it by its kind."""
        getattr(self, f"_paint_{self.handle.kind}")(painter)

    def _paint_port(self, painter: QPainter) -> None:
        painter.setPen(self._look.pen("surface", 2))
        painter.setBrush(self._look.colour("accent"))
        radius = HOT_DOT if self._hot else DOT
        painter.drawEllipse(QPointF(), radius + 1, radius + 1)

    def _paint_tail(self, painter: QPainter) -> None:
        if self._hot:
            painter.setPen(self._look.pen("accent", 2))
            painter.setBrush(self._look.colour("surface"))
            painter.drawEllipse(QPointF(), HOT_DOT, HOT_DOT)

    def _paint_grip(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("accent" if self._hot else "edge"))
        for x, y in GRIP:
            painter.drawEllipse(QPointF(x, y), 1.2, 1.2)

    def _paint_pin(self, painter: QPainter) -> None:
        painter.setPen(self._look.pen("accent" if self._hot else "line_hover", 1))
        painter.setBrush(self._look.colour("surface"))
        painter.drawEllipse(QPointF(), 10, 10)
        colour = "accent" if self._hot else "ink2"
        scale = painter.worldTransform().m11() / self._look.ratio
        self._look.paint_icon(painter, QPointF(-6, -6), "pin", colour, 12, max(scale, 0.5))
