"""What is wrong with the workflow, below the canvas; a click shows where, another mends it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem

from rally_desktop.engine.problems import Problem
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button

ROW = 26
MOST_ROWS = 4


class ProblemList(QFrame):
    """One line a problem; ``wanted`` brings the id of the step or trigger, or nothing.

    Where the chosen problem can be put right by itself a button offers that; ``fixed`` brings
    the fix.
    """

    wanted = Signal(str)
    fixed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._theme = theme
        self.list = QListWidget()
        self.list.setAccessibleName("Problems")
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(QSize(16, 16))
        self.mend = button(theme, "Fix", "wrench")
        self._problems: list[Problem] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        row.addWidget(self.list, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.mend, 0, Qt.AlignmentFlag.AlignTop)
        self.list.currentRowChanged.connect(lambda _: self._offer())
        self.mend.clicked.connect(self._fix)
        self.list.itemClicked.connect(self._want)
        self.list.itemActivated.connect(self._want)
        self.hide()

    def show_problems(self, problems: list[Problem], name_of: Callable[[str], str]) -> None:
        """Show these problems, errors first; hide where there are none."""
        kept = self.list.currentRow()
        self._problems = problems
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
        self.list.setCurrentRow(max(0, min(kept, len(problems) - 1)))
        self._offer()
        self.list.setFixedHeight(ROW * min(MOST_ROWS, max(1, len(problems))) + 4)
        self.setVisible(bool(problems))

    def _offer(self) -> None:
        problem = self._chosen()
        fix = problem.fix if problem else None
        self.mend.setVisible(fix is not None)
        if fix is not None:
            self.mend.setText(f" {fix.label}")
            self.mend.setAccessibleName(fix.label)

    def _chosen(self) -> Problem | None:
        row = self.list.currentRow()
        return self._problems[row] if 0 <= row < len(self._problems) else None

    def _fix(self) -> None:
        problem = self._chosen()
        if problem is not None and problem.fix is not None:
            self.fixed.emit(problem.fix)

    def _want(self, item: QListWidgetItem) -> None:
        self.wanted.emit(item.data(Qt.ItemDataRole.UserRole))
