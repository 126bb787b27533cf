"""The lines of the audit log for a table: all numbers at once, the lines as one comes to them."""

from __future__ import annotations

from array import array
from collections import OrderedDict
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

from rally_desktop.services import audit_list
from rally_desktop.services.audit_list import Line, Wanted
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.list_table import ROLE
from rally_desktop.ui.widgets.relative_time import exactly

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
PAGE, KEPT = 128, 4096  # lines
SETTLE = 300  # milliseconds; what happens while the engine works comes in bursts
TITLES = ("When", "Who", "What")


class AuditModel(QAbstractTableModel):
    """Shows the lines that are wanted; what happens is added at the top."""

    counted = Signal()
    """Other numbers are in place."""
    about_to_change = Signal()
    """They are about to be exchanged: remember by number what must stay in place."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.wanted = Wanted()
        self.ids: array[int] = array("q")
        self._shown: Wanted | None = None
        self._lines: OrderedDict[int, Line] = OrderedDict()
        self._pages: list[int] = []
        self._reading = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: self._read())
        self._settle = QTimer(self, singleShot=True, interval=SETTLE)
        self._settle.timeout.connect(lambda: self.refresh())
        desk.background.changed.connect(self._hear)

    def ask(self, wanted: Wanted) -> None:
        """Show other lines; the old ones stay until the new ones are here."""
        self.wanted = wanted
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read which lines there are; where they are the same, only what came since."""
        wanted, read = self.wanted, self._desk.background.read
        ordered = await read(audit_list.in_order)
        top = self.ids[0] if ordered and wanted == self._shown and self.ids else None
        if top is not None:
            found = await read(audit_list.numbers, wanted, after=top)
            if wanted == self.wanted:
                self._add(found)
            return
        if ordered and not wanted.text:  # the newest are quickly found
            self._show(wanted, await read(audit_list.numbers, wanted, limit=PAGE))
        self._show(wanted, await read(audit_list.numbers, wanted))

    def line(self, place: int) -> Line | None:
        """Return the line in a place, or None while it is being read."""
        if not 0 <= place < len(self.ids):
            return None
        found = self._lines.get(self.ids[place])
        if found is None:
            self._want(place // PAGE)
        return found

    def place_of(self, number: int) -> int | None:
        """Return where a line stands, or None."""
        try:
            return self.ids.index(number)
        except ValueError:
            return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many columns there are."""
        return len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return TITLES[section] if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what stands in a cell; while a line is being read, nothing."""
        if role == ROLE:
            return index.column() == len(TITLES) - 1
        if role not in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole):
            return None
        line = self.line(index.row())
        if line is None:
            return "…" if role == Role.DisplayRole and index.column() == 0 else None
        if index.column() == 0:
            return exactly(line.at) if role != Role.DisplayRole else self._when(line.at)
        return (line.who, line.said)[index.column() - 1]

    # -- reading ---------------------------------------------------------------------------

    def _show(self, wanted: Wanted, found: array[int]) -> None:
        """Show these; those that go on from what is shown are added below."""
        if wanted != self.wanted:
            return
        here = len(self.ids)
        if wanted == self._shown and here <= len(found) and found[:here] == self.ids:
            if len(found) > here:
                self.beginInsertRows(QModelIndex(), here, len(found) - 1)
                self.ids = found
                self.endInsertRows()
        else:
            self.about_to_change.emit()
            self.beginResetModel()
            self.ids = found
            self.endResetModel()
        self._shown = wanted
        self.counted.emit()

    def _add(self, found: array[int]) -> None:
        if found:
            self.beginInsertRows(QModelIndex(), 0, len(found) - 1)
            self.ids = found + self.ids
            self.endInsertRows()
        self.counted.emit()

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
        try:
            some = self.ids[page * PAGE : (page + 1) * PAGE].tolist()
            for line in await self._desk.background.read(audit_list.lines, some):
                self._lines[line.id] = line
        finally:
            self._reading = False
        while len(self._lines) > KEPT:
            self._lines.popitem(last=False)
        last = min((page + 1) * PAGE, len(self.ids)) - 1
        if last >= 0:
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(TITLES) - 1))
        if self._pages:
            self._soon.start()

    def _hear(self, tables: frozenset[str]) -> None:
        if "audit_forgotten" in tables:
            self._lines.clear()
        if "activity" in tables and self._shown is not None and not self._settle.isActive():
            self._settle.start()

    def _when(self, moment: datetime) -> str:
        local, now = moment.astimezone(), self._desk.clock.now().astimezone()
        if local.date() == now.date():
            return f"{local:%H:%M:%S}"
        year = f" {local.year}" if local.year != now.year else ""
        return f"{local.day} {local:%b}{year}, {local:%H:%M}"
