"""The brake: one red button that stops all sending on every computer of the office."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

GOES = (
    "Messages go out.",
    "In an emergency, stop them here: on all computers, within a second.",
)
STANDS = (
    "All sending is stopped.",
    "No message and no request leaves, on no computer. What is due waits.",
)


class Brake(QFrame):
    """Says whether messages go out; ``pulled`` brings whether they are to be stopped."""

    pulled = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.words = PlainLabel("", "strong")
        self.line = PlainLabel("", "sub")
        self.line.setWordWrap(True)
        self.stop = button(theme, "Stop all sending", "octagon-x", "danger")
        self.go = button(theme, "Let messages go out again", "play")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.words)
        words.addWidget(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.stop)
        row.addWidget(self.go)
        self.stop.clicked.connect(lambda: self.pulled.emit(True))
        self.go.clicked.connect(lambda: self.pulled.emit(False))
        self.show_state(stopped=False)

    def show_state(self, *, stopped: bool) -> None:
        """Say whether sending is stopped, and offer the other."""
        words, line = STANDS if stopped else GOES
        self.words.setText(words)
        self.words.set_tone("bad" if stopped else "ok")
        self.line.setText(line)
        self.stop.setVisible(not stopped)
        self.go.setVisible(stopped)
