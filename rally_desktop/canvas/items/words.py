"""Text on cards and pills: one line of it, whatever a person typed, and as large as is read."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from rally_desktop.canvas.look import Look

VCENTER = Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft
CENTER = Qt.AlignmentFlag.AlignCenter
LONGEST = 400  # characters; more never fit on a card
JOINERS = "\u200c\u200d"  # they shape Persian words and emoji
MOST_GROWN = 1.3
PILL_HEIGHT, PILL_PADDING = 20.0, 14.0


def one_line(text: str) -> str:
    """Return a text without what would break a line or turn the writing of what follows."""
    plain = (
        " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter
        for letter in text[:LONGEST]
        if letter in JOINERS or unicodedata.category(letter) not in ("Cf", "Cs", "Co")
    )
    return " ".join("".join(plain).split())


def direction(text: str) -> Qt.LayoutDirection:
    """Return how a text is written, by its first letter that is written one way only."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    first = next((kind for kind in strong if kind in ("L", "R", "AL")), "L")
    right = first != "L"
    return Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight


def grown(scale: float) -> float:
    """Return how much larger pills are painted, so that they are read from farther away."""
    return min(MOST_GROWN, max(1.0, 1.0 / scale)) if scale else 1.0


def paint_line(
    painter: QPainter, look: Look, role: str, colour: QColor, where: QRectF, text: str
) -> None:
    """Paint one line that ends in … where it is too long; right-to-left writing at the right."""
    font, line = look.font(role), one_line(text)
    painter.setFont(font)
    painter.setPen(colour)
    shown = QFontMetricsF(font).elidedText(line, Qt.TextElideMode.ElideRight, where.width())
    before = painter.layoutDirection()
    painter.setLayoutDirection(direction(line))
    painter.drawText(where, LEFT | VCENTER | Qt.TextFlag.TextSingleLine, shown)
    painter.setLayoutDirection(before)


def paint_count(
    painter: QPainter, look: Look, text: str, tone: str, right: QPointF, scale: float
) -> float:
    """Paint the small pill that ends at a point and return the room it takes."""
    if not text:
        return 0.0
    font, grow = look.font("pill"), grown(scale)
    width = QFontMetricsF(font).horizontalAdvance(text) + PILL_PADDING
    painter.save()
    painter.translate(right)
    painter.scale(grow, grow)
    pill = QRectF(-width, -PILL_HEIGHT / 2, width, PILL_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(f"{tone}_tint"))
    painter.drawRoundedRect(pill, PILL_HEIGHT / 2, PILL_HEIGHT / 2)
    painter.setFont(font)
    painter.setPen(look.colour("ink2" if tone == "flow" else tone))
    painter.drawText(pill, CENTER, text)
    painter.restore()
    return width * grow + 8
