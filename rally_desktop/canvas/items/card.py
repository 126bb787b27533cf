"""The card of a step or trigger, painted once into a picture and shown by Qt from then on."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPixmapItem

from rally_desktop.canvas.faces import Face
from rally_desktop.canvas.items.snap import snapped
from rally_desktop.canvas.look import SHADOW_ROOM, Look
from rally_desktop.canvas.plan import Box, Spot

RADIUS, PADDING = 12.0, 14.0
VCENTER = Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft
CENTER = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class State:
    """What is true of a card at the moment, beside what the workflow says."""

    selected: bool = False
    hovered: bool = False
    focused: bool = False
    doomed: bool = False
    faint: bool = False
    count: str = ""


PLAIN = State()


class Card(QGraphicsPixmapItem):
    """One card; what it shows is a picture for one zoom."""

    def __init__(self, box: Box) -> None:
        super().__init__()
        self.spot: Spot = box.spot
        self.box = box
        self.state = PLAIN
        self.setShapeMode(QGraphicsPixmapItem.ShapeMode.BoundingRectShape)
        self.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.setZValue(2)
        self.setPos(box.x, box.y)

    def draw(self, look: Look, scale: float) -> None:
        """Paint the picture anew for a zoom."""
        self.setPixmap(card_picture(look, self.box, self.state, scale))
        self.align(look, scale)
        self.setOpacity(0.35 if self.state.faint else 1.0)

    def align(self, look: Look, scale: float) -> None:
        """Put the picture on whole pixels of the screen, so that its text stays crisp."""
        self.setOffset(snapped(self.pos(), -SHADOW_ROOM, -SHADOW_ROOM, look.ratio * scale))


def card_picture(look: Look, box: Box, state: State, scale: float) -> QPixmap:
    """Return the picture of a card with SHADOW_ROOM on every side."""
    room = 2 * SHADOW_ROOM
    picture = look.canvas(box.width + room, box.height + room, scale)
    painter = QPainter(picture)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.translate(SHADOW_ROOM, SHADOW_ROOM)
    paint_card(painter, look, box, state, scale)
    painter.end()
    return picture


def paint_card(painter: QPainter, look: Look, box: Box, state: State, scale: float) -> None:
    """Paint a card whose upper left corner is where the painter begins."""
    raised = state.selected or state.hovered
    radius = box.height / 2 if box.face.shape == "end" else RADIUS
    empty = box.spot.kind == "trigger" and not box.spot.id
    if not (box.disabled or empty or state.doomed):
        look.paint_shadow(painter, box.width, box.height, radius, 1.25 if raised else 1.0, scale)
    _paint_surface(painter, look, box, state, radius)
    if box.disabled:
        painter.setOpacity(0.55)
    if box.face.shape == "end":
        _paint_end(painter, look, box, scale)
    else:
        _paint_content(painter, look, box, state, scale)
    painter.setOpacity(1.0)
    if box.face.problem or box.face.problems:
        _paint_badge(painter, look, box)


def _paint_surface(painter: QPainter, look: Look, box: Box, state: State, radius: float) -> None:
    edge = QRectF(0, 0, box.width, box.height)
    if state.focused:
        painter.setPen(look.pen("ink", 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(edge.adjusted(-6, -6, 6, 6), radius + 6, radius + 6)
    if state.selected:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("accent_soft"))
        painter.drawRoundedRect(edge.adjusted(-4, -4, 4, 4), radius + 4, radius + 4)
    empty = box.spot.kind == "trigger" and not box.spot.id
    painter.setBrush(look.colour("bad_tint" if state.doomed else "surface"))
    painter.setPen(_border(look, box, state, dashed=box.disabled or empty or state.doomed))
    inset = 1.0 if state.selected else 0.5
    painter.drawRoundedRect(
        edge.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset
    )


def _border(look: Look, box: Box, state: State, dashed: bool) -> QPen:
    if state.doomed:
        return look.pen("bad", 1.2, dashed)
    if state.selected:
        return look.pen("accent", 2)
    if dashed:
        return look.pen("edge", 1.2, dashed)
    return look.pen("line_hover" if state.hovered else "line", 1)


def _paint_end(painter: QPainter, look: Look, box: Box, scale: float) -> None:
    font = look.font("end")
    painter.setFont(font)
    painter.setPen(look.colour("ink2"))
    width = QFontMetricsF(font).horizontalAdvance(box.face.title)
    left = round((box.width - 16 - 8 - width) / 2)
    at = QPointF(left, (box.height - 16) / 2)
    look.paint_icon(painter, at, box.face.icon, box.face.family, 16, scale)
    painter.drawText(QRectF(left + 24, 0, width + 4, box.height), VCENTER, box.face.title)


def _paint_content(painter: QPainter, look: Look, box: Box, state: State, scale: float) -> None:
    face, wait = box.face, box.face.shape == "wait"
    side, corner, icon_side = (28, 8, 16) if wait else (36, 9, 20)
    tile = QRectF(10 if wait else PADDING, (box.height - side) / 2, side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(f"{face.family}_tint"))
    painter.drawRoundedRect(tile, corner, corner)
    at = tile.center() - QPointF(icon_side / 2, icon_side / 2)
    look.paint_icon(painter, at, face.icon, face.family, icon_side, scale)
    left = tile.right() + (10 if wait else 12)
    _paint_words(painter, look, box, state.count, left)


def _paint_words(painter: QPainter, look: Look, box: Box, count: str, left: float) -> None:
    """Paint the title, what it does or lacks below, and the number at the right."""
    face, wait = box.face, box.face.shape == "wait"
    below = "" if wait else face.problem or face.subtitle
    middle = 24.0 if below else box.height / 2
    edge = QPointF(box.width - (10 if wait else 12), middle)
    width = box.width - PADDING - left - _paint_count(painter, look, count, edge)
    colour = look.colour(_problem_colour(face)) if face.problem else look.colour("ink2")
    where = QRectF(left, middle - 11, width, 22)
    if wait:
        ink = colour if face.problem else look.colour("ink")
        _line(painter, look, "strong", ink, where, face.problem or face.title)
        return
    _line(painter, look, "title", look.colour("ink"), where, face.title)
    room = QRectF(left, 37, box.width - PADDING - left, 20)
    _line(painter, look, "sub", colour, room, below)


def _line(
    painter: QPainter, look: Look, role: str, colour: QColor, where: QRectF, text: str
) -> None:
    font = look.font(role)
    painter.setFont(font)
    painter.setPen(colour)
    line = " ".join(text.split())
    shown = QFontMetricsF(font).elidedText(line, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, LEFT | VCENTER | Qt.TextFlag.TextSingleLine, shown)


def _paint_count(painter: QPainter, look: Look, text: str, right: QPointF) -> float:
    """Paint the grey pill that ends at a point and return the room it takes."""
    if not text:
        return 0.0
    font = look.font("pill")
    width = QFontMetricsF(font).horizontalAdvance(text) + 14
    pill = QRectF(right.x() - width, right.y() - 10, width, 20)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("flow_tint"))
    painter.drawRoundedRect(pill, 10, 10)
    painter.setFont(font)
    painter.setPen(look.colour("ink2"))
    painter.drawText(pill, CENTER, text)
    return width + 8


def _paint_badge(painter: QPainter, look: Look, box: Box) -> None:
    middle = QPointF(box.width - 4, 4)
    painter.setPen(look.pen("canvas", 2))
    painter.setBrush(look.colour(_problem_colour(box.face)))
    painter.drawEllipse(middle, 10, 10)
    painter.setPen(look.colour("surface"))
    painter.setFont(look.font("pill"))
    where = QRectF(middle.x() - 10, middle.y() - 10.5, 20, 20)
    painter.drawText(where, CENTER, str(max(1, box.face.problems)))


def _problem_colour(face: Face) -> str:
    return "bad" if face.severity == "error" else "warn"
