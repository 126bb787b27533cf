"""The grid's model: all numbers at once, the rows a page at a time, never on the screen thread."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from rally_desktop.model.ref import ListKind
from rally_desktop.services import grid
from rally_desktop.services.grid import Column, Query, Row
from rally_desktop.ui import figures
from rally_desktop.ui.background import Background
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.grid_orders import GridOrders
from rally_desktop.ui.widgets.grid_pages import PAGE, GridPages
from rally_desktop.ui.widgets.relative_time import exactly

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

# Changes come in bursts while the engine works; one look at the data serves a burst.
SETTLE_MS = 150
NUMBERS = ("number", "money", "score")  # looks of columns that hold numbers
# What a row shows may stand in any of these tables besides its own.
WATCHED = frozenset({"record_tag", "tag", "company", "contact", "user_account"})


class GridModel(QAbstractTableModel):
    """Shows the records of one kind that match a query."""

    reordering = Signal()
    """The numbers are about to be exchanged; remember by id what must stay in place."""
    reordered = Signal()
    """Other numbers, or another order of them, are in place."""
    asking = Signal()
    """Another question is asked; what stands there answers the one before."""
    settled = Signal()
    """An answer to the latest question has arrived, whether or not it differs."""
    failed = Signal(object)

    def __init__(
        self, background: Background, kind: ListKind, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.kind: ListKind = kind
        usual = Query(sort=grid.USUAL_SORT.get(kind, "name"))
        self.query = self.asked = self.before = usual
        self.loaded = False
        self.partial = False
        """Whether only the first rows of an answer are in place, and the rest is being read."""
        self._answer: Query | None = None
        self._reading = self._missed = False
        self.columns: tuple[Column, ...] = tuple(c for c in grid.columns(kind) if c.shown)
        self._orders = GridOrders(background, kind)
        self._ids: array[int] = array("q")
        self._pages = GridPages(background, kind, self)
        self._pages.keys = [column.key for column in self.columns]
        self._pages.arrived.connect(lambda page: self._repaint(page * PAGE, (page + 1) * PAGE - 1))
        self._question = 0
        self._watched = WATCHED | {kind}
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(lambda: self.reload(news=True))
        self._look = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._look.timeout.connect(lambda: self._take(self._ids))
        background.changed.connect(self._hear)

    # -- what is shown -------------------------------------------------------------------

    def ask(self, query: Query) -> None:
        """Show what matches another query; the old rows stay until the new ones are here."""
        if not self._reading:
            self.before = self.query
        self.query = query
        self.asking.emit()
        self.reload()

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns, in this order."""
        self.reordering.emit()
        self.beginResetModel()
        self.columns = tuple(columns)
        self._pages.show([column.key for column in columns])
        self.endResetModel()
        self.reordered.emit()

    def row_at(self, number: int) -> Row | None:
        """Return the row in a place, or None while it is being read."""
        return self._pages.row(number)

    def put_row(self, row: Row) -> None:
        """Show a row that was read by itself, until its page is read again."""
        place = self.place_of(row.id)
        if place is not None and self._pages.put(place, row):
            self._repaint(place, place)

    def id_at(self, number: int) -> int:
        """Return the record's number in a place."""
        return self._ids[number]

    def ids_at(self, first: int, last: int) -> array[int]:
        """Return the records' numbers from one place to another, both included."""
        return self._ids[first : last + 1]

    def place_of(self, number: int) -> int | None:
        """Return where a record stands, or None."""
        try:
            return self._ids.index(number)
        except ValueError:
            return None

    def places_of(self, numbers: Iterable[int]) -> list[int]:
        """Return where those of many records stand that are still shown, in order."""
        wanted = set(numbers)
        if not wanted:
            return []
        return [place for place, number in enumerate(self._ids) if number in wanted]

    # -- QAbstractTableModel ---------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many records match."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many columns are shown."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return a cell's words; the delegate paints from the row itself."""
        if role in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole):
            row, place = self.row_at(index.row()), index.column()
            return None if row is None else say(row.cells[place], self.columns[place].look)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Return a column's label."""
        if orientation is Qt.Orientation.Vertical or section >= len(self.columns):
            return None
        if role == Role.DisplayRole:
            return self.columns[section].label
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft
            if self.columns[section].look in NUMBERS:
                side = Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    # -- reading ---------------------------------------------------------------------------

    def show_error(self, error: Exception) -> None:
        """Pass on what went wrong."""
        self._reading = self.partial = False
        self.failed.emit(error)

    def reload(self, *, news: bool = False) -> None:
        """Ask again which records match, and in which order; only the latest answer counts.

        Mere ``news`` lets a reading that goes on finish: under constant news none would.
        """
        if news and self._reading:
            self._missed = True
            return
        self._question += 1
        self._orders.break_off()
        self._reading = True
        self.asked = self.query
        self._read(self._question)

    @later
    async def _read(self, question: int) -> None:
        query = self.query
        begun = time.monotonic()
        if not self.loaded or query != self._answer:
            soon = await self._orders.soon(query)
            if soon is None or question != self._question:
                return
            head, whole = soon
            self.partial, self._answer = not whole, query
            self._take(head)
            if whole:
                self._answered()
                return
        found = await self._orders.whole(query)
        if found is not None and question == self._question:
            self.partial = False
            self._take(found)
            self._settle.setInterval(max(SETTLE_MS, round(3_000 * (time.monotonic() - begun))))
            self._answered()

    def _answered(self) -> None:
        self.loaded, self._reading = True, False
        if self._missed:
            self._missed = False
            self._settle.start()
        self.settled.emit()

    def _take(self, found: array[int]) -> None:
        """Put other numbers in place, or only read the rows again where none changed."""
        old = self._ids
        if found == old:
            self._pages.take(found)
            self._repaint(0, len(found) - 1)
        elif len(found) > len(old) and found[: len(old)] == old:
            self.beginInsertRows(QModelIndex(), len(old), len(found) - 1)
            self._ids = found
            self._pages.take(found, from_page=len(old) // PAGE)
            self.endInsertRows()
        else:
            self.reordering.emit()
            self.beginResetModel()
            self._ids = found
            self._pages.take(found)
            self.endResetModel()
            self.reordered.emit()

    def _repaint(self, first: int, last: int) -> None:
        last = min(last, len(self._ids) - 1)
        if last >= first:
            corner = self.index(last, len(self.columns) - 1)
            self.dataChanged.emit(self.index(first, 0), corner)

    def _hear(self, touched: frozenset[str]) -> None:
        if not touched & self._watched:
            return
        self._orders.changed()
        if self.loaded and not self._settle.isActive():
            self._settle.start()
        if self._settle.interval() > 2 * SETTLE_MS and not self._look.isActive():
            self._look.start()  # the rows in view do not wait for an order that takes long


def say(value: Any, look: str = "") -> str:
    """Say a cell's value in full."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return figures.day(value) if look == "day" else exactly(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float):
        return figures.money(value) if look == "money" else figures.number(value)
    return str(value)


def copied(value: Any, look: str) -> str:
    """Return a cell as a spreadsheet takes it: days and times as they are sorted."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if look == "day" else f"{value.astimezone():%Y-%m-%d %H:%M}"
    return " ".join(say(value, look).split())
