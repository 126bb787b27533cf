"""The connectors near the view, each with its arrow head."""

from __future__ import annotations

from rally_desktop.canvas.items.wire import WireItem
from rally_desktop.canvas.keepers.sight import Sight
from rally_desktop.canvas.plan import Slot, Wire
from rally_desktop.canvas.strokes import POINTED, Stroke

WireKey = Slot | int


class WireKeeper:
    """Keeps connectors; the one that is pointed at is drawn in the accent."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self.items: dict[WireKey, WireItem] = {}

    def keep(self) -> None:
        """Have the connectors that are near, each where it runs."""
        sight = self._sight
        numbers = {number for sq in sight.near for number in sight.tiles.wires.get(sq, ())}
        wanted: dict[WireKey, Wire] = {}
        for number in numbers:
            wire = sight.plan.wires[number]
            wanted[number if wire.slot is None else wire.slot] = wire
        kept = {
            key
            for key, wire in wanted.items()
            if (item := self.items.get(key)) and item.wire.arrow == wire.arrow
        }
        self._drop(kept)
        for key, wire in wanted.items():
            item = self.items.get(key)
            if item is None:
                item = self.items[key] = WireItem(wire, sight.look, self.stroke(wire))
                sight.scene.addItem(item)
                if item.head:
                    sight.scene.addItem(item.head)
            elif item.wire != wire:
                item.change(wire, sight.look, self.stroke(wire))

    def redraw(self) -> None:
        """Draw all of them anew."""
        for item in self.items.values():
            item.draw(self._sight.look, self.stroke(item.wire))

    def restroke(self) -> None:
        """Draw those anew that are thicker, thinner or of another colour now."""
        for item in self.items.values():
            if item.stroke != self.stroke(item.wire):
                item.draw(self._sight.look, self.stroke(item.wire))

    def stroke(self, wire: Wire) -> Stroke:
        """Return how a connector is drawn now."""
        if wire.slot is not None and wire.slot == self._sight.hot:
            return POINTED
        marked = self._sight.marked.get(wire.slot) if wire.slot is not None else None
        return marked or self._sight.strokes.of(wire)

    def _drop(self, kept: set[WireKey]) -> None:
        heads = [self.items[key].head for key in self.items if key not in kept]
        self._sight.drop(self.items, kept)
        for head in heads:
            if head:
                self._sight.scene.removeItem(head)
