"""The '+' near the view; all that look alike share one picture."""

from __future__ import annotations

from PySide6.QtGui import QPixmap

from rally_desktop.canvas.items.plus import Heat, Plus, plus_picture
from rally_desktop.canvas.keepers.sight import Sight
from rally_desktop.canvas.plan import Slot

SHOWN_FROM = 0.75  # below, only where the pointer or the focus is


class PlusKeeper:
    """Keeps '+'; there are none where nothing can be added."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self.items: dict[Slot, Plus] = {}
        self._shared: dict[tuple[Heat, float], QPixmap] = {}

    def keep(self) -> None:
        """Have the '+' that are near, each where it stands."""
        sight = self._sight
        near = () if sight.closed else sight.near
        wanted = {slot for square in near for slot in sight.tiles.pluses.get(square, ())}
        sight.drop(self.items, wanted)
        for slot in wanted:
            plus = self.items.get(slot)
            if plus is None:
                plus = self.items[slot] = Plus(slot, sight.plan.pluses[slot])
                sight.scene.addItem(plus)
            plus.setPos(*sight.plan.pluses[slot])
            self.draw(slot)

    def redraw(self) -> None:
        """Draw all of them anew."""
        self._shared.clear()
        for slot in self.items:
            self.draw(slot)

    def draw(self, slot: Slot) -> None:
        """Give a '+' the picture for how it is pointed at."""
        sight, plus = self._sight, self.items.get(slot)
        if plus is None:
            return
        heat: Heat = "quiet"
        if slot == sight.focused:
            heat = "focused"
        elif slot == sight.hot:
            heat = "hot"
        key = (heat, sight.scale)
        if key not in self._shared:
            self._shared[key] = plus_picture(sight.look, heat, sight.scale)
        plus.draw(self._shared[key], sight.pixels)
        plus.setVisible(heat != "quiet" or sight.scale >= SHOWN_FROM or self._ends(slot))

    def _ends(self, slot: Slot) -> bool:
        """Say whether a connector leads nowhere: its '+' is all there is of it."""
        return slot.kind == "connector" and self._sight.plan.graph.target(slot.place) is None
