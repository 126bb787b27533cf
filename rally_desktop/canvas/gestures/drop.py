"""Bringing a new step from the palette to a connector, or to a place on the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt

from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.items.ghost import Ghost
from rally_desktop.canvas.plan import SIZES, Slot

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

CTRL = Qt.KeyboardModifier.ControlModifier  # held, it keeps a step from snapping to others


class Drop(Gesture):
    """A kind follows the pointer; a ghost shows where it would land."""

    scrolls = True

    def __init__(self, editor: FlowEditor, offer: Offer) -> None:
        self._editor = editor
        self._offer = offer
        self._slot: Slot | None = None
        self._ghost: Ghost | None = None
        self._corner = QPointF()
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
        self._hover(None)
        if self._slot is not None:
            self._editor.add(self._offer, self._slot)
        elif self._why:
            self._editor.say(self._why)
        else:
            self._editor.dropper.land(self._offer, self._corner)
        self.cancel()

    def cancel(self) -> None:
        """Close the place again."""
        self._slot = None
        self._hover(None)
        self._editor.dropper.preview(self._offer, None)

    def _hover(self, at: Pointer | None) -> None:
        """Show where it would hang loose."""
        scene = self._editor.scene
        self._editor.guides.hide()
        if self._ghost is not None:
            scene.afloat.remove(self._ghost)
            self._ghost = None
        view = self._editor.view.viewport()
        if at is not None and view.rect().contains(at.window):
            size = SIZES[self._offer.shape]
            corner = at.sheet - QPointF(size[0] / 2, size[1] / 2)
            if not at.holds(CTRL):
                corner = self._editor.guides.snapped(corner, size)
            self._corner = corner
            self._ghost = Ghost(scene.look, [QRectF(corner, QSizeF(*size))])
            scene.afloat.add(self._ghost)
