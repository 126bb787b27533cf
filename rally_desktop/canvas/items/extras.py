"""What goes beyond a card's own edge: the way past one that is off, the pile of a folded group."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from rally_desktop.canvas.items.wire import rounded
from rally_desktop.canvas.items.words import CENTER
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Box

BESIDE, BEFORE, AFTER = 12.0, 16.0, 11.0  # how far the way past keeps from the card
OFF = "Off"
DEEP = 4.0  # from one card of a pile to the next
UNFOLD = 34.0  # at the right of a folded group, where a click unfolds it
SIGN = 16


def paint_detour(painter: QPainter, look: Look, box: Box) -> None:
    """Paint the connector that runs past a card, and the word on it."""
    middle, right = box.width / 2, box.width + BESIDE
    around = [
        (middle, -BEFORE),
        (right, -BEFORE),
        (right, box.height + AFTER),
        (middle, box.height + AFTER),
    ]
    painter.setPen(look.pen("edge", 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(rounded(around, 10.0))
    font = look.font("pill")
    wide = QFontMetricsF(font).horizontalAdvance(OFF) + 10
    pill = QRectF(right - wide / 2, box.height / 2 - 9, wide, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("canvas"))
    painter.drawRoundedRect(pill.adjusted(-2, -2, 2, 2), 11, 11)
    painter.setBrush(look.colour("flow_tint"))
    painter.drawRoundedRect(pill, 9, 9)
    painter.setFont(font)
    painter.setPen(look.colour("ink2"))
    painter.drawText(pill, CENTER, OFF)


def paint_pile(painter: QPainter, look: Look, box: Box, radius: float) -> None:
    """Paint the edges of the cards that lie below a folded group."""
    painter.setPen(look.pen("line", 1))
    painter.setBrush(look.colour("surface"))
    for depth in (2, 1):
        below = QRectF(depth * 7, depth * DEEP, box.width - depth * 14, box.height)
        painter.drawRoundedRect(below.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def paint_unfold(painter: QPainter, look: Look, box: Box, scale: float) -> None:
    """Paint the sign that a click unfolds the group."""
    at = QPointF(box.width - UNFOLD / 2 - SIGN / 2 - 2, (box.height - SIGN) / 2)
    look.paint_icon(painter, at, "unfold-vertical", "ink3", SIGN, scale)
