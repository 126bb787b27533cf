"""Tokens turned into Qt's colours, pens, fonts and shadows, for one scheme and one screen.

The only file of the canvas that names a colour. Shadows are painted once for each size and
kept: an effect on an item would be a pass of its own at every repaint.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPixmap

from rally_desktop.canvas.faces import Family
from rally_desktop.canvas.tokens import SCHEMES, Scheme

HATCH = 14
SHADOW_ROOM = 26  # around a card, for its shadow, its ring and its badge


class Kit(Protocol):
    """Whoever has the program's typeface and icons."""

    def font(self, role: str) -> QFont:
        """Return the font of a role of the type scale."""
        ...

    def picture(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        """Return a line icon in a colour ``#RRGGBB``."""
        ...


class Look:
    """How things on the canvas are painted, at one pixel ratio."""

    def __init__(self, scheme: Scheme, ratio: float, kit: Kit) -> None:
        self.scheme: Scheme = scheme
        self.ratio = ratio
        self._kit = kit
        self._tokens = SCHEMES[scheme]
        self._colours: dict[str, QColor] = {}
        self._shadows: dict[tuple[float, ...], QPixmap] = {}
        self._fonts: dict[str, QFont] = {}

    def colour(self, name: str) -> QColor:
        """Return a colour of the tokens."""
        if name not in self._colours:
            value = self._tokens[name]
            made = QColor(value[:7])
            if len(value) == 9:
                made.setAlpha(int(value[7:], 16))
            self._colours[name] = made
        return self._colours[name]

    def faint(self, name: str, share: float) -> QColor:
        """Return a colour of the tokens at a share of its opacity."""
        made = QColor(self.colour(name))
        made.setAlphaF(made.alphaF() * share)
        return made

    def pen(self, name: str, width: float, dashed: bool = False) -> QPen:
        """Return a pen for lines with flat ends and round joins."""
        made = QPen(self.colour(name), width)
        made.setCapStyle(Qt.PenCapStyle.FlatCap)
        made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            made.setDashPattern([4 / width, 4 / width])
        return made

    def hairline(self, name: str) -> QPen:
        """Return a pen that is one pixel wide at any zoom."""
        made = QPen(self.colour(name), 0)
        made.setCosmetic(True)
        return made

    def font(self, role: str) -> QFont:
        """Return a font of the type scale; ``end`` is the word on an End."""
        if role not in self._fonts:
            made = QFont(self._kit.font("strong" if role == "end" else role))
            if role == "end":
                made.setWeight(QFont.Weight.DemiBold)
            self._fonts[role] = made
        return self._fonts[role]

    def icon(self, name: str, family: Family, size: int, scale: float) -> QPixmap:
        """Return an icon in the colour of a family, sharp at a scale."""
        return self._kit.picture(name, self._tokens[family], size, self.ratio * scale)

    def icon_in(self, name: str, colour: str, size: int, scale: float) -> QPixmap:
        """Return an icon in a colour of the tokens, sharp at a scale."""
        return self._kit.picture(name, self._tokens[colour], size, self.ratio * scale)

    def paint_icon(
        self, painter: QPainter, at: QPointF, name: str, colour: str, size: int, scale: float
    ) -> None:
        """Paint an icon in a colour of the tokens, its upper left corner at a point."""
        painter.drawPixmap(at, self.icon_in(name, colour, size, scale))

    def canvas(self, width: float, height: float, scale: float) -> QPixmap:
        """Return an empty picture for an item of that size, to be painted at a scale."""
        pixels = self.ratio * scale
        made = QPixmap(max(1, round(width * pixels)), max(1, round(height * pixels)))
        made.setDevicePixelRatio(pixels)
        made.fill(Qt.GlobalColor.transparent)
        return made

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
        shadow = self.shadow(width, height, radius, lift, scale)
        painter.drawPixmap(-SHADOW_ROOM, -SHADOW_ROOM, shadow)

    def shadow(
        self, width: float, height: float, radius: float, lift: float, scale: float
    ) -> QPixmap:
        """Return the shadow below a rounded box, with SHADOW_ROOM on every side."""
        key = (width, height, radius, lift, scale)
        if key not in self._shadows:
            room = 2 * SHADOW_ROOM
            made = self.canvas(width + room, height + room, scale)
            painter = QPainter(made)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(SHADOW_ROOM, SHADOW_ROOM, width, height)
            self.cast_shadow(painter, box, radius, lift)
            painter.end()
            if len(self._shadows) > 64:
                self._shadows.clear()
            self._shadows[key] = made
        return self._shadows[key]

    def cast_shadow(self, painter: QPainter, box: QRectF, radius: float, lift: float) -> None:
        """Paint the shadow of a rounded box layer by layer, which takes its time."""
        painter.setPen(Qt.PenStyle.NoPen)
        self._cast(painter, box.translated(0, 1), radius, 2, "shadow_near")
        self._cast(painter, box.translated(0, 5 * lift), radius, 16 * lift, "shadow_far")

    def _cast(
        self, painter: QPainter, box: QRectF, radius: float, blur: float, colour: str
    ) -> None:
        """Paint one soft layer as rounded boxes inside each other."""
        layers = max(3, int(blur))
        for number in range(layers):
            spread = blur * (1 - number / layers) * 0.6
            shade = self.faint(colour, 1.7 / layers * (0.35 + number / layers))
            painter.setBrush(QBrush(shade))
            painter.drawRoundedRect(
                box.adjusted(-spread, -spread, spread, spread), radius + spread, radius + spread
            )

    def dots(self, zoom: float) -> QPixmap | None:
        """Return one cell of the dotted ground, or None where the dots have faded out."""
        strength = min(1.0, max(0.0, (zoom - 0.4) / 0.2))
        if not strength:
            return None
        side = max(4, round(24 * zoom * self.ratio))
        made = QPixmap(side, side)
        made.fill(self.colour("canvas"))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.faint("dot", strength))
        size = 0.9 * self.ratio * max(0.8, min(1.4, zoom))
        painter.drawEllipse(QPointF(side / 2, side / 2), size, size)
        painter.end()
        made.setDevicePixelRatio(self.ratio)
        return made

    def hatch(self) -> QPixmap:
        """Return one cell of a ground hatched from the upper right to the lower left."""
        side = round(HATCH * self.ratio)
        made = QPixmap(side, side)
        made.fill(self.colour("canvas"))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.faint("dot", 0.6), self.ratio))
        for shift in (-side, 0, side):
            painter.drawLine(QPointF(shift, side), QPointF(shift + side, 0))
        painter.end()
        made.setDevicePixelRatio(self.ratio)
        return made
