"""A connector with its arrow head, as two of Qt's own path items."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Wire
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.strokes import PLAIN, Stroke

CORNER = 12.0
ROUND = 0.4477  # makes a cubic corner close to a circle
HEAD, TIP = 6.0, 3.0  # the head's height, and the gap between its tip and the card
GROWS = 1.3  # the head, for each pixel that its line is thicker


class WireItem(QGraphicsPathItem):
    """One connector; its head is ``head``, or None where it flows into another."""

    def __init__(self, wire: Wire, look: Look, stroke: Stroke = PLAIN) -> None:
        super().__init__()
        self.wire, self.stroke = wire, stroke
        self.head = QGraphicsPathItem() if wire.arrow else None
        self.setZValue(1)
        if self.head:
            self.head.setZValue(1)
        self.draw(look, stroke)

    def change(self, wire: Wire, look: Look, stroke: Stroke) -> None:
        """Run elsewhere; a head comes and goes with the item, never with a change."""
        self.wire = wire
        self.draw(look, stroke)

    def draw(self, look: Look, stroke: Stroke = PLAIN) -> None:
        """Set lines and colours; what is singled out lies above the rest."""
        self.stroke = stroke
        strong = stroke.colour != PLAIN.colour
        dashed = (self.wire.dashed or stroke.dashed) and not strong
        self.setPen(look.pen(stroke.colour, stroke.width, dashed))
        self.setOpacity(stroke.opacity)
        self.setZValue(1.2 if strong else 1)
        line, head = drawn(self.wire, stroke.width)
        if self.head:
            self.head.setPath(head)
            pen = QPen(look.colour(stroke.colour), 1.6)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            self.head.setPen(pen)
            self.head.setBrush(look.colour(stroke.colour))
            self.head.setOpacity(stroke.opacity)
            self.head.setZValue(self.zValue())
        self.setPath(line)


def drawn(wire: Wire, width: float = PLAIN.width) -> tuple[QPainterPath, QPainterPath]:
    """Return the line of a connector, and its head, which is empty where it has none."""
    if not wire.arrow:
        return rounded(wire.points), QPainterPath()
    x, y = wire.points[-1]
    height = HEAD + (width - PLAIN.width) * GROWS
    line = rounded([*wire.points[:-1], (x, y - TIP - height + 1)])
    return line, _head(x, y - TIP, height)


def rounded(points: Sequence[Point], radius: float = CORNER) -> QPainterPath:
    """Return a path through points with round corners."""
    path = QPainterPath(QPointF(*points[0]))
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        enter, leave = _toward(here, before, radius), _toward(here, after, radius)
        path.lineTo(*enter)
        path.cubicTo(*_between(enter, here), *_between(leave, here), *leave)
    path.lineTo(*points[-1])
    return path


def _toward(start: Point, end: Point, radius: float) -> Point:
    across, down = end[0] - start[0], end[1] - start[1]
    length = abs(across) + abs(down)
    share = min(radius, length / 2) / length if length else 0.0
    return (start[0] + across * share, start[1] + down * share)


def _between(start: Point, corner: Point) -> Point:
    share = 1 - ROUND
    return (
        start[0] + (corner[0] - start[0]) * share,
        start[1] + (corner[1] - start[1]) * share,
    )


def _head(x: float, tip: float, height: float) -> QPainterPath:
    path = QPainterPath(QPointF(x, tip))
    path.lineTo(x - height * 0.62, tip - height)
    path.lineTo(x + height * 0.62, tip - height)
    path.closeSubpath()
    return path
