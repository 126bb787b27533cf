"""The menu of a list of tasks: by the right button, by the menu key, by Shift+F10."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from rally_desktop.ui.widgets.bulk_deeds import counted
from rally_desktop.ui.widgets.grid import RecordGrid
from rally_desktop.ui.widgets.grid_menu import add, heading, short
from rally_desktop.ui.widgets.postpone_button import DAYS
from rally_desktop.ui.widgets.task_bulk import TaskBulk


class TaskMenu:
    """Offers what can be done to the task under the cursor and to the chosen ones."""

    def __init__(self, grid: RecordGrid, deeds: TaskBulk) -> None:
        self._grid, self._deeds = grid, deeds
        grid.table.menu_wanted.connect(self.open)

    def open(self, where: QPoint) -> None:
        """Show the menu at a point of the screen."""
        if self._grid.table.selected_count():
            self.menu().popup(where)

    def menu(self) -> QMenu:
        """Return the menu."""
        grid, deeds, table = self._grid, self._deeds, self._grid.table
        menu = QMenu(grid)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add(menu, "Change the task…", "Return", table.opened.emit)
        add(menu, "Show what it is about", "Ctrl+Return", deeds.show_record)
        index = table.currentIndex()
        if index.isValid():
            column = grid.model.columns[index.column()]
            edit = add(menu, f"Edit ‘{column.label}’", "F2", lambda: grid.edit.begin())
            edit.setEnabled(grid.edit.field(column.key) is not None)
        add(menu, "Copy rows", "Ctrl+C", grid.copy)
        menu.addSeparator()
        heading(menu, counted(table.selected_count(), "task"))
        add(menu, "Done", "Space", deeds.tick_off)
        days = menu.addMenu("Put off")
        for words, count in DAYS.items():
            days.addAction(words, lambda count=count: deeds.put_off(count))
        add(menu, "Change the assignee…", "", lambda: deeds.ask("assignee"))
        add(menu, "Change the priority…", "", lambda: deeds.ask("priority"))
        menu.addSeparator()
        if table.selected_count() < grid.model.rowCount():
            everything = counted(grid.model.rowCount(), "task")
            add(menu, f"Choose all {everything}", "Ctrl+A", table.selectAll)
        if last := grid.history.last():
            add(menu, f"Undo: {short(last)}", "Ctrl+Z", grid.history.undo_last)
        add(menu, "Delete", "Del", lambda: deeds.drop())
        return menu
