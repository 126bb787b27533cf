"""A press on the sheet: a click chooses, a drag takes a step along or moves the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rally_desktop.canvas.gesture import DRAG_FROM, Gesture, Pointer
from rally_desktop.canvas.gestures.move import Move
from rally_desktop.canvas.pan import Pan
from rally_desktop.canvas.plan import Slot, Spot

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


class Pick(Gesture):
    """Not yet known to be a click or a drag."""

    def __init__(self, editor: FlowEditor, target: Spot | Slot | None) -> None:
        self._editor = editor
        self._target = target
        self._began: Pointer | None = None

    def start(self, at: Pointer) -> None:
        """Select the card that was pressed, so that its settings are there at once."""
        self._began = at
        if isinstance(self._target, Spot):
            self._editor.scene.select(self._target)

    def move(self, at: Pointer) -> Gesture | None:
        """Become a drag after a few pixels."""
        assert self._began is not None
        if (at.window - self._began.window).manhattanLength() < DRAG_FROM:
            return None
        if isinstance(self._target, Spot):
            return Move(self._editor, self._target, self._began)
        return Pan(self._editor.view.shift)

    def finish(self, at: Pointer) -> None:
        """It was a click: open the '+', or let go of what was selected."""
        if isinstance(self._target, Slot):
            self._editor.scene.select(self._target)
            self._editor.ask_what_to_add(self._target)
        elif self._target is None:
            self._editor.scene.select(None)
        elif self._target == Spot("trigger", ""):
            self._editor.ask_what_to_add(Slot("trigger"))
