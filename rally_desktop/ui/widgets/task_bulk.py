"""What can be done to the chosen tasks of a list: ticked off, put off, given to somebody."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu

from rally_desktop.core.errors import Refused
from rally_desktop.model.ref import listed
from rally_desktop.model.work import Work
from rally_desktop.services import entry, task_edits, tasks
from rally_desktop.services.task_edits import Deeds
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.bulk_deeds import ASKED_FROM, Does, counted
from rally_desktop.ui.widgets.bulk_dialog import BulkDialog
from rally_desktop.ui.widgets.bulk_work import BulkWork, Saying
from rally_desktop.ui.widgets.field_editor import field_editor
from rally_desktop.ui.widgets.grid import RecordGrid
from rally_desktop.ui.widgets.postpone_button import DAYS
from rally_desktop.ui.widgets.related_list import PAGES
from rally_desktop.ui.widgets.task_deeds import TaskDeeds
from rally_desktop.ui.widgets.task_dialog import TaskDialog


class TaskBulk(TaskDeeds):
    """Hands each deed to the work in the background, one undo for all of it."""

    def __init__(self, desk: Desk, grid: RecordGrid, work: BulkWork) -> None:
        super().__init__(desk, grid)
        self._grid, self._work = grid, work
        self.dialog: BulkDialog | TaskDialog | None = None
        self.menu_of_days: QMenu | None = None

    def offered(self) -> Mapping[str, Does]:
        """Return what can be done to the chosen tasks."""
        return {
            "done": ("Done", "circle-check", self.tick_off),
            "later": ("Put off", "calendar-clock", self.ask_days),
            "assignee": ("Assignee", "user", lambda: self.ask("assignee")),
            "priority": ("Priority", "pencil", lambda: self.ask("priority")),
            "delete": ("Delete", "trash-2", lambda: self.drop()),
        }

    def tick_off(self) -> None:
        """Say that the chosen tasks are done."""
        self._do(Deeds(task_edits.completing, "completed"), "Ticking off", "done")

    def ask_days(self) -> None:
        """Ask by how much to put off the chosen tasks."""
        menu = self.menu_of_days = QMenu(self._grid)
        for words, days in DAYS.items():
            menu.addAction(words, lambda days=days: self.put_off(days))
        menu.popup(QCursor.pos())

    def put_off(self, days: int) -> None:
        """Let the chosen tasks be due so many days from now, at the time of day that they were."""
        self._do(Deeds(task_edits.postponing(days), "postponed"), "Putting off", "put off")

    @later
    async def ask(self, name: str) -> None:
        """Ask for the value of one field, and set it."""
        numbers = self._chosen()
        if not numbers:
            return
        card = await self._desk.background.read(entry.blank, "task")
        field, many = card.fields[name], counted(len(numbers), "task")
        title = f"Set the {field.label.lower()} of {many}"
        dialog = BulkDialog(self._desk.theme, self._grid, title, f"Set in {many}")
        editor = field_editor(field, card.lists, self._desk)
        dialog.row(field.label, editor.widget)
        dialog.value = editor.read

        async def take(value: Any) -> None:
            does = Deeds(task_edits.setting(name, value), "set", field.label)
            first = await self._desk.background.read(_tried, does, numbers[:1])
            if first:
                raise Refused(first)
            self._do(does, f"Setting {field.label.lower()}", "changed", numbers)

        dialog.take = take
        self._open(dialog)
        editor.widget.setFocus()

    @later
    async def drop(self) -> None:
        """Say that the chosen tasks need not be done; many only after a question."""
        numbers = self._chosen()
        many = counted(len(numbers), "task")
        says = "They need not be done any more. Ctrl+Z brings them back."
        if len(numbers) < ASKED_FROM or await ask(self._grid, f"Delete {many}?", says, "Delete"):
            self._do(Deeds(task_edits.dropping, "withdrawn"), "Deleting", "deleted", numbers)

    @later
    async def change(self) -> None:
        """Open the task under the cursor, to be changed."""
        number = self._grid.table.current_id()
        if number is None or self.dialog is not None:
            return
        found = await self._desk.background.read(tasks.one, number)
        dialog = TaskDialog(self._desk, found, self._grid)
        dialog.unwanted.connect(self.delete)
        self._open(dialog)

    @later
    async def show_record(self) -> None:
        """Go to the record that the task under the cursor is about."""
        number = self._grid.table.current_id()
        if number is not None:
            found = await self._desk.background.read(tasks.one, number)
            self._desk.go(PAGES[found.ref.kind], found.ref)

    # -- parts -----------------------------------------------------------------------------

    def _chosen(self) -> array[int]:
        return self._grid.table.selected_ids()

    def _do(self, does: Deeds, doing: str, done: str, some: array[int] | None = None) -> None:
        numbers = self._chosen() if some is None else some
        if not numbers:
            return
        if done in ("done", "deleted"):
            self._grid.step_off(numbers)
        said: Callable[[int], str] = lambda count: f"{counted(count, 'task')} {done}."  # noqa: E731
        self._work.do(does, numbers, Saying(f"{doing} {counted(len(numbers), 'task')}", said))

    def _open(self, dialog: BulkDialog | TaskDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None
        self._grid.table.setFocus()


def _tried(work: Work, does: Deeds, numbers: array[int]) -> str:
    """Return why the first of them refuses it; what was done is thrown away."""
    _, refused = does(work, [listed("task", number) for number in numbers])
    return next(iter(refused), "")
