"""The sheet from afar: where text could not be read, tinted blocks and hairlines are enough.

Recorded once for each large square of the sheet and replayed; no item is asked to paint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import sqrt

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPicture

from rally_desktop.canvas.far_remarks import FarRemarks
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Box, Plan, Slot, Spot, Wire

SQUARE = 4096
READABLE = 8.0  # pixels of a title on screen
ICONS_FROM = 0.24
VEIL = 0.65
Square = tuple[int, int]


def is_far(zoom: float, ratio: float) -> bool:
    """Say whether titles would be too small to read."""
    return 14 * zoom * sqrt(ratio) < READABLE - 1e-6


class Far:
    """Paints one plan as blocks."""

    def __init__(self, plan: Plan, look: Look) -> None:
        self._look = look
        self._boxes: dict[Square, list[Box]] = {}
        self._wires: dict[Square, list[Wire]] = {}
        self._pictures: dict[tuple[Square, bool], QPicture] = {}
        self._plan = plan
        self._remarks = FarRemarks(plan, look)
        for box in plan.boxes.values():
            self._boxes.setdefault(_square(box.x, box.y), []).append(box)
        self._faulty = [x for x in plan.boxes.values() if x.face.problem or x.face.problems]
        for wire in plan.wires:
            self._wires.setdefault(_square(*wire.points[0]), []).append(wire)
        self._extent: Mapping[Square, QRectF] = {
            square: self._bounds(square) for square in self._boxes.keys() | self._wires.keys()
        }

    def paint(
        self,
        painter: QPainter,
        seen: QRectF,
        zoom: float,
        chosen: Iterable[Spot] = (),
        hot: Slot | None = None,
        faint: Iterable[Spot] = (),
    ) -> None:
        """Paint what is seen of the plan; the painter's units are those of the sheet."""
        icons = zoom >= ICONS_FROM
        self._remarks.paint_frames(painter)
        for square, extent in self._extent.items():
            if extent.intersects(seen):
                key = (square, icons)
                if key not in self._pictures:
                    self._pictures[key] = self._record(square, icons)
                painter.drawPicture(QPointF(), self._pictures[key])
        self._remarks.paint_notes(painter)
        self._veil(painter, faint, seen)
        self.mark(painter, seen, zoom, chosen, hot)
        self._problems(painter, seen, zoom)

    def mark(
        self,
        painter: QPainter,
        seen: QRectF,
        zoom: float,
        chosen: Iterable[Spot],
        hot: Slot | None = None,
    ) -> None:
        """Single out what is selected and the connector that is pointed at."""
        for spot in chosen:
            box = self._plan.boxes.get(spot)
            if box is None:
                self._remarks.ring(painter, spot)
            elif seen.intersects(_where(box)):
                self._ring(painter, box, zoom >= ICONS_FROM)
        if hot is not None:
            self._light_up(painter, hot, zoom)

    def _bounds(self, square: Square) -> QRectF:
        points = [point for wire in self._wires.get(square, ()) for point in wire.points]
        for box in self._boxes.get(square, ()):
            points += ((box.x, box.y), (box.x + box.width, box.y + box.height))
        across, down = [x for x, _ in points], [y for _, y in points]
        corners = QPointF(min(across), min(down)), QPointF(max(across), max(down))
        return QRectF(*corners).adjusted(-1, -1, 1, 1)

    def _record(self, square: Square, icons: bool) -> QPicture:
        picture = QPicture()
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, icons)
        painter.setPen(self._look.hairline("edge"))
        lines = [
            QLineF(*one, *other)
            for wire in self._wires.get(square, ())
            for one, other in pairwise(wire.points)
        ]
        if lines:
            painter.drawLines(lines)
        if icons:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for box in self._boxes.get(square, ()):
                self._block(painter, box)
        else:
            self._specks(painter, self._boxes.get(square, ()))
        painter.end()
        return picture

    def _block(self, painter: QPainter, box: Box) -> None:
        look, face = self._look, box.face
        painter.setPen(look.hairline("line"))
        painter.setBrush(look.colour(f"{face.family}_tint"))
        where = QRectF(box.x, box.y, box.width, box.height)
        radius = box.height / 2 if face.shape == "end" else 12
        painter.drawRoundedRect(where, radius, radius)
        side = min(1.0, box.height / 72) * 40
        icon = look.icon(face.icon, face.family, 40, 1.0)
        target = QRectF(0, 0, side, side)
        target.moveCenter(where.center())
        painter.drawPixmap(target, icon, QRectF(icon.rect()))

    def _specks(self, painter: QPainter, boxes: list[Box] | tuple[()]) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        families: dict[str, list[QRectF]] = {}
        for box in boxes:
            where = QRectF(box.x, box.y, box.width, box.height)
            families.setdefault(box.face.family, []).append(where)
        for family, rects in families.items():
            painter.setBrush(self._look.faint(family, 0.8))
            painter.drawRects(rects)

    def _veil(self, painter: QPainter, faint: Iterable[Spot], seen: QRectF) -> None:
        """Lay the colour of the ground thinly over some cards."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.faint("canvas", VEIL))
        boxes = (self._plan.boxes[spot] for spot in faint if spot in self._plan.boxes)
        painter.drawRects([where for box in boxes if seen.intersects(where := _where(box))])

    def _ring(self, painter: QPainter, box: Box, icons: bool) -> None:
        pen = QPen(self._look.colour("accent"), 2)
        pen.setCosmetic(True)
        painter.setPen(pen if icons else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if icons else self._look.colour("accent"))
        radius = box.height / 2 if box.face.shape == "end" else 12
        painter.drawRoundedRect(QRectF(box.x, box.y, box.width, box.height), radius, radius)

    def _light_up(self, painter: QPainter, slot: Slot, zoom: float) -> None:
        pen = QPen(self._look.colour("accent"), 2)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for wire in self._plan.wires:
            if wire.slot == slot:
                painter.drawPolyline([QPointF(*point) for point in wire.points])
        at = self._plan.pluses.get(slot)
        if at is not None:
            painter.setBrush(self._look.colour("accent"))
            painter.drawEllipse(QPointF(*at), 5 / zoom, 5 / zoom)

    def _problems(self, painter: QPainter, seen: QRectF, zoom: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        size = 5 / zoom
        for box in self._faulty:
            corner = QPointF(box.x + box.width, box.y)
            if seen.adjusted(-size, -size, size, size).contains(corner):
                name = "bad" if box.face.severity == "error" else "warn"
                painter.setBrush(self._look.colour(name))
                painter.drawEllipse(corner, size, size)


def _where(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)


def _square(x: float, y: float) -> Square:
    return (int(x // SQUARE), int(y // SQUARE))
