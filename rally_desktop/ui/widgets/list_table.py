"""A table of things that fit in memory: plain columns, a pill for a state, sorting by a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from rally_desktop.ui.theme import Theme

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
TONE = Qt.ItemDataRole.UserRole + 1
ROLE = Qt.ItemDataRole.UserRole + 2
ROW_HEIGHT = 44
_PILLS = {
    "plain": ("flow", "flow_tint"),
    "ok": ("ok", "ok_tint"),
    "warn": ("warn", "warn_tint"),
    "bad": ("bad", "bad_tint"),
    "accent": ("talk", "talk_tint"),
}


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column: what it says of a row, how wide it is (0 takes what is left).

    ``pill`` gives the tone of a pill; ``sort`` what to sort by where that is not the text;
    ``strong`` makes it the name of the row.
    """

    title: str
    says: Callable[[R], str]
    width: int = 0
    pill: Callable[[R], str] | None = None
    tip: Callable[[R], str] | None = None
    sort: Callable[[R], Any] | None = None
    right: bool = False
    strong: bool = False


class ListModel(QAbstractTableModel, Generic[R]):
    """Rows and columns; rows are kept in the order of the chosen column."""

    def __init__(self, columns: Sequence[Column[R]]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows: list[R] = []
        self._by = -1
        self._down = False

    def show(self, rows: Sequence[R], key: Callable[[R], Any]) -> bool:
        """Show other rows; say whether they are others, not just the same ones with new values.

        A table that is merely brought up to date keeps its place, its choice, and the first
        half of a double-click.
        """
        ordered = self._ordered(rows)
        if [key(row) for row in ordered] == [key(row) for row in self.rows]:
            if ordered != self.rows:
                self.rows = ordered
                last = self.index(len(ordered) - 1, len(self.columns) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return False
        self.beginResetModel()
        self.rows = ordered
        self.endResetModel()
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 leaves the rows in the order they came."""
        self.layoutAboutToBeChanged.emit()
        self._by, self._down = column, order is Qt.SortOrder.DescendingOrder
        before, self.rows = self.rows, self._ordered(self.rows)
        places = {id(row): number for number, row in enumerate(self.rows)}
        for index in self.persistentIndexList():
            moved = self.index(places[id(before[index.row()])], index.column())
            self.changePersistentIndex(index, moved)
        self.layoutChanged.emit()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        return _side(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands in a cell."""
        column, row = self.columns[index.column()], self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.says(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(row) if column.tip else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == TONE:
            return column.pill(row) if column.pill else None
        return column.strong if role == ROLE else None

    def _ordered(self, rows: Sequence[R]) -> list[R]:
        if not 0 <= self._by < len(self.columns):
            return list(rows)
        column = self.columns[self._by]
        by = column.sort or (lambda row: column.says(row).casefold())
        return sorted(rows, key=by, reverse=self._down)


class ListTable(QTableView, Generic[R]):
    """Shows the rows; ``opened`` carries a row that was double-clicked or on which Enter fell.

    With ``many`` several rows can be selected, and ``picked`` tells when others are.
    """

    opened = Signal(object)
    chosen = Signal(object)
    picked = Signal()
    deleting = Signal(object)

    def __init__(
        self, theme: Theme, name: str, columns: Sequence[Column[R]], *, many: bool = False
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._model: ListModel[R] = ListModel(columns)
        self.setModel(self._model)
        self.setItemDelegate(ListDelegate(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if many else modes.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._lay_out(columns)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.row(index)))
        self.selectionModel().currentRowChanged.connect(lambda *_: self.chosen.emit(self.current()))
        self.selectionModel().selectionChanged.connect(lambda *_: self.picked.emit())
        theme.changed.connect(self.viewport().update)

    def show_rows(self, rows: Sequence[R], key: Callable[[R], Any]) -> None:
        """Show other rows; the one that was chosen stays so where it is still there."""
        before, picked = self.current(), {key(row) for row in self.selected()}
        place = self.verticalScrollBar().value()
        if not self._model.show(rows, key):
            self.chosen.emit(self.current())
            return
        if before is not None:
            self.choose(lambda row: key(row) == key(before))
        if len(picked) > 1:
            self._pick(lambda row: key(row) in picked)
        self.verticalScrollBar().setValue(place)
        if self.current() is None:
            self.chosen.emit(None)

    def rows(self) -> list[R]:
        """Return the rows in the order shown."""
        return list(self._model.rows)

    def row(self, index: Index) -> R:
        """Return the row an index belongs to."""
        return self._model.rows[index.row()]

    def current(self) -> R | None:
        """Return the chosen row, or None."""
        index = self.currentIndex()
        return self.row(index) if index.isValid() and index.row() < len(self._model.rows) else None

    def selected(self) -> list[R]:
        """Return the rows that are selected, in the order shown."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._model.rows[place] for place in places if place < len(self._model.rows)]

    def _pick(self, test: Callable[[R], bool]) -> None:
        """Select all rows that pass a test."""
        picked = QItemSelection()
        for number, row in enumerate(self._model.rows):
            if test(row):
                picked.select(self._model.index(number, 0), self._model.index(number, 0))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(picked, flags.ClearAndSelect | flags.Rows)

    def choose(self, test: Callable[[R], bool]) -> bool:
        """Choose the first row that passes a test; say whether there was one."""
        for number, row in enumerate(self._model.rows):
            if test(row):
                self.setCurrentIndex(self._model.index(number, 0))
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, ask to delete with Delete."""
        chosen = self.current()
        if chosen is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(chosen)
        elif chosen is not None and event.key() == Qt.Key.Key_Delete:
            self.deleting.emit(chosen)
        else:
            super().keyPressEvent(event)

    def _lay_out(self, columns: Sequence[Column[R]]) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(48)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for number, column in enumerate(columns):
            if column.width:
                self.setColumnWidth(number, column.width)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)


class ListDelegate(QStyledItemDelegate):
    """Draws a row's name stronger than the rest, and a state as a pill."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Rank the columns by type and colour."""
        super().initStyleOption(option, index)
        strong = bool(index.data(ROLE))
        option.font = self._theme.font("strong" if strong else "body")
        if not strong:
            option.palette.setColor(option.palette.ColorRole.Text, self._theme.colour("ink2"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell."""
        tone = index.data(TONE)
        if tone is None:
            super().paint(painter, option, index)
            return
        text = index.data(Qt.ItemDataRole.DisplayRole)
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        if text:
            self._pill(painter, option, text, tone)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row."""
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    def _pill(self, painter: QPainter, option: QStyleOptionViewItem, text: str, tone: str) -> None:
        font = self._theme.font("pill")
        room = QRectF(option.rect).adjusted(11, 0, -4, 0)
        wide = QFontMetricsF(font).horizontalAdvance(text) + 20
        pill = QRectF(room.left(), room.center().y() - 11.5, min(wide, room.width()), 22)
        ink, tint = (self._theme.colour(name) for name in _PILLS[tone])
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint))
        painter.drawRoundedRect(pill, 11, 11)
        painter.setPen(ink)
        painter.setFont(font)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, pill.width() - 12)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, shown)
        painter.restore()


def _side(column: Column[Any]) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
