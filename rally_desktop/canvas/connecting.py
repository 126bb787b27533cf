"""Leading connectors elsewhere, and cutting them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from rally_desktop.canvas import aiming, frames, rewiring
from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.folding import Folding
from rally_desktop.canvas.handles import Handle
from rally_desktop.canvas.items.wire import drawn
from rally_desktop.canvas.naming import short
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.route import Point
from rally_desktop.model.graph import STOP, Graph, Place

TRIGGER = "A trigger has no input: it starts the workflow."


class Connecting:
    """What pulling, re-plugging and cutting connectors asks and does."""

    def __init__(self, editor: Editing, folding: Folding) -> None:
        self._editor, self._folding = editor, folding
        self._red: QGraphicsPathItem | None = None

    # -- what is meant ----------------------------------------------------------------------

    def ways_of(self, source: Handle | Slot) -> tuple[Place, ...]:
        """Return the connectors that begin at a port, end at an arrow, or pass a '+'."""
        graph = self._editor.draft.graph
        if isinstance(source, Handle):
            into = source.kind == "tail"
            return graph.entrances(source.spot.id) if into else (source.place,)
        if source.kind == "meeting":
            return graph.entrances(source.before)
        return (source.place,) if source.kind == "connector" else ()

    def step_at(self, spot: Spot) -> str | None:
        """Return the step that a connector led to a card leads to."""
        if spot.kind != "frame":
            return spot.id if spot.kind == "step" else None
        graph = self._editor.draft.graph
        frame = self._folding.frame(spot.id)
        return frames.head(graph, frame, frames.sources(graph)) if frame else None

    def why_not(self, ways: Sequence[Place], spot: Spot) -> str:
        """Return why connectors cannot be led to a card, or nothing."""
        key = self.step_at(spot)
        if key is None:
            return TRIGGER if spot.kind == "trigger" else "A connector leads to a step."
        return rewiring.may_lead(self._editor.draft.graph, ways, key)

    def barred(self, ways: Sequence[Place]) -> set[Spot]:
        """Return the cards that connectors cannot be led to."""
        plan = self._editor.scene.plan
        graph = plan.graph
        sources = {way.source for way in ways} & graph.steps.keys()
        behind = sources | rewiring.before(graph, sources)
        return {
            *(plan.card_of(key) for key in behind),
            *(spot for spot in plan.boxes if spot.kind == "trigger"),
        }

    # -- doing ------------------------------------------------------------------------------

    def lead(self, ways: Sequence[Place], key: str) -> None:
        """Lead connectors to a step."""
        editor, graph = self._editor, self._editor.draft.graph
        why = rewiring.may_lead(graph, ways, key)
        if why:
            editor.say(why)
            return
        if all(graph.target(way) == key for way in ways):
            return
        title = short(editor.face_of(key).title)
        what = self._called(ways)
        editor.draft.edit(f"Connect {what} to {title}", rewiring.led(graph, ways, key))
        editor.select(editor.scene.plan.card_of(key), editor.scene.by_keys)
        editor.say(f"Connected {what} to {title}.{self._loose(graph)}")

    def cut(self, slots: Iterable[Slot]) -> None:
        """Let connectors lead nowhere."""
        editor, graph = self._editor, self._editor.draft.graph
        ways = [way for slot in slots for way in self.ways_of(slot)]
        ways = list(dict.fromkeys(way for way in ways if self._leads(way)))
        if not ways:
            return
        what = "the connector" if len(ways) == 1 else f"{len(ways)} connectors"
        below = f" below {self._called(ways)}" if len(ways) == 1 else ""
        editor.draft.edit(f"Cut {what}{below}", rewiring.led(graph, ways, None))
        editor.say(f"Cut {what}{below}.{self._loose(graph)}")

    # -- while it is drawn ------------------------------------------------------------------

    def crossed(self, one: Point, other: Point) -> list[Slot]:
        """Return the connectors that lead somewhere and cross a line."""
        slots = self._editor.scene.tiles.crossed(one, other)
        return [slot for slot in slots if any(self._leads(way) for way in self.ways_of(slot))]

    def doom(self, slots: Iterable[Slot]) -> None:
        """Show in red what would be cut."""
        scene = self._editor.scene
        if self._red is not None:
            scene.afloat.remove(self._red)
            self._red = None
        doomed = set(slots)
        if not doomed:
            return
        path = QPainterPath()
        for wire in scene.plan.wires:
            if wire.slot in doomed:
                path.addPath(drawn(wire)[0])
        self._red = QGraphicsPathItem(path)
        pen = QPen(scene.look.colour("bad"), 2.4)
        self._red.setPen(pen)
        scene.afloat.add(self._red, 1.3)

    # -- words ------------------------------------------------------------------------------

    def _leads(self, way: Place) -> bool:
        return self._editor.draft.graph.target(way) is not None

    def _called(self, ways: Sequence[Place]) -> str:
        """Return what connectors are called: by the exit they leave, or how many they are."""
        if len(ways) > 1:
            return f"{len(ways)} connectors"
        if ways[0].source in self._editor.draft.graph.steps:
            return aiming.name_of_exit(self._editor, ways[0])
        return "the Stop Actions" if ways[0].source == STOP else "the trigger"

    def _loose(self, before: Graph) -> str:
        """Say how many steps are not reached any more."""
        after = self._editor.draft.graph
        count = len(_reached(before) - _reached(after))
        if not count:
            return ""
        return f" {'1 step hangs' if count == 1 else f'{count:,} steps hang'} loose now."


def _reached(graph: Graph) -> set[str]:
    return {*graph.reachable(graph.start), *graph.reachable(graph.stop_start)}
