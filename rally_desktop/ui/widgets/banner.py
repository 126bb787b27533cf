"""The banner above every page while all sending is stopped."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel


class Banner(QFrame):
    """Says that nothing leaves, on no computer; ``resumed`` when it shall again."""

    resumed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("alarm")
        self._theme = theme
        self.sign = QLabel()
        self.words = PlainLabel("All sending is stopped. What is due waits.", "strong")
        self.words.set_tone("bad")
        self.words.setWordWrap(True)
        self.setAccessibleName(self.words.text())
        self.resume = button(theme, "Resume", "play")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 7, 24, 7)
        row.setSpacing(10)
        row.addWidget(self.sign)
        row.addWidget(self.words, 1)
        row.addWidget(self.resume)
        self.resume.clicked.connect(self.resumed)
        theme.changed.connect(self._draw)
        self._draw()
        self.hide()

    def _draw(self) -> None:
        self.sign.setPixmap(self._theme.pixmap("octagon-x", "bad", 18))
