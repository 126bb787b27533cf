"""Adding a step from the keyboard, switching steps off and on, undo and redo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from rally_desktop.canvas import edits, neighbours
from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.gesture import Pointer
from rally_desktop.canvas.naming import with_title
from rally_desktop.canvas.parcel import steps_of
from rally_desktop.canvas.plan import SIZES, Slot, Spot
from rally_desktop.canvas.replacing import replace

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


def add_here(editor: FlowEditor) -> None:
    """Open the quick add after what is selected, or at the end of the first path."""
    slot = slot_here(editor)
    if slot is not None:
        editor.ask_what_to_add(slot)


def add_at(editor: FlowEditor, at: Pointer) -> None:
    """Open the quick add for a step that hangs loose at a point of the sheet."""

    def land(offer: Offer) -> None:
        width, height = SIZES[offer.shape]
        editor.dropper.land(offer, at.sheet - QPointF(width / 2, height / 2))

    offers = editor.catalogue.steps(editor.draft.graph.record)
    there = editor.view.viewport().mapToGlobal(at.window)
    editor.quick_add.ask(offers, there, land, "What shall stand here?")


def slot_here(editor: FlowEditor) -> Slot | None:
    """Return the '+' that adding from the keyboard means."""
    target = editor.scene.selected
    graph = editor.draft.graph
    if isinstance(target, Slot):
        return target
    if isinstance(target, Spot) and target.kind == "step":
        own = edits.slot_after(graph, target.id, editor.face_of(target.id).exits)
        place = next(iter(graph.entrances(target.id)), None)
        return own or (Slot("connector", *place) if place else None)
    if isinstance(target, Spot) and target.kind == "trigger" and target.id:
        return edits.start_slot()
    end = neighbours.last(editor.scene.plan)
    return end if isinstance(end, Slot) else edits.start_slot()


def switch(editor: FlowEditor) -> None:
    """Disable the selected steps, or enable them again where all are disabled."""
    graph = editor.draft.graph
    chosen = steps_of(graph, editor.scene.chosen)
    keys = [key for key in graph.steps if key in chosen]
    if not keys:
        return
    off = not all(graph.steps[key].disabled for key in keys)
    word, name = "Disable" if off else "Enable", editor.name_of(keys)
    editor.draft.edit(f"{word} {name}", edits.switched(graph, keys, off))
    editor.say(f"{word}d {name}{': passed by' if off else ''}.")


def turn_back(editor: FlowEditor) -> None:
    """Undo the last change, and say which it was."""
    text = editor.draft.stack.undoText()
    editor.draft.undo()
    editor.say(f"Undone: {text}." if text else "There is nothing to undo.")


def turn_forward(editor: FlowEditor) -> None:
    """Make the change again that was undone last, and say which it is."""
    text = editor.draft.stack.redoText()
    editor.draft.redo()
    editor.say(f"Done again: {text}." if text else "There is nothing to do again.")


COMMANDS = {
    "add": add_here,
    "replace": replace,
    "switch": switch,
    "undo": turn_back,
    "redo": turn_forward,
}

VALID = {
    "undo": lambda editor: editor.draft.stack.canUndo(),
    "redo": lambda editor: editor.draft.stack.canRedo(),
}

SAYS = {
    "undo": lambda editor: with_title("Undo", editor.draft.stack.undoText()),
    "redo": lambda editor: with_title("Redo", editor.draft.stack.redoText()),
}
