"""Notes and groups: adding, writing, folding, taking apart."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from rally_desktop.canvas import remarking
from rally_desktop.canvas.items import note as slips
from rally_desktop.canvas.naming import counted
from rally_desktop.canvas.parcel import in_order
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.remarking import BESIDE, frames_of, note_of
from rally_desktop.canvas.writing import NoteWriter, TitleWriter
from rally_desktop.core.texts import mended

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

NOTE = QPointF(208.0, 96.0)  # a new one
TALLEST = 480.0  # as high as a note grows by itself
ON_CARD = (36.0, 8.0, -26.0, 0.0)  # to where the title of a folded group stands


# -- notes -------------------------------------------------------------------------------------


def add_note(editor: FlowEditor) -> None:
    """Add a note beside the selected card, or free where the pointer is, and write it."""
    target = editor.scene.selected
    beside = target.id if isinstance(target, Spot) and target.kind in ("step", "trigger") else ""
    graph = editor.draft.graph
    at = QPointF(BESIDE, remarking.below_others(graph, beside, ""))
    if not beside:
        at = _pointed(editor) - NOTE / 2
    made, key = remarking.with_note(graph, beside, at.x(), at.y())
    editor.draft.edit("Add note", made)
    editor.select(Spot("note", key), editor.scene.by_keys)
    editor.say("Added a note. Write it; Esc when you are done.")
    write(editor)


def write(editor: FlowEditor) -> None:
    """Write the selected note, or the title of the selected group; a step has its settings."""
    spot = editor.scene.selected
    if not isinstance(spot, Spot):
        return
    if spot.kind in ("step", "trigger"):
        editor.opened.emit(spot)
        return
    if editor.draft.locked:
        editor.say(editor.draft.locked)
        return
    where = editor.where(spot) or QRectF()
    note = note_of(editor.draft.graph, spot.id)
    frame = editor.folding.frame(spot.id)
    if spot.kind == "note" and note is not None:
        NoteWriter(editor, note.text, where, partial(_keep_text, editor, spot.id))
    elif spot.kind == "frame" and frame is not None:
        if spot in editor.scene.plan.boxes:
            where = where.adjusted(*ON_CARD)
        TitleWriter(editor, frame.title, where, partial(_keep_title, editor, spot.id))


def _keep_text(editor: FlowEditor, key: str, written: str) -> None:
    """Keep what was written; a note that has room for less grows."""
    graph, text = editor.draft.graph, mended(written)
    note = note_of(graph, key)
    if note is None or note.text == text:
        return
    needed = slips.text_height(editor.view.look, text, note.width)
    height = max(note.height, min(TALLEST, needed))
    made = remarking.changed(graph, key, text=text, height=float(round(height)))
    editor.draft.edit("Write note", made)
    editor.select(Spot("note", key), editor.scene.by_keys)


def _pointed(editor: FlowEditor) -> QPointF:
    """Return the place of the pointer on the sheet, or the middle of what is seen."""
    port = editor.view.viewport()
    at = port.mapFromGlobal(port.cursor().pos())
    return editor.view.mapToScene(at if port.underMouse() else port.rect().center())


# -- groups ------------------------------------------------------------------------------------


def group(editor: FlowEditor) -> None:
    """Put a frame around the selected steps and ask for its title."""
    graph, chosen = editor.draft.graph, set(editor.chosen_steps())
    keys = [key for key in in_order(graph) if key in chosen]
    why_not = remarking.refusal(graph, keys)
    if why_not:
        editor.say(why_not)
        return
    made, key = remarking.grouped(graph, keys)
    name = counted(len(keys), "step")
    editor.draft.edit(f"Group {name}", made)
    editor.select(Spot("frame", key), editor.scene.by_keys)
    editor.say(f"Grouped {name}. Give it a title.")
    write(editor)


def ungroup(editor: FlowEditor) -> None:
    """Take the frame away: the one selected, or those around the selected steps."""
    graph = editor.draft.graph
    keys = _groups(editor)
    if not keys:
        editor.say("Select a group, or a step in one.")
        return
    steps = [key for frame in graph.frames if frame.id in keys for key in frame.steps]
    frame = editor.folding.frame(next(iter(keys)))
    name = f" ‘{frame.title}’" if frame and frame.title and len(keys) == 1 else ""
    editor.draft.edit(f"Ungroup{name}", remarking.ungrouped(graph, keys))
    editor.choose([Spot("step", key) for key in steps])
    editor.say(f"Ungrouped{name}. The steps stay.")


def _groups(editor: FlowEditor) -> set[str]:
    """Return the groups that are selected, or those around the selected steps."""
    chosen = {spot.id for spot in editor.scene.chosen if spot.kind == "frame"}
    return chosen or frames_of(editor.draft.graph, editor.chosen_steps())


def fold(editor: FlowEditor) -> None:
    """Fold or unfold the selected group, or the one around the selected step; else all."""
    spot = editor.scene.selected
    graph = editor.draft.graph
    if isinstance(spot, Spot) and spot.kind == "frame":
        editor.folding.toggle(spot.id)
        return
    around = frames_of(graph, [spot.id]) if isinstance(spot, Spot) else set[str]()
    if around:
        editor.folding.toggle(next(iter(around)))
    elif graph.frames:
        editor.folding.toggle_all()
    else:
        editor.say("There is no group here. Select some steps and press Ctrl+G to make one.")


def _keep_title(editor: FlowEditor, key: str, written: str) -> None:
    frame, title = editor.folding.frame(key), " ".join(mended(written).split())
    if frame is not None and frame.title != title:
        editor.draft.edit("Rename group", remarking.titled(editor.draft.graph, key, title))
        editor.select(Spot("frame", key), editor.scene.by_keys)


COMMANDS = {
    "add_note": add_note,
    "write": write,
    "group": group,
    "ungroup": ungroup,
    "fold": fold,
}
VALID = {
    "group": lambda editor: not remarking.refusal(editor.draft.graph, editor.chosen_steps()),
    "ungroup": lambda editor: bool(_groups(editor)),
    "fold": lambda editor: bool(editor.draft.graph.frames),
}
