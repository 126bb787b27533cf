"""What is wrong with the workflow, below the canvas; a click shows where."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout

from rally_desktop.engine.problems import Problem
from rally_desktop.ui.theme import Theme

ROW = 26
MOST_ROWS = 4


class ProblemList(QFrame):
    """One line a problem; ``wanted`` brings the id of the step or trigger, or nothing."""

    wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._theme = theme
        self.list = QListWidget()
        self.list.setAccessibleName("Problems")
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(QSize(16, 16))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.addWidget(self.list)
        self.list.itemClicked.connect(self._want)
        self.list.itemActivated.connect(self._want)
        self.hide()

    def show_problems(self, problems: list[Problem], name_of: Callable[[str], str]) -> None:
        """Show these problems, errors first; hide where there are none."""
        kept = self.list.currentRow()
        self.list.clear()
        for problem in problems:
            where = name_of(problem.step) if problem.step else ""
            item = QListWidgetItem(f"{where}: {problem.text}" if where else problem.text)
            error = problem.severity == "error"
            icon = "circle-alert" if error else "triangle-alert"
            item.setIcon(self._theme.icon(icon, "bad" if error else "warn"))
            item.setSizeHint(QSize(100, ROW))
            item.setData(Qt.ItemDataRole.UserRole, problem.step or "")
            self.list.addItem(item)
        self.list.setCurrentRow(min(kept, len(problems) - 1))
        self.list.setFixedHeight(ROW * min(MOST_ROWS, max(1, len(problems))) + 4)
        self.setVisible(bool(problems))

    def _want(self, item: QListWidgetItem) -> None:
        self.wanted.emit(item.data(Qt.ItemDataRole.UserRole))
