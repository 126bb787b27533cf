"""The password of a workflow, in the panel of its whole: set, changed, taken away, asked again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from rally_desktop.model.graph import Graph
from rally_desktop.ui.pages.workflow_guard import Guard
from rally_desktop.ui.pages.workflow_rows import Part, explained
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button

NONE = "Without a password, everybody in the office can change this workflow."
OPEN = "It is open here. Ten minutes after your last change the password is asked for again."
SHUT = "Enter the password to change anything. Looking, stopping and pausing need none."


class Protection(Part):
    """Says how the workflow is protected, and offers what can be done about it."""

    def __init__(self, theme: Theme, guard: Guard) -> None:
        super().__init__()
        self._guard = guard
        self.words = explained("")
        self.enter = button(theme, "Enter password …", "lock-open", "link")
        self.new = button(theme, "Set a password …", "lock", "link")
        self.lock = button(theme, "Lock now", "lock", "link")
        self.take_away = button(theme, "Take the password away", "x", "link")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        for press in (self.enter, self.lock, self.new, self.take_away):
            column.addWidget(press, 0, Qt.AlignmentFlag.AlignLeft)
        self.enter.clicked.connect(guard.ask)
        self.new.clicked.connect(guard.ask_new)
        self.lock.clicked.connect(guard.lock_again)
        self.take_away.clicked.connect(guard.take_away)
        self._say()

    def follow(self, graph: Graph) -> None:
        """Show how it is protected, which is no part of the graph."""
        self._say()

    def summary(self, graph: Graph) -> str:
        """Return it in a line."""
        state = self._guard.state
        if not state.protected:
            return "No password"
        return "Password, open here" if state.open else "Password"

    def _say(self) -> None:
        state = self._guard.state
        self.words.setText((OPEN if state.open else SHUT) if state.protected else NONE)
        self.new.setText(" Change the password …" if state.protected else " Set a password …")
        self.new.setAccessibleName(self.new.text().strip())
        self.enter.setVisible(state.protected and not state.open)
        self.new.setVisible(state.open)
        for press in (self.lock, self.take_away):
            press.setVisible(state.protected and state.open)
