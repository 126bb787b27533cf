"""What stands where: the plan sorted into squares, for painting what is in view and hit tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from math import hypot

from rally_desktop.canvas.plan import Box, Label, Plan, Slot, Spot, Wire
from rally_desktop.canvas.route import Point, distance

SIDE = 512
Tile = tuple[int, int]
Bounds = tuple[float, float, float, float]  # left, top, right, bottom


class Tiles:
    """An index over one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.boxes: dict[Tile, list[Box]] = {}
        self.wires: dict[Tile, list[int]] = {}
        self.pluses: dict[Tile, list[Slot]] = {}
        self.labels: dict[Tile, list[Label]] = {}
        for box in plan.boxes.values():
            for tile in touched((box.x, box.y, box.x + box.width, box.y + box.height)):
                self.boxes.setdefault(tile, []).append(box)
        for number, wire in enumerate(plan.wires):
            for tile in _under(wire):
                self.wires.setdefault(tile, []).append(number)
        for slot, (x, y) in plan.pluses.items():
            self.pluses.setdefault((int(x // SIDE), int(y // SIDE)), []).append(slot)
        for label in plan.labels:
            x, y = label.at
            self.labels.setdefault((int(x // SIDE), int(y // SIDE)), []).append(label)

    def box_at(self, x: float, y: float) -> Spot | None:
        """Return the card at a point."""
        for box in self.boxes.get((int(x // SIDE), int(y // SIDE)), ()):
            if box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height:
                return box.spot
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


def _to(at: Point | None, x: float, y: float) -> float:
    return hypot(at[0] - x, at[1] - y) if at else float("inf")


def touched(bounds: Bounds) -> Iterator[Tile]:
    """Yield the squares that a rectangle touches."""
    left, top = int(bounds[0] // SIDE), int(bounds[1] // SIDE)
    right, bottom = int(bounds[2] // SIDE), int(bounds[3] // SIDE)
    for column in range(left, right + 1):
        for row in range(top, bottom + 1):
            yield (column, row)


def _under(wire: Wire) -> Iterable[Tile]:
    found: dict[Tile, None] = {}
    for (x0, y0), (x1, y1) in pairwise(wire.points):
        for tile in touched((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))):
            found[tile] = None
    return found
