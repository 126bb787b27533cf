"""A workflow, or some of its steps, painted onto anything: a picture, a page, a file of vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import replace

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from rally_desktop.canvas.export.remarks import paint_frames, paint_notes, rect
from rally_desktop.canvas.items.card import PLAIN, paint_card
from rally_desktop.canvas.items.label import paint_pill
from rally_desktop.canvas.items.wire import drawn
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Box, Label, Plan, Spot, Wire
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.shapes import FrameBox, NoteBox
from rally_desktop.canvas.tiles import Tiles, touched
from rally_desktop.model.graph import START

ROOM = 12.0  # around the outermost cards, for badges and labels
LABEL = (110.0, 15.0)  # half of what the widest label takes
TOLD_EVERY = 25  # cards
Tell = Callable[[float], None]


class Stopped(Exception):
    """Whoever wanted the picture does not want it any more."""


def unheard(share: float) -> None:
    """Hear how much is done, and do nothing about it."""


class Drawing:
    """Paints a plan; ``chosen`` are the cards to be seen, with none of them all.

    Whoever hears of the progress may raise Stopped.
    """

    def __init__(self, plan: Plan, chosen: Set[Spot] = frozenset()) -> None:
        shown = _part(plan, chosen) if chosen else plan
        self.plan = replace(shown, boxes={spot: _calm(box) for spot, box in shown.boxes.items()})
        self.bounds = _bounds(self.plan)
        self._tiles = Tiles(self.plan)

    def boxes(self, area: QRectF) -> list[Box]:
        """Return the cards of which something is in an area."""
        if area.contains(self.bounds):
            return list(self.plan.boxes.values())
        squares = touched((area.left(), area.top(), area.right(), area.bottom()))
        near = {box.spot: box for sq in squares for box in self._tiles.boxes.get(sq, ())}
        return [box for box in near.values() if area.intersects(rect(box))]

    def shapes(self) -> list[QRectF]:
        """Return where there is something to read: cards, notes and labels."""
        plan = self.plan
        cards = [rect(shape) for shape in (*plan.boxes.values(), *plan.notes.values())]
        return cards + [_around(label.at, 12.0, LABEL[1]) for label in plan.labels]

    def paint(
        self, painter: QPainter, look: Look, area: QRectF, scale: float, tell: Tell = unheard
    ) -> None:
        """Paint what is in an area; the painter's units are those of the sheet."""
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing
            | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform
        )
        paint_frames(painter, look, self.plan, area, scale)
        for wire in self._wires(area):
            _paint_wire(painter, look, wire)
        self._paint_words(painter, look, area)
        boxes = self.boxes(area)
        for number, box in enumerate(boxes):
            if number % TOLD_EVERY == 0:
                tell(number / len(boxes))
            painter.save()
            painter.translate(box.x, box.y)
            paint_card(painter, look, box, PLAIN, scale)
            painter.restore()
        paint_notes(painter, look, self.plan, area)

    def _wires(self, area: QRectF) -> list[Wire]:
        if area.contains(self.bounds):
            return self.plan.wires
        squares = touched((area.left(), area.top(), area.right(), area.bottom()))
        numbers = {number for sq in squares for number in self._tiles.wires.get(sq, ())}
        return [self.plan.wires[number] for number in sorted(numbers)]

    def _paint_words(self, painter: QPainter, look: Look, area: QRectF) -> None:
        near = area.adjusted(-LABEL[0], -LABEL[1], LABEL[0], LABEL[1])
        for label in self.plan.labels:
            if near.contains(QPointF(*label.at)):
                paint_pill(painter, look, label.text, label.tone, label.at)
        for word, at in self.plan.words:
            if near.contains(QPointF(*at)):
                paint_pill(painter, look, word, "flow", at)


def _calm(box: Box) -> Box:
    """Return a card as it is when all is well: what is wrong is for those who edit."""
    return msgspec.structs.replace(box, face=replace(box.face, problem="", severity="", problems=0))


def _part(plan: Plan, chosen: Set[Spot]) -> Plan:
    """Return the plan of some cards and of what joins them."""
    boxes = {spot: box for spot, box in plan.boxes.items() if spot in chosen}
    kept = {spot.id for spot in boxes if spot.kind == "step"}
    triggers = [spot in chosen for spot in plan.boxes if spot.kind == "trigger"]
    above = kept | ({START} if any(triggers) else set())
    wires = [wire for wire in plan.wires if _joins(wire, above, kept, all(triggers))]
    return replace(
        plan,
        boxes=boxes,
        wires=wires,
        labels=_labels(plan, wires),
        words=[word for word in plan.words if word[0] == "or"] if all(triggers) else [],
        notes=_notes(plan, chosen),
        frames=_frames(plan, kept),
    )


def _frames(plan: Plan, kept: Set[str]) -> dict[Spot, FrameBox]:
    """Return the frames around nothing but steps that are to be seen."""
    return {spot: frame for spot, frame in plan.frames.items() if set(frame.steps).issubset(kept)}


def _notes(plan: Plan, chosen: Set[Spot]) -> dict[Spot, NoteBox]:
    """Return the notes that are chosen themselves, or stand beside a card that is."""
    return {
        spot: note
        for spot, note in plan.notes.items()
        if spot in chosen or (note.card is not None and note.card in chosen)
    }


def _labels(plan: Plan, wires: Iterable[Wire]) -> list[Label]:
    places = {wire.slot.place for wire in wires if wire.slot is not None}
    return [label for label in plan.labels if label.place in places]


def _joins(wire: Wire, above: Set[str], kept: Set[str], all_triggers: bool) -> bool:
    """Say whether a connector joins cards that are to be seen."""
    if wire.slot is None:
        return all_triggers
    if wire.slot.kind == "meeting":
        return wire.target in kept
    return wire.slot.source in above and (wire.target is None or wire.target in kept)


def _bounds(plan: Plan) -> QRectF:
    whole = QRectF()
    for shape in (*plan.boxes.values(), *plan.notes.values(), *plan.frames.values()):
        whole |= rect(shape)
    points = [QPointF(*point) for wire in plan.wires for point in wire.points]
    for point in points:
        whole |= QRectF(point.x() - 4, point.y() - 4, 8, 8)
    for label in plan.labels:
        half = min(LABEL[0], 17 + 3.6 * len(label.text))
        whole |= _around(label.at, half, LABEL[1])
    return whole.adjusted(-ROOM, -ROOM, ROOM, ROOM)


def _paint_wire(painter: QPainter, look: Look, wire: Wire) -> None:
    line, head = drawn(wire)
    painter.setPen(look.pen("edge", 1.4, wire.dashed))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(line)
    painter.setPen(look.pen("edge", 1.6))
    painter.setBrush(look.colour("edge"))
    if wire.arrow:
        painter.drawPath(head)
    elif wire.target is None and wire.slot is not None:
        painter.drawEllipse(QPointF(*wire.points[-1]), 2.4, 2.4)


def _around(at: Point, across: float, down: float) -> QRectF:
    return QRectF(at[0] - across, at[1] - down, 2 * across, 2 * down)
