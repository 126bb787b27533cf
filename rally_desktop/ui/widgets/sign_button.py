"""A button that is an icon alone and takes its colour from the palette around it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QToolButton, QWidget

from rally_desktop.ui import icons


class SignButton(QToolButton):
    """An icon with a tip; pieces that are made without a theme use it."""

    def __init__(self, says: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setToolTip(says)
        self.setAccessibleName(says)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Take another colour when light turns dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        colours = self.palette()
        ink = colours.color(QPalette.ColorRole.WindowText).name()
        faint = colours.color(QPalette.ColorRole.PlaceholderText).name()
        self.setIcon(icons.icon(self._icon, ink, faint))
