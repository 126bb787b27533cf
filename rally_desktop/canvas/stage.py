"""The items near what is in view: made when they come near, dropped when they are far.

A workflow of thousands of steps costs only what one sees of it. Cards in view are painted at
once; those just outside are painted a few at a time while nothing else is to be done.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, QRectF, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from rally_desktop.canvas.items.card import Card, State
from rally_desktop.canvas.items.label import Pill
from rally_desktop.canvas.items.plus import Heat, Plus, plus_picture
from rally_desktop.canvas.items.wire import WireItem
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Plan, Slot, Spot, Wire
from rally_desktop.canvas.tiles import Tiles, touched
from rally_desktop.model.graph import Place

MARGIN = 256.0
BUDGET = 0.006  # seconds of painting in one turn of the event loop
WireKey = Slot | int
PLUS_SHOWN_FROM = 0.75


class Stage(QObject):
    """Keeps the items around the visible rectangle equal to the plan."""

    def __init__(
        self, scene: QGraphicsScene, look: Look, state_of: Callable[[Spot], State]
    ) -> None:
        super().__init__(scene)
        self._scene = scene
        self._state_of = state_of
        self.look = look
        self.scale = 1.0
        self.plan: Plan | None = None
        self.tiles: Tiles | None = None
        self.cards: dict[Spot, Card] = {}
        self.wires: dict[WireKey, WireItem] = {}
        self.pluses: dict[Slot, Plus] = {}
        self.pills: dict[Place | str, Pill] = {}
        self.numbers: dict[Place, str] = {}
        self.hot: Slot | None = None
        self.focused: Slot | None = None
        self.painted = 0  # cards painted so far; tests count them
        self._visible = QRectF()
        self._squares: frozenset[tuple[int, int]] = frozenset()
        self._waiting: dict[Spot, None] = {}
        self._shared: dict[tuple[Heat, float], QPixmap] = {}
        self._idle = QTimer(self, interval=0)
        self._idle.timeout.connect(self._paint_some)

    def show(self, plan: Plan, tiles: Tiles) -> None:
        """Take another plan."""
        self.plan, self.tiles = plan, tiles
        self._squares = frozenset()
        self.expose(self._visible)

    def expose(self, visible: QRectF) -> None:
        """Make what is near a rectangle of the sheet, and drop what is not."""
        self._visible = visible
        if self.plan is None or visible.isEmpty():
            return
        near = visible.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        squares = frozenset(touched((near.left(), near.top(), near.right(), near.bottom())))
        if squares != self._squares:
            self._squares = squares
            self._keep_cards()
            self._keep_wires()
            self._keep_pluses()
            self._keep_pills()
        self._paint_visible()

    def redraw(self, look: Look, scale: float) -> None:
        """Paint everything anew, for another zoom or scheme."""
        self.look, self.scale = look, scale
        self._shared.clear()
        for wire in self.wires.values():
            wire.draw(look, self._is_hot(wire.wire))
        for plus in self.pluses.values():
            self.draw_plus(plus)
        for pill in self.pills.values():
            pill.draw(look, scale)
        self._waiting = dict.fromkeys(self.cards)
        self._paint_visible()

    def touch(self, spots: set[Spot]) -> None:
        """Paint some cards anew, where their state has changed."""
        for spot in spots:
            card = self.cards.get(spot)
            if card and card.state != self._state_of(spot):
                self._paint(card)

    def heat(self, hot: Slot | None, focused: Slot | None) -> None:
        """Single out the connector that is pointed at, and the '+' that has the focus."""
        slots = {slot for slot in (self.hot, self.focused, hot, focused) if slot is not None}
        self.hot, self.focused = hot, focused
        for slot in slots:
            if slot in self.pluses:
                self.draw_plus(self.pluses[slot])
            if slot in self.wires:
                self.wires[slot].draw(self.look, slot == hot)

    def _is_hot(self, wire: Wire) -> bool:
        return wire.slot is not None and wire.slot == self.hot

    # -- keeping --------------------------------------------------------------------------

    def _keep_cards(self) -> None:
        assert self.tiles is not None
        wanted = {box.spot: box for sq in self._squares for box in self.tiles.boxes.get(sq, ())}
        self._drop(self.cards, wanted.keys())
        for spot, box in wanted.items():
            card = self.cards.get(spot)
            if card is None:
                card = self.cards[spot] = Card(box)
                self._scene.addItem(card)
                self._waiting[spot] = None
                continue
            same = (card.box.face, card.box.disabled) == (box.face, box.disabled)
            card.box = box
            card.setPos(box.x, box.y)
            card.align(self.look, self.scale)
            if not same or card.state != self._state_of(spot):
                self._waiting[spot] = None

    def _keep_wires(self) -> None:
        assert self.tiles is not None
        assert self.plan is not None
        numbers = {number for sq in self._squares for number in self.tiles.wires.get(sq, ())}
        wanted: dict[WireKey, Wire] = {}
        for number in numbers:
            wire = self.plan.wires[number]
            wanted[number if wire.slot is None else wire.slot] = wire
        kept = {
            key
            for key, wire in wanted.items()
            if (item := self.wires.get(key)) and item.wire.arrow == wire.arrow
        }
        self._drop(self.wires, kept)
        for key, wire in wanted.items():
            item = self.wires.get(key)
            if item is None:
                item = self.wires[key] = WireItem(wire, self.look)
                self._scene.addItem(item)
                if item.head:
                    self._scene.addItem(item.head)
            elif item.wire != wire:
                item.change(wire, self.look, self._is_hot(wire))

    def _keep_pluses(self) -> None:
        assert self.tiles is not None
        assert self.plan is not None
        wanted = {slot for sq in self._squares for slot in self.tiles.pluses.get(sq, ())}
        self._drop(self.pluses, wanted)
        for slot in wanted:
            plus = self.pluses.get(slot)
            if plus is None:
                plus = self.pluses[slot] = Plus(slot, self.plan.pluses[slot])
                self._scene.addItem(plus)
            plus.setPos(*self.plan.pluses[slot])
            self.draw_plus(plus)

    def _keep_pills(self) -> None:
        assert self.tiles is not None
        assert self.plan is not None
        wanted: dict[Place | str, tuple[str, str, tuple[float, float]]] = {}
        for square in self._squares:
            for label in self.tiles.labels.get(square, ()):
                number = self.numbers.get(label.place)
                text = f"{label.text} · {number}" if number else label.text
                wanted[label.place] = (text, label.tone, label.at)
        for count, (word, at) in enumerate(self.plan.words):
            wanted[f"{word} {count}"] = (word, "flow", at)
        kept = {
            key
            for key, (text, tone, _) in wanted.items()
            if (pill := self.pills.get(key)) and (pill.text, pill.tone) == (text, tone)
        }
        self._drop(self.pills, kept)
        for key, (text, tone, at) in wanted.items():
            pill = self.pills.get(key)
            if pill is None:
                pill = self.pills[key] = Pill(text, tone, at)
                self._scene.addItem(pill)
            pill.setPos(*at)
            pill.draw(self.look, self.scale)

    def _drop(self, items: dict[Any, Any], wanted: Container[object]) -> None:
        for key in [key for key in items if key not in wanted]:
            item: QGraphicsItem = items.pop(key)
            self._scene.removeItem(item)
            if isinstance(item, WireItem) and item.head:
                self._scene.removeItem(item.head)

    # -- painting -------------------------------------------------------------------------

    def draw_plus(self, plus: Plus) -> None:
        """Give a '+' the picture for how it is pointed at."""
        heat: Heat = "quiet"
        if plus.slot == self.focused:
            heat = "focused"
        elif plus.slot == self.hot:
            heat = "hot"
        key = (heat, self.scale)
        if key not in self._shared:
            self._shared[key] = plus_picture(self.look, heat, self.scale)
        plus.draw(self._shared[key], self.look.ratio * self.scale)
        end = self.plan is not None and plus.slot.kind == "connector" and self._is_open(plus.slot)
        plus.setVisible(heat != "quiet" or self.scale >= PLUS_SHOWN_FROM or end)

    def _is_open(self, slot: Slot) -> bool:
        return self.plan is not None and self.plan.graph.target(slot.place) is None

    def _paint_visible(self) -> None:
        room = self._visible.adjusted(-8, -8, 8, 8)
        for spot in list(self._waiting):
            card = self.cards.get(spot)
            if card is None:
                del self._waiting[spot]
            elif room.intersects(QRectF(card.x(), card.y(), card.box.width, card.box.height)):
                self._paint(card)
        if self._waiting:
            self._idle.start()

    def _paint_some(self) -> None:
        end = perf_counter() + BUDGET
        while self._waiting and perf_counter() < end:
            card = self.cards.get(next(iter(self._waiting)))
            if card is None:
                del self._waiting[next(iter(self._waiting))]
            else:
                self._paint(card)
        if not self._waiting:
            self._idle.stop()

    def _paint(self, card: Card) -> None:
        self._waiting.pop(card.spot, None)
        card.state = self._state_of(card.spot)
        card.draw(self.look, self.scale)
        self.painted += 1
