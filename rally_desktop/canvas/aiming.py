"""Where something that is dragged would go, and how the sheet would look then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.gesture import Pointer
from rally_desktop.canvas.naming import short
from rally_desktop.canvas.plan import Plan, Slot, Spot
from rally_desktop.canvas.remarking import settled
from rally_desktop.model.graph import Graph, Place

ROOMY = 600  # cards: in a larger workflow neighbours make no room before the drop

Allowed = Callable[[Slot], bool]


def slot_at(editor: Editing, at: Pointer, allowed: Allowed) -> Slot | None:
    """Return the '+' that something dropped at a point goes to.

    That is the one of the nearest connector; on a card the one above or below it, whichever half
    is pointed at.
    """
    x, y = at.sheet.x(), at.sheet.y()
    found = editor.scene.slot_near(x, y, editor.view.zoom, allowed)
    spot = editor.scene.hit(x, y, editor.view.zoom) if found is None else None
    if not isinstance(spot, Spot) or spot.kind != "step":
        return found
    box = editor.scene.plan.boxes[spot]
    beside = [slot_above(editor.scene.plan.graph, spot.id), _slot_below(editor.scene.plan, spot)]
    if y > box.y + box.height / 2:
        beside.reverse()
    return next((slot for slot in beside if slot is not None and allowed(slot)), None)


def slot_above(graph: Graph, key: str) -> Slot | None:
    """Return the '+' right above a step, if anything leads to it."""
    entrances = graph.entrances(key)
    if len(entrances) > 1:
        return Slot("meeting", before=key)
    return Slot("connector", *entrances[0]) if entrances else None


def _slot_below(shown: Plan, spot: Spot) -> Slot | None:
    exits = shown.boxes[spot].face.exits
    slot = Slot("connector", spot.id, exits[0][0]) if len(exits) == 1 else None
    return slot if slot in shown.pluses else None


def preview(
    editor: Editing,
    slot: Slot | None,
    faint: Set[Spot],
    size: tuple[float, float],
    make: Callable[[], tuple[Graph, Iterable[str]]],
) -> None:
    """Show the sheet with something at a '+', or as it is, with some cards faint.

    ``make`` returns the workflow after the drop and the steps that would be there.
    """
    scene = editor.scene
    if slot is None:
        scene.preview.close(faint, editor.time("hover"))
    elif slot != scene.preview.slot:
        if editor.view.is_far() or len(scene.plan.boxes) > ROOMY:
            scene.preview.open_flat(slot, *size)
            return
        graph, keys = make()
        shown = editor.plan_of(settled(editor.draft.graph, graph))
        spots = {shown.card_of(key) for key in keys}
        scene.preview.open(slot, shown, spots, editor.time("hover"))


def words_for(editor: Editing, slot: Slot) -> str:
    """Return where a '+' is, in words that follow what is put there."""
    graph = editor.draft.graph
    if slot.kind == "meeting":
        return f"above {short(editor.face_of(slot.before).title)}"
    if slot.source not in graph.steps:
        return "to the top"
    return f"below {name_of_exit(editor, slot.place)}"


def name_of_exit(editor: Editing, place: Place) -> str:
    """Return what the exit of a step is called; one that is the only one, like its step."""
    face = editor.face_of(place.source)
    label = dict(face.exits).get(place.exit, "")
    title = short(face.title)
    return f"{title}, {short(label)}" if len(face.exits) > 1 and label else title
