"""What the mouse does with a note, by keys: moving it, making it larger, giving it to a card."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rally_desktop.canvas import remarking
from rally_desktop.canvas.gesture import Pointer
from rally_desktop.canvas.gestures.aim import Aim
from rally_desktop.canvas.gestures.remark import belong
from rally_desktop.canvas.naming import called
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.remarking import note_of
from rally_desktop.canvas.scene import Target
from rally_desktop.model.graph import Note

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

GROWS = 16.0
WAYS = {"wider": (1, 0), "narrower": (-1, 0), "higher": (0, 1), "lower": (0, -1)}


def chosen(editor: FlowEditor) -> Note | None:
    """Return the selected note."""
    spot = editor.scene.selected
    is_note = isinstance(spot, Spot) and spot.kind == "note"
    return note_of(editor.draft.graph, spot.id) if is_note and isinstance(spot, Spot) else None


def push(editor: FlowEditor, note: Note, across: float, down: float) -> None:
    """Move a note a little; pushes in a row are undone as one."""
    made = remarking.changed(editor.draft.graph, note.id, x=note.x + across, y=note.y + down)
    editor.draft.edit("Move note", made, ("push", note.id))


def grow(editor: FlowEditor, way: str) -> None:
    """Make a note a little larger or smaller."""
    note = chosen(editor)
    if note is not None:
        across, down = WAYS[way]
        width, height = remarking.fitting(note.width + across * GROWS, note.height + down * GROWS)
        made = remarking.changed(editor.draft.graph, note.id, width=width, height=height)
        editor.draft.edit("Resize note", made, ("grow", note.id))
        editor.say(f"The note is {width:.0f} by {height:.0f}.")


def give(editor: FlowEditor) -> None:
    """Let one choose by the arrow keys and Enter which card a note belongs to."""
    note = chosen(editor)
    cards = [
        spot for spot in editor.scene.plan.boxes if spot.kind in ("step", "trigger") and spot.id
    ]
    if note is None or not cards:
        return

    def show(target: Target | None) -> None:
        editor.scene.point_at(target)
        if isinstance(target, Spot):
            editor.say(f"Give the note to {called(editor, [target])}? Enter does, Esc leaves it.")

    def take(target: Target) -> None:
        if isinstance(target, Spot):
            belong(editor, note, target)

    own = next((spot for spot in cards if spot.id == note.step), cards[0])
    at = editor.view.pointer(editor.view.viewport().rect().center(), Pointer.keys)
    editor.view.begin(Aim(editor, cards, own, show, take), at)


def release(editor: FlowEditor) -> None:
    """Let a note stand where it stands, belonging to nothing."""
    note = chosen(editor)
    where = editor.where(editor.scene.selected)
    if note is not None and note.step and where is not None:
        made = remarking.changed(editor.draft.graph, note.id, step="", x=where.x(), y=where.y())
        editor.draft.edit("Let note stand alone", made)
        editor.say("The note stands alone now.")


COMMANDS = {
    **{way: partial(grow, way=way) for way in WAYS},
    "give_note": give,
    "release_note": release,
}
VALID = {"release_note": lambda editor: bool((note := chosen(editor)) and note.step)}
