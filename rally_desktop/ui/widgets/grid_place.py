"""What stays in a grid when its rows are exchanged: cursor, choice, the stretch in view."""

from __future__ import annotations

from array import array

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from rally_desktop.ui.widgets.grid_cells import ROW_HEIGHT
from rally_desktop.ui.widgets.grid_table import GridTable

_PICK = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
_MOVE = QItemSelectionModel.SelectionFlag.NoUpdate


class GridPlace:
    """Remembers where one was, by record and not by row."""

    def __init__(self, table: GridTable) -> None:
        self._table, self._grid = table, table.grid
        self._current: int | None = None
        self._selected: array[int] = array("q")
        self._seen: array[int] = array("q")
        self._column = self._offset = self._sideways = self._chosen = 0
        self._grid.reordering.connect(self.remember)

    def remember(self) -> None:
        """Note the place before the rows are exchanged."""
        table = self._table
        top = table.verticalScrollBar().value()
        first = top // ROW_HEIGHT
        last = first + table.viewport().height() // ROW_HEIGHT
        self._current, self._column = table.current_id(), max(0, table.currentIndex().column())
        self._selected = table.selected_ids()
        self._seen = self._grid.ids_at(first, last) if top else array("q")
        self._offset = top - first * ROW_HEIGHT
        self._sideways = table.horizontalScrollBar().value()

    def restore(self, *, scroll: bool) -> None:
        """Choose the same records as before; with ``scroll`` also show the same stretch."""
        self._choose()
        self._table.horizontalScrollBar().setValue(self._sideways)
        if scroll:
            self._scroll_back()
        else:
            self._table.verticalScrollBar().setValue(0)

    def complete(self) -> None:
        """Choose what was not among the first rows, unless somebody chose otherwise since."""
        if self._table.selected_count() == self._chosen < len(self._selected):
            self._choose()

    def _choose(self) -> None:
        table, grid, current = self._table, self._grid, None
        if self._current is not None:
            current = grid.place_of(self._current)
        if current is not None and len(self._selected) == 1:
            places = [current]
        else:
            places = grid.places_of(self._selected)
        table.selectionModel().select(self._selection(places), _PICK)
        if current is not None:
            column = min(self._column, grid.columnCount() - 1)
            table.selectionModel().setCurrentIndex(grid.index(current, column), _MOVE)
        table.cells.current = -1 if current is None else current
        self._chosen = len(places)

    def _scroll_back(self) -> None:
        for lines, number in enumerate(self._seen):
            place = self._grid.place_of(number)
            if place is not None:
                top = (place - lines) * ROW_HEIGHT + self._offset
                self._table.verticalScrollBar().setValue(max(0, top))
                return

    def _selection(self, places: list[int]) -> QItemSelection:
        selection = QItemSelection()
        right = self._grid.columnCount() - 1
        start = previous = None
        for place in [*places, None]:
            if previous is not None and place != previous + 1:
                selection.select(self._grid.index(start or 0, 0), self._grid.index(previous, right))
                start = place
            elif previous is None:
                start = place
            previous = place
        return selection
