"""Leading connectors elsewhere and cutting them by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.canvas.gesture import Pointer
from rally_desktop.canvas.gestures.aim import Aim
from rally_desktop.canvas.naming import short
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.scene import Target
from rally_desktop.model.graph import START, Place

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


def lead_to(editor: FlowEditor) -> None:
    """Let one choose by the arrow keys and Enter the step that shall follow."""
    ways = _ways(editor)
    if not ways:
        editor.say("Select a step or a ‘+’ first.")
        return
    boxes = editor.scene.plan.boxes
    spots = [spot for spot in boxes if spot.id and not editor.connecting.why_not(ways, spot)]
    if not spots:
        editor.say("There is no step that this could lead to.")
        return

    def show(spot: Target | None) -> None:
        barred = editor.connecting.barred(ways) if spot else frozenset()
        editor.scene.fade(barred, frozenset([spot]) if isinstance(spot, Spot) else frozenset())
        if isinstance(spot, Spot):
            title = short(boxes[spot].face.title)
            editor.say(f"Connect to {title}? Enter connects, Esc leaves it.")

    def take(spot: Target) -> None:
        key = editor.connecting.step_at(spot) if isinstance(spot, Spot) else None
        if key is not None:
            editor.connecting.lead(ways, key)

    at = editor.view.pointer(editor.view.viewport().rect().center(), Pointer.keys)
    editor.view.begin(Aim(editor, spots, spots[0], show, take), at)


def _ways(editor: FlowEditor) -> tuple[Place, ...]:
    """Return the connectors of the selected '+', or the exit of the selected card to lead on.

    That is its first exit that is open, or else its first.
    """
    target = editor.scene.selected
    if isinstance(target, Slot):
        return editor.connecting.ways_of(target)
    if not isinstance(target, Spot) or target.kind not in ("step", "trigger"):
        return ()
    if target.kind == "trigger":
        return (Place(START),)
    names = editor.mover.exits(target.id)
    taken = editor.draft.graph.steps[target.id].exits
    name = next((name for name in names if name not in taken), next(iter(names), None))
    return (Place(target.id, name),) if name else ()


def cut(editor: FlowEditor) -> None:
    """Let the selected connector lead nowhere."""
    slot = editor.scene.selected
    if isinstance(slot, Slot):
        editor.connecting.cut([slot])


COMMANDS = {"lead_to": lead_to, "cut_connector": cut}
VALID = {
    "lead_to": lambda editor: bool(_ways(editor)),
    "cut_connector": lambda editor: any(editor.draft.graph.target(way) for way in _ways(editor)),
}
