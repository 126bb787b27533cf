"""Line icons in any colour and size, drawn sharp on every screen."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

STROKE = 1.75


class IconMissing(LookupError):
    """There is no icon of that name."""


@cache
def _pictures() -> ZipFile:
    """Return the drawings, read into memory: half a megabyte, and no file is left open."""
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))


@cache
def outline(name: str) -> str:
    """Return the drawing of an icon as SVG, or raise IconMissing."""
    try:
        return _pictures().read(f"{name}.svg").decode()
    except KeyError:
        raise IconMissing(f"There is no icon ‘{name}’.") from None


def drawing(name: str, colour: str) -> bytes:
    """Return an icon in a colour, as SVG."""
    made = outline(name).replace("currentColor", colour)
    return made.replace('stroke-width="2"', f'stroke-width="{STROKE}"').encode()


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(drawing(name, colour))


@cache
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return an icon as a picture, ``size`` pixels wide at 100 %."""
    side = max(1, round(size * ratio))
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, colour).render(painter, QRectF(0, 0, side, side))
    painter.end()
    made = QPixmap.fromImage(image)
    made.setDevicePixelRatio(ratio)
    return made


class _Engine(QIconEngine):
    """Draws one icon: in its colour, faint while disabled, in another colour while checked."""

    def __init__(self, name: str, colour: str, faint: str, strong: str) -> None:
        super().__init__()
        self._name = name
        self._colours = colour, faint, strong

    def clone(self) -> QIconEngine:
        """Return another like this."""
        return _Engine(self._name, *self._colours)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon at a size in device pixels."""
        side = min(size.width(), size.height())
        return pixmap(self._name, self._colour(mode, state), side)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """Return the icon for a screen with a pixel ratio."""
        return self.pixmap(size, mode, state)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the icon into a rectangle."""
        side = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatioF()
        drawn = pixmap(self._name, self._colour(mode, state), side, ratio)
        corner = rect.center() - QPoint(side // 2 - 1, side // 2 - 1)
        painter.drawPixmap(corner if side % 2 == 0 else rect.topLeft(), drawn)

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        colour, faint, strong = self._colours
        if mode is QIcon.Mode.Disabled:
            return faint
        return strong if state is QIcon.State.On else colour


def icon(name: str, colour: str, faint: str = "", strong: str = "") -> QIcon:
    """Return an icon in a colour; ``faint`` while disabled, ``strong`` while checked."""
    outline(name)
    return QIcon(_Engine(name, colour, faint or colour, strong or colour))
