"""The card of a step or trigger, painted once into a picture and shown by Qt from then on."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPixmapItem

from rally_desktop.canvas.faces import Face
from rally_desktop.canvas.items.extras import UNFOLD, paint_detour, paint_pile, paint_unfold
from rally_desktop.canvas.items.snap import snapped
from rally_desktop.canvas.items.words import (
    CENTER,
    VCENTER,
    grown,
    one_line,
    paint_count,
    paint_line,
)
from rally_desktop.canvas.look import SHADOW_ROOM, Look
from rally_desktop.canvas.overlay import Mark
from rally_desktop.canvas.plan import Box, Spot

RADIUS, PADDING = 12.0, 14.0
FAINT = 0.35
SAYS_FROM = 0.6  # below this zoom what stands under a title could not be read
EDGES: dict[Mark, str] = {"failed": "bad", "here": "accent", "added": "ok", "removed": "bad"}


@dataclass(frozen=True)
class State:
    """What is true of a card at the moment, beside what the workflow says.

    ``count`` stands in a pill beside the title, ``below`` in one under it, with its tone.
    """

    selected: bool = False
    hovered: bool = False
    focused: bool = False
    doomed: bool = False
    faint: bool = False
    count: str = ""
    below: tuple[str, str] = ("", "")
    mark: Mark = ""
    halts: bool = False
    current: bool = False


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
        self.setOpacity(FAINT if self.state.faint else 1.0)

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
    if not _is_flat(box, state):
        look.paint_shadow(painter, box.width, box.height, radius, 1.25 if raised else 1.0, scale)
    folded = box.spot.kind == "frame"
    if folded:
        paint_pile(painter, look, box, radius)
    _paint_surface(painter, look, box, state, radius)
    if box.disabled:
        painter.setOpacity(0.55)
    if box.face.shape == "end":
        _paint_end(painter, look, box, scale)
    else:
        _paint_content(painter, look, box, state, scale)
    painter.setOpacity(1.0)
    if folded:
        paint_unfold(painter, look, box, scale)
    if box.disabled and box.face.shape != "end":
        paint_detour(painter, look, box)
    _paint_signs(painter, look, box, state, scale)


def _paint_signs(painter: QPainter, look: Look, box: Box, state: State, scale: float) -> None:
    """Paint what stands on the rim of a card: its problems, that it changed, a breakpoint."""
    if box.face.problem or box.face.problems:
        _paint_badge(painter, look, box, scale)
    if state.mark == "changed":
        _paint_dot(painter, look, "warn", QPointF(4, 4))
    if state.halts:
        _paint_dot(painter, look, "bad", QPointF(-14, box.height / 2))


def _is_flat(box: Box, state: State) -> bool:
    """Say whether a card is only the outline of one."""
    empty = box.spot.kind == "trigger" and not box.spot.id
    return box.disabled or empty or state.doomed or state.mark == "removed"


def _paint_surface(painter: QPainter, look: Look, box: Box, state: State, radius: float) -> None:
    edge = QRectF(0, 0, box.width, box.height)
    if state.focused:
        painter.setPen(look.pen("ink", 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(edge.adjusted(-6, -6, 6, 6), radius + 6, radius + 6)
    if state.selected or state.mark == "here":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("accent_soft"))
        painter.drawRoundedRect(edge.adjusted(-4, -4, 4, 4), radius + 4, radius + 4)
    goes = state.doomed or state.mark == "removed"
    painter.setBrush(look.colour("bad_tint" if goes else "surface"))
    painter.setPen(_border(look, state, dashed=_is_flat(box, state)))
    inset = painter.pen().widthF() / 2
    inner = edge.adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(inner, radius - inset, radius - inset)
    if goes:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(look.faint("bad", 0.28), Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(inner, radius - inset, radius - inset)


def _border(look: Look, state: State, dashed: bool) -> QPen:
    if state.doomed or state.mark == "removed":
        return look.pen("bad", 1.2, dashed)
    if state.selected:
        return look.pen("accent", 2)
    if state.mark in EDGES:
        return look.pen(EDGES[state.mark], 2)
    if dashed:
        return look.pen("edge", 1.2, dashed)
    return look.pen("line_hover" if state.hovered else "line", 1)


def _paint_end(painter: QPainter, look: Look, box: Box, scale: float) -> None:
    font = look.font("end")
    painter.setFont(font)
    painter.setPen(look.colour("ink2"))
    title = QFontMetricsF(font).elidedText(
        one_line(box.face.title), Qt.TextElideMode.ElideRight, box.width - 48
    )
    width = QFontMetricsF(font).horizontalAdvance(title)
    left = round((box.width - 16 - 8 - width) / 2)
    at = QPointF(left, (box.height - 16) / 2)
    look.paint_icon(painter, at, box.face.icon, box.face.family, 16, scale)
    painter.drawText(QRectF(left + 24, 0, width + 4, box.height), VCENTER, title)


def _paint_content(painter: QPainter, look: Look, box: Box, state: State, scale: float) -> None:
    face, wait = box.face, box.face.shape == "wait"
    side, corner, icon_side = (28, 8, 16) if wait else (36, 9, 20)
    tile = QRectF(10 if wait else PADDING, (box.height - side) / 2, side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("accent" if state.current else f"{face.family}_tint"))
    painter.drawRoundedRect(tile, corner, corner)
    at = tile.center() - QPointF(icon_side / 2, icon_side / 2)
    colour = "on_accent" if state.current else face.family
    look.paint_icon(painter, at, face.icon, colour, icon_side, scale)
    if wait:
        _paint_wait(painter, look, box, state, tile.right() + 10, scale)
    else:
        _paint_words(painter, look, box, state, tile.right() + 12, scale)


def _paint_wait(
    painter: QPainter, look: Look, box: Box, state: State, left: float, scale: float
) -> None:
    """Paint the one line of a wait, and the more telling of its numbers at the right."""
    face, middle = box.face, box.height / 2
    text, tone = state.below if state.below[0] else (state.count, "flow")
    taken = paint_count(painter, look, text, tone, QPointF(box.width - 10, middle), scale)
    where = QRectF(left, middle - 11, box.width - PADDING - left - taken, 22)
    ink = look.colour(_problem_colour(face) if face.problem else "ink")
    paint_line(painter, look, "strong", ink, where, face.problem or face.title)


def _paint_words(
    painter: QPainter, look: Look, box: Box, state: State, left: float, scale: float
) -> None:
    """Paint the title, what it does or lacks below, and the numbers at the right."""
    face, edge = box.face, box.width - (UNFOLD if box.spot.kind == "frame" else 12)
    says = face.problem or face.subtitle if scale >= SAYS_FROM else ""
    apart = (grown(scale) - 1) * 8 if state.below[0] else 0.0
    middle = 24.0 - apart if says or state.below[0] else box.height / 2
    taken = paint_count(painter, look, state.count, "flow", QPointF(edge, middle), scale)
    room = edge - 2 - left
    title = QRectF(left, middle - 11, room - taken, 22)
    paint_line(painter, look, "title", look.colour("ink"), title, face.title)
    taken = paint_count(painter, look, *state.below, QPointF(edge, 48 + apart), scale)
    colour = look.colour(_problem_colour(face) if face.problem else "ink2")
    paint_line(painter, look, "sub", colour, QRectF(left, 37, room - taken, 20), says)


def _paint_badge(painter: QPainter, look: Look, box: Box, scale: float) -> None:
    painter.save()
    painter.translate(box.width - 4, 4)
    painter.scale(grown(scale), grown(scale))
    painter.setPen(look.pen("canvas", 2))
    painter.setBrush(look.colour(_problem_colour(box.face)))
    painter.drawEllipse(QPointF(), 10, 10)
    painter.setPen(look.colour("surface"))
    painter.setFont(look.font("pill"))
    count = max(1, box.face.problems)
    painter.drawText(QRectF(-10, -10.5, 20, 20), CENTER, str(count) if count < 100 else "99+")
    painter.restore()


def _paint_dot(painter: QPainter, look: Look, colour: str, at: QPointF) -> None:
    painter.setPen(look.pen("canvas", 2))
    painter.setBrush(look.colour(colour))
    painter.drawEllipse(at, 7, 7)


def _problem_colour(face: Face) -> str:
    return "bad" if face.severity == "error" else "warn"
