"""Copying, cutting, pasting and duplicating what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF
from PySide6.QtGui import QGuiApplication

from rally_desktop.canvas import clipboard, edits, parcel
from rally_desktop.canvas.clipboard import FINE, picture_of
from rally_desktop.canvas.commands.building import slot_here
from rally_desktop.canvas.commands.removing import Removal
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.naming import called
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.core.errors import BadDefinition

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

ASIDE = 24.0  # from a note to its copy


def copy(editor: FlowEditor) -> None:
    """Put what is selected on the clipboard."""
    spots = _chosen(editor)
    if not spots:
        editor.say("Select the steps to copy first.")
        return
    _put_on_clipboard(editor, spots)
    editor.say(f"Copied {called(editor, spots)}.")


def cut(editor: FlowEditor) -> None:
    """Put what is selected on the clipboard, and remove it here."""
    spots = _chosen(editor)
    if not spots:
        editor.say("Select the steps to cut first.")
        return
    _put_on_clipboard(editor, spots)
    Removal(editor, spots, "Cut").go()


def paste(editor: FlowEditor) -> None:
    """Put what is on the clipboard after what is selected, or at the end of the first path."""
    try:
        held = QGuiApplication.clipboard().mimeData() or QMimeData()  # none while it is empty
        made = parcel.read(clipboard.text_in(held))
        editor.bringer.bring(made, slot_after_chosen(editor), _pointed(editor))
    except BadDefinition as error:
        editor.say(str(error))


def duplicate(editor: FlowEditor) -> None:
    """Put a copy of what is selected right after it."""
    spots = _chosen(editor)
    if not spots:
        editor.say("Select the steps to duplicate first.")
        return
    notes = [editor.scene.plan.notes[spot] for spot in spots if spot in editor.scene.plan.notes]
    at = QPointF(notes[0].x + ASIDE, notes[0].y + ASIDE) if notes else _pointed(editor)
    try:
        made = parcel.pack(editor.draft.graph, spots)
        editor.bringer.bring(made, slot_after_chosen(editor), at, "Duplicate")
    except BadDefinition as error:
        editor.say(str(error))


def slot_after_chosen(editor: FlowEditor) -> Slot | None:
    """Return the '+' after what is selected: below the last step, or where its paths meet."""
    graph = editor.draft.graph
    keys = parcel.steps_of(graph, editor.scene.chosen)
    if not keys:
        return slot_here(editor)
    last = [key for key in parcel.in_order(graph) if key in keys][-1]
    targets = {to for key in keys for to in graph.steps[key].exits.values() if to not in keys}
    meeting = Slot("meeting", before=next(iter(targets), ""))
    entrances = graph.entrances(meeting.before)
    if len(targets) == 1 and len(entrances) > 1 and keys.issuperset(x.source for x in entrances):
        return meeting
    return edits.slot_after(graph, last, editor.face_of(last).exits) or slot_here(editor)


def _chosen(editor: FlowEditor) -> frozenset[Spot]:
    return frozenset(spot for spot in editor.scene.chosen if spot.id)


def _put_on_clipboard(editor: FlowEditor, spots: frozenset[Spot]) -> None:
    made = parcel.pack(editor.draft.graph, spots)
    look = Look("light", FINE, editor.view.kit)
    shown = editor.scene.plan
    cards = {shown.card_of(key) for key in made.steps} | (spots & shown.boxes.keys())
    picture = picture_of(shown, cards, look)
    data = clipboard.offered(made, picture)
    QGuiApplication.clipboard().setMimeData(data)


def _pointed(editor: FlowEditor) -> QPointF:
    """Return the place of the pointer on the sheet, or the middle of what is seen."""
    port = editor.view.viewport()
    at = port.mapFromGlobal(port.cursor().pos())
    return editor.view.mapToScene(at if port.rect().contains(at) else port.rect().center())


COMMANDS = {"copy": copy, "cut": cut, "paste": paste, "duplicate": duplicate}
