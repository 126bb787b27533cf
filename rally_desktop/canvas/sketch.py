"""What the layout gets to place: a box for each card, and the room that connectors need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from rally_desktop.canvas import frames
from rally_desktop.canvas.faces import Face, Faces
from rally_desktop.canvas.frames import Fold
from rally_desktop.canvas.layout import Fence, Link, Size
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.shapes import Slot, Spot
from rally_desktop.model.graph import START, STOP, Frame, Graph, Place, Step

CARD, WAIT, END = (272.0, 72.0), (208.0, 48.0), (96.0, 36.0)
SIZES = {"card": CARD, "wait": WAIT, "end": END}
BETWEEN = 48.0
BELOW = 56.0
BELOW_SPLIT = 112.0
LANE = 16.0
AROUND = 20.0  # between an open frame and what is in it
TITLE = 28.0  # above that, for its title
FAN = 12.0  # between the bends of connectors that leave a frame
LANE_ABOVE = 60.0  # from where the room for a connector ends down to where several meet
STOP_HEAD = (112.0, 22.0)
PLUS = Size(24, 24)
JOIN = 38.0  # from the triggers down to where their connectors have become one


class Way(msgspec.Struct, frozen=True, gc=False):
    """One way out of a card: the connector, its '+' and its name."""

    place: Place
    slot: Slot
    label: str


class Node(msgspec.Struct, frozen=True, gc=False):
    """One card to place; without a face it is what stands above the first steps.

    ``key`` is the step that connectors to it lead to.
    """

    key: str
    spot: Spot
    face: Face | None
    ways: tuple[Way, ...]
    step: Step | None = None
    disabled: bool = False
    pinned: bool = False


class Gate(msgspec.Struct, frozen=True, gc=False):
    """Where a connector leaves an open frame: over its foot, with room of its own within."""

    foot: int
    room: int | None = None


class Run(msgspec.Struct, gc=False):
    """A connector to draw, from card to card by number; with the number of its own room."""

    above: int
    way: Way
    target: int | None
    room: int | None = None
    gates: tuple[Gate, ...] = ()


class Yard(msgspec.Struct, gc=False):
    """An open frame with nothing else in it; ``ends`` counts what ends or leaves there."""

    frame: Frame
    head: int
    inside: frozenset[int]
    foot: int
    above: float
    ends: int = 0
    exits: int = 0

    @property
    def spread(self) -> float:
        """Return how much room the bends of what leaves it need below it."""
        return 33.0 + FAN * self.exits if self.exits + self.ends > 1 else 0.0

    @property
    def fence(self) -> Fence:
        """Return what the layout keeps free."""
        return Fence(self.head, self.foot, self.above, AROUND)


Nodes = Mapping[str, Node]


@dataclass
class Sketch:
    """Cards, sizes and links by number; ``number`` tells which card shows a step."""

    graph: Graph
    nodes: list[Node] = field(default_factory=list)
    number: dict[str, int] = field(default_factory=dict)
    entrances: list[int] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    yards: list[Yard] = field(default_factory=list)
    around: dict[int, list[Yard]] = field(default_factory=dict)  # a card, the inner ones first
    lifts: dict[int, float] = field(default_factory=dict)  # titles of frames above a card
    tidy: list[Point] = field(default_factory=list)  # where the layout has the boxes
    at: list[Point] = field(default_factory=list)  # where they stand for some are pinned

    def pins(self) -> dict[int, Point]:
        """Return where cards are that were placed by hand."""
        places = self.graph.layout
        return {i: places[node.key] for i, node in enumerate(self.nodes) if node.pinned}

    def torn(self, one: int, other: int) -> bool:
        """Say whether two boxes stand otherwise to each other than the layout has them."""
        (x, y), (x0, y0) = self.at[one], self.tidy[one]
        (x1, y1), (x2, y2) = self.at[other], self.tidy[other]
        return (x - x0, y - y0) != (x1 - x2, y1 - y2)

    def add(self, key: str, node: Node, size: tuple[float, float]) -> None:
        """Add a card."""
        self.number[key] = len(self.nodes)
        self.nodes.append(node)
        self.sizes.append(Size(*size))

    def room(self, size: Size) -> int:
        """Add room for something else than a card, and return its number."""
        self.sizes.append(size)
        return len(self.sizes) - 1

    def passages(self, run: Run) -> Iterator[tuple[int, float, int | None]]:
        """Yield the feet of frames that a connector leads over, where, and to what below them."""
        x = self.foot(run.above)[0]
        last = run.target if run.room is None else run.room
        after = [*(gate.room for gate in run.gates[1:]), last]
        for gate, below in zip(run.gates, after, strict=True):
            x = x if gate.room is None else self.top(gate.room)[0]
            yield gate.foot, x, below

    def wishes(self) -> dict[int, float]:
        """Return how far aside of a frame's foot there stands what connectors lead to from it."""
        return {
            below: x - self.top(foot)[0]
            for run in self.runs
            if run.gates
            for foot, x, below in self.passages(run)
            if below is not None
        }

    def foot(self, number: int) -> Point:
        """Return where connectors leave a card."""
        (x, y), (width, height, _) = self.at[number], self.sizes[number]
        return (x + width / 2, y + height)

    def entry(self, number: int) -> Point:
        """Return where connectors come to a card, above the titles of frames around it."""
        x, y = self.top(number)
        return (x, y - self.lifts.get(number, 0.0))

    def top(self, number: int) -> Point:
        """Return where connectors arrive at a card, or the middle of a room's upper edge."""
        x, y = self.at[number]
        return (x + self.sizes[number][0] / 2, y)


def sketch(graph: Graph, faces: Faces, hidden: Mapping[str, Fold], known: Nodes) -> Sketch:
    """Return what is to be placed, where folded frames hide some steps.

    Of an earlier sketch, ``known``, cards are taken whose step and face are the same.
    """
    made = Sketch(graph)
    _add_heads(made)
    drawn: set[str] = set()
    for key, step in graph.steps.items():
        fold = hidden.get(key)
        if fold is None:
            face = faces.face(step)
            made.add(key, _node(step, face, key in graph.layout, known), SIZES[face.shape])
        elif fold.frame.id in drawn:
            continue
        else:
            drawn.add(fold.frame.id)
            made.add(fold.head, _folded(graph, faces, fold, known), CARD)
            made.number |= dict.fromkeys(fold.frame.steps, len(made.nodes) - 1)
    _find_runs(made)
    _add_yards(made, frames.fenced(graph, hidden))
    for run in _in_reading_order(made) if made.yards else made.runs:
        _make_room(made, run)
    return made


def _add_heads(made: Sketch) -> None:
    count = len(made.graph.triggers)
    width = max(1, count) * (CARD[0] + BETWEEN) - BETWEEN
    made.add(START, _head(START), (width, CARD[1] + (JOIN if count > 1 else 0)))
    if made.graph.stop_start is not None:
        made.add(STOP, _head(STOP), STOP_HEAD)


def _head(key: str) -> Node:
    place = Place(key)
    return Node(key, Spot("trigger", ""), None, (Way(place, Slot("connector", *place), ""),))


def _node(step: Step, face: Face, pinned: bool, known: Nodes) -> Node:
    key = step.id
    before = known.get(key)
    same = before and before.step is step and before.pinned is pinned
    if before and same and (before.face is face or before.face == face):
        return before
    return Node(key, Spot("step", key), face, _ways(step, face), step, step.disabled, pinned)


def _folded(graph: Graph, faces: Faces, fold: Fold, known: Nodes) -> Node:
    """Return the card of a folded frame: the connectors that leave its steps leave it."""
    keys = fold.frame.steps
    shown = [faces.face(graph.steps[key]) for key in keys]
    inside = [
        _node(graph.steps[key], face, False, known) for key, face in zip(keys, shown, strict=True)
    ]
    ways = [
        Way(way.place, way.slot, way.label or face.title)
        for node, face in zip(inside, shown, strict=True)
        for way in node.ways
        if graph.target(way.place) not in keys
    ]
    face = frames.folded_face(fold.frame, shown)
    disabled = all(node.disabled for node in inside)
    pinned = fold.head in graph.layout
    spot = Spot("frame", fold.frame.id)
    return Node(fold.head, spot, face, tuple(ways), None, disabled, pinned)


def _ways(step: Step, face: Face) -> tuple[Way, ...]:
    """Return the exits that the kind knows, then others that lead somewhere all the same."""
    names = dict(face.exits)
    names |= {name: name.capitalize() for name in step.exits if name not in names}
    return tuple(
        Way(Place(step.id, name), Slot("connector", step.id, name), label)
        for name, label in names.items()
    )


def _find_runs(made: Sketch) -> None:
    """Follow every connector to the card that it leads to."""
    number = made.number
    made.entrances = [0] * len(made.nodes)
    for above, node in enumerate(made.nodes):
        exits = node.step.exits if node.step else None
        for way in node.ways:
            if exits is not None:
                key = exits.get(way.place[1])
            else:
                key = made.graph.target(way.place)
            target = None if key is None else number[key]
            made.runs.append(Run(above, way, target))
            if target is not None:
                made.entrances[target] += 1


def _in_reading_order(made: Sketch) -> list[Run]:
    """Return the connectors as one reads: each branch to its end before the next."""
    leaving: list[list[Run]] = [[] for _ in made.nodes]
    for run in made.runs:
        leaving[run.above].append(run)
    found: list[Run] = []
    seen: set[int] = set()
    roots = [number for number, count in enumerate(made.entrances) if not count]
    waiting = [run for number in reversed(roots) for run in reversed(leaving[number])]
    while waiting:
        run = waiting.pop()
        found.append(run)
        if run.target is not None and run.target not in seen:
            seen.add(run.target)
            waiting += reversed(leaving[run.target])
    return found


def _add_yards(made: Sketch, fenced: Sequence[Fold]) -> None:
    """Give every open frame that is on its own a foot, below all that is in it."""
    for frame, first in fenced:
        head = made.number[first]
        inside = frozenset(made.number[key] for key in frame.steps)
        above = made.lifts[head] = made.lifts.get(head, 0.0) + AROUND + TITLE
        yard = Yard(frame, head, inside, made.room(Size(0, 0)), above)
        made.yards.append(yard)
        for number in inside:
            made.around.setdefault(number, []).append(yard)
    for run in made.runs if made.yards else ():
        for yard in _left(made, run):
            yard.exits += 1
    for number, node in enumerate(made.nodes):
        if not node.ways:
            _end(made, number, made.around.get(number, ()))
    for place, yard in enumerate(made.yards):
        if not yard.exits:
            outer = [one for one in made.yards[place + 1 :] if one.inside >= yard.inside]
            _end(made, yard.foot, outer)


def _end(made: Sketch, number: int, yards: Sequence[Yard]) -> None:
    """Keep what nothing follows above the foot of the innermost frame around it."""
    if yards:
        yards[0].ends += 1
        made.links.append((number, yards[0].foot, AROUND))


def _left(made: Sketch, run: Run) -> list[Yard]:
    """Return the open frames that a connector leads out of, the inner ones first."""
    return [one for one in made.around.get(run.above, ()) if run.target not in one.inside]


def _make_room(made: Sketch, run: Run) -> None:
    """Link two cards, with room of its own for a connector that ends or meets others."""
    above, spread, target = run.above, 0.0, run.target
    split = len(made.nodes[above].ways) > 1
    for yard in _left(made, run) if made.yards else ():
        _leave(made, run, yard, above, spread)
        above, spread, split = yard.foot, yard.spread, False
    label = label_width(run.way.label) if split else LANE
    if target is None:
        run.room = made.room(Size(max(label, 24), 56) if split else PLUS)
        made.links.append((above, run.room, spread + (40 if split else 14)))
        return
    lift = made.lifts.get(target, 0.0)
    if made.entrances[target] > 1:
        run.room = made.room(Size(label, 64 if split else 32, stretches=True))
        made.links.append((above, run.room, spread + (40 if split else 8)))
        made.links.append((run.room, target, LANE_ABOVE + lift))
    else:
        made.links.append((above, target, spread + lift + (BELOW_SPLIT if split else BELOW)))


def _leave(made: Sketch, run: Run, yard: Yard, above: int, spread: float) -> None:
    """Link a card with the foot of a frame that a connector leaves, by a lane where need be."""
    split = above == run.above and len(made.nodes[above].ways) > 1
    if yard.ends + yard.exits == 1 and not split:
        made.links.append((above, yard.foot, AROUND))
        run.gates = (*run.gates, Gate(yard.foot))
        return
    label = label_width(run.way.label) if split else LANE
    room = made.room(Size(label, 36 if split else 12, stretches=True))
    made.links.append((above, room, spread + (40 if split else 8)))
    made.links.append((room, yard.foot, 0.0))
    run.gates = (*run.gates, Gate(yard.foot, room))


def label_width(text: str) -> float:
    """Return how much room a label needs; longer ones are cut."""
    return min(220.0, 34.0 + 2 * round(3.4 * len(text)))
