"""The foot of the window: what the engine does, and which office is open."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from rally_desktop.ui.widgets.plain_label import PlainLabel


class Foot(QFrame):
    """One line with two texts."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("foot")
        self.state = PlainLabel(role="sub")
        self.office = PlainLabel(role="sub")
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 5, 16, 5)
        line.addWidget(self.state, 1)
        line.addWidget(self.office)

    def say(self, office: str, state: str, tone: str = "quiet") -> None:
        """Show which office is open and what the engine does."""
        self.office.setText(office)
        self.state.setText(state)
        self.state.set_tone(tone)
