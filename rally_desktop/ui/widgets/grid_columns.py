"""Which columns a grid shows, how wide, and by which one it is ordered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QMenu

from rally_desktop.services import grid
from rally_desktop.services.grid import Column, Query
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.choice_menu import ChoicePopup
from rally_desktop.ui.widgets.grid_table import GridTable

_BIGGEST_FIRST = ("moment", "day", "score", "number", "money")


class GridColumns(QObject):
    """Looks after the head of one grid."""

    sorting = Signal()
    changed = Signal()

    def __init__(self, desk: Desk, table: GridTable, parent: QObject) -> None:
        super().__init__(parent)
        self._background = desk.background
        self._table = table
        self._model = table.grid
        self._own: tuple[Column, ...] = ()
        self._wanted: tuple[str, ...] = ()
        self.popup = ChoicePopup("Columns", table)
        self.popup.changed.connect(self._ticked)
        header = table.horizontalHeader()
        header.sectionClicked.connect(self._sort_clicked)
        header.customContextMenuRequested.connect(self._open_menu)
        header.sectionMoved.connect(lambda *_: self.changed.emit())
        desk.background.changed.connect(self._hear)
        self._size({})
        self._show_sort()

    @later
    async def read_own(self) -> None:
        """Learn of the office's own fields in a while."""
        await self.learn()

    async def learn(self) -> None:
        """Learn of the office's own fields; show those that were wanted, drop those that went."""
        before = self._own
        self._own = await self._background.read(grid.custom_columns, self._model.kind)
        shown = tuple(column for column in self._model.columns if column.key.startswith("custom."))
        own = {column.key: column for column in self._own}
        wanted = tuple(own[key] for key in self._wanted if key in own)
        if self._own != before and wanted != shown:
            self.show(self._wanted)

    def known(self) -> tuple[Column, ...]:
        """Return every column there is."""
        return grid.columns(self._model.kind) + self._own

    def visible_keys(self) -> list[str]:
        """Return the keys of the shown columns from left to right."""
        header = self._table.horizontalHeader()
        places = [header.logicalIndex(at) for at in range(header.count())]
        return [self._model.columns[place].key for place in places]

    def still_there(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return those keys that are columns now."""
        known = {column.key for column in self.known()}
        return tuple(key for key in keys if key in known)

    def usual_keys(self) -> tuple[str, ...]:
        """Return the columns one starts with."""
        return tuple(column.key for column in grid.columns(self._model.kind) if column.shown)

    def show(self, keys: Sequence[str]) -> None:
        """Show the columns with these keys, in this order; those not known yet once they are."""
        self._wanted = tuple(keys)
        known = {column.key: column for column in self.known()}
        chosen = [known[key] for key in keys if key in known]
        if chosen:
            shown = self._model.columns
            widths = {c.key: self._table.columnWidth(i) for i, c in enumerate(shown)}
            header = self._table.horizontalHeader()
            for place in range(header.count()):
                header.moveSection(header.visualIndex(place), place)
            self._model.show_columns(chosen)
            self._size(widths)
            self._show_sort()
            self.changed.emit()

    def usual(self) -> None:
        """Show the columns one starts with."""
        self.show(self.usual_keys())

    def hide(self, key: str) -> None:
        """Show one column less."""
        self.show([shown for shown in self.visible_keys() if shown != key])

    def sort(self, key: str, *, down: bool) -> None:
        """Order the grid by a column."""
        old = self._model.query
        self.sorting.emit()
        self._model.ask(Query(old.filter, old.text, key, down))
        self._show_sort()
        self.changed.emit()

    def begin_with(self, key: str, *, down: bool) -> None:
        """Order by a column from the first question on."""
        if key in {column.key for column in self.known()}:
            old = self._model.query
            self._model.query = Query(old.filter, old.text, key, down)
            self._show_sort()
            self.changed.emit()

    def menu(self, section: int) -> QMenu:
        """Return the menu of a column's head."""
        menu = QMenu(self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if 0 <= section < len(self._model.columns):
            column = self._model.columns[section]
            menu.addAction("Sort upwards", lambda: self.sort(column.key, down=False))
            menu.addAction("Sort downwards", lambda: self.sort(column.key, down=True))
            menu.addSeparator()
            hide = menu.addAction(f"Hide ‘{column.label}’", lambda: self.hide(column.key))
            hide.setEnabled(len(self._model.columns) > 1)
        menu.addAction("Choose columns…", self.choose)
        menu.addAction("Usual columns", self.usual)
        return menu

    def choose(self) -> None:
        """Open the list of columns."""
        with QSignalBlocker(self.popup):
            self.popup.choose(())
            self.popup.offer(column.label for column in self.known())
            self.popup.choose(column.label for column in self._model.columns)
        self.popup.open_under(self._table.horizontalHeader(), width=280)

    def _hear(self, touched: frozenset[str]) -> None:
        if "custom_field" in touched:
            self.read_own()

    def _size(self, widths: Mapping[str, int]) -> None:
        for place, column in enumerate(self._model.columns):
            self._table.setColumnWidth(place, widths.get(column.key, column.width))

    def _show_sort(self) -> None:
        query = self._model.query
        keys = [column.key for column in self._model.columns]
        order = Qt.SortOrder.DescendingOrder if query.down else Qt.SortOrder.AscendingOrder
        place = keys.index(query.sort) if query.sort in keys else -1
        self._table.horizontalHeader().setSortIndicator(place, order)

    def _sort_clicked(self, section: int) -> None:
        column = self._model.columns[section]
        if column.key == self._model.query.sort:
            self.sort(column.key, down=not self._model.query.down)
        else:
            self.sort(column.key, down=column.look in _BIGGEST_FIRST)

    def _open_menu(self, where: QPoint) -> None:
        menu = self.menu(self._table.horizontalHeader().logicalIndexAt(where))
        menu.popup(self._table.horizontalHeader().mapToGlobal(where))

    def _ticked(self) -> None:
        ticked = set(self.popup.chosen())
        chosen = [column.key for column in self.known() if column.label in ticked]
        kept = [key for key in self.visible_keys() if key in chosen]
        self.show(kept + [key for key in chosen if key not in kept])
