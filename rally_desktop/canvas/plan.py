"""The sheet as plain values: which boxes, connectors, labels and '+' there are, and where.

Made anew from the graph after every change. Painting, hit tests, the far view and the
minimap all read it, so what is seen and what is hit cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from rally_desktop.canvas import route
from rally_desktop.canvas.faces import Face, Faces
from rally_desktop.canvas.layout import Link, Size, tidy
from rally_desktop.canvas.route import Point
from rally_desktop.model.graph import NEXT, START, STOP, Graph, Place

CARD, WAIT, END = (272.0, 72.0), (208.0, 48.0), (96.0, 36.0)
SIZES = {"card": CARD, "wait": WAIT, "end": END}
BETWEEN = 48.0
BELOW = 56.0
BELOW_SPLIT = 112.0
LANE = 16.0
LANE_ABOVE = 60.0  # from where the room for a connector ends down to where several meet
STOP_HEAD = (112.0, 22.0)
JOIN = 38.0  # from the triggers down to where their connectors have become one

CHOOSE_TRIGGER = Face(
    "Choose what starts this", "For instance: a contact is created", "zap", "trigger"
)


class Spot(NamedTuple):
    """A card: a step or a trigger, by its id; the id of the empty trigger card is ''."""

    kind: Literal["step", "trigger"]
    id: str


class Slot(NamedTuple):
    """A '+': on a connector, above where several meet, or beside the triggers."""

    kind: Literal["connector", "meeting", "trigger"]
    source: str = ""
    exit: str = ""
    before: str = ""

    @property
    def place(self) -> Place:
        """Return the connector it sits on."""
        return Place(self.source, self.exit)


@dataclass(frozen=True, slots=True)
class Box:
    """One card."""

    spot: Spot
    x: float
    y: float
    width: float
    height: float
    face: Face
    disabled: bool = False

    @property
    def top(self) -> Point:
        """Return where connectors arrive."""
        return (self.x + self.width / 2, self.y)

    @property
    def bottom(self) -> Point:
        """Return where connectors leave."""
        return (self.x + self.width / 2, self.y + self.height)


@dataclass(frozen=True, slots=True)
class Wire:
    """One connector; without a slot it only joins triggers."""

    slot: Slot | None
    points: tuple[Point, ...]
    arrow: bool = True
    dashed: bool = False
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """The name of an exit, on its connector."""

    place: Place
    text: str
    at: Point
    tone: Literal["ok", "flow", "bad"]


@dataclass(frozen=True)
class Plan:
    """The whole sheet."""

    graph: Graph
    boxes: dict[Spot, Box] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    pluses: dict[Slot, Point] = field(default_factory=dict)
    words: list[tuple[str, Point]] = field(default_factory=list)
    bounds: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


@dataclass
class _Sketch:
    """Sizes and links for the layout, and what each numbered box is."""

    graph: Graph
    faces: dict[str, Face]
    exits: dict[str, tuple[tuple[str, str], ...]]
    entrances: dict[str, int]
    sizes: list[Size] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    steps: dict[str, int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)  # what stands above the first steps
    others: dict[Place, int] = field(default_factory=dict)
    at: list[Point] = field(default_factory=list)


def plan(graph: Graph, faces: Faces) -> Plan:
    """Lay out a workflow."""
    triggers = [(trigger.id, faces.trigger_face(trigger)) for trigger in graph.triggers]
    sketch = _sketch(graph, faces, len(triggers))
    sketch.at = tidy(sketch.sizes, sketch.links, BETWEEN)
    made = Plan(graph)
    _put_triggers(made, triggers, sketch)
    for key, number in sketch.steps.items():
        x, y = sketch.at[number]
        width, height, _ = sketch.sizes[number]
        spot = Spot("step", key)
        made.boxes[spot] = Box(
            spot, x, y, width, height, sketch.faces[key], graph.steps[key].disabled
        )
    if STOP in sketch.heads:
        x, y = sketch.at[sketch.heads[STOP]]
        made.words.append(("When stopped", (x + STOP_HEAD[0] / 2, y + STOP_HEAD[1] / 2)))
    for place, label in _exits(sketch):
        _put_connector(made, sketch, place, label)
    for key, count in sketch.entrances.items():
        if count > 1:
            _put_meeting(made, key)
    return replace(made, bounds=_bounds(made))


def splits(sketch: _Sketch, source: str) -> bool:
    """Say whether a step has several exits, so that each needs its label."""
    return len(sketch.exits[source]) > 1


def _exits(sketch: _Sketch) -> Iterator[tuple[Place, str]]:
    for source, exits in sketch.exits.items():
        for name, label in exits:
            yield Place(source, name), label


def _sketch(graph: Graph, faces: Faces, triggers: int) -> _Sketch:
    shown = {key: faces.face(step) for key, step in graph.steps.items()}
    exits: dict[str, tuple[tuple[str, str], ...]] = {START: ((NEXT, ""),)}
    if graph.stop_start is not None:
        exits[STOP] = ((NEXT, ""),)
    for key, step in graph.steps.items():
        known = {name for name, _ in shown[key].exits}
        more = ((name, name.capitalize()) for name in step.exits if name not in known)
        exits[key] = (*shown[key].exits, *more)
    entrances = dict.fromkeys(graph.steps, 0)
    for place in graph.places():
        entrances[graph.target(place) or ""] += 1
    sketch = _Sketch(graph, shown, exits, entrances)
    width = max(1, triggers) * (CARD[0] + BETWEEN) - BETWEEN
    sketch.heads[START] = len(sketch.sizes)
    sketch.sizes.append(Size(width, CARD[1] + (JOIN if triggers > 1 else 0)))
    if STOP in exits:
        sketch.heads[STOP] = len(sketch.sizes)
        sketch.sizes.append(Size(*STOP_HEAD))
    for key in graph.steps:
        sketch.steps[key] = len(sketch.sizes)
        sketch.sizes.append(Size(*SIZES[shown[key].shape]))
    for place, label in list(_exits(sketch)):
        _sketch_exit(sketch, place, label)
    return sketch


def _sketch_exit(sketch: _Sketch, place: Place, label: str) -> None:
    above = (sketch.heads if place.source in sketch.heads else sketch.steps)[place.source]
    target = sketch.graph.target(place)
    split = splits(sketch, place.source)
    room = _label_width(label) if split else LANE
    if target is None:
        size, gap = (Size(max(room, 24), 56), 40) if split else (Size(24, 24), 14)
        sketch.others[place] = len(sketch.sizes)
        sketch.links.append(Link(above, len(sketch.sizes), gap))
        sketch.sizes.append(size)
    elif sketch.entrances[target] > 1:
        lane = sketch.others[place] = len(sketch.sizes)
        start, height = (40, 64) if split else (8, 32)
        sketch.sizes.append(Size(room, height, stretches=True))
        sketch.links.append(Link(above, lane, start))
        sketch.links.append(Link(lane, sketch.steps[target], LANE_ABOVE))
    else:
        gap = BELOW_SPLIT if split else BELOW
        sketch.links.append(Link(above, sketch.steps[target], gap))


def _label_width(text: str) -> float:
    return min(220.0, 34.0 + 2 * round(3.4 * len(text)))


def _put_triggers(made: Plan, triggers: list[tuple[str, Face]], sketch: _Sketch) -> None:
    x, y = sketch.at[0]
    middle = x + sketch.sizes[0].width / 2
    for number, (key, face) in enumerate(triggers or [("", CHOOSE_TRIGGER)]):
        spot = Spot("trigger", key)
        left = x + number * (CARD[0] + BETWEEN)
        box = made.boxes[spot] = Box(spot, left, y, *CARD, face)
        if len(triggers) > 1:
            bend, foot = y + CARD[1] + 26, y + CARD[1] + JOIN
            ends = (box.bottom, (box.bottom[0], bend), (middle, bend), (middle, foot))
            straight = abs(box.bottom[0] - middle) < 1
            made.wires.append(Wire(None, (ends[0], ends[3]) if straight else ends, arrow=False))
        if number:
            made.words.append(("or", (left - BETWEEN / 2, y + CARD[1] / 2)))
    if triggers:
        right = x + sketch.sizes[0].width
        made.pluses[Slot("trigger")] = (right + 24, y + CARD[1] / 2)


def _put_connector(made: Plan, sketch: _Sketch, place: Place, label: str) -> None:
    split = splits(sketch, place.source)
    above = _foot(made, sketch, place.source)
    lane = _lane(sketch, place)
    target = sketch.graph.target(place)
    met = target is not None and lane is not None
    plus_y = above[1] + (route.PLUS_BEFORE_BEND if met else route.PLUS_BELOW_STEP)
    if split:
        plus_y = above[1] + route.BEND_BELOW + route.LABEL_BELOW + route.PLUS_BELOW_LABEL
    end = (above[0] if lane is None else lane, plus_y)
    below = end if target is None else made.boxes[Spot("step", target)].top
    if met:
        points = route.meeting(above, end[0], below, split)
    else:
        points = route.parted(above, below) if split else route.straight(above, below)
    x = points[-1][0] if lane is None else lane
    slot = Slot("connector", place.source, place.exit)
    made.wires.append(
        Wire(slot, points, target is not None and not met, _dashed(sketch, place), target)
    )
    made.pluses[slot] = (x, plus_y)
    if split and label:
        at = (x, above[1] + route.BEND_BELOW + route.LABEL_BELOW)
        made.labels.append(Label(place, label, at, tone(place.exit)))


def _dashed(sketch: _Sketch, place: Place) -> bool:
    step = sketch.graph.steps.get(place.source)
    return step is not None and step.disabled


def _lane(sketch: _Sketch, place: Place) -> float | None:
    """Return the middle of the room kept for a connector, where it has its own."""
    number = sketch.others.get(place)
    if number is None:
        return None
    return sketch.at[number][0] + sketch.sizes[number].width / 2


def tone(exit_name: str) -> Literal["ok", "flow", "bad"]:
    """Return how an exit's label is tinted: what applies, what is left over, what failed."""
    if exit_name == "failed":
        return "bad"
    return "flow" if exit_name in ("else", "no") else "ok"


def _foot(made: Plan, sketch: _Sketch, source: str) -> Point:
    if source not in sketch.heads:
        return made.boxes[Spot("step", source)].bottom
    head = sketch.heads[source]
    x, y = sketch.at[head]
    width, height, _ = sketch.sizes[head]
    return (x + width / 2, y + height)


def _put_meeting(made: Plan, key: str) -> None:
    x, y = made.boxes[Spot("step", key)].top
    bend = y - route.BEND_ABOVE
    slot = Slot("meeting", before=key)
    made.wires.append(Wire(slot, ((x, bend + 12), (x, y)), target=key))
    made.pluses[slot] = (x, bend + route.PLUS_BELOW_BEND)


def _bounds(made: Plan) -> tuple[float, float, float, float]:
    boxes = made.boxes.values()
    left = min(min(box.x for box in boxes), *(x - 60 for x, _ in made.pluses.values()), 0)
    right = max(
        max(box.x + box.width for box in boxes), *(x + 60 for x, _ in made.pluses.values()), 0
    )
    top = min(box.y for box in boxes)
    bottom = max(
        max(box.y + box.height for box in boxes), *(y + 16 for _, y in made.pluses.values()), 0
    )
    return (left, top, right, bottom)
