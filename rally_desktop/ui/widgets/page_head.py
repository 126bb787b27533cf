"""The head of a page: its name, a line about it, the way back, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import tool
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

    def lead_back(self, theme: Theme, back: Callable[[], None]) -> None:
        """Put an arrow before the name of a page that is not in the rail."""
        arrow = tool(theme, "Back", "arrow-left")
        arrow.setToolTip("Back (Alt+Left)")
        QShortcut(QKeySequence("Alt+Left"), self).activated.connect(back)
        arrow.clicked.connect(back)
        self._layout.insertWidget(0, arrow, 0, Qt.AlignmentFlag.AlignTop)
        self.back_button = arrow

    def add(self, *widgets: QWidget) -> None:
        """Put widgets at the right, in order."""
        for widget in widgets:
            self._layout.addWidget(widget)


def lay_out(page: QWidget, head: PageHead, *parts: QWidget) -> None:
    """Put a page's head on top and these parts below it; the last one takes the room."""
    around = QVBoxLayout()
    around.setContentsMargins(24, 0, 24, 24)
    around.setSpacing(12)
    for part in parts:
        around.addWidget(part, int(part is parts[-1]))
    whole = QVBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    whole.addWidget(head)
    whole.addLayout(around, 1)
