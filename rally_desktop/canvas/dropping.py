"""Bringing new steps from the palette: onto a connector, or to a place on the sheet."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF

from rally_desktop.canvas import aiming, edits, rewiring
from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.gesture import Pointer
from rally_desktop.canvas.plan import BELOW, CARD, SIZES, Slot, Spot
from rally_desktop.model.graph import Graph


class Dropper:
    """What a kind that is dragged over the sheet asks and does."""

    def __init__(self, editor: Editing) -> None:
        self._editor = editor

    def slot_for(self, offer: Offer, at: Pointer) -> Slot | None:
        """Return where a kind dropped at a point would go."""
        if offer.family == "trigger":
            return Slot("trigger") if at.sheet.y() < CARD[1] + BELOW else None
        graph = self._editor.draft.graph
        return aiming.slot_at(self._editor, at, lambda slot: edits.may_insert(graph, offer, slot))

    def why_not(self, offer: Offer, at: Pointer) -> str:
        """Return why a kind cannot go to the connector at a point, if one is there."""
        if offer.family == "trigger":
            return "Triggers belong at the top."
        slot = aiming.slot_at(self._editor, at, lambda slot: True)
        return f"‘{offer.title}’ cannot come in the middle." if slot else ""

    def preview(self, offer: Offer, slot: Slot | None) -> None:
        """Show the sheet with a kind at a '+', or as it is."""
        scene = self._editor.scene
        at_triggers = slot is not None and slot.kind == "trigger"

        def make() -> tuple[Graph, Iterable[str]]:
            assert slot is not None
            graph = self._editor.draft.graph
            made, _ = edits.inserted(graph, offer, slot)
            return made, [key for key in made.steps if key not in graph.steps]

        aiming.preview(
            self._editor, None if at_triggers else slot, frozenset(), SIZES[offer.shape], make
        )
        if slot is None or at_triggers:
            shown = slot in scene.plan.pluses
            scene.point_at(slot if shown or slot is None else Spot("trigger", ""))

    def land(self, offer: Offer, corner: QPointF) -> None:
        """Let a new step hang loose at a place on the sheet, for a connector to be led to it."""
        editor = self._editor
        made, key = edits.loose(editor.draft.graph, offer)
        at = (round(corner.x(), 1), round(corner.y(), 1))
        editor.draft.edit(f"Add {offer.title}", rewiring.with_places(made, {key: at}))
        editor.select(Spot("step", key), editor.scene.by_keys)
        editor.say(f"Added {offer.title}. Lead a connector to it.")
