"""Which records a grid shows, in which order: read in the background, the last ones kept."""

from __future__ import annotations

import threading
from array import array
from dataclasses import dataclass

from rally_desktop.model.breaking import Break, BrokenOff
from rally_desktop.model.ref import ListKind
from rally_desktop.services import grid
from rally_desktop.services.grid import Query
from rally_desktop.ui.background import Background

FIRST_ROWS = 256
KEPT = 3  # with the one that is shown; a million numbers are eight megabytes


@dataclass(frozen=True)
class _Order:
    """What was found once, and how many changes had been heard of when it was asked for."""

    query: Query
    ids: array[int]
    changes: int


class GridOrders:
    """Answers one question at a time: the one before is broken off."""

    def __init__(self, background: Background, kind: ListKind) -> None:
        self._background = background
        self._kind: ListKind = kind
        self._kept: list[_Order] = []
        self._changes = 0
        self._break: Break | None = None

    def changed(self) -> None:
        """Hear that what was found may be out of date."""
        self._changes += 1

    def break_off(self) -> None:
        """End what is being read; a server is told on a thread of its own."""
        if self._break is not None:
            threading.Thread(target=self._break, daemon=True).start()
            self._break = None

    async def soon(self, query: Query) -> tuple[array[int], bool] | None:
        """Return what can be shown at once, and whether it is all there is.

        That is what was found the last time, or the first rows. None where it was broken off.
        """
        for order in self._kept:
            if order.query == query:
                return order.ids, order.changes == self._changes and not query.filter
        head = await self._read(query, FIRST_ROWS)
        return None if head is None else (head, len(head) < FIRST_ROWS)

    async def whole(self, query: Query) -> array[int] | None:
        """Return the numbers of all records that match; None where it was broken off."""
        changes = self._changes
        found = await self._read(query, None)
        if found is not None:
            others = [order for order in self._kept if order.query != query]
            self._kept = [_Order(query, found, changes), *others][:KEPT]
        return found

    async def _read(self, query: Query, limit: int | None) -> array[int] | None:
        broken = self._break = Break()
        try:
            return await self._background.read(grid.ids, self._kind, query, limit, broken)
        except BrokenOff:
            return None
        finally:
            if self._break is broken:
                self._break = None
