"""How connectors are drawn: thick where many went, in the accent where one run went."""

from __future__ import annotations

from collections import defaultdict
from math import log1p
from typing import NamedTuple

from rally_desktop.canvas.overlay import Overlay
from rally_desktop.canvas.plan import Plan, Slot, Wire
from rally_desktop.canvas.route import Point
from rally_desktop.model.graph import NEXT, START, STOP, Place

THIN, HOT = 1.4, 2.0
TAKEN = 2.5
THICKEST = 6.0
FAINT = 0.35


class Stroke(NamedTuple):
    """A colour of the tokens, a width and an opacity; dashes only where it is not singled out."""

    colour: str = "edge"
    width: float = THIN
    opacity: float = 1.0
    dashed: bool = False


PLAIN = Stroke()
POINTED = Stroke("accent", HOT)


class Strokes:
    """The strokes of one plan below one overlay."""

    def __init__(self, plan: Plan, overlay: Overlay) -> None:
        self._overlay = overlay
        self._feet: dict[Point, str] = {}
        if overlay.singles_out:
            self._feet = {box.bottom: spot.id for spot, box in plan.boxes.items()}
        self._into: defaultdict[str, int] = defaultdict(int)
        self._taken: set[str] = set()
        for place, count in overlay.heat.items():
            self._into[_target(plan, place)] += count
        for place in overlay.path:
            self._taken.add(_target(plan, place))
        self._most = max((*overlay.heat.values(), *self._into.values()), default=0)

    def of(self, wire: Wire) -> Stroke:
        """Return how a connector is drawn while nobody points at it."""
        over = self._overlay
        if over.singles_out:
            return Stroke("accent", TAKEN) if self._is_taken(wire) else Stroke(opacity=FAINT)
        if wire.target is not None and over.marks.get(wire.target) == "failed":
            return Stroke("warn", self._width(wire))
        return Stroke(width=self._width(wire)) if over.heat else PLAIN

    def _is_taken(self, wire: Wire) -> bool:
        if wire.slot is None:
            started = self._feet.get(wire.points[0])
            return started is not None and started in (self._overlay.passed or ())
        if wire.slot.kind == "meeting":
            return wire.slot.before in self._taken
        return wire.slot.place in self._overlay.path

    def _width(self, wire: Wire) -> float:
        count = self._count(wire.slot)
        if not count or not self._most:
            return THIN
        return THIN + (THICKEST - THIN) * log1p(count) / log1p(self._most)

    def _count(self, slot: Slot | None) -> int:
        if slot is None:
            return self._overlay.heat.get(Place(START, NEXT), 0)
        if slot.kind == "meeting":
            return self._into.get(slot.before, 0)
        return self._overlay.heat.get(slot.place, 0)


def _target(plan: Plan, place: Place) -> str:
    known = place.source in plan.graph.steps or place.source in (START, STOP)
    return (plan.graph.target(place) if known else None) or ""
