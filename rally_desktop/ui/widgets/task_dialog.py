"""A small window in which a task is changed, wherever it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.services.tasks import Task
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel
from rally_desktop.ui.widgets.task_form import TaskForm


class TaskDialog(QDialog):
    """Changes one task; Ctrl+Enter saves as in the timeline, Esc leaves it as it was."""

    unwanted = Signal(object)
    """The task is to be deleted."""

    def __init__(self, desk: Desk, task: Task, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Change the task")
        self.setMinimumWidth(440)
        self._task = task
        self.form = TaskForm(desk)
        self.form.change(task)
        self.problem = PlainLabel(role="sub")
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.save_button = button(desk.theme, "Save", kind="primary")
        cancel = button(desk.theme, "Cancel")
        foot = QHBoxLayout()
        self.delete_button = button(desk.theme, "Delete", "trash-2", "quiet")
        self.delete_button.setVisible(task.run_id is None)  # no workflow waits for it
        foot.addWidget(self.delete_button)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(PlainLabel("Change the task", role="title"))
        whose = ShortLabel(role="sub")
        whose.setText(task.record)
        layout.addWidget(whose)
        layout.addSpacing(4)
        layout.addWidget(self.form)
        layout.addWidget(self.problem)
        layout.addSpacing(8)
        layout.addLayout(foot)
        cancel.clicked.connect(self.reject)
        self.delete_button.clicked.connect(self._delete)
        for asked in (self.save_button.clicked, self.form.done):
            asked.connect(lambda: self.save())
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        self.form.name.setFocus()

    def _delete(self) -> None:
        self.unwanted.emit(self._task)
        self.accept()

    @later
    async def save(self) -> None:
        """Keep what is said, or say what is wrong with it."""
        if not self.save_button.isEnabled():
            return
        self.save_button.setEnabled(False)
        try:
            await self.form.save(self._task.ref)
        except RallyError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        finally:
            self.save_button.setEnabled(True)
        self.accept()
