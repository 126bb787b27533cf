"""How the sheet would look after a drop: neighbours make room, a ghost marks the place."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Protocol

from PySide6.QtCore import QRectF

from rally_desktop.canvas.afloat import Afloat
from rally_desktop.canvas.glide import Glide
from rally_desktop.canvas.items.ghost import Ghost
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Plan, Slot, Spot
from rally_desktop.canvas.shapes import Box
from rally_desktop.canvas.stage import Stage
from rally_desktop.canvas.tiles import Tiles

GHOST = 2.5  # above the cards, below what is carried


class Showing(Protocol):
    """What a preview needs of the sheet that it is part of."""

    look: Look
    plan: Plan
    stage: Stage
    glide: Glide
    afloat: Afloat

    def fade(self, spots: Set[Spot]) -> None: ...
    def point_at(self, target: Slot | None) -> None: ...
    def put_back(self, milliseconds: int) -> None: ...
    def tiles_of(self, plan: Plan) -> Tiles: ...


class Preview:
    """Shows another plan for a while; hit tests go on in the real one, so nothing flickers."""

    def __init__(self, scene: Showing) -> None:
        self._scene = scene
        self._ghost: Ghost | None = None
        self.slot: Slot | None = None

    def open(self, slot: Slot, plan: Plan, spots: Set[Spot], milliseconds: int) -> None:
        """Show the plan in which some cards stand at a '+'."""
        scene = self._scene
        before = scene.stage.plan
        scene.glide.finish()
        scene.fade(spots)
        scene.stage.show(plan, scene.tiles_of(plan))
        scene.glide.start(before, milliseconds)
        self._mark(slot, (_place(plan.boxes[spot]) for spot in spots if spot in plan.boxes))

    def open_flat(self, slot: Slot, width: float, height: float) -> None:
        """Show only where a card of some size would stand, and leave the rest as it is."""
        x, y = self._scene.plan.pluses[slot]
        self._mark(slot, [QRectF(x - width / 2, y - height / 2, width, height)])

    def close(self, faint: Set[Spot], milliseconds: int) -> None:
        """Show what is there again, with some cards faint."""
        if self.slot is None:
            return
        self.forget()
        self._scene.fade(faint)
        if self._scene.stage.plan is not self._scene.plan:
            self._scene.put_back(milliseconds)

    def forget(self) -> None:
        """Show no ghost any more, because what was previewed is about to be shown for good."""
        if self.slot is not None:
            self.slot = None
            self._drop_ghost()
            self._scene.fade(frozenset())
            self._scene.point_at(None)

    def _mark(self, slot: Slot, places: Iterable[QRectF]) -> None:
        self._drop_ghost()
        self.slot = slot
        self._scene.point_at(slot)
        self._ghost = Ghost(self._scene.look, places)
        self._scene.afloat.add(self._ghost, GHOST)

    def _drop_ghost(self) -> None:
        if self._ghost is not None:
            self._scene.afloat.remove(self._ghost)
            self._ghost = None


def _place(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)
