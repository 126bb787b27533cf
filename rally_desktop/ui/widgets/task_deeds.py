"""What is done with a task wherever it stands: ticked off, decided, put off, deleted, undone."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject

from rally_desktop.services import tasks
from rally_desktop.services.tasks import Task
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.relative_time import exactly
from rally_desktop.ui.widgets.task_line import TaskLine

_SAID = {
    "": "The task is done.",
    "approved": "Approved. The run goes on.",
    "rejected": "Rejected. The run goes on.",
}


class TaskDeeds(QObject):
    """Does it and says so; what no workflow went on from can be taken back.

    It outlives the lines: what one of them asked for is told though the list was drawn anew.
    """

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk

    def heed(self, line: TaskLine) -> None:
        """Do what is wanted of a line."""
        line.decided.connect(self.complete)
        line.unwanted.connect(self.delete)
        line.postponed.connect(self._postpone)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    @later
    async def complete(self, number: int, answer: str) -> None:
        """Say that a task is done, or what was decided."""
        background = self._desk.background
        if not await background.write(tasks.complete, number, answer):
            self._desk.notices.tell("Somebody was quicker: it was done before.")
        elif await background.read(tasks.run_of, number) is None:
            self._desk.notices.tell(_SAID[answer], "ok", ("Undo", lambda: self._reopen(number)))
        else:
            self._desk.notices.tell(_SAID[answer], "ok")

    @later
    async def delete(self, task: Task) -> None:
        """Say that a task need not be done."""
        await self._desk.background.write(tasks.drop, task.id)
        action = ("Undo", lambda: self._reopen(task.id))
        self._desk.notices.tell(f"The task ‘{task.title}’ was deleted.", action=action)

    @later
    async def _postpone(self, number: int, at: datetime | None) -> None:
        """Let a task be due at another time, and offer to take that back."""
        before = await self._desk.background.write(tasks.postpone, number, at)
        due = f"due {exactly(at)}" if at else "due at no time"
        undo = ("Undo", lambda: self._postpone(number, before))
        self._desk.notices.tell(f"The task is {due} now.", action=undo)

    @later
    async def _reopen(self, number: int) -> None:
        await self._desk.background.write(tasks.reopen, number)
