"""The name of an exit on its connector, with a rim in the colour of the ground."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsPixmapItem

from rally_desktop.canvas.items.snap import snapped
from rally_desktop.canvas.items.words import grown, one_line
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.route import Point

HEIGHT, RIM, WIDEST = 22.0, 4.0, 200.0


class Pill(QGraphicsPixmapItem):
    """A short text in a rounded pill, centred on a point; ``tone`` names its tint.

    Where the text is too long it ends in …; the number behind it is always there. With little
    ``strength`` it is faint, but no connector shines through it.
    """

    def __init__(self, text: str, tone: str, at: Point, number: str = "") -> None:
        super().__init__()
        self.words, self.number, self.tone = text, number, tone
        self.strength = 1.0
        self._drawn: tuple[Look, float, float] | None = None
        self.setZValue(1.4)
        self.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.setPos(*at)

    @property
    def text(self) -> str:
        """Return all that it says."""
        return f"{self.words} · {self.number}" if self.number else self.words

    def draw(self, look: Look, scale: float) -> None:
        """Paint the picture for a zoom, from afar a little larger than the sheet."""
        if self._drawn != (look, scale, self.strength):
            self._drawn = (look, scale, self.strength)
            self._paint(look, scale)
        size = self.pixmap().deviceIndependentSize()
        left, top = -size.width() / 2, -size.height() / 2
        self.setOffset(snapped(self.pos(), left, top, look.ratio * scale))

    def _paint(self, look: Look, scale: float) -> None:
        shown, width = _fitted(look, self.words, self.number)
        picture = look.canvas(width + 2 * RIM, HEIGHT + 2 * RIM, scale * grown(scale))
        painter = QPainter(picture)
        hint = QPainter.RenderHint
        painter.setRenderHints(hint.Antialiasing | hint.TextAntialiasing)
        where = QRectF(RIM, RIM, width, HEIGHT)
        _paint(painter, look, where, shown, self.tone, self.strength)
        painter.end()
        picture.setDevicePixelRatio(look.ratio * scale)
        self.setPixmap(picture)


def paint_pill(painter: QPainter, look: Look, text: str, tone: str, at: Point) -> None:
    """Paint a pill centred on a point."""
    shown, width = _fitted(look, text)
    where = QRectF(at[0] - width / 2, at[1] - HEIGHT / 2, width, HEIGHT)
    _paint(painter, look, where, shown, tone)


def _fitted(look: Look, text: str, number: str = "") -> tuple[str, float]:
    metrics = QFontMetricsF(look.font("pill"))
    tail = f" · {number}" if number else ""
    room = WIDEST - 18 - metrics.horizontalAdvance(tail)
    shown = metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, room) + tail
    return shown, metrics.horizontalAdvance(shown) + 18


def _paint(
    painter: QPainter, look: Look, pill: QRectF, shown: str, tone: str, strength: float = 1.0
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("canvas"))
    painter.drawRoundedRect(pill.adjusted(-2, -2, 2, 2), HEIGHT / 2 + 2, HEIGHT / 2 + 2)
    painter.setOpacity(strength)
    painter.setBrush(look.colour(f"{tone}_tint"))
    painter.drawRoundedRect(pill, HEIGHT / 2, HEIGHT / 2)
    painter.setPen(look.colour(tone))
    painter.setFont(look.font("pill"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, shown)
    painter.setOpacity(1.0)
