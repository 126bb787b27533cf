"""Taking a step to another connector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.plan import Slot, Spot

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


class Move(Gesture):
    """A step with one way out follows the pointer; the connector it would go to lights up."""

    def __init__(self, editor: FlowEditor, spot: Spot, began: Pointer) -> None:
        self._editor = editor
        self._spot = spot
        box = editor.scene.plan.boxes[spot]
        self._held = began.sheet - QPointF(box.x, box.y)
        self._slot: Slot | None = None
        self._free = editor.mover.is_movable(spot)

    @property
    def cursor(self) -> Qt.CursorShape:  # type: ignore[override]
        """Return a closed hand, or a sign that this one stays where it is."""
        shapes = Qt.CursorShape
        return shapes.ClosedHandCursor if self._free else shapes.ForbiddenCursor

    def start(self, at: Pointer) -> None:
        """Lift the card."""
        if self._free:
            self._editor.scene.fade({self._spot})
            self._editor.scene.preview.carry(self._spot)
        else:
            self._editor.say("A step with several paths stays where it is.")

    def move(self, at: Pointer) -> Gesture | None:
        """Light up where it would go."""
        if self._free:
            self._editor.scene.preview.carry_to(at.sheet - self._held)
            self._slot = self._editor.mover.slot_for(self._spot.id, at)
            self._editor.mover.preview(self._spot.id, self._slot)
        return None

    def finish(self, at: Pointer) -> None:
        """Put it there, or back."""
        slot = self._slot
        self.cancel()
        if slot is not None:
            self._editor.mover.move(self._spot.id, slot)

    def cancel(self) -> None:
        """Put the card back."""
        self._slot = None
        if self._free:
            self._editor.scene.preview.carry(None)
            self._editor.mover.preview(self._spot.id, None)
            self._editor.scene.fade(frozenset())
