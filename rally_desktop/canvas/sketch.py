"""What the layout gets to place: a box for each card, and the room that connectors need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rally_desktop.canvas import frames
from rally_desktop.canvas.faces import Face, Faces
from rally_desktop.canvas.frames import Fold
from rally_desktop.canvas.layout import Link, Size
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.shapes import Spot
from rally_desktop.model.graph import START, STOP, Graph, Place, Step

CARD, WAIT, END = (272.0, 72.0), (208.0, 48.0), (96.0, 36.0)
SIZES = {"card": CARD, "wait": WAIT, "end": END}
BETWEEN = 48.0
BELOW = 56.0
BELOW_SPLIT = 112.0
LANE = 16.0
LANE_ABOVE = 60.0  # from where the room for a connector ends down to where several meet
STOP_HEAD = (112.0, 22.0)
JOIN = 38.0  # from the triggers down to where their connectors have become one

Exits = tuple[tuple[Place, str], ...]  # connectors and their labels, from left to right


@dataclass(frozen=True, slots=True)
class Node:
    """One card to place; without a spot it is what stands above the first steps.

    ``key`` is the step that connectors to it lead to.
    """

    key: str
    spot: Spot | None
    face: Face | None
    exits: Exits
    disabled: bool = False
    pinned: bool = False


@dataclass
class Sketch:
    """Cards, sizes and links by number; ``number`` tells which card shows a step."""

    graph: Graph
    nodes: list[Node] = field(default_factory=list)
    number: dict[str, int] = field(default_factory=dict)
    entrances: list[int] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    others: dict[Place, int] = field(default_factory=dict)  # room for a connector or its end
    at: list[Point] = field(default_factory=list)

    def target(self, place: Place) -> int | None:
        """Return the number of the card that a connector leads to."""
        key = self.graph.target(place)
        return None if key is None else self.number[key]

    def exits(self) -> Iterator[tuple[int, Place, str]]:
        """Yield every connector with the number of the card that it leaves."""
        for number, node in enumerate(self.nodes):
            for place, label in node.exits:
                yield number, place, label

    def splits(self, number: int) -> bool:
        """Say whether a card has several exits, so that each needs its label."""
        return len(self.nodes[number].exits) > 1

    def foot(self, number: int) -> Point:
        """Return where connectors leave a card."""
        (x, y), size = self.at[number], self.sizes[number]
        return (x + size.width / 2, y + size.height)

    def top(self, number: int) -> Point:
        """Return where connectors arrive at a card."""
        (x, y), size = self.at[number], self.sizes[number]
        return (x + size.width / 2, y)

    def lane(self, place: Place) -> float | None:
        """Return the middle of the room kept for a connector, where it has its own."""
        number = self.others.get(place)
        return None if number is None else self.at[number][0] + self.sizes[number].width / 2


def sketch(graph: Graph, faces: Faces, hidden: dict[str, Fold]) -> Sketch:
    """Return what is to be placed, where folded frames hide some steps."""
    made = Sketch(graph)
    _add_heads(made)
    _add_steps(made, faces, hidden)
    made.entrances = [0] * len(made.nodes)
    exits = list(made.exits())
    for _, place, _ in exits:
        target = made.target(place)
        if target is not None:
            made.entrances[target] += 1
    for number, place, label in exits:
        _add_exit(made, number, place, label)
    return made


def _add_heads(made: Sketch) -> None:
    count = len(made.graph.triggers)
    width = max(1, count) * (CARD[0] + BETWEEN) - BETWEEN
    _add(made, START, Node(START, None, None, ((Place(START), ""),)))
    made.sizes.append(Size(width, CARD[1] + (JOIN if count > 1 else 0)))
    if made.graph.stop_start is not None:
        _add(made, STOP, Node(STOP, None, None, ((Place(STOP), ""),)))
        made.sizes.append(Size(*STOP_HEAD))


def _add_steps(made: Sketch, faces: Faces, hidden: dict[str, Fold]) -> None:
    graph, drawn = made.graph, dict[str, int]()
    for key, step in graph.steps.items():
        fold = hidden.get(key)
        if fold is None:
            face = faces.face(step)
            made.sizes.append(Size(*SIZES[face.shape]))
            _add(made, key, _node(graph, key, face))
        elif fold.head in drawn:
            made.number[key] = drawn[fold.head]
        else:
            drawn[fold.head] = len(made.nodes)
            made.sizes.append(Size(*CARD))
            _add(made, key, _folded(graph, faces, fold))


def _add(made: Sketch, key: str, node: Node) -> None:
    made.number[key] = len(made.nodes)
    made.nodes.append(node)


def _node(graph: Graph, key: str, face: Face) -> Node:
    step = graph.steps[key]
    exits = _exits(step, face)
    return Node(key, Spot("step", key), face, exits, step.disabled, key in graph.layout)


def _folded(graph: Graph, faces: Faces, fold: Fold) -> Node:
    """Return the card of a folded frame: the connectors that leave its steps leave it."""
    keys = fold.frame.steps
    shown = [faces.face(graph.steps[key]) for key in keys]
    inside = [_node(graph, key, face) for key, face in zip(keys, shown, strict=True)]
    exits = [
        (place, label or face.title)
        for node, face in zip(inside, shown, strict=True)
        for place, label in node.exits
        if graph.target(place) not in keys
    ]
    face = frames.folded_face(fold.frame, shown)
    disabled = all(node.disabled for node in inside)
    pinned = fold.head in graph.layout
    return Node(fold.head, Spot("frame", fold.frame.id), face, tuple(exits), disabled, pinned)


def _exits(step: Step, face: Face) -> Exits:
    """Return the exits that the kind knows, then others that lead somewhere all the same."""
    known = [(Place(step.id, name), label) for name, label in face.exits]
    names = {name for name, _ in face.exits}
    more = [(Place(step.id, x), x.capitalize()) for x in step.exits if x not in names]
    return (*known, *more)


def _add_exit(made: Sketch, above: int, place: Place, label: str) -> None:
    target = made.target(place)
    split = made.splits(above)
    room = label_width(label) if split else LANE
    if target is None:
        size, gap = (Size(max(room, 24), 56), 40) if split else (Size(24, 24), 14)
        made.others[place] = len(made.sizes)
        made.links.append(Link(above, len(made.sizes), gap))
        made.sizes.append(size)
    elif made.entrances[target] > 1:
        lane = made.others[place] = len(made.sizes)
        start, height = (40, 64) if split else (8, 32)
        made.sizes.append(Size(room, height, stretches=True))
        made.links.append(Link(above, lane, start))
        made.links.append(Link(lane, target, LANE_ABOVE))
    else:
        made.links.append(Link(above, target, BELOW_SPLIT if split else BELOW))


def label_width(text: str) -> float:
    """Return how much room a label needs; longer ones are cut."""
    return min(220.0, 34.0 + 2 * round(3.4 * len(text)))
