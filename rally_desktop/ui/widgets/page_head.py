"""The head of a page: its name, a line about it, and what can be done at the right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.ui.widgets.plain_label import PlainLabel


class PageHead(QWidget):
    """A heading with a line below it and room for buttons."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = PlainLabel(title, "heading")
        self.line = PlainLabel("", "sub")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.heading)
        words.addWidget(self.line)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(24, 18, 24, 14)
        self._layout.setSpacing(8)
        self._layout.addLayout(words, 1)

    def add(self, *widgets: QWidget) -> None:
        """Put widgets at the right, in order."""
        for widget in widgets:
            self._layout.addWidget(widget)
