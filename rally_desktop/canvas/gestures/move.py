"""Taking steps elsewhere: onto another connector, or to a place on the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from rally_desktop.canvas.carried import Carried
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.plan import Slot, Spot

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Move(Gesture):
    """Cards follow the pointer; the connector they would go to opens a place for them.

    Alt held on the way keeps them from going to any; held from the start it takes copies. Ctrl
    keeps them from snapping to what stands around.
    """

    cursor = Qt.CursorShape.ClosedHandCursor
    scrolls = True

    def __init__(self, editor: FlowEditor, spot: Spot, whole: bool, copied: bool) -> None:
        self._editor, self._mover = editor, editor.mover
        self._load = editor.mover.load(spot, whole, copied)
        self._held = QPointF()
        self._size = (0.0, 0.0)
        self._corner = QPointF()
        self._slot: Slot | None = None
        self._carried: Carried | None = None
        self._told = ""

    def start(self, at: Pointer) -> None:
        """Lift the cards."""
        scene, load = self._editor.scene, self._load
        box = scene.plan.boxes[load.spot]
        self._corner = QPointF(box.x, box.y)
        self._held, self._size = at.sheet - self._corner, (box.width, box.height)
        spots = self._mover.spots(load)
        scene.handles.hide()
        self._carried = Carried(scene, load.spot, spots, tied=load.copied is None)
        if load.copied is None:
            scene.fade(spots)

    def move(self, at: Pointer) -> Gesture | None:
        """Open the place where they would go."""
        if self._carried is None:
            return None
        free = at.holds(ALT) and self._load.copied is None
        self._slot = None if free else self._mover.slot_for(self._load, at)
        self._mover.preview(self._load, self._slot)
        self._corner = at.sheet - self._held
        if self._slot is None and not at.holds(CTRL):
            along = frozenset() if self._load.copied is not None else self._mover.spots(self._load)
            self._corner = self._editor.guides.snapped(self._corner, self._size, along)
        else:
            self._editor.guides.hide()
        self._carried.move_to(self._corner, tied=self._slot is None)
        self._tell("" if free or self._slot else self._mover.why_not(self._load, at))
        return None

    def finish(self, at: Pointer) -> None:
        """Put them there, or where they were dropped, or back; they glide out of the hand."""
        self.move(at)
        scene, load = self._editor.scene, self._load
        if self._carried is not None and load.copied is None:
            scene.glide.held = self._carried.places()
        self._put_away()
        if self._slot is not None:
            self._mover.move(load, self._slot)
        elif not self._told and not self._editor.placer.is_back(load, self._corner):
            self._editor.placer.drop(load, self._corner)
        self.cancel()
        scene.glide.held = {}

    def cancel(self) -> None:
        """Put the cards back."""
        self._slot = None
        self._put_away()
        self._mover.preview(self._load, None)
        self._editor.scene.fade(frozenset())

    def _put_away(self) -> None:
        if self._carried is not None:
            self._carried.put_away()
            self._carried = None
        self._editor.guides.hide()

    def _tell(self, why: str) -> None:
        """Say once why they cannot go to the connector below the pointer."""
        if why and why != self._told:
            self._editor.say(why)
        self._told = why
