"""Taking a step from one connector to another."""

from __future__ import annotations

from typing import Protocol

from rally_desktop.canvas import edits
from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.faces import Face, Faces
from rally_desktop.canvas.gesture import Pointer
from rally_desktop.canvas.plan import Plan, Slot, Spot
from rally_desktop.canvas.scene import FlowScene, Target
from rally_desktop.canvas.view import FlowView
from rally_desktop.model.graph import Graph


class Editing(Protocol):
    """What a move needs of the editor that it is part of."""

    draft: Draft
    faces: Faces
    view: FlowView
    scene: FlowScene

    def say(self, text: str) -> None: ...
    def select(self, target: Target | None, by_keys: bool = False) -> None: ...
    def face_of(self, key: str) -> Face: ...
    def plan_of(self, graph: Graph) -> Plan: ...
    def time(self, name: str, glide: bool = True) -> int: ...


class Mover:
    """What a drag of a card asks and does."""

    def __init__(self, editor: Editing) -> None:
        self._editor = editor

    def is_movable(self, spot: Spot) -> bool:
        """Say whether a card can be taken elsewhere: a step with one way out."""
        if spot.kind != "step" or len(self._editor.draft.graph.steps[spot.id].exits) > 1:
            return False
        return len(self._editor.face_of(spot.id).exits) == 1

    def slot_for(self, key: str, at: Pointer) -> Slot | None:
        """Return where a step dropped at a point would go."""
        graph, zoom = self._editor.draft.graph, self._editor.view.zoom
        return self._editor.scene.slot_near(
            at.sheet.x(), at.sheet.y(), zoom, lambda slot: edits.may_move(graph, key, slot)
        )

    def preview(self, key: str, slot: Slot | None) -> None:
        """Show the sheet with the step there, or as it is."""
        editor = self._editor
        preview = editor.scene.preview
        spot = Spot("step", key)
        if slot is None:
            preview.close(spot, editor.time("hover"))
        elif slot != preview.slot:
            made = edits.moved(editor.draft.graph, key, slot, self._exit(key))
            preview.open(slot, editor.plan_of(made), spot, editor.time("hover"))

    def move(self, key: str, slot: Slot) -> None:
        """Put the step there."""
        editor = self._editor
        graph = editor.draft.graph
        if not edits.may_move(graph, key, slot):
            return
        title = editor.face_of(key).title
        target = edits.follows(graph, slot)
        where = f" above {editor.face_of(target).title}" if target else ""
        editor.draft.edit(f"Move {title}", edits.moved(graph, key, slot, self._exit(key)))
        editor.select(Spot("step", key), editor.scene.by_keys)
        editor.say(f"Moved {title}{where}.")

    def _exit(self, key: str) -> str:
        return self._editor.face_of(key).exits[0][0]
