"""Cards lifted off the sheet, with the connectors between them and to what stays."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from math import hypot
from typing import NamedTuple, Protocol

from msgspec.structs import replace
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsItem

from rally_desktop.canvas.afloat import ABOVE, Afloat
from rally_desktop.canvas.items.card import Card, State
from rally_desktop.canvas.items.thread import Thread
from rally_desktop.canvas.items.wire import WireItem
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Box, Plan, Slot, Spot, Wire
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.stage import Stage
from rally_desktop.canvas.strokes import PLAIN, Stroke

MOST = 40  # cards and connectors that are shown; more could not be told apart
BELOW = 1.3  # the cards, above the connectors as they are
LEFT = Stroke(opacity=0.3)  # a connector whose end was taken along
BEHIND = QGraphicsItem.GraphicsItemFlag.ItemStacksBehindParent


class Sheet(Protocol):
    """What carried cards need of the sheet that they were lifted from."""

    look: Look
    plan: Plan
    stage: Stage
    afloat: Afloat


class _Tie(NamedTuple):
    """A connector of which one end moves; ``leaves`` says that it begins there."""

    slot: Slot
    thread: Thread
    moving: Point
    rests: Point
    leaves: bool


class Carried:
    """Some cards below the pointer, which holds one of them.

    ``tied`` says that their connectors to what stays are drawn as they stretch.
    """

    def __init__(self, sheet: Sheet, held: Spot, spots: Collection[Spot], tied: bool) -> None:
        self._sheet = sheet
        self.held, self._spots = sheet.plan.boxes[held], spots
        self._card = self._lifted(self.held)
        self._tied = False
        self._ties = list(self._tie(spots)) if tied else []
        for box in _nearest(sheet.plan, self.held, spots):
            other = self._lifted(box)
            other.setParentItem(self._card)
            other.setPos(box.x - self.held.x, box.y - self.held.y)
        for wire in _inner(sheet.plan, spots):
            self._draw(wire)
        for tie in self._ties:
            sheet.afloat.add(tie.thread, BELOW)
        self._card.setOpacity(0.9)
        sheet.afloat.add(self._card, ABOVE + 1)
        self.move_to(QPointF(self.held.x, self.held.y))

    def move_to(self, corner: QPointF, tied: bool = True) -> None:
        """Put the card that is held there, and all others around it."""
        self._card.setPos(corner)
        if tied != self._tied:
            self._tied = tied
            self._sheet.stage.single_out({tie.slot: LEFT for tie in self._ties} if tied else {})
        across, down = corner.x() - self.held.x, corner.y() - self.held.y
        for tie in self._ties:
            tie.thread.show_at_all(tied)
            moved = (tie.moving[0] + across, tie.moving[1] + down)
            ends = (moved, tie.rests) if tie.leaves else (tie.rests, moved)
            tie.thread.run(self._sheet.look, *ends)

    def places(self) -> dict[Spot, Point]:
        """Return where the cards are now."""
        by = self._card.pos() - QPointF(self.held.x, self.held.y)
        boxes = (self._sheet.plan.boxes[spot] for spot in self._spots)
        return {box.spot: (box.x + by.x(), box.y + by.y()) for box in boxes}

    def put_away(self) -> None:
        """Take all of them off the sheet."""
        self._sheet.stage.single_out({})
        for tie in self._ties:
            self._sheet.afloat.remove(tie.thread)
        self._sheet.afloat.remove(self._card)

    def _lifted(self, box: Box) -> Card:
        card = Card(box)
        card.state = State(hovered=True)
        card.draw(self._sheet.look, self._sheet.stage.sight.scale)
        return card

    def _draw(self, wire: Wire) -> None:
        points = tuple((x - self.held.x, y - self.held.y) for x, y in wire.points)
        item = WireItem(replace(wire, points=points), self._sheet.look, PLAIN)
        for part in filter(None, (item, item.head)):
            part.setParentItem(self._card)
            part.setFlag(BEHIND)

    def _tie(self, spots: Collection[Spot]) -> Iterator[_Tie]:
        plan = self._sheet.plan
        found = ((wire, ends) for wire in plan.wires if (ends := _ends(plan, wire)))
        outer = ((w, ends) for w, ends in found if (ends[1] in spots) != (ends[2] in spots))
        for wire, (slot, source, target) in islice(outer, MOST):
            above, below = wire.points[0], plan.boxes[target].top
            thread = Thread(self._sheet.look, PLAIN, BELOW)
            if source in spots:
                yield _Tie(slot, thread, above, below, leaves=True)
            else:
                yield _Tie(slot, thread, below, above, leaves=False)


def _nearest(plan: Plan, held: Box, spots: Collection[Spot]) -> list[Box]:
    boxes = [plan.boxes[spot] for spot in spots if spot != held.spot]
    return sorted(boxes, key=lambda box: hypot(box.x - held.x, box.y - held.y))[:MOST]


def _ends(plan: Plan, wire: Wire) -> tuple[Slot, Spot, Spot] | None:
    """Return a connector with the cards at both its ends, or None where it has only one."""
    if wire.slot is None or wire.slot.kind != "connector" or wire.target is None:
        return None
    return wire.slot, plan.card_of(wire.slot.source), plan.card_of(wire.target)


def _inner(plan: Plan, spots: Collection[Spot]) -> list[Wire]:
    if len(spots) < 2:
        return []
    found = ((wire, ends) for wire in plan.wires if (ends := _ends(plan, wire)))
    inner = (wire for wire, ends in found if ends[1] in spots and ends[2] in spots)
    return list(islice(inner, 2 * MOST))
