"""What the table of a merge shows: a line a field, a column a record, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from rally_desktop.services.merge_sides import Line, Sides
from rally_desktop.ui.widgets.field_row import in_words

Index = QModelIndex | QPersistentModelIndex
LABEL = 0
STAYS, TAGS = "The card that stays", "Tags"
KEPT = "kept"
Mark = Literal["", "chosen", "open", "fixed"]


@dataclass(frozen=True)
class Cell:
    """One cell: its words, whether one can choose it, and whether it speaks of a difference."""

    words: str
    mark: Mark = ""
    differs: bool = False
    tip: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the table: ``key`` is what choosing a cell chooses, empty where nobody can."""

    key: str
    cells: tuple[Cell, ...]
    taken: int = -1


class MergeModel(QAbstractTableModel):
    """Turns a comparison into rows; those that say nothing are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.sides: Sides | None = None
        self._only_differing = False

    def show(self, sides: Sides | None, *, only_differing: bool = False) -> None:
        """Show a comparison; where the same fields are shown again, only what they say moves."""
        before = ([row.key for row in self.rows], self.columnCount())
        rows = _rows(sides, only_differing) if sides else []
        self.sides, self._only_differing = sides, only_differing
        if before == ([row.key for row in rows], self.columnCount()) and rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, before[1] - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, before[1] - 1)
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return one for the field, one a record, one for what comes of it."""
        if parent is not None and parent.isValid():
            return 0
        return len(self.sides.sides) + 2 if self.sides else 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell, and what is to be known of it."""
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or cell.words.replace("<", "‹") or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = {"chosen": "chosen", "open": "not chosen", "fixed": cell.tip}.get(cell.mark, "")
            label = self.rows[index.row()].cells[LABEL].words
            return ", ".join(filter(None, (label, cell.words or "empty", said)))
        return None

    def cell(self, index: Index) -> Cell:
        """Return what stands in a cell."""
        return self.rows[index.row()].cells[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a record's name over its column."""
        shown = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        if orientation is not Qt.Orientation.Horizontal or self.sides is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role not in shown or section == LABEL:
            return None
        if section <= len(self.sides.sides):
            return self.sides.sides[section - 1].name.replace("<", "‹")
        return "Becomes"


def _rows(sides: Sides, only_differing: bool) -> list[Row]:
    kept = next(n for n, side in enumerate(sides.sides) if side.ref == sides.kept)
    since = [f"{side.created_at.day} {side.created_at:%b %Y}" for side in sides.sides]
    cells = [
        Cell(words, "chosen" if n == kept else "open", tip=f"Added on {words}")
        for n, words in enumerate(since)
    ]
    made = [Row(KEPT, (Cell(STAYS), *cells, Cell(sides.name)), kept)]
    lines = [line for line in sides.lines if line.said]
    made += [_row(line) for line in lines if line.differs or not only_differing]
    if sides.tags:
        worn = [
            Cell(", ".join(side.tags), "fixed", tip="All tags are kept.") for side in sides.sides
        ]
        made.append(Row("", (Cell(TAGS), *worn, Cell(", ".join(sides.tags)))))
    return made


def _row(line: Line) -> Row:
    said = [in_words(line.field, value) for value in line.values]
    open_ = len(set(said)) > 1  # one may also say something that the others do not
    cells = [_cell(line, place, words, open_=open_) for place, words in enumerate(said)]
    label = Cell(line.field.label, differs=line.differs)
    result = Cell(in_words(line.field, line.result), tip=line.fixed)
    key = line.key if open_ and not line.fixed else ""
    return Row(key, (label, *cells, result), line.taken)


def _cell(line: Line, place: int, words: str, *, open_: bool) -> Cell:
    if not open_:
        return Cell(words)
    if line.fixed:
        return Cell(words, "fixed", line.differs, line.fixed)
    return Cell(words, "chosen" if place == line.taken else "open", line.differs)
