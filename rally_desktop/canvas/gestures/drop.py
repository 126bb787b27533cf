"""Bringing a new step from the palette to a connector, or to a place on the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.items.ghost import Ghost
from rally_desktop.canvas.plan import SIZES, Slot

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


class Drop(Gesture):
    """A kind follows the pointer; a ghost shows where it would land."""

    scrolls = True

    def __init__(self, editor: FlowEditor, offer: Offer) -> None:
        self._editor = editor
        self._offer = offer
        self._slot: Slot | None = None
        self._ghost: Ghost | None = None
        self._why = ""

    def move(self, at: Pointer) -> Gesture | None:
        """Open the place nearest to the pointer."""
        self._slot = self._editor.dropper.slot_for(self._offer, at)
        self._editor.dropper.preview(self._offer, self._slot)
        self._why = "" if self._slot else self._editor.dropper.why_not(self._offer, at)
        self._hover(None if self._slot or self._why else at)
        return None

    def finish(self, at: Pointer) -> None:
        """Add the step there."""
        self.move(at)
        slot = self._slot
        self.cancel()
        if slot is not None:
            self._editor.add(self._offer, slot)
        elif self._why:
            self._editor.say(self._why)
        else:
            self._editor.dropper.land(self._offer, at.sheet)

    def cancel(self) -> None:
        """Close the place again."""
        self._slot = None
        self._hover(None)
        self._editor.dropper.preview(self._offer, None)

    def _hover(self, at: Pointer | None) -> None:
        """Show where it would hang loose."""
        scene = self._editor.scene
        if self._ghost is not None:
            scene.afloat.remove(self._ghost)
            self._ghost = None
        view = self._editor.view.viewport()
        if at is not None and view.rect().contains(at.window):
            where = QRectF(0, 0, *SIZES[self._offer.shape])
            where.moveCenter(at.sheet)
            self._ghost = Ghost(scene.look, [where])
            scene.afloat.add(self._ghost)
