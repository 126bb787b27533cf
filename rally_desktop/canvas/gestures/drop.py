"""Bringing a new step from the palette to a connector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.plan import Slot

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


class Drop(Gesture):
    """A kind follows the pointer; the connector it would go to opens a place for it."""

    def __init__(self, editor: FlowEditor, offer: Offer) -> None:
        self._editor = editor
        self._offer = offer
        self._slot: Slot | None = None

    def move(self, at: Pointer) -> Gesture | None:
        """Open the place nearest to the pointer."""
        self._slot = self._editor.slot_for(self._offer, at)
        self._editor.preview(self._offer, self._slot)
        return None

    def finish(self, at: Pointer) -> None:
        """Add the step there."""
        self._slot = self._editor.slot_for(self._offer, at)
        self._editor.preview(self._offer, None)
        if self._slot is not None:
            self._editor.add(self._offer, self._slot)
        else:
            self._editor.say("Drop a step onto a connector or a ‘+’.")

    def cancel(self) -> None:
        """Close the place again."""
        self._slot = None
        self._editor.preview(self._offer, None)
