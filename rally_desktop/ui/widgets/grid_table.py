"""The grid's table: keys, the pointer's row, and what stays in place when rows are exchanged."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.grid_cells import ROW_HEIGHT, GridCells
from rally_desktop.ui.widgets.grid_model import GridModel, Index

_PICK = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


_USUAL = {
    QKeySequence.StandardKey.Copy: "copy_wanted",
    QKeySequence.StandardKey.Paste: "paste_wanted",
    QKeySequence.StandardKey.Undo: "undo_wanted",
}
_KEYS: dict[int, str] = {
    Qt.Key.Key_Return: "opened",
    Qt.Key.Key_Enter: "opened",
    Qt.Key.Key_F2: "edit_wanted",
    Qt.Key.Key_Delete: "delete_wanted",
}


class GridTable(QTableView):
    """Shows a GridModel; rows are chosen whole."""

    opened = Signal()
    edit_wanted = Signal()
    copy_wanted = Signal()
    delete_wanted = Signal()
    paste_wanted = Signal()
    undo_wanted = Signal()
    menu_wanted = Signal(object)
    """The point of the screen where the menu of the rows shall stand."""
    typed = Signal(str)

    def __init__(self, desk: Desk, model: GridModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = model
        self.cells = GridCells(desk, model)
        desk.tag_colours.changed.connect(self.viewport().update)
        self.setModel(model)
        self.setItemDelegate(self.cells)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        # The cells paint what is chosen; the style would paint it once more.
        self.setStyleSheet(
            "QTableView { selection-background-color: transparent; }"
            "QTableView::item, QTableView::item:hover, QTableView::item:selected"
            " { background: transparent; border: none; }"
        )
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns.setSectionsMovable(True)
        columns.setSectionsClickable(True)
        columns.setHighlightSections(False)
        columns.setSortIndicatorShown(True)
        columns.setMinimumSectionSize(56)
        columns.setFixedHeight(36)
        columns.setTextElideMode(Qt.TextElideMode.ElideRight)
        columns.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        model.dataChanged.connect(self.viewport().update)

    # -- selection -----------------------------------------------------------------------

    def current_id(self) -> int | None:
        """Return the number of the record the cursor is on."""
        index = self.currentIndex()
        return self.grid.id_at(index.row()) if index.isValid() else None

    def selected_ids(self) -> array[int]:
        """Return the numbers of the chosen records, from top to bottom."""
        found = array("q")
        for top, bottom in self._stretches():
            found.extend(self.grid.ids_at(top, bottom))
        return found

    def selected_count(self) -> int:
        """Return how many records are chosen."""
        return sum(bottom - top + 1 for top, bottom in self._stretches())

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Yield the chosen rows from top to bottom as (first, last)."""
        last = -1
        chosen = self.selectionModel().selection().toList()
        for top, bottom in sorted((each.top(), each.bottom()) for each in chosen):
            if max(top, last + 1) <= bottom:
                yield max(top, last + 1), bottom
                last = bottom

    def pick(self, place: int, *, centre: bool = False) -> None:
        """Choose one row and bring it into view."""
        index = self.grid.index(place, max(0, self.currentIndex().column()))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | _PICK
        self.selectionModel().setCurrentIndex(index, flags)
        hint = QAbstractItemView.ScrollHint
        how = hint.PositionAtCenter if centre and not self._in_view(place) else hint.EnsureVisible
        self._show_row(place, how)

    def go_to(self, row: int, column: int) -> None:
        """Put the cursor on a cell, choosing its row alone."""
        index = self.grid.index(row, column)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | _PICK
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def _in_view(self, place: int) -> bool:
        top = self.rowViewportPosition(place)
        return 0 <= top <= self.viewport().height() - ROW_HEIGHT

    def _show_row(self, place: int, how: QAbstractItemView.ScrollHint) -> None:
        sideways = self.horizontalScrollBar().value()
        self.scrollTo(self.grid.index(place, 0), how)
        self.horizontalScrollBar().setValue(sideways)

    # -- keys and pointer ----------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open, edit, copy, paste and delete with the usual keys; Home and End go by row."""
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        usual = next((name for name in _USUAL if event.matches(name)), None)
        if usual is not None:
            getattr(self, _USUAL[usual]).emit()
        elif key in _KEYS and (plain or key != Qt.Key.Key_Delete):
            getattr(self, _KEYS[key]).emit()
        elif key in (Qt.Key.Key_Menu, Qt.Key.Key_F10):
            self._want_menu(self.visualRect(self.currentIndex()).bottomLeft())
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and plain:
            self._go_to_end(first=key == Qt.Key.Key_Home)
        else:
            super().keyPressEvent(event)

    def _go_to_end(self, *, first: bool) -> None:
        if self.grid.rowCount():
            self.pick(0 if first else self.grid.rowCount() - 1)

    def keyboardSearch(self, search: str) -> None:
        """Hand letters on: they begin an edit or a search; looking through rows reads them all."""
        if search.strip():
            self.typed.emit(search)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu where the pointer is, or at the cursor where a key asks."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self._want_menu(
            self.visualRect(self.currentIndex()).bottomLeft() if by_key else event.pos()
        )

    def _want_menu(self, where: QPoint) -> None:
        self.menu_wanted.emit(self.viewport().mapToGlobal(where))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the row under the pointer."""
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the record."""
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        """Forget the row under the pointer when it leaves."""
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Mark the cursor's row, and in it the cell."""
        self.cells.current, self.cells.column = current.row(), current.column()
        super().currentChanged(current, previous)
        self._repaint_row(previous.row())
        self._repaint_row(current.row())

    def _hover(self, number: int) -> None:
        before, self.cells.hovered = self.cells.hovered, number
        if before != number:
            self._repaint_row(before)
            self._repaint_row(number)

    def _repaint_row(self, number: int) -> None:
        if number >= 0:
            top = self.rowViewportPosition(number)
            self.viewport().update(0, top, self.viewport().width(), ROW_HEIGHT)
