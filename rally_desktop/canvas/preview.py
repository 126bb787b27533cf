"""How the sheet would look after a drop: neighbours make room, a ghost marks the place."""

from __future__ import annotations

from collections.abc import Set
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem

from rally_desktop.canvas.glide import Glide
from rally_desktop.canvas.items.card import Card, State
from rally_desktop.canvas.items.ghost import Ghost
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Plan, Slot, Spot
from rally_desktop.canvas.stage import Stage
from rally_desktop.canvas.tiles import Tiles


class Showing(Protocol):
    """What a preview needs of the sheet that it is part of."""

    look: Look
    plan: Plan
    stage: Stage
    glide: Glide

    def addItem(self, item: QGraphicsItem, /) -> None: ...
    def removeItem(self, item: QGraphicsItem, /) -> None: ...
    def fade(self, spots: Set[Spot]) -> None: ...
    def point_at(self, target: Slot | None) -> None: ...
    def put_back(self, milliseconds: int) -> None: ...
    def tiles_of(self, plan: Plan) -> Tiles: ...


class Preview:
    """Shows another plan for a while; hit tests go on in the real one, so nothing flickers."""

    def __init__(self, scene: Showing) -> None:
        self._scene = scene
        self._ghost: Ghost | None = None
        self._carried: Card | None = None
        self.slot: Slot | None = None

    def open(self, slot: Slot, plan: Plan, spot: Spot, milliseconds: int) -> None:
        """Show the plan in which a card stands at a '+'."""
        self._drop_ghost()
        self.slot = slot
        scene = self._scene
        before = scene.stage.plan
        scene.glide.finish()
        scene.fade({spot})
        scene.stage.show(plan, scene.tiles_of(plan))
        scene.glide.start(before, milliseconds)
        scene.point_at(slot)
        box = plan.boxes[spot]
        where = QRectF(box.x, box.y, box.width, box.height)
        self._ghost = Ghost(scene.look, where, min(12.0, box.height / 2))
        scene.addItem(self._ghost)

    def close(self, faint: Spot | None, milliseconds: int) -> None:
        """Show what is there again."""
        if self.slot is None:
            return
        self.slot = None
        self._drop_ghost()
        self._scene.fade({faint} if faint else frozenset())
        self._scene.point_at(None)
        self._scene.put_back(milliseconds)

    def carry(self, spot: Spot | None) -> None:
        """Lift a copy of a card off the sheet, or put it away."""
        if self._carried is not None:
            self._scene.removeItem(self._carried)
            self._carried = None
        if spot is not None:
            card = Card(self._scene.plan.boxes[spot])
            card.state = State(hovered=True)
            card.draw(self._scene.look, self._scene.stage.sight.scale)
            card.setOpacity(0.9)
            card.setZValue(9)
            self._scene.addItem(card)
            self._carried = card

    def carry_to(self, corner: QPointF) -> None:
        """Move the lifted card."""
        if self._carried is not None:
            self._carried.setPos(corner)

    def _drop_ghost(self) -> None:
        if self._ghost is not None:
            self._scene.removeItem(self._ghost)
            self._ghost = None
