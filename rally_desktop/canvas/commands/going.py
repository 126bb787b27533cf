"""Going from card to card along the connectors."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from rally_desktop.canvas import neighbours
from rally_desktop.canvas.commands import remarks
from rally_desktop.canvas.neighbours import Direction
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.scene import Target

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


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


def walk(editor: FlowEditor, forward: bool) -> bool:
    """Go to the card that one reads next, or before; return whether there is one."""
    order = _cards(editor)
    here = editor.scene.selected
    if not forward:
        order.reverse()
    at = order.index(here) + 1 if isinstance(here, Spot) and here in order else 0
    if at < len(order):
        editor.select(order[at], by_keys=True)
    return at < len(order)


def _to_problem(editor: FlowEditor, forward: bool) -> None:
    """Go to the next card with a problem; after the last comes the first."""
    order = _cards(editor)
    here = editor.scene.selected
    if not forward:
        order.reverse()
    at = order.index(here) + 1 if isinstance(here, Spot) and here in order else 0
    boxes = editor.scene.plan.boxes
    turned = order[at:] + order[:at]
    there = next((x for x in turned if x in boxes and boxes[x].face.problem), None)
    if there is None:
        editor.say("No step has a problem.")
    else:
        editor.select(there, by_keys=True)
        editor.say(f"{boxes[there].face.title}: {boxes[there].face.problem}")


def _cards(editor: FlowEditor) -> list[Spot]:
    """Return what is on the sheet in reading order: cards, notes and frames."""
    plan = editor.scene.plan
    return [spot for spot in editor.reading.spots() if plan.shape(spot) is not None]


def open_selected(editor: FlowEditor) -> None:
    """Open the settings of a card, a note to write, a group, or the quick add of a '+'."""
    target = editor.scene.selected
    if isinstance(target, Slot):
        editor.ask_what_to_add(target)
    elif target == Spot("trigger", ""):
        editor.ask_what_to_add(Slot("trigger"))
    elif target is not None and target.kind == "note":
        remarks.write(editor)
    elif target is not None and target.kind == "frame":
        editor.folding.toggle(target.id)
    elif target is not None:
        editor.opened.emit(target)


COMMANDS = {
    "down": partial(go, direction="down"),
    "up": partial(go, direction="up"),
    "left": partial(go, direction="left"),
    "right": partial(go, direction="right"),
    "down_through": partial(go, direction="down", through=True),
    "up_through": partial(go, direction="up", through=True),
    "home": partial(_jump, find=neighbours.first),
    "end": partial(_jump, find=neighbours.last),
    "open": open_selected,
    "next_card": partial(walk, forward=True),
    "card_before": partial(walk, forward=False),
    "next_problem": partial(_to_problem, forward=True),
    "problem_before": partial(_to_problem, forward=False),
}

VALID = {
    "next_problem": lambda editor: any(box.face.problem for box in editor.scene.plan.boxes.values())
}
