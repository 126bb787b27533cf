"""Where the arrow keys lead: along connectors, and to the branch beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from rally_desktop.canvas.plan import Plan, Slot, Spot
from rally_desktop.model.graph import START, STOP, Place

Target = Spot | Slot
Direction = Literal["up", "down", "left", "right"]
SAME_ROW = 140.0


def neighbour(
    plan: Plan,
    here: Target | None,
    direction: Direction,
    through: bool = False,
    used: Mapping[Target, Target] | None = None,
) -> Target | None:
    """Return what an arrow key leads to, or None.

    A '+' where nothing follows is a stop; those in the middle are only with ``through``. Where
    several ways lead on, the one that was ``used`` last wins, else the first.
    """
    if here is None:
        return first(plan)
    if direction in ("left", "right"):
        return _beside(plan, here, 1 if direction == "right" else -1, through)
    ways = _below(plan, here, through) if direction == "down" else _above(plan, here, through)
    last = (used or {}).get(here)
    return last if last in ways else next(iter(ways), None)


def first(plan: Plan) -> Spot | None:
    """Return the first trigger."""
    return next((spot for spot in plan.boxes if spot.kind == "trigger"), None)


def last(plan: Plan) -> Target | None:
    """Return where the first path ends."""
    here: Target | None = first(plan)
    while here is not None:
        after = neighbour(plan, here, "down")
        if after is None:
            return here
        here = after
    return None


def _steps(plan: Plan, here: Spot) -> frozenset[str]:
    """Return the steps that a card stands for: itself, or all that a folded frame hides."""
    if here.kind == "trigger":
        return frozenset({START})
    if here.kind == "frame":
        return frozenset(key for key, spot in plan.hidden.items() if spot == here)
    return frozenset({here.id})


def _below(plan: Plan, here: Target, through: bool) -> list[Target]:
    if isinstance(here, Slot):
        return _below_slot(plan, here, through)
    steps = _steps(plan, here)
    found: list[Target] = []
    for slot in plan.pluses:
        if slot.kind == "connector" and slot.source in steps:
            key = plan.graph.target(slot.place)
            found.append(slot if through or key is None else plan.card_of(key))
    return found


def _below_slot(plan: Plan, here: Slot, through: bool) -> list[Target]:
    if here.kind == "meeting":
        return [plan.card_of(here.before)]
    key = plan.graph.target(here.place) if here.kind == "connector" else None
    if key is None:
        return []
    if through and len(plan.graph.entrances(key)) > 1:
        return [Slot("meeting", before=key)]
    return [plan.card_of(key)]


def _above(plan: Plan, here: Target, through: bool) -> list[Target]:
    if isinstance(here, Slot):
        return _above_slot(plan, here)
    if here.kind == "trigger":
        return []
    steps = _steps(plan, here)
    ways = [(key, place) for key in steps for place in plan.graph.entrances(key)]
    ways = [(key, place) for key, place in ways if place.source not in steps]
    if through and len(ways) > 1:
        return [Slot("meeting", before=ways[0][0])]
    if through:
        return [_slot(place) for _, place in ways]
    return [card for _, place in ways for card in _card(plan, place.source)]


def _above_slot(plan: Plan, here: Slot) -> list[Target]:
    if here.kind == "meeting":
        return [_slot(place) for place in plan.graph.entrances(here.before)]
    return _card(plan, here.source) if here.kind == "connector" else []


def _slot(place: Place) -> Slot:
    return Slot("connector", place.source, place.exit)


def _card(plan: Plan, source: str) -> list[Target]:
    if source not in (START, STOP):
        return [plan.card_of(source)]
    if source == STOP:
        return []
    return [spot for spot in plan.boxes if spot.kind == "trigger"]


def _beside(plan: Plan, here: Target, way: int, through: bool) -> Target | None:
    """Return the nearest card or open end in the same row."""
    x, y = _middle(plan, here)
    stops: list[Target] = list(plan.boxes)
    for slot in plan.pluses:
        open_end = slot.kind == "connector" and plan.graph.target(slot.place) is None
        if open_end or through or slot.kind == "trigger":
            stops.append(slot)
    best, least = None, float("inf")
    for stop in stops:
        there_x, there_y = _middle(plan, stop)
        across, down = (there_x - x) * way, abs(there_y - y)
        if across > 1 and down < SAME_ROW and across + 2 * down < least:
            best, least = stop, across + 2 * down
    return best


def _middle(plan: Plan, target: Target) -> tuple[float, float]:
    if isinstance(target, Slot):
        return plan.pluses[target]
    box = plan.shape(target)
    assert box is not None
    return (box.x + box.width / 2, box.y + box.height / 2)
