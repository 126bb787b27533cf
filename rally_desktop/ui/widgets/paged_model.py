"""A table longer than fits in memory: all numbers at once, the rows as one comes to them."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
PAGE, KEPT = 128, 4096  # rows


class PagedModel(QAbstractTableModel, Generic[R]):
    """Keeps the rows looked at last; the page asked for last is read first."""

    counted = Signal()
    """Other numbers are in place."""
    about_to_change = Signal()
    """They are about to be exchanged: remember by number what must stay in place."""

    titles: ClassVar[tuple[str, ...]] = ()
    settle: ClassVar = 300  # milliseconds; while the engine works, changes come in bursts

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.ids: array[int] = array("q")
        self._rows: OrderedDict[int, R] = OrderedDict()
        self._pages: list[int] = []
        self._reading = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: self._read())
        self._settle = QTimer(self, singleShot=True, interval=self.settle)
        self._settle.timeout.connect(lambda: self.refresh())
        desk.background.changed.connect(self.hear)

    def refresh(self) -> None:
        """Read which rows there are."""
        raise NotImplementedError

    async def fetch(self, numbers: list[int]) -> Mapping[int, R]:
        """Read some rows by their numbers."""
        raise NotImplementedError

    def hear(self, tables: frozenset[str]) -> None:
        """Look whether a change is shown here; ``refresh_soon`` if so."""
        raise NotImplementedError

    def refresh_soon(self) -> None:
        """Read anew once the burst of changes is over."""
        if not self._settle.isActive():
            self._settle.start()

    def at(self, place: int) -> R | None:
        """Return the row in a place, or None while it is being read."""
        if not 0 <= place < len(self.ids):
            return None
        found = self._rows.get(self.ids[place])
        if found is None:
            self._want(place // PAGE)
        return found

    def forget(self) -> None:
        """Read again whatever is looked at from now on."""
        self._rows.clear()

    def exchange(self, found: array[int]) -> None:
        """Show other numbers."""
        self.about_to_change.emit()
        self.beginResetModel()
        self.ids = found
        self.endResetModel()

    def redraw(self, first: int, last: int) -> None:
        """Draw some places anew."""
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.titles) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many columns there are."""
        return len(self.titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return self.titles[section] if role == Role.DisplayRole else None

    def _want(self, page: int) -> None:
        if page not in self._pages:
            self._pages = [*self._pages[-3:], page]
        if not self._reading and not self._soon.isActive():
            self._soon.start()

    @later
    async def _read(self) -> None:
        """Read the page asked for last, then the next."""
        if self._reading or not self._pages:
            return
        self._reading, page = True, self._pages.pop()
        some = self.ids[page * PAGE : (page + 1) * PAGE].tolist()
        try:
            self._rows.update(await self.fetch(some))
        finally:
            self._reading = False
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)
        self.redraw(page * PAGE, min((page + 1) * PAGE, len(self.ids)) - 1)
        if self._pages:
            self._soon.start()
