"""The overlay from afar: what is dimmed, taken, marked and busy, without a word.

As with the far painting itself, each large square of the sheet is recorded once and replayed;
lines that look alike are painted together.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPicture

from rally_desktop.canvas.far import ICONS_FROM, SQUARE, Square
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.overlay import Overlay
from rally_desktop.canvas.plan import Box, Plan, Wire
from rally_desktop.canvas.strokes import FAINT, PLAIN, Strokes

THINNER = 0.6  # connectors, as against near
RINGS = {"failed": "bad", "here": "accent", "added": "ok", "removed": "bad", "changed": "warn"}
Alike = tuple[str, int]  # a colour, and whole pixels


class FarOverlay:
    """Paints one overlay over the far painting of one plan."""

    def __init__(self, plan: Plan, overlay: Overlay, look: Look) -> None:
        self._look = look
        self._lines: dict[Square, dict[Alike, list[QLineF]]] = {}
        self._rings: dict[Square, dict[str, list[QRectF]]] = {}
        self._veiled: dict[Square, list[QRectF]] = {}
        self._extent: defaultdict[Square, QRectF] = defaultdict(QRectF)
        self._pictures: dict[tuple[Square, bool], QPicture] = {}
        self._gather_wires(plan, Strokes(plan, overlay))
        self._gather_cards(plan, overlay)

    def paint(self, painter: QPainter, seen: QRectF, zoom: float) -> None:
        """Paint what is seen of it; the painter's units are those of the sheet."""
        fine = zoom >= ICONS_FROM
        painter.save()
        painter.setBrush(Qt.BrushStyle.NoBrush)  # a picture does not record that it has none
        for square, extent in self._extent.items():
            if extent.intersects(seen):
                key = (square, fine)
                if key not in self._pictures:
                    self._pictures[key] = self._record(square, fine)
                painter.drawPicture(QPointF(), self._pictures[key])
        painter.restore()

    def _gather_wires(self, plan: Plan, strokes: Strokes) -> None:
        for wire in plan.wires:
            stroke = strokes.of(wire)
            if stroke == PLAIN or stroke.opacity < 1.0:
                continue
            square, lines = _square(*wire.points[0]), _lines(wire)
            alike = (stroke.colour, max(1, round(stroke.width * THINNER)))
            self._lines.setdefault(square, {}).setdefault(alike, []).extend(lines)
            for line in lines:
                around = QRectF(line.p1(), line.p2()).normalized()
                self._extent[square] |= around.adjusted(-1, -1, 1, 1)

    def _gather_cards(self, plan: Plan, overlay: Overlay) -> None:
        for spot, box in plan.boxes.items():
            mark = overlay.marks.get(spot.id)
            veiled = overlay.passed is not None and spot.id not in overlay.passed
            if not mark and not veiled:
                continue
            square, where = _square(box.x, box.y), _around(box)
            self._extent[square] |= where
            if mark:
                self._rings.setdefault(square, {}).setdefault(RINGS[mark], []).append(where)
            if veiled:
                self._veiled.setdefault(square, []).append(where)

    def _record(self, square: Square, fine: bool) -> QPicture:
        """Record a square; where blocks are specks, lines are hairlines, which cost little."""
        picture = QPicture()
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, fine)
        if square in self._veiled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.faint("canvas", 1 - FAINT))
            painter.drawRects(self._veiled[square])
            painter.setBrush(Qt.BrushStyle.NoBrush)
        for (colour, width), lines in self._lines.get(square, {}).items():
            strong = 2 if colour == "accent" else 0
            painter.setPen(self._pen(colour, width if fine else strong))
            painter.drawLines(lines)
        for colour, rects in self._rings.get(square, {}).items():
            painter.setPen(self._pen(colour, 2))
            if not fine:
                painter.drawRects(rects)
                continue
            for where in rects:
                painter.drawRoundedRect(where, 12, 12)
        painter.end()
        return picture

    def _pen(self, colour: str, width: int) -> QPen:
        pen = QPen(self._look.colour(colour), width)
        pen.setCosmetic(True)
        return pen


def _lines(wire: Wire) -> list[QLineF]:
    return [QLineF(*one, *other) for one, other in pairwise(wire.points)]


def _around(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)


def _square(x: float, y: float) -> Square:
    return (int(x // SQUARE), int(y // SQUARE))
