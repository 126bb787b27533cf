"""The lines of the audit log for a table; what happens is added to those that are there."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from PySide6.QtCore import QModelIndex, QObject

from rally_desktop.services import audit_list
from rally_desktop.services.audit_list import Line, Wanted
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.list_table import ROLE
from rally_desktop.ui.widgets.paged_model import PAGE, Index, PagedModel, Role
from rally_desktop.ui.widgets.relative_time import exactly


class AuditModel(PagedModel[Line]):
    """Shows the lines that are wanted; what happens is added at the top."""

    titles: ClassVar = ("When", "Who", "What")

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(desk, parent)
        self.wanted = Wanted()
        self._shown: Wanted | None = None

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

    async def fetch(self, numbers: list[int]) -> Mapping[int, Line]:
        """Read some lines by their numbers."""
        found = await self._desk.background.read(audit_list.lines, numbers)
        return {line.id: line for line in found}

    def hear(self, tables: frozenset[str]) -> None:
        """Add what happened; what was forgotten is read again."""
        if "audit_forgotten" in tables:
            self.forget()
        if "activity" in tables and self._shown is not None:
            self.refresh_soon()

    def place_of(self, number: int) -> int | None:
        """Return where a line stands, or None."""
        try:
            return self.ids.index(number)
        except ValueError:
            return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what stands in a cell; while a line is being read, nothing."""
        if role == ROLE:
            return index.column() == len(self.titles) - 1
        if role not in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole):
            return None
        line = self.at(index.row())
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
            self.exchange(found)
        self._shown = wanted
        self.counted.emit()

    def _add(self, found: array[int]) -> None:
        if found:
            self.beginInsertRows(QModelIndex(), 0, len(found) - 1)
            self.ids = found + self.ids
            self.endInsertRows()
        self.counted.emit()

    def _when(self, moment: datetime) -> str:
        local, now = moment.astimezone(), self._desk.clock.now().astimezone()
        if local.date() == now.date():
            return f"{local:%H:%M:%S}"
        year = f" {local.year}" if local.year != now.year else ""
        return f"{local.day} {local:%b}{year}, {local:%H:%M}"
