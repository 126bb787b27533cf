"""What the engine says is wrong, below what it is about; a button where it can be put right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from rally_desktop.engine.problems import Problem
from rally_desktop.ui.widgets.plain_label import PlainLabel


class ProblemLines(QWidget):
    """One line a problem; ``fixed`` brings the fix of the one whose button was pressed."""

    fixed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Problem] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.hide()

    def count(self) -> int:
        """Return how many there are."""
        return len(self._shown)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show these problems and no others."""
        if list(problems) != self._shown:
            self._shown = list(problems)
            while (item := self._column.takeAt(0)) is not None:
                item.widget().hide()
                item.widget().deleteLater()
            for problem in problems:
                self._column.addWidget(self._line(problem))
        self.setVisible(bool(problems))

    def _line(self, problem: Problem) -> QWidget:
        line = QWidget()
        words = PlainLabel(problem.text, "sub")
        words.setWordWrap(True)
        words.set_tone("bad" if problem.severity == "error" else "warn")
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(words)
        if problem.fix is not None:
            mend = QPushButton(problem.fix.label)
            mend.setProperty("kind", "link")
            mend.setAccessibleName(problem.fix.label)
            mend.setAutoDefault(False)
            mend.clicked.connect(lambda: self.fixed.emit(problem.fix))
            column.addWidget(mend, 0, Qt.AlignmentFlag.AlignLeft)
        return line
