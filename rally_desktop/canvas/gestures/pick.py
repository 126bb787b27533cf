"""A press on the sheet: a click chooses, a drag takes along what was pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from rally_desktop.canvas.gesture import DRAG_FROM, Gesture, Pointer
from rally_desktop.canvas.gestures import remark
from rally_desktop.canvas.gestures.band import Band
from rally_desktop.canvas.gestures.cut import Cut
from rally_desktop.canvas.gestures.lead import Lead
from rally_desktop.canvas.gestures.move import Move
from rally_desktop.canvas.gestures.refused import Refused
from rally_desktop.canvas.handles import Handle
from rally_desktop.canvas.plan import Slot, Spot

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
TRIGGERS_STAY = "Triggers stay at the top."


class Pick(Gesture):
    """Not yet known to be a click or a drag."""

    def __init__(self, editor: FlowEditor, target: Spot | Slot | Handle | None) -> None:
        self._editor = editor
        self._target = target
        self._began: Pointer | None = None

    def start(self, at: Pointer) -> None:
        """Select the card that was pressed, so that its settings are there at once."""
        self._began = at
        target = self._target
        if isinstance(target, Spot) and not at.holds(SHIFT | CTRL):
            if target not in self._editor.scene.chosen:
                self._editor.scene.select(target)

    def move(self, at: Pointer) -> Gesture | None:
        """Become a drag after a few pixels."""
        assert self._began is not None
        if (at.window - self._began.window).manhattanLength() < DRAG_FROM:
            return None
        locked = self._editor.draft.locked
        if self._target is None:
            return (
                Cut(self._editor) if self._began.holds(ALT) and not locked else Band(self._editor)
            )
        if locked:
            return Refused(self._editor, locked)
        if isinstance(self._target, Spot):
            return self._drag(self._target, self._began)
        return self._pull(self._target)

    def finish(self, at: Pointer) -> None:
        """It was a click."""
        target = self._target
        if isinstance(target, Slot):
            self._ask(target)
        elif isinstance(target, Spot):
            self._choose(target, at)
        elif isinstance(target, Handle):
            self._take(target)
        elif not at.holds(SHIFT | CTRL):
            self._editor.scene.select(None)

    # -- a click ----------------------------------------------------------------------------

    def _choose(self, spot: Spot, at: Pointer) -> None:
        """Select a card alone; with Shift beside others, with Ctrl beside others or no more."""
        scene = self._editor.scene
        if at.holds(SHIFT | CTRL) and spot.id:
            gone = at.holds(CTRL) and spot in scene.chosen
            kept = scene.chosen - {spot} if gone else scene.chosen | {spot}
            self._editor.choose(kept, None if gone else spot)
        elif spot == Spot("trigger", ""):
            self._ask(Slot("trigger"))
        else:
            scene.select(spot)
            remark.click(self._editor, spot, at)

    def _ask(self, slot: Slot) -> None:
        editor = self._editor
        if editor.draft.locked:
            editor.say(editor.draft.locked)
            return
        if slot in editor.scene.plan.pluses:
            editor.scene.select(slot)
        editor.ask_what_to_add(slot)

    def _take(self, handle: Handle) -> None:
        """Select the card whose handle was clicked; a click on its pin pulls that out."""
        self._editor.scene.select(handle.spot)
        if handle.kind == "pin":
            self._editor.placer.put_back([handle.spot.id])

    # -- a drag -----------------------------------------------------------------------------

    def _drag(self, spot: Spot, began: Pointer) -> Gesture | None:
        """Take a card along: with Shift its whole branch, with Alt a copy."""
        scene = self._editor.scene
        if spot not in scene.chosen:
            scene.select(spot)
        if spot.kind == "trigger":
            return Refused(self._editor, TRIGGERS_STAY)
        if spot in scene.plan.boxes:
            return Move(self._editor, spot, whole=began.holds(SHIFT), copied=began.holds(ALT))
        return remark.take(self._editor, spot, began)

    def _pull(self, source: Handle | Slot) -> Gesture | None:
        """Pull a connector out of a port or '+', or take it by its end; a grip takes a branch."""
        editor = self._editor
        if isinstance(source, Handle) and source.kind in ("grip", "pin"):
            editor.scene.select(source.spot)
            return Move(editor, source.spot, whole=source.kind == "grip", copied=False)
        ways = editor.connecting.ways_of(source)
        if not ways:
            return Refused(editor, TRIGGERS_STAY)
        ended = source.kind in ("tail", "meeting")
        return Lead(editor, ways, pulled=not ended)
