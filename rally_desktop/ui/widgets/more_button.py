"""The ‘⋯’ of a page: a menu of what is not wanted every day."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import dress


class MoreButton(QToolButton):
    """Opens its menu by a click or Space."""

    def __init__(self, theme: Theme, says: str = "More") -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(says)
        self.setToolTip(says)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._icons: list[tuple[QAction, str]] = []
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self._draw)
        dress(self, theme, "ellipsis")

    def offer(self, words: str, icon: str, does: Callable[[], object]) -> QAction:
        """Add something to the menu."""
        action: QAction = self.menu().addAction(words.replace("&", "&&"))
        self._icons.append((action, icon))
        action.triggered.connect(lambda: does())
        return action

    def _draw(self) -> None:
        for action, icon in self._icons:
            action.setIcon(self._theme.icon(icon))
