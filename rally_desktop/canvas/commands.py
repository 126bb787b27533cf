"""What the keys and menus of the canvas do, by the names in ``keys.py``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from rally_desktop.canvas import camera, edits, neighbours
from rally_desktop.canvas.neighbours import Direction
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.removing import remove, remove_after
from rally_desktop.canvas.scene import Target

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

Command = Callable[["FlowEditor"], None]


def go(editor: FlowEditor, direction: Direction, through: bool = False) -> None:
    """Follow the connectors one step."""
    here = editor.scene.selected
    there = neighbours.neighbour(editor.scene.plan, here, direction, through, editor.used)
    if there is None:
        return
    if direction == "up" and here is not None:
        editor.used[there] = here
    editor.select(there, by_keys=True)


def _jump(editor: FlowEditor, find: Callable[..., Target | None]) -> None:
    editor.select(find(editor.scene.plan), by_keys=True)


def open_selected(editor: FlowEditor) -> None:
    """Open the settings of a card, or the quick add of a '+'."""
    target = editor.scene.selected
    if isinstance(target, Slot):
        editor.ask_what_to_add(target)
    elif target == Spot("trigger", ""):
        editor.ask_what_to_add(Slot("trigger"))
    elif target is not None:
        editor.opened.emit(target)


def add_here(editor: FlowEditor) -> None:
    """Open the quick add after what is selected, or at the end of the first path."""
    slot = slot_here(editor)
    if slot is not None:
        editor.ask_what_to_add(slot)


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
    if isinstance(target, Spot) and target.id:
        return edits.start_slot()
    end = neighbours.last(editor.scene.plan)
    return end if isinstance(end, Slot) else edits.start_slot()


def switch(editor: FlowEditor) -> None:
    """Disable the selected step, or enable it again."""
    spot = editor.scene.selected
    if isinstance(spot, Spot) and spot.kind == "step":
        made = edits.switched(editor.draft.graph, spot.id)
        word = "Disable" if made.steps[spot.id].disabled else "Enable"
        editor.draft.edit(f"{word} {editor.face_of(spot.id).title}", made)


def _fit_selected(editor: FlowEditor) -> None:
    spot = editor.scene.selected
    if isinstance(spot, Spot):
        box = editor.scene.plan.boxes[spot]
        editor.view.fit(QRectF(box.x, box.y, box.width, box.height), 1.5)


def _zoom(editor: FlowEditor, up: bool) -> None:
    view = editor.view
    view.zoom_to(camera.stepped(view.zoom, up, view.least_zoom()))


def _fit_all(editor: FlowEditor) -> None:
    editor.view.fit(editor.scene.sceneRect())


COMMANDS: dict[str, Command] = {
    "down": partial(go, direction="down"),
    "up": partial(go, direction="up"),
    "left": partial(go, direction="left"),
    "right": partial(go, direction="right"),
    "down_through": partial(go, direction="down", through=True),
    "up_through": partial(go, direction="up", through=True),
    "home": partial(_jump, find=neighbours.first),
    "end": partial(_jump, find=neighbours.last),
    "open": open_selected,
    "add": add_here,
    "remove": remove,
    "remove_after": remove_after,
    "switch": switch,
    "undo": lambda editor: editor.draft.undo(),
    "redo": lambda editor: editor.draft.redo(),
    "zoom_100": lambda editor: editor.view.zoom_to(1.0),
    "fit_all": _fit_all,
    "fit_selected": _fit_selected,
    "zoom_in": partial(_zoom, up=True),
    "zoom_out": partial(_zoom, up=False),
    "let_go": lambda editor: editor.select(None),
}
