"""All tasks of the office in one list: found, ordered, changed, ticked off by the thousand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout

from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.records_head import RecordsHead
from rally_desktop.ui.pages.records_kept import Kept
from rally_desktop.ui.pages.transfer_buttons import TransferButtons
from rally_desktop.ui.widgets.bulk_bar import BulkBar
from rally_desktop.ui.widgets.bulk_deeds import counted
from rally_desktop.ui.widgets.bulk_work import BulkWork
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.filter_bar import FilterBar
from rally_desktop.ui.widgets.grid import RecordGrid
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.saved_views import SavedViews
from rally_desktop.ui.widgets.task_bulk import TaskBulk
from rally_desktop.ui.widgets.task_menu import TaskMenu

OPEN = {"all": [{"field": "done", "op": "is", "value": False}]}


class TasksPage(Page):
    """The grid of tasks; those that are open until one asks for others."""

    title = "Tasks"
    icon = "square-check"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._started = False
        self.count = PlainLabel()
        self.count.set_tone("quiet")
        self.today = button(desk.theme, "Today", "arrow-left", "quiet")
        self.bar = FilterBar(desk, "task")
        self.grid = RecordGrid(desk, "task")
        self.grid.table.setAccessibleName(self.title)
        self.transfer = TransferButtons(self, self.grid, self.bar, out=True)
        self.work = BulkWork(desk, "task", self.grid.history, self)
        self.deeds = TaskBulk(desk, self.grid, self.work)
        self.bulk_bar = BulkBar(desk, self.grid, self.deeds, self.work, least=1)
        self.menu = TaskMenu(self.grid, self.deeds)
        self._kept = Kept(desk.preferences, self.title, self.grid, {})
        self._kept.recall()
        self.saved_views = SavedViews(desk, "tasks", self.bar, self.grid, self._kept.layout)
        self._lay_out()
        self._connect()
        self.bar.fill(OPEN)
        self.grid.model.query = replace(self.grid.model.query, filter=self.bar.filter())
        self.setFocusProxy(self.grid.table)

    def shown(self) -> None:
        """Read the first time; afterwards the page follows by itself."""
        if not self._started:
            self._started = True
            self.saved_views.start()
        self.grid.table.setFocus()

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show nothing that matches, done ones too, several chosen, one that is being changed."""
        return {
            "tasks_nothing_found": lambda: self.bar.fill(OPEN, "zzz"),
            "tasks_of_any_state": self.bar.clear,
            "tasks_chosen": self.grid.table.selectAll,
            "task_dialog": self.deeds.change,
        }

    def _lay_out(self) -> None:
        top = RecordsHead(self.count, self.transfer)
        for part in (PlainLabel(self.title, role="heading"), self.saved_views, self.count):
            top.row.addWidget(part)
        top.row.addStretch(1)
        top.row.addWidget(self.today)
        top.row.addWidget(self.transfer)
        frame = QFrame()
        frame.setObjectName("card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self.grid)
        inside.addWidget(self.bulk_bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(top)
        layout.addWidget(self.bar)
        layout.addWidget(frame, 1)

    def _connect(self) -> None:
        grid, deeds = self.grid, self.deeds
        self.today.clicked.connect(lambda: self.desk.go("today"))
        self.bar.changed.connect(self._ask)
        self.bar.left.connect(grid.table.setFocus)
        grid.counted.connect(self._say_count)
        grid.opened.connect(lambda _: deeds.change())
        grid.edit_wanted.connect(lambda _: deeds.change())
        grid.delete_wanted.connect(lambda _: deeds.drop())
        grid.typed.connect(self.bar.type)
        grid.clear_wanted.connect(self.bar.clear)
        grid.columns.changed.connect(self._keep_columns)
        self._on(Qt.Key.Key_Space, deeds.tick_off)
        self._on("Ctrl+Return", deeds.show_record)

    def _on(self, keys: str | Qt.Key, does: Callable[[], object]) -> None:
        """Hear keys while the list itself has them, not a box in it."""
        made = QShortcut(QKeySequence(keys), self.grid.table)
        made.setContext(Qt.ShortcutContext.WidgetShortcut)
        made.activated.connect(does)

    def _keep_columns(self) -> None:
        if self.saved_views.view is None:
            self._kept.keep_columns()

    def _ask(self) -> None:
        if self._started:
            self.grid.ask(self.bar.filter(), self.bar.text())

    def _say_count(self, count: int) -> None:
        narrowed = self.bar.filter() is not None or bool(self.bar.text())
        self.count.setText(counted(count, "match" if narrowed else "task"))
