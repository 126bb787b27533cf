"""The name of an exit on its connector, with a rim in the colour of the ground."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QGraphicsPixmapItem

from rally_desktop.canvas.items.snap import snapped
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.route import Point

HEIGHT, RIM, WIDEST = 22.0, 4.0, 200.0


class Pill(QGraphicsPixmapItem):
    """A short text in a rounded pill, centred on a point; ``tone`` names its tint."""

    def __init__(self, text: str, tone: str, at: Point) -> None:
        super().__init__()
        self.text, self.tone = text, tone
        self.setZValue(1.4)
        self.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.setPos(*at)

    def draw(self, look: Look, scale: float) -> None:
        """Paint the picture anew for a zoom."""
        picture = pill_picture(look, self.text, self.tone, scale)
        self.setPixmap(picture)
        size = picture.deviceIndependentSize()
        left, top = -size.width() / 2, -size.height() / 2
        self.setOffset(snapped(self.pos(), left, top, look.ratio * scale))


def pill_picture(look: Look, text: str, tone: str, scale: float) -> QPixmap:
    """Return the picture of a pill; a text that is too long ends in …."""
    shown, width = _fitted(look, text)
    picture = look.canvas(width + 2 * RIM, HEIGHT + 2 * RIM, scale)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    _paint(painter, look, QRectF(RIM, RIM, width, HEIGHT), shown, tone)
    painter.end()
    return picture


def paint_pill(painter: QPainter, look: Look, text: str, tone: str, at: Point) -> None:
    """Paint a pill centred on a point."""
    shown, width = _fitted(look, text)
    where = QRectF(at[0] - width / 2, at[1] - HEIGHT / 2, width, HEIGHT)
    _paint(painter, look, where, shown, tone)


def _fitted(look: Look, text: str) -> tuple[str, float]:
    metrics = QFontMetricsF(look.font("pill"))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, WIDEST - 18)
    return shown, metrics.horizontalAdvance(shown) + 18


def _paint(painter: QPainter, look: Look, pill: QRectF, shown: str, tone: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("canvas"))
    painter.drawRoundedRect(pill.adjusted(-2, -2, 2, 2), HEIGHT / 2 + 2, HEIGHT / 2 + 2)
    painter.setBrush(look.colour(f"{tone}_tint"))
    painter.drawRoundedRect(pill, HEIGHT / 2, HEIGHT / 2)
    painter.setPen(look.colour(tone))
    painter.setFont(look.font("pill"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, shown)
