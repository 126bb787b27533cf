"""The menu of a grid's rows: by the right button, by the menu key, by Shift+F10."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from rally_desktop.ui.widgets.bulk_deeds import BulkDeeds, counted
from rally_desktop.ui.widgets.grid import RecordGrid

MERGED = ("contact", "company")
"""The kinds of which two records can become one."""
MOST_MERGED = 5
_LONGEST = 28


class GridMenu:
    """Offers what can be done to the cell under the cursor and to the chosen records."""

    def __init__(self, grid: RecordGrid, deeds: BulkDeeds) -> None:
        self._grid, self._deeds = grid, deeds
        self.shown: QMenu | None = None
        grid.table.menu_wanted.connect(self.open)

    def open(self, where: QPoint) -> None:
        """Show the menu at a point of the screen."""
        if self.shown is not None or not self._grid.table.selected_count():
            return
        self.shown = self.menu()
        self.shown.aboutToHide.connect(self._closed)
        self.shown.popup(where)

    def menu(self) -> QMenu:
        """Return the menu."""
        grid, deeds = self._grid, self._deeds
        menu = QMenu(grid)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_cell(menu)
        add(menu, "Copy rows", "Ctrl+C", grid.copy)
        add(menu, "Paste", "Ctrl+V", grid.table.paste_wanted.emit)
        menu.addSeparator()
        heading(menu, counted(grid.table.selected_count(), grid.kind))
        add(menu, "Set a field…", "", lambda: deeds.set_field())
        add(menu, "Add a tag…", "", lambda: deeds.add_tag())
        add(menu, "Remove a tag…", "", lambda: deeds.remove_tag())
        add(menu, "Change the owner…", "", deeds.set_owner)
        add(menu, "Enrol in a sequence or workflow…", "", lambda: deeds.enrol())
        if grid.kind in MERGED and 1 < grid.table.selected_count() <= MOST_MERGED:
            add(menu, "Merge…", "", self._merge)
        menu.addSeparator()
        if grid.table.selected_count() < grid.model.rowCount():
            everything = counted(grid.model.rowCount(), grid.kind)
            add(menu, f"Choose all {everything}", "Ctrl+A", grid.table.selectAll)
        if last := grid.history.last():
            add(menu, f"Undo: {short(last)}", "Ctrl+Z", grid.history.undo_last)
        add(menu, "Delete", "Del", grid.table.delete_wanted.emit)
        return menu

    def _merge(self) -> None:
        grid = self._grid
        grid.desk.go("duplicates", grid.kind, tuple(grid.table.selected_ids()))

    def _add_cell(self, menu: QMenu) -> None:
        grid = self._grid
        index = grid.table.currentIndex()
        if not index.isValid():
            return
        column, said = grid.model.columns[index.column()], str(index.data() or "")
        add(menu, "Show the card", "Return", grid.table.opened.emit)
        edit = add(menu, f"Edit ‘{column.label}’", "F2", lambda: grid.edit.begin())
        edit.setEnabled(grid.edit.field(column.key) is not None)
        copies = add(
            menu, f"Copy ‘{short(said)}’", "", lambda: QGuiApplication.clipboard().setText(said)
        )
        copies.setVisible(bool(said))

    def _closed(self) -> None:
        self.shown = None


def add(menu: QMenu, words: str, keys: str, does: object) -> QAction:
    """Add an action; its keys are shown, and heard by the grid itself."""
    action: QAction = menu.addAction(words.replace("&", "&&"))
    action.triggered.connect(lambda: does())  # type: ignore[operator]
    if keys:
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setShortcutVisibleInContextMenu(True)
    return action


def heading(menu: QMenu, words: str) -> None:
    """Add words that head what follows; sections show none in this look."""
    menu.addAction(words.replace("&", "&&")).setEnabled(False)


def short(text: str) -> str:
    """Return a text cut to what a menu has room for."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
