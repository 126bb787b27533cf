"""What stands where: the plan sorted into squares, for painting what is in view and hit tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import hypot
from typing import TypeVar

from rally_desktop.canvas.plan import TITLE, Plan
from rally_desktop.canvas.route import Point, distance
from rally_desktop.canvas.shapes import Bounds, Box, FrameBox, Label, NoteBox, Slot, Spot, Wire

SIDE = 512
Tile = tuple[int, int]
Shape = Box | NoteBox | FrameBox
Kind = TypeVar("Kind", Box, NoteBox, FrameBox)


class Tiles:
    """An index over one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.boxes: dict[Tile, list[Box]] = defaultdict(list)
        self.wires: dict[Tile, list[int]] = defaultdict(list)
        self.pluses: dict[Tile, list[Slot]] = defaultdict(list)
        self.labels: dict[Tile, list[Label]] = defaultdict(list)
        self.notes: dict[Tile, list[NoteBox]] = defaultdict(list)
        self.frames: dict[Tile, list[FrameBox]] = defaultdict(list)
        _sort(self.boxes, plan.boxes.values())
        _sort(self.notes, plan.notes.values())
        _sort(self.frames, plan.frames.values())
        for number, wire in enumerate(plan.wires):
            for tile in _under(wire):
                self.wires[tile].append(number)
        for slot, (x, y) in plan.pluses.items():
            self.pluses[int(x // SIDE), int(y // SIDE)].append(slot)
        for label in plan.labels:
            x, y = label.at
            self.labels[int(x // SIDE), int(y // SIDE)].append(label)

    def box_at(self, x: float, y: float) -> Spot | None:
        """Return the card at a point."""
        return _last_at(self.boxes, x, y)

    def box_near(self, x: float, y: float, reach: float) -> Spot | None:
        """Return the card within reach of a point, where small ones would be hard to meet."""
        bounds = (x - reach, y - reach, x + reach, y + reach)
        near = (box for tile in touched(bounds) for box in self.boxes.get(tile, ()))
        return next((box.spot for box in near if _is_near(box, x, y, reach)), None)

    def spots_in(self, bounds: Bounds) -> set[Spot]:
        """Return the cards and notes that a rectangle touches."""
        left, top, right, bottom = bounds
        return {
            one.spot
            for tile in touched(bounds)
            for one in (*self.boxes.get(tile, ()), *self.notes.get(tile, ()))
            if one.x < right and one.x + one.width > left
            if one.y < bottom and one.y + one.height > top
        }

    def crossed(self, one: Point, other: Point) -> list[Slot]:
        """Return the connectors that a line crosses."""
        across, down = sorted((one[0], other[0])), sorted((one[1], other[1]))
        near = {
            number
            for tile in touched((across[0], down[0], across[1], down[1]))
            for number in self.wires.get(tile, ())
        }
        wires = (self._plan.wires[number] for number in sorted(near))
        return [
            wire.slot
            for wire in wires
            if wire.slot is not None
            if any(_cross(one, other, *line) for line in pairwise(wire.points))
        ]

    def note_at(self, x: float, y: float) -> Spot | None:
        """Return the note at a point; of several the one that is drawn last."""
        return _last_at(self.notes, x, y)

    def frame_title_at(self, x: float, y: float) -> Spot | None:
        """Return the open frame whose title is at a point."""
        for frame in reversed(self.frames.get((int(x // SIDE), int(y // SIDE)), ())):
            if frame.x <= x <= frame.x + frame.width and frame.y <= y <= frame.y + TITLE:
                return frame.spot
        return None

    def plus_near(self, x: float, y: float, reach: float) -> Slot | None:
        """Return the nearest '+' within reach of a point."""
        best, least = None, reach
        for tile in touched((x - reach, y - reach, x + reach, y + reach)):
            for slot in self.pluses.get(tile, ()):
                at = self._plan.pluses[slot]
                away = hypot(at[0] - x, at[1] - y)
                if away <= least:
                    best, least = slot, away
        return best

    def slot_near(
        self, x: float, y: float, reach: float, allowed: Callable[[Slot], bool]
    ) -> Slot | None:
        """Return where something dropped at a point would go: the nearest allowed connector."""
        best, least = None, reach
        seen: set[int] = set()
        for tile in touched((x - reach, y - reach, x + reach, y + reach)):
            for number in self.wires.get(tile, ()):
                wire = self._plan.wires[number]
                if number in seen or wire.slot is None or not allowed(wire.slot):
                    continue
                seen.add(number)
                away = distance(wire.points, (x, y))
                away = min(away, _to(self._plan.pluses.get(wire.slot), x, y))
                if away < least:
                    best, least = wire.slot, away
        return best


def _sort(into: dict[Tile, list[Kind]], shapes: Iterable[Kind]) -> None:
    for one in shapes:
        left, top = int(one.x // SIDE), int(one.y // SIDE)
        right, bottom = int((one.x + one.width) // SIDE), int((one.y + one.height) // SIDE)
        into[left, top].append(one)
        if left != right or top != bottom:
            for tile in _tiles(left, top, right, bottom)[1:]:
                into[tile].append(one)


def _last_at(tiles: Mapping[Tile, Sequence[Shape]], x: float, y: float) -> Spot | None:
    for one in reversed(tiles.get((int(x // SIDE), int(y // SIDE)), ())):
        if one.x <= x <= one.x + one.width and one.y <= y <= one.y + one.height:
            return one.spot
    return None


def _is_near(box: Box, x: float, y: float, reach: float) -> bool:
    return (
        box.x - reach <= x <= box.x + box.width + reach
        and box.y - reach <= y <= box.y + box.height + reach
    )


def _cross(one: Point, other: Point, start: Point, end: Point) -> bool:
    """Say whether two lines cross."""
    return _side(one, other, start) != _side(one, other, end) and (
        _side(start, end, one) != _side(start, end, other)
    )


def _side(one: Point, other: Point, at: Point) -> bool:
    turn = (other[0] - one[0]) * (at[1] - one[1]) - (other[1] - one[1]) * (at[0] - one[0])
    return turn > 0


def _to(at: Point | None, x: float, y: float) -> float:
    return hypot(at[0] - x, at[1] - y) if at else float("inf")


def touched(bounds: Bounds) -> list[Tile]:
    """Return the squares that a rectangle touches."""
    left, top, right, bottom = bounds
    return _tiles(int(left // SIDE), int(top // SIDE), int(right // SIDE), int(bottom // SIDE))


def _tiles(left: int, top: int, right: int, bottom: int) -> list[Tile]:
    rows = range(top, bottom + 1)
    return [(column, row) for column in range(left, right + 1) for row in rows]


def _under(wire: Wire) -> Iterable[Tile]:
    if len(wire.points) == 2:
        (x, top), (_, bottom) = wire.points
        return touched((x, top, x, bottom))
    found: dict[Tile, None] = {}
    for (x0, y0), (x1, y1) in pairwise(wire.points):
        for tile in touched((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))):
            found[tile] = None
    return found
