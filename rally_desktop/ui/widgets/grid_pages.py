"""The rows of a grid near to where one looks: pages read in the background, the rest forgotten."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from rally_desktop.model.ref import ListKind
from rally_desktop.services import grid
from rally_desktop.services.grid import Row
from rally_desktop.ui.background import Background
from rally_desktop.ui.later import later

PAGE = 256
PAGES_KEPT = 64
READS_AT_ONCE = 2
WANTED_AT_MOST = 8


class GridPages(QObject):
    """Keeps the pages used last and reads the page asked for last first."""

    arrived = Signal(int)
    """The number of a page that can be shown now."""

    def __init__(self, background: Background, kind: ListKind, parent: QObject) -> None:
        super().__init__(parent)
        self.ids: array[int] = array("q")
        self.keys: Sequence[str] = ()
        self._background = background
        self._kind: ListKind = kind
        self._pages: OrderedDict[int, list[Row | None]] = OrderedDict()
        self._stale: dict[int, Row] = {}
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._reading: set[int] = set()
        self._generation = 0
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read_wanted)

    def row(self, place: int) -> Row | None:
        """Return the row in a place; if it is not here, ask for it and return what is known."""
        page, line = divmod(place, PAGE)
        rows = self._pages.get(page)
        if rows is not None:
            return rows[line] if line < len(rows) else None
        self._want(page)
        return self._stale.get(self.ids[place])

    def put(self, place: int, row: Row) -> bool:
        """Exchange one row that is here; say whether it is."""
        page, line = divmod(place, PAGE)
        rows = self._pages.get(page)
        if rows is None or line >= len(rows):
            return False
        rows[line] = row
        return True

    def take(self, ids: array[int], *, from_page: int = 0) -> None:
        """Work with other numbers from a page on; the rows last seen show until read again."""
        latest = list(self._pages.values())[-4:]
        if latest:
            self._stale = {row.id: row for rows in latest for row in rows if row is not None}
        self.ids = ids
        for page in [page for page in self._pages if page >= from_page]:
            del self._pages[page]
        self._drop_reads()

    def show(self, keys: Sequence[str]) -> None:
        """Read other columns from now on."""
        self.keys = keys
        self._pages.clear()
        self._stale.clear()
        self._drop_reads()

    def _drop_reads(self) -> None:
        self._wanted.clear()
        self._reading.clear()
        self._generation += 1

    def _want(self, page: int) -> None:
        if page in self._reading:
            return
        self._wanted[page] = None
        self._wanted.move_to_end(page)
        if len(self._wanted) > WANTED_AT_MOST:
            self._wanted.popitem(last=False)
        if not self._soon.isActive():
            self._soon.start()

    def _read_wanted(self) -> None:
        while self._wanted and len(self._reading) < READS_AT_ONCE:
            page, _ = self._wanted.popitem()
            self._reading.add(page)
            self._read(page)

    @later
    async def _read(self, page: int) -> None:
        generation = self._generation
        numbers = self.ids[page * PAGE : (page + 1) * PAGE]
        try:
            found = await self._background.read(grid.rows, self._kind, numbers, self.keys)
        finally:
            if generation == self._generation:
                self._reading.discard(page)
        if generation != self._generation:
            return
        self._pages[page] = [found.get(number) for number in numbers]
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        self.arrived.emit(page)
        self._read_wanted()
