"""The lines of a timeline that are at hand: a stretch of it, which moves as one scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from rally_desktop.services.timeline import Line
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.relative_time import ago, day_heading, exactly

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
LINE_ROLE = Role.UserRole
HEADING_ROLE = Role.UserRole + 1
OPEN_ROLE = Role.UserRole + 2
MOST = 300  # lines at hand; a list that knew them all would measure them all


class TimelineModel(QAbstractListModel):
    """A stretch of lines, newest first, with no gap in it."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.lines: list[Line] = []
        self._open: set[int] = set()

    def show(self, lines: Sequence[Line]) -> None:
        """Show another stretch."""
        self.beginResetModel()
        self.lines = list(lines)
        self._open.clear()
        self.endResetModel()

    def add_older(self, lines: Sequence[Line]) -> bool:
        """Add lines at the end; say whether the newest had to go for them."""
        self._insert(len(self.lines), lines)
        return self._remove(0, len(self.lines) - MOST)

    def add_newer(self, lines: Sequence[Line]) -> bool:
        """Add lines at the top; say whether the oldest had to go for them."""
        self._insert(0, lines)
        over = len(self.lines) - MOST
        return self._remove(len(self.lines) - over, over)

    def become(self, lines: Sequence[Line]) -> None:
        """Show the same stretch as it is now; what stays keeps its place."""
        wanted = {line.id for line in lines}
        for row in reversed(range(len(self.lines))):
            if self.lines[row].id not in wanted:
                self._remove(row, 1)
        for row, line in enumerate(lines):
            here = self.lines[row] if row < len(self.lines) else None
            if here is None or here.id != line.id:
                self._insert(row, [line])
            elif here != line:
                self.lines[row] = line
                self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, number: int) -> int | None:
        """Return where a line is, if it is at hand."""
        return next((row for row, line in enumerate(self.lines) if line.id == number), None)

    def toggle(self, index: Index) -> bool:
        """Unfold a line, or fold it again; return whether it is unfolded now."""
        line = self.lines[index.row()]
        self._open ^= {line.id}
        self.dataChanged.emit(index, index)
        return line.id in self._open

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many lines are at hand."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return a line, or what a screen reader or a tip says about it."""
        line = self.lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == HEADING_ROLE:
            return self._heading(index.row())
        if role == OPEN_ROLE:
            return line.id in self._open
        if role == Role.DisplayRole:
            return line.text
        if role == Role.ToolTipRole:
            boxes = f"\nIn {' and '.join(line.mail.boxes)}" if line.mail and line.mail.boxes else ""
            return exactly(line.at) + boxes
        if role == Role.AccessibleTextRole:
            said = [line.text, line.body, line.by, ago(line.at, self._desk.clock.now())]
            return ", ".join(filter(None, said))
        return None

    def _insert(self, row: int, lines: Sequence[Line]) -> None:
        if lines:
            self.beginInsertRows(QModelIndex(), row, row + len(lines) - 1)
            self.lines[row:row] = lines
            self.endInsertRows()
            self._tell_heading(row + len(lines))

    def _remove(self, row: int, count: int) -> bool:
        if count <= 0:
            return False
        self.beginRemoveRows(QModelIndex(), row, row + count - 1)
        del self.lines[row : row + count]
        self.endRemoveRows()
        self._tell_heading(row)
        return True

    def _tell_heading(self, row: int) -> None:
        """Say that a line may have become the first of its day, or is so no more."""
        if row < len(self.lines):
            self.dataChanged.emit(self.index(row), self.index(row))

    def _heading(self, row: int) -> str:
        own = _day(self.lines[row].at)
        if row and _day(self.lines[row - 1].at) == own:
            return ""
        return day_heading(self.lines[row].at, self._desk.clock.now())


@lru_cache(4 * MOST)
def _day(moment: datetime) -> date:
    return moment.astimezone().date()
