"""Steps that come into the workflow together: pasted, duplicated, or dropped from elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Signal

from rally_desktop.canvas import pasting
from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.naming import plural, short, together
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.model.graph import Graph

DONE = {"Paste": "Pasted", "Duplicate": "Duplicated"}


class Bringer(QObject):
    """Puts parcels into the workflow on screen."""

    brought = Signal(object, str)  # the ids of the new steps, and what was said of it
    wanted_new = Signal(str)  # the text of a workflow that is to be opened on its own

    def __init__(self, editor: Editing) -> None:
        super().__init__(editor.view)
        self._editor = editor

    def bring(self, parcel: Graph, slot: Slot | None, at: QPointF, word: str = "Paste") -> None:
        """Put a parcel at a '+', its free notes at a point; raise BadDefinition where it cannot."""
        editor = self._editor
        placed = pasting.moved_notes(parcel, at.x(), at.y())
        chain = pasting.chain_of(placed, editor.faces)
        done = pasting.pasted(editor.draft.graph, placed, chain, _below(slot))
        spots = _spots(done)
        if not spots:
            there = parcel.triggers and not parcel.steps
            editor.say("That trigger is there already." if there else "There is nothing in that.")
            return
        name = _called(editor, done.graph, spots)
        editor.draft.edit(f"{word} {name}", done.graph)
        editor.select(spots[0], editor.scene.by_keys)
        editor.choose(spots, spots[0])
        said = f"{DONE[word]} {name}."
        if parcel.record != editor.draft.graph.record and done.steps:
            said += f" They were made for {plural(parcel.record)}: look at what is marked."
        editor.say(said)
        self.brought.emit(done.steps, said)


def _below(slot: Slot | None) -> Slot | None:
    """Return where steps go that are brought to a '+'; beside the triggers they go below."""
    return Slot("connector", "start", "next") if slot and slot.kind == "trigger" else slot


def _spots(done: pasting.Pasted) -> list[Spot]:
    return [
        *(Spot("step", key) for key in done.steps),
        *(Spot("trigger", key) for key in done.triggers),
        *(Spot("note", key) for key in done.notes if not done.steps),
    ]


def _called(editor: Editing, graph: Graph, spots: list[Spot]) -> str:
    if len(spots) == 1 and spots[0].kind == "step":
        return short(editor.faces.face(graph.steps[spots[0].id]).title)
    return together(spot.kind for spot in spots)
