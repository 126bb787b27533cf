"""The cards near the view, painted at once where they are seen, else a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter

from PySide6.QtCore import QObject, QRectF, QTimer

from rally_desktop.canvas.items.card import Card, State
from rally_desktop.canvas.keepers.sight import Sight
from rally_desktop.canvas.plan import Spot

BUDGET = 0.006  # seconds of painting in one turn of the event loop


class CardKeeper(QObject):
    """Keeps cards, and paints those whose state is another."""

    def __init__(self, sight: Sight, state_of: Callable[[Spot], State]) -> None:
        super().__init__(sight.scene)
        self._sight, self._state_of = sight, state_of
        self.items: dict[Spot, Card] = {}
        self.waiting: dict[Spot, None] = {}
        self.painted = 0  # cards painted so far; tests count them
        self._idle = QTimer(self, interval=0)
        self._idle.timeout.connect(self._paint_some)

    def keep(self) -> None:
        """Have the cards that are near, each where it stands."""
        sight = self._sight
        wanted = {box.spot: box for sq in sight.near for box in sight.tiles.boxes.get(sq, ())}
        sight.drop(self.items, wanted.keys())
        for spot, box in wanted.items():
            card = self.items.get(spot)
            if card is None:
                card = self.items[spot] = Card(box)
                sight.scene.addItem(card)
                self.waiting[spot] = None
                continue
            same = (card.box.face, card.box.disabled) == (box.face, box.disabled)
            card.box = box
            card.setPos(box.x, box.y)
            card.align(sight.look, sight.scale)
            if not same or card.state != self._state_of(spot):
                self.waiting[spot] = None

    def redraw(self) -> None:
        """Paint all of them anew."""
        self.waiting = dict.fromkeys(self.items)

    def touch(self, spots: Iterable[Spot]) -> None:
        """Have some painted anew, where their state has changed."""
        for spot in spots:
            card = self.items.get(spot)
            if card and card.state != self._state_of(spot):
                self.waiting[spot] = None

    def paint_in(self, visible: QRectF) -> None:
        """Paint now what is seen, and the rest when there is nothing else to do."""
        room = visible.adjusted(-8, -8, 8, 8)
        for spot in list(self.waiting):
            card = self.items.get(spot)
            if card is None:
                del self.waiting[spot]
            elif room.intersects(QRectF(card.x(), card.y(), card.box.width, card.box.height)):
                self._paint(card)
        if self.waiting:
            self._idle.start()

    def _paint_some(self) -> None:
        end = perf_counter() + BUDGET
        while self.waiting and perf_counter() < end:
            card = self.items.get(next(iter(self.waiting)))
            if card is None:
                del self.waiting[next(iter(self.waiting))]
            else:
                self._paint(card)
        if not self.waiting:
            self._idle.stop()

    def _paint(self, card: Card) -> None:
        self.waiting.pop(card.spot, None)
        card.state = self._state_of(card.spot)
        card.draw(self._sight.look, self._sight.scale)
        self.painted += 1
