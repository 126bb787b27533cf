"""The frame around a group of steps: a quiet rounded field with a title to take it by."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPixmapItem

from rally_desktop.canvas.items.card import FAINT, PLAIN, State
from rally_desktop.canvas.items.snap import snapped
from rally_desktop.canvas.items.words import one_line
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.shapes import FrameBox

RADIUS = 16.0
SIGN = 30.0  # the corner that folds it
HEAD = 28.0  # the strip with the title
WIDEST_HEAD = 640.0
NAMELESS = "Group"


class FrameItem(QGraphicsPathItem):
    """One open frame: Qt draws the field, however large, and the head is a picture."""

    def __init__(self, box: FrameBox) -> None:
        super().__init__()
        self.spot, self.box, self.state = box.spot, box, PLAIN
        self.entry = box.width / 2  # where the connector comes in
        self.setZValue(0.4)
        self.head = QGraphicsPixmapItem(self)
        self.head.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.stand(box.x, box.y, box.width, box.height)

    def stand(self, x: float, y: float, width: float, height: float) -> None:
        """Stand somewhere, as large as that."""
        self.setPos(x, y)
        path = QPainterPath()
        path.addRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), RADIUS, RADIUS)
        self.setPath(path)

    def stand_between(self, was: FrameBox, share: float) -> None:
        """Stand on the way from where it was to where it is now."""
        old = (was.x, was.y, was.width, was.height)
        new = (self.box.x, self.box.y, self.box.width, self.box.height)
        x, y, width, height = (a + (b - a) * share for a, b in zip(old, new, strict=True))
        self.stand(x, y, width, height)

    def draw(self, look: Look, scale: float) -> None:
        """Set the colours, and paint the head anew for a zoom."""
        pen, brush = strokes(look, self.state)
        self.setPen(pen)
        self.setBrush(brush)
        picture = look.canvas(min(self.box.width, WIDEST_HEAD), HEAD + 4, scale)
        painter = QPainter(picture)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        paint_head(painter, look, self.box, self.entry, self.state, scale)
        painter.end()
        self.head.setPixmap(picture)
        self.align(look, scale)
        self.setOpacity(FAINT if self.state.faint else 1.0)

    def align(self, look: Look, scale: float) -> None:
        """Put the head on whole pixels of the screen."""
        self.head.setOffset(snapped(self.pos(), 0, 0, look.ratio * scale))


def strokes(look: Look, state: State) -> tuple[QPen, QBrush]:
    """Return the line around a frame and what fills it."""
    if state.selected:
        return look.pen("accent", 2), QBrush(look.faint("accent_soft", 0.4))
    line = look.pen("edge" if state.hovered else "line_hover", 1.2)
    return line, QBrush(look.faint("flow_tint", 0.55))


def paint_head(
    painter: QPainter, look: Look, box: FrameBox, entry: float, state: State, scale: float
) -> None:
    """Paint the sign that folds a frame, and its title up to where the connector comes in."""
    font = look.font("strong")
    metrics = QFontMetricsF(font)
    room = min(WIDEST_HEAD, entry if entry > SIGN + 60 else box.width) - SIGN - 18
    title = metrics.elidedText(one_line(box.title) or NAMELESS, Qt.TextElideMode.ElideRight, room)
    if state.hovered or state.focused:
        painter.setPen(look.pen("ink", 1.6) if state.focused else Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("line"))
        wide = SIGN + metrics.horizontalAdvance(title) + 8
        painter.drawRoundedRect(QRectF(5, 4, wide, HEAD - 4), 8, 8)
    colour = "accent" if state.selected else "ink2"
    look.paint_icon(painter, QPointF(11, 8), "chevron-down", colour, 16, scale)
    painter.setFont(font)
    painter.setPen(look.colour(colour if box.title else "ink3"))
    where = QRectF(SIGN + 3, 3, room, HEAD - 2)
    line = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(where, line | Qt.TextFlag.TextSingleLine, title)
