"""The form of a task: what is to be done, by when, by whom, of what kind, and how urgent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from rally_desktop.model.ref import Ref
from rally_desktop.services import lists, tasks, users
from rally_desktop.services.tasks import Task
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.composer_form import (
    MORNING,
    ComposerForm,
    day_box,
    moment_of,
    text_box,
    time_box,
)
from rally_desktop.ui.widgets.plain_label import PlainLabel

TEXT_HEIGHT = 60
USUAL = "Medium"


class TaskForm(ComposerForm):
    """Something to be done, new or changed; a name is enough."""

    kind, title, does = "task", "Task", "Add a task"
    icon, keys = "square-check", "Ctrl+Shift+T"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._task: Task | None = None
        self._learned = False
        self.name = self.first = QLineEdit(placeholderText="What is to be done?")
        self.name.setAccessibleName("Task")
        self.has_due = QCheckBox("Due")
        self.has_due.setChecked(True)
        self.due = day_box(desk, "Due on")
        self.at = time_box("Due at", MORNING, "HH:mm")
        self.type, self.priority, self.assignee = QComboBox(), QComboBox(), QComboBox()
        for box, says in (
            (self.type, "Type"), (self.priority, "Priority"), (self.assignee, "Assignee")
        ):  # fmt: skip
            box.setAccessibleName(says)
            box.setToolTip(says)
            box.setMinimumContentsLength(6)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
        self.text = text_box("More about it, if need be", "More about the task")
        self.text.setFixedHeight(TEXT_HEIGHT)
        self.column.addWidget(self.name)
        self.add_row(self.has_due, self.due, PlainLabel("at"), self.at, stretch=1)
        self.add_row(self.type, self.priority, self.assignee, stretch=2)
        self.column.addWidget(self.text)
        self.name.returnPressed.connect(self.done)
        self.has_due.toggled.connect(self.due.setEnabled)
        self.has_due.toggled.connect(self.at.setEnabled)
        self._learn()

    def has_begun(self) -> bool:
        """Say whether it has a name."""
        return bool(self.name.text().strip())

    def change(self, task: Task) -> None:
        """Change a task rather than add one."""
        self._task = task
        self.name.setText(task.title)
        self.text.setPlainText(task.description)
        self.has_due.setChecked(task.due_at is not None)
        if task.due_at is not None:
            local = task.due_at.astimezone()
            self.due.setDate(QDate(local.year, local.month, local.day))
            self.at.setTime(QTime(local.hour, local.minute))

    async def save(self, ref: Ref) -> None:
        """Add the task, or change it, and offer to take the change back."""
        write, title, said = self.desk.background.write, self.name.text(), self._said()
        if self._task is None:
            await write(tasks.create, ref, title=title, **said)
            return
        number = self._task.id
        before = await write(tasks.edit, number, title, **said)
        action = ("Undo", lambda: self._put_back(number, before))
        self.desk.notices.tell("The task was changed.", action=action)

    def _said(self) -> tasks.Details:
        """Return what is said so far; what the lists are still read for stays as it is."""
        day = moment_of(self.due.date(), self.at.time())
        said: tasks.Details = {
            "due_at": day if self.has_due.isChecked() else None,
            "description": self.text.toPlainText().strip(),
        }
        if self._learned:
            said["assignee_id"] = self.assignee.currentData()
            said["type"], said["priority"] = self.type.currentText(), self.priority.currentText()
        elif self._task is None:
            said["assignee_id"] = self.desk.seat.user
        return said

    @later
    async def _learn(self) -> None:
        """Offer the office's own lists and people, and choose what is usual, or what was said."""
        read = self.desk.background.read
        types, priorities = await read(lists.of, "task_type"), await read(lists.of, "task_priority")
        people: Mapping[str, users.User] = await read(users.by_label)
        task = self._task
        self.assignee.addItem("Nobody yet", None)
        for label, user in people.items():
            self.assignee.addItem(label, user.id)
        whose = task.assignee_id if task else self.desk.seat.user
        if self.assignee.findData(whose) < 0:  # who left
            self.assignee.addItem(task.assignee or "" if task else "", whose)
        self.assignee.setCurrentIndex(self.assignee.findData(whose))
        _choose(self.type, types, task.type if task else "")
        _choose(self.priority, priorities, task.priority if task else _usual(priorities))
        self._learned = True

    @later
    async def _put_back(self, number: int, before: dict[str, Any]) -> None:
        await self.desk.background.write(tasks.edit, number, **before)


def _usual(priorities: list[str]) -> str:
    return USUAL if USUAL in priorities else ""


def _choose(box: QComboBox, values: list[str], chosen: str) -> None:
    """Offer the values of a list, and what was chosen even where it is on it no more."""
    box.addItems(values if chosen in ("", *values) else [*values, chosen])
    box.setCurrentIndex(max(0, box.findText(chosen)))
