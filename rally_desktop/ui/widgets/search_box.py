"""The box in the rail that looks like the place to type a search, and opens the finder."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import dress

KEYS = "Ctrl+K"


class SearchBox(QToolButton):
    """A click opens the finder, and so does a letter typed here: ``wanted`` carries it."""

    wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("search_box")
        self.setText("  Search")
        self.setAccessibleName("Search everywhere")
        self.setToolTip(f"Search records, notes, e-mails, calls, tasks and pages ({KEYS})")
        dress(self, theme, "search")
        self.clicked.connect(lambda: self.wanted.emit(""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Begin a search with the letter that was typed."""
        if event.text().strip() and event.text().isprintable():
            self.wanted.emit(event.text())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say by which keys one gets here, where there is room for it."""
        super().paintEvent(event)
        if self.toolButtonStyle() is not Qt.ToolButtonStyle.ToolButtonIconOnly:
            painter = QPainter(self)
            painter.setFont(self._theme.font("sub"))
            painter.setPen(self._theme.colour("ink3"))
            where = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(self.rect().adjusted(0, 0, -10, 0), where, KEYS)
