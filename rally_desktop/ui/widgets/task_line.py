"""One open task as a line: what it says, whose it is, and what can be answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.services.tasks import Task
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.postpone_button import PostponeButton
from rally_desktop.ui.widgets.relative_time import exactly
from rally_desktop.ui.widgets.task_dialog import TaskDialog
from rally_desktop.ui.widgets.task_form import USUAL


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
