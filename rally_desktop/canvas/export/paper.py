"""The look of what is exported: light on white, without the screen's pictures.

Nothing here is a QPixmap, so that it may be painted on another thread than the screen's.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from rally_desktop.canvas.look import SHADOW_ROOM, Kit, Look
from rally_desktop.canvas.tokens import LIGHT


class Press(Kit, Protocol):
    """Whoever has the program's typeface and the drawings of its icons."""

    def drawing(self, name: str, colour: str) -> bytes:
        """Return a line icon as SVG, in a colour ``#RRGGBB``."""
        ...


class Paper(Look):
    """Light on white; with ``pixels`` for each unit of the sheet, or 0 for vectors alone.

    Vectors have no shadows: as blurs they would be hundreds of shapes a card.
    """

    def __init__(self, press: Press, pixels: float = 0.0) -> None:
        super().__init__("light", 1.0, press)
        self._tokens = {**LIGHT, "canvas": LIGHT["surface"], "line": LIGHT["line_hover"]}
        self._press, self._pixels = press, pixels
        self._drawings: dict[tuple[str, str], QSvgRenderer] = {}
        self._images: dict[tuple[object, ...], QImage] = {}

    def font(self, role: str) -> QFont:
        """Return a font of the type scale, each letter as it is written.

        Signs that change with their neighbours could not be found or copied from a PDF, and
        printers would take the spacing of letters in dots of their own.
        """
        if role not in self._fonts:
            self._fonts[role] = super().font(role)
            self._fonts[role].setFeature(QFont.Tag("calt"), 0)
            self._fonts[role].setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0)
        return self._fonts[role]

    def paint_icon(
        self, painter: QPainter, at: QPointF, name: str, colour: str, size: int, scale: float
    ) -> None:
        """Paint an icon in a colour of the tokens, its upper left corner at a point."""
        where = QRectF(at, QSizeF(size, size))
        if not self._pixels:
            self._drawing(name, colour).render(painter, where)
            return
        key = (name, colour, size)
        if key not in self._images:
            image, inside = self._image(size, size)
            self._drawing(name, colour).render(inside, QRectF(0, 0, size, size))
            inside.end()
            self._images[key] = image
        painter.drawImage(where, self._images[key])

    def paint_shadow(
        self,
        painter: QPainter,
        width: float,
        height: float,
        radius: float,
        lift: float,
        scale: float,
    ) -> None:
        """Paint the shadow of a rounded box whose corner is where the painter begins."""
        if not self._pixels:
            return
        room = 2 * SHADOW_ROOM
        key = (width, height, radius, lift)
        if key not in self._images:
            image, inside = self._image(width + room, height + room)
            box = QRectF(SHADOW_ROOM, SHADOW_ROOM, width, height)
            self.cast_shadow(inside, box, radius, lift)
            inside.end()
            self._images[key] = image
        where = QRectF(-SHADOW_ROOM, -SHADOW_ROOM, width + room, height + room)
        painter.drawImage(where, self._images[key])

    def _image(self, width: float, height: float) -> tuple[QImage, QPainter]:
        """Return an empty picture and a painter whose units are those of the sheet."""
        across, down = max(1, round(width * self._pixels)), max(1, round(height * self._pixels))
        image = QImage(across, down, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(across / width, down / height)
        return image, painter

    def _drawing(self, name: str, colour: str) -> QSvgRenderer:
        key = (name, colour)
        if key not in self._drawings:
            drawing = self._press.drawing(name, self._tokens[colour])
            self._drawings[key] = QSvgRenderer(QByteArray(drawing))
        return self._drawings[key]
