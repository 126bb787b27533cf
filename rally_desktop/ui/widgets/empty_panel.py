"""What stands where there is nothing to list: why, and what to do first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.plain_label import PlainLabel


class EmptyPanel(QWidget):
    """An icon, a heading, a sentence and, where something can be done, a button."""

    pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = "users"
        self.icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.heading = PlainLabel(role="title")
        self.words = PlainLabel(role="body")
        self.words.set_tone("quiet")
        self.button = QPushButton()
        self.button.hide()
        for label in (self.heading, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 32)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self.icon)
        layout.addSpacing(4)
        layout.addWidget(self.heading)
        layout.addWidget(self.words)
        layout.addSpacing(8)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(3)
        self.button.clicked.connect(self.pressed)
        theme.changed.connect(self._draw)

    def say(self, icon: str, heading: str, words: str, button: str = "") -> None:
        """Show this."""
        self._icon_name = icon
        self.heading.setText(heading)
        self.words.setText(words)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self._draw()

    def _draw(self) -> None:
        self.icon.setPixmap(self._theme.pixmap(self._icon_name, "ink3", 32))
