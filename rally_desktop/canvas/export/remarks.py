"""Notes and frames as they are put out."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from rally_desktop.canvas.items.card import PLAIN
from rally_desktop.canvas.items.frame import RADIUS, paint_head, strokes
from rally_desktop.canvas.items.note import paint_note
from rally_desktop.canvas.keepers.remarks import thread_of
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Plan, Spot
from rally_desktop.canvas.shapes import Box, FrameBox, NoteBox


def rect(shape: Box | NoteBox | FrameBox) -> QRectF:
    """Return where something is."""
    return QRectF(shape.x, shape.y, shape.width, shape.height)


def paint_frames(painter: QPainter, look: Look, plan: Plan, area: QRectF, scale: float) -> None:
    """Paint the fields behind groups of steps, with their titles."""
    for frame in plan.frames.values():
        if not area.intersects(rect(frame)):
            continue
        pen, brush = strokes(look, PLAIN)
        painter.setPen(pen)
        painter.setBrush(brush)
        painter.drawRoundedRect(rect(frame).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        cards = (plan.boxes.get(Spot("step", key)) for key in frame.steps)
        first = min(filter(None, cards), key=lambda card: card.y, default=None)
        entry = (first.top[0] if first else frame.x) - frame.x
        painter.save()
        painter.translate(frame.x, frame.y)
        paint_head(painter, look, frame, entry, PLAIN, scale)
        painter.restore()


def paint_notes(painter: QPainter, look: Look, plan: Plan, area: QRectF) -> None:
    """Paint what is written beside the steps; an empty note says nothing."""
    for note in plan.notes.values():
        if not note.text.strip():
            continue
        card = plan.boxes.get(note.card) if note.card else None
        line = thread_of(note, note.x, note.y, card) if card else None
        if line is not None:
            painter.setPen(look.pen("condition", 1.2, dashed=True))
            painter.drawLine(line)
        if area.intersects(rect(note)):
            painter.save()
            painter.translate(QPointF(note.x, note.y))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            paint_note(painter, look, note)
            painter.restore()
