"""What stands above a picture: the workflow's name, how it stands, and the day."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from rally_desktop.canvas.look import Look

LINE, SUB, BELOW = 26.0, 18.0, 14.0
WIDEST = 2000  # no name needs more characters than these to fill its lines


@dataclass(frozen=True)
class Heading:
    """A name, ‘Draft’ or the version, and the day as it is written."""

    name: str
    state: str
    day: str

    @property
    def says(self) -> str:
        """Return what stands below the name."""
        return f"{self.state} · {self.day}"

    def height(self, look: Look, width: float, most: int) -> float:
        """Return how much room it takes, with at most that many lines for the name."""
        return LINE * len(self._lines(look, width, most)) + SUB + BELOW

    def paint(self, painter: QPainter, look: Look, at: QPointF, width: float, most: int) -> None:
        """Paint it below a point."""
        lines = self._lines(look, width, most)
        top = at.y()
        for line in lines:
            _line(painter, look, "heading", "ink", QRectF(at.x(), top, width, LINE), line)
            top += LINE
        _line(painter, look, "sub", "ink2", QRectF(at.x(), top, width, SUB), self.says)

    def _lines(self, look: Look, width: float, most: int) -> list[str]:
        return broken(self.name or "Untitled workflow", look.font("heading"), width, most)


def broken(text: str, font: QFont, width: float, most: int) -> list[str]:
    """Return a text in at most so many lines; the last one ends in … where it is too long."""
    text = " ".join(text[:WIDEST].split())
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        begins = line.textStart()
        if len(lines) == most - 1:
            rest = QFontMetricsF(font).elidedText(text[begins:], Qt.TextElideMode.ElideRight, width)
            lines.append(rest)
            break
        lines.append(text[begins : begins + line.textLength()].strip())
    layout.endLayout()
    return lines


def _line(painter: QPainter, look: Look, role: str, colour: str, where: QRectF, text: str) -> None:
    painter.setFont(look.font(role))
    painter.setPen(look.colour(colour))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(where, flags | Qt.TextFlag.TextSingleLine, text)
