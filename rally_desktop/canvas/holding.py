"""The handles of the card that is pointed at, on the sheet."""

from __future__ import annotations

from typing import Protocol

from rally_desktop.canvas import handles
from rally_desktop.canvas.afloat import Afloat
from rally_desktop.canvas.handles import Handle
from rally_desktop.canvas.items.handle import HandleItem
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Plan, Spot
from rally_desktop.canvas.tiles import Tiles

NEAR = ((0.0, 0.0), (0.0, 18.0), (0.0, -13.0), (9.0, 0.0), (9.0, 9.0))  # to the card, from beside
ABOVE = 3.0  # the cards


class Sheet(Protocol):
    """What handles need of the sheet that they are on."""

    look: Look
    plan: Plan
    afloat: Afloat
    tiles: Tiles


class Holding:
    """Shows the handles of one card at a time."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._items: list[HandleItem] = []
        self._of: tuple[Plan, Spot] | None = None

    def point(self, x: float, y: float, zoom: float) -> Handle | None:
        """Show the handles of the card at or beside a point, and return the one that is there."""
        spots = (self._sheet.tiles.box_at(x + across, y + down) for across, down in NEAR)
        self._show(next((spot for spot in spots if spot is not None), None))
        found = self.at(x, y, zoom)
        for item in self._items:
            item.heat(item.handle is found)
        return found

    def at(self, x: float, y: float, zoom: float) -> Handle | None:
        """Return the handle at a point, of those that are shown."""
        return handles.nearest((item.handle for item in self._items), x, y, zoom)

    def hide(self) -> None:
        """Show none."""
        self._show(None)

    def _show(self, spot: Spot | None) -> None:
        wanted = None if spot is None else (self._sheet.plan, spot)
        if self._of is not None and wanted is not None:
            if self._of[0] is wanted[0] and self._of[1] == spot:
                return
        for item in self._items:
            self._sheet.afloat.remove(item)
        self._of = wanted
        found = () if spot is None else handles.handles_of(self._sheet.plan, spot)
        self._items = [HandleItem(handle, self._sheet.look) for handle in found]
        for item in self._items:
            self._sheet.afloat.add(item, ABOVE)
