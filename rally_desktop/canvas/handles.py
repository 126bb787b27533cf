"""Where one takes hold of a card: its ports, its grip, the pin, and the end of its connector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot
from typing import Literal

from rally_desktop.canvas.plan import Plan, Spot
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.shapes import Box
from rally_desktop.model.graph import NEXT, START, Place

REACH = 12.0  # at 100 %
LEAST = 8.0  # pixels on screen
APART, ROOM = 28.0, 36.0  # between two ports, and beside all of them
GRIP_RIGHT = 6.0  # of the left edge
TAIL_ABOVE = 9.0  # of the arrow's end from its card
NONE = Place("", "")


@dataclass(frozen=True, slots=True)
class Handle:
    """One place to take hold of; ``place`` is the connector that a port begins."""

    kind: Literal["port", "grip", "pin", "tail"]
    spot: Spot
    at: Point
    place: Place = NONE
    label: str = ""


def handles_of(shown: Plan, spot: Spot) -> tuple[Handle, ...]:
    """Return what one can take hold of at a card."""
    box = shown.boxes.get(spot)
    if box is None or not spot.id:
        return ()
    if spot.kind != "step":
        return tuple(_ports(box)) if spot.kind == "trigger" else ()
    found = [*_ports(box), Handle("grip", spot, (box.x + GRIP_RIGHT, box.y + box.height / 2))]
    if box.pinned:
        found.append(Handle("pin", spot, (box.x + 4, box.y + 4)))
    if any(wire.target == spot.id for wire in shown.wires):
        found.append(Handle("tail", spot, (box.top[0], box.top[1] - TAIL_ABOVE)))
    return tuple(found)


def reach(zoom: float) -> float:
    """Return how near one must come to a handle, in units of the sheet."""
    return max(REACH, LEAST / zoom)


def nearest(handles: Iterable[Handle], x: float, y: float, zoom: float) -> Handle | None:
    """Return the handle at a point of the sheet."""
    best, least = None, reach(zoom)
    for handle in handles:
        away = hypot(handle.at[0] - x, handle.at[1] - y)
        if away <= least:
            best, least = handle, away
    return best


def _ports(box: Box) -> Iterable[Handle]:
    if box.spot.kind == "trigger":
        yield Handle("port", box.spot, box.bottom, Place(START, NEXT))
        return
    exits = box.face.exits
    between = min(APART, (box.width - ROOM) / max(1, len(exits) - 1))
    left = box.bottom[0] - between * (len(exits) - 1) / 2
    for number, (name, label) in enumerate(exits):
        at = (left + number * between, box.bottom[1])
        yield Handle("port", box.spot, at, Place(box.spot.id, name), label)
