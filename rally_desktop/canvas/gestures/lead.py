"""Pulling a connector out of a port, or its end off a card, to the step that shall follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolTip

from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.items.thread import Thread
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.strokes import Stroke
from rally_desktop.model.graph import Place

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

GHOST = Stroke("edge", 1.4, 0.6, dashed=True)
DOOMED = Stroke("bad", 1.8)
MANY = 12  # connectors that are drawn while their common end is moved
BESIDE = 14.0  # pixels on screen: so near to a card is on it


class Lead(Gesture):
    """Live connectors run to the pointer; cards they cannot lead to are faint.

    Pulled out of a port, one that is dropped on the ground asks what shall follow. Taken at its
    end, one that is dropped there stays as it was.
    """

    cursor = Qt.CursorShape.CrossCursor
    scrolls = True

    def __init__(self, editor: FlowEditor, ways: Sequence[Place], pulled: bool) -> None:
        self._editor = editor
        self._ways = ways
        self._pulled = pulled
        self._threads: list[tuple[Thread, Point]] = []
        self._spot: Spot | None = None
        self._why = ""

    def start(self, at: Pointer) -> None:
        """Draw the live connectors, and show where they may lead."""
        scene = self._editor.scene
        scene.handles.hide()
        barred = self._editor.connecting.barred(self._ways)
        scene.fade(barred, lifted=scene.plan.boxes.keys() - barred)
        ways = set(self._ways)
        for wire in scene.plan.wires:
            if wire.slot is not None and wire.slot.kind == "connector" and wire.slot.place in ways:
                self._threads.append((Thread(scene.look), wire.points[0]))
        del self._threads[MANY:]
        for thread, _ in self._threads:
            scene.afloat.add(thread)
        self._single_out()

    def move(self, at: Pointer) -> Gesture | None:
        """Run to the pointer, or to the card below it."""
        scene = self._editor.scene
        spot = self._card(at)
        self._why = self._editor.connecting.why_not(self._ways, spot) if spot else ""
        self._spot = None if self._why else spot
        scene.point_at(self._spot)
        end = (at.sheet.x(), at.sheet.y())
        if self._spot is not None:
            end = scene.plan.boxes[self._spot].top
        for thread, begin in self._threads:
            thread.run(scene.look, begin, end)
        self._tell(at)
        return None

    def finish(self, at: Pointer) -> None:
        """Lead them there; on the ground, ask what shall follow."""
        self.move(at)
        spot, why = self._spot, self._why
        self.cancel()
        editor = self._editor
        key = editor.connecting.step_at(spot) if spot else None
        if key is not None:
            editor.connecting.lead(self._ways, key)
        elif why:
            editor.say(why)
        elif self._pulled:
            editor.ask_what_to_add(Slot("connector", *self._ways[0]), at.window)
        else:
            editor.say("Drop the end of a connector on a step.")

    def cancel(self) -> None:
        """Take the live connectors away."""
        scene = self._editor.scene
        for thread, _ in self._threads:
            scene.afloat.remove(thread)
        self._threads.clear()
        self._spot = None
        scene.point_at(None)
        scene.fade(frozenset())
        scene.stage.single_out({})
        QToolTip.hideText()

    def _card(self, at: Pointer) -> Spot | None:
        """Return the card at the pointer, or right below it."""
        x, y = at.sheet.x(), at.sheet.y()
        card_at = self._editor.scene.tiles.box_at
        return card_at(x, y) or card_at(x, y + BESIDE / self._editor.view.zoom)

    def _single_out(self) -> None:
        """Show what becomes of the connectors as they are: given up, or still there."""
        graph = self._editor.draft.graph
        taken = [way for way in self._ways if graph.target(way) is not None]
        slots = [Slot("connector", *way) for way in taken]
        if len(taken) > 1 and not self._pulled:
            slots.append(Slot("meeting", before=graph.target(taken[0]) or ""))
        self._editor.scene.stage.single_out(dict.fromkeys(slots, DOOMED if self._pulled else GHOST))

    def _tell(self, at: Pointer) -> None:
        """Show beside the pointer why they cannot lead there."""
        view = self._editor.view.viewport()
        if self._why:
            QToolTip.showText(view.mapToGlobal(at.window), self._why, view)
        elif QToolTip.isVisible():
            QToolTip.hideText()
