"""The sheet as plain values: which boxes, connectors, labels and '+' there are, and where.

Made anew from the graph after every change. Painting, hit tests, the far view and the
minimap all read it, so what is seen and what is hit cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from rally_desktop.canvas import frames
from rally_desktop.canvas.faces import Face, Faces
from rally_desktop.canvas.layout import Layout, Regions, tidy
from rally_desktop.canvas.pins import settle
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.shapes import Bounds, Box, FrameBox, Label, NoteBox, Slot, Spot, Wire
from rally_desktop.canvas.sketch import (
    AROUND,
    BELOW,
    BETWEEN,
    CARD,
    JOIN,
    SIZES,
    STOP_HEAD,
    TITLE,
    Nodes,
    Sketch,
    sketch,
)
from rally_desktop.canvas.wiring import Wiring, tone
from rally_desktop.model.graph import STOP, Graph, Note

__all__ = [
    "BELOW", "CARD", "SIZES", "TITLE", "Box", "FrameBox", "Label", "NoteBox", "Plan", "Slot",
    "Spot", "Wire", "plan", "tone",
]  # fmt: skip

CHOOSE_TRIGGER = Face(
    "Choose what starts this", "For instance: a contact is created", "zap", "trigger"
)


@dataclass(frozen=True)
class Memory:
    """What a plan knows that the next one can use."""

    nodes: Nodes = field(default_factory=dict)
    regions: Regions = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The whole sheet."""

    graph: Graph
    boxes: dict[Spot, Box] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    pluses: dict[Slot, Point] = field(default_factory=dict)
    words: list[tuple[str, Point]] = field(default_factory=list)
    notes: dict[Spot, NoteBox] = field(default_factory=dict)
    frames: dict[Spot, FrameBox] = field(default_factory=dict)
    hidden: dict[str, Spot] = field(default_factory=dict)
    bounds: Bounds = (0.0, 0.0, 0.0, 0.0)
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)

    def card_of(self, key: str) -> Spot:
        """Return the card that shows a step: its own, or the folded frame that it is in."""
        return self.hidden.get(key) or Spot("step", key)

    def shape(self, spot: Spot) -> Box | NoteBox | FrameBox | None:
        """Return where a card, note or open frame is, or None where it is not shown."""
        return self.boxes.get(spot) or self.notes.get(spot) or self.frames.get(spot)


def plan(
    graph: Graph, faces: Faces, folded: Set[str] = frozenset(), before: Plan | None = None
) -> Plan:
    """Lay out a workflow, with some of its frames folded to one card each.

    What is the same in a plan from ``before`` is not worked out again.
    """
    memory = before.memory if before else Memory()
    hidden = frames.folds(graph, folded)
    drawn = sketch(graph, faces, hidden, memory.nodes)
    layout = _laid_out(drawn, memory)
    pins = drawn.pins()
    drawn.tidy = layout.at
    drawn.at = settle(layout, drawn.sizes, drawn.links, pins) if pins else layout.at
    wiring = Wiring(drawn)
    made = Plan(
        graph,
        wires=wiring.wires,
        labels=wiring.labels,
        pluses=wiring.pluses,
        hidden={key: Spot("frame", fold.frame.id) for key, fold in hidden.items()},
        memory=Memory({node.key: node for node in drawn.nodes}, layout.regions),
    )
    _put_triggers(made, faces, drawn)
    _put_cards(made, drawn)
    _put_frames(made, drawn)
    for note in graph.notes:
        _put_note(made, note)
    return replace(made, bounds=_bounds(made))


def _laid_out(drawn: Sketch, memory: Memory) -> Layout:
    fences = [yard.fence for yard in drawn.yards]
    layout = tidy(drawn.sizes, drawn.links, BETWEEN, fences, memory.regions)
    drawn.at = layout.at
    known, wished = memory.regions, {}
    for _ in range(2):
        wishes = drawn.wishes()
        if wishes == wished:
            break
        # Where connectors leave open frames is known now: what follows can stand below that.
        known, wished = {**known, **layout.regions}, wishes
        layout = tidy(drawn.sizes, drawn.links, BETWEEN, fences, known, wishes)
        drawn.at = layout.at
    return layout


def _put_triggers(made: Plan, faces: Faces, drawn: Sketch) -> None:
    x, y = drawn.at[0]
    middle = x + drawn.sizes[0].width / 2
    triggers = [(trigger.id, faces.trigger_face(trigger)) for trigger in made.graph.triggers]
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
        right = x + drawn.sizes[0].width
        made.pluses[Slot("trigger")] = (right + 24, y + CARD[1] / 2)


def _put_cards(made: Plan, drawn: Sketch) -> None:
    boxes = made.boxes
    for node, (x, y), size in zip(drawn.nodes, drawn.at, drawn.sizes, strict=False):
        if node.face is not None:
            boxes[node.spot] = Box(
                node.spot, x, y, size[0], size[1], node.face, node.disabled, node.pinned
            )
    if STOP in drawn.number:
        x, y = drawn.at[drawn.number[STOP]]
        made.words.append(("When stopped", (x + STOP_HEAD[0] / 2, y + STOP_HEAD[1] / 2)))


def _put_frames(made: Plan, drawn: Sketch) -> None:
    """Draw open frames around their cards, the smaller ones first and the larger around them."""
    yards = {yard.frame.id: yard for yard in drawn.yards}
    rooms = _rooms(drawn)
    for frame in sorted(made.graph.frames, key=lambda one: len(one.steps)):
        cards = {made.card_of(key) for key in frame.steps} & made.boxes.keys()
        spot = Spot("frame", frame.id)
        if not cards or spot in cards:
            continue
        shapes: list[Box | FrameBox] = [made.boxes[card] for card in cards]
        yard = yards.get(frame.id)
        if yard is not None:
            keys = frozenset(frame.steps)
            shapes += [one for one in made.frames.values() if keys.issuperset(one.steps)]
        left, top, right, bottom = hull(shapes)
        if yard is not None:
            foot = drawn.at[yard.foot][1]
            beside = [room for room in rooms.get(yard.foot, ()) if drawn.at[room][1] < foot]
            left, right = _widened(left, right, beside, drawn)
            bottom = max(bottom, foot - AROUND)
        width, height = right - left + 2 * AROUND, bottom - top + 2 * AROUND + TITLE
        corner = (left - AROUND, top - AROUND - TITLE)
        made.frames[spot] = FrameBox(spot, *corner, width, height, frame.title, frame.steps)


def _widened(left: float, right: float, rooms: list[int], drawn: Sketch) -> tuple[float, float]:
    for room in rooms:
        x = drawn.at[room][0]
        left, right = min(left, x), max(right, x + drawn.sizes[room].width)
    return left, right


def _rooms(drawn: Sketch) -> dict[int, list[int]]:
    """Return, by the feet of frames, the room of connectors that begin in them."""
    found: dict[int, list[int]] = {}
    for run in drawn.runs if drawn.yards else ():
        for yard in drawn.around.get(run.above, ()):
            every = (run.room, *(gate.room for gate in run.gates))
            found.setdefault(yard.foot, []).extend(room for room in every if room is not None)
    return found


def _put_note(made: Plan, note: Note) -> None:
    x, y, card = note.x, note.y, None
    if note.step:
        card = _card(made, note.step)
        if card is None:
            return
        x, y = card.x + card.width + note.x, card.y + note.y
    spot = Spot("note", note.id)
    tied = None if card is None else card.spot
    made.notes[spot] = NoteBox(spot, x, y, note.width, note.height, note.text, tied)


def _card(made: Plan, key: str) -> Box | None:
    return made.boxes.get(Spot("step", key)) or made.boxes.get(Spot("trigger", key))


def _bounds(made: Plan) -> Bounds:
    """Return the rectangle around all there is, with room for what sits on open ends."""
    left, top, right, bottom = hull([
        *made.boxes.values(), *made.notes.values(), *made.frames.values()
    ])  # fmt: skip
    across = [x for x, _ in made.pluses.values()]
    low = max([y for _, y in made.pluses.values()])
    return (
        min(left, min(across) - 60, 0), top, max(right, max(across) + 60, 0), max(bottom, low + 16)
    )  # fmt: skip


def hull(shapes: Sequence[Box | NoteBox | FrameBox]) -> Bounds:
    """Return the rectangle around some shapes."""
    return (
        min([one.x for one in shapes]),
        min([one.y for one in shapes]),
        max([one.x + one.width for one in shapes]),
        max([one.y + one.height for one in shapes]),
    )
