"""The overlay from afar: what is dimmed, taken, marked and busy, without a word."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPicture

from rally_desktop.canvas.look import Look
from rally_desktop.canvas.overlay import Overlay
from rally_desktop.canvas.plan import Box, Plan
from rally_desktop.canvas.strokes import FAINT, PLAIN, Strokes

THINNER = 0.6  # connectors, as against near
RINGS = {"failed": "bad", "here": "accent", "added": "ok", "removed": "bad", "changed": "warn"}


class FarOverlay:
    """Recorded once for a plan, an overlay and a look, and replayed over the far painting."""

    def __init__(self, plan: Plan, overlay: Overlay, look: Look) -> None:
        self._plan, self._overlay, self._look = plan, overlay, look
        self._picture = QPicture()
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._dim(painter)
        self._wires(painter)
        self._rings(painter)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """Paint it; the painter's units are those of the sheet."""
        painter.save()
        painter.setBrush(Qt.BrushStyle.NoBrush)  # a picture does not record that it has none
        painter.drawPicture(QPointF(), self._picture)
        painter.restore()

    def _dim(self, painter: QPainter) -> None:
        if self._overlay.passed is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.faint("canvas", 1 - FAINT))
        for spot, box in self._plan.boxes.items():
            if spot.id not in self._overlay.passed:
                painter.drawRect(_around(box, 1))

    def _wires(self, painter: QPainter) -> None:
        strokes = Strokes(self._plan, self._overlay)
        for wire in self._plan.wires:
            stroke = strokes.of(wire)
            if stroke != PLAIN and stroke.opacity == 1.0:
                pen = QPen(self._look.colour(stroke.colour), stroke.width * THINNER)
                pen.setCosmetic(True)
                painter.setPen(pen)
                painter.drawPolyline([QPointF(*point) for point in wire.points])

    def _rings(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for spot, box in self._plan.boxes.items():
            mark = self._overlay.marks.get(spot.id)
            if mark:
                pen = QPen(self._look.colour(RINGS[mark]), 2)
                pen.setCosmetic(True)
                painter.setPen(pen)
                painter.drawRoundedRect(_around(box, 0), 12, 12)


def _around(box: Box, by: float) -> QRectF:
    return QRectF(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)
