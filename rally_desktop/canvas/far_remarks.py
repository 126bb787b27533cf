"""Notes and groups from afar: tinted slips and quiet fields, recorded once for a plan."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPicture

from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Plan, Spot
from rally_desktop.canvas.shapes import FrameBox, NoteBox

LINES = 4  # of a note's text that are hinted at
RADIUS = {"note": 10.0, "frame": 16.0}


class FarRemarks:
    """Paints the notes and frames of one plan; frames lie below the cards, notes above."""

    def __init__(self, plan: Plan, look: Look) -> None:
        self._plan, self._look = plan, look
        self._frames = QPicture()
        self._notes = QPicture()
        self._record_frames()
        self._record_notes()

    def paint_frames(self, painter: QPainter) -> None:
        """Paint what lies below the cards."""
        painter.drawPicture(QPointF(), self._frames)

    def paint_notes(self, painter: QPainter) -> None:
        """Paint what lies above them."""
        painter.drawPicture(QPointF(), self._notes)

    def ring(self, painter: QPainter, spot: Spot) -> None:
        """Single out a note or frame that is selected."""
        box = self._plan.notes.get(spot) or self._plan.frames.get(spot)
        if box is not None:
            pen = QPen(self._look.colour("accent"), 2)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(_rect(box), RADIUS[spot.kind], RADIUS[spot.kind])

    def _record_frames(self) -> None:
        painter = QPainter(self._frames)
        painter.setPen(self._look.hairline("edge"))
        painter.setBrush(self._look.faint("flow_tint", 0.55))
        for box in self._plan.frames.values():
            painter.drawRoundedRect(_rect(box), RADIUS["frame"], RADIUS["frame"])
        painter.end()

    def _record_notes(self) -> None:
        painter = QPainter(self._notes)
        for box in self._plan.notes.values():
            painter.setPen(self._look.hairline("line_hover"))
            painter.setBrush(self._look.colour("condition_tint"))
            painter.drawRoundedRect(_rect(box), RADIUS["note"], RADIUS["note"])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.faint("condition", 0.45))
            painter.drawRects(_lines(box))
        painter.end()


def _lines(box: NoteBox) -> list[QRectF]:
    """Return bars in the place of the first lines of a text."""
    lines = box.text.splitlines()[:LINES]
    room = box.width - 32
    return [
        QRectF(box.x + 16, box.y + 14 + 18 * number, min(room, 7.0 * len(line)), 5)
        for number, line in enumerate(lines)
        if line.strip() and 14 + 18 * number + 5 < box.height - 6
    ]


def _rect(box: NoteBox | FrameBox) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)
