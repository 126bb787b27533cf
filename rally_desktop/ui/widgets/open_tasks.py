"""What is to be done about a record, or for a run: to be ticked off, and questions to answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import tasks
from rally_desktop.services.tasks import Task
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.focus import kept
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.postpone_button import PostponeButton
from rally_desktop.ui.widgets.relative_time import exactly
from rally_desktop.ui.widgets.task_deeds import TaskDeeds
from rally_desktop.ui.widgets.task_dialog import TaskDialog
from rally_desktop.ui.widgets.task_form import USUAL

MOST = 3  # shown until one asks for all


class OpenTasks(QFrame):
    """The open tasks of a record or of a run, the most urgent first; hidden while there are none.

    A question that several people were asked stands there once: the first answer counts.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._of: Mapping[str, Any] = {}
        self._all = False
        self.deeds = TaskDeeds(desk, self)
        self.setAccessibleName("To be done")
        self.lines: list[TaskLine] = []
        self.more = button(desk.theme, "", kind="link")
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(6)
        column.addLayout(self._list)
        column.addWidget(self.more)
        self.more.clicked.connect(self._show_all)
        desk.background.changed.connect(self._hear)
        self.hide()

    def show_ref(self, ref: Ref | None) -> None:
        """Show what is to be done about a record."""
        self._show_of({"ref": ref} if ref else {})

    def show_run(self, run_id: int | None) -> None:
        """Show what a run waits for."""
        self._show_of({"run_id": run_id} if run_id else {})

    def _show_of(self, of: Mapping[str, Any]) -> None:
        if of != self._of:
            self._of, self._all = of, False
            self._draw(())
            self._read()

    @later
    @newest
    async def _read(self) -> None:
        of = self._of
        found = await self._desk.background.read(tasks.listed, **of) if of else ()
        if of == self._of:
            self._draw(tuple(_each_once(found)))

    def _draw(self, found: Sequence[tuple[Task, str]]) -> None:
        shown = found if self._all else found[:MOST]
        if [line.shown for line in self.lines] != list(shown):
            with kept(self):
                self._fill(shown)
        rest = len(found) - len(shown)
        self.more.setText(f"{rest} more to be done")
        self.more.setVisible(rest > 0)
        self.setVisible(bool(found))

    def _fill(self, shown: Sequence[tuple[Task, str]]) -> None:
        for line in self.lines:
            line.setParent(None)  # type: ignore[arg-type]
            line.deleteLater()
        now = self._desk.clock.now()
        self.lines = [TaskLine(self._desk, *one, now) for one in shown]
        for line in self.lines:
            self._list.addWidget(line)
            self.deeds.heed(line)

    def _show_all(self) -> None:
        self._all = True
        self._read()

    def _hear(self, touched: frozenset[str]) -> None:
        if "task" in touched and self._of:
            self._read()


class TaskLine(QWidget):
    """One task: what it says, whose it is, and what can be answered."""

    decided = Signal(int, str)
    unwanted = Signal(object)
    postponed = Signal(int, object)

    def __init__(self, desk: Desk, task: Task, whose: str, now: datetime) -> None:
        super().__init__()
        self._desk = desk
        self.shown = (task, whose)
        title = PlainLabel(task.title, "strong")
        about = PlainLabel(_about(task, whose), "sub")
        late = task.due_at is not None and task.due_at < now
        about.set_tone("warn" if late else "quiet")
        about.setToolTip(exactly(task.due_at) if task.due_at else "")
        words = PlainLabel(task.description)
        words.setVisible(bool(task.description))
        column = QVBoxLayout()
        column.setSpacing(2)
        for label in (title, about, words):
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(column, 1)
        if not task.asks:
            self.edit_button = tool(desk.theme, f"Change: {task.title}", "pencil")
            self.edit_button.setToolTip("Change the task")
            self.edit_button.clicked.connect(self.edit)
            row.addWidget(self.edit_button, 0, Qt.AlignmentFlag.AlignTop)
            self.later_button = PostponeButton(desk, task.due_at, task.title)
            self.later_button.moved.connect(lambda at: self.postponed.emit(task.id, at))
            row.addWidget(self.later_button, 0, Qt.AlignmentFlag.AlignTop)
        self.buttons = {answer: button(desk.theme, *face) for answer, face in _faces(task)}
        for answer, made in self.buttons.items():
            made.setAccessibleName(f"{made.text().strip()}: {task.title}")
            made.clicked.connect(lambda _=False, answer=answer: self.decided.emit(task.id, answer))
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)

    def edit(self) -> None:
        """Change the task in a window of its own."""
        dialog = TaskDialog(self._desk, self.shown[0], self.window())
        dialog.unwanted.connect(self.unwanted)
        dialog.open()


def _faces(task: Task) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each answer with the words and the icon of its button."""
    if task.asks:
        yield "approved", ("Approve", "circle-check")
        yield "rejected", ("Reject", "circle-x")
    else:
        yield "", ("Done", "circle-check")


def _about(task: Task, whose: str) -> str:
    local = task.due_at and task.due_at.astimezone()
    due = f"due {local.day} {local:%B, %H:%M}" if local else ""
    priority = "" if task.priority == USUAL else f"priority {task.priority}"
    return ", ".join(filter(None, (task.type, priority, f"for {whose}" if whose else "", due)))


def _each_once(found: Sequence[Task]) -> Iterator[tuple[Task, str]]:
    """Yield the tasks with the names of those who have them, a question of a run only once."""
    asked: dict[tuple[int | None, str], list[Task]] = {}
    for one in found:
        key = (one.run_id, one.title) if one.asks and one.run_id else (None, str(one.id))
        asked.setdefault(key, []).append(one)
    for alike in asked.values():
        yield alike[0], " or ".join(one.assignee for one in alike if one.assignee)
