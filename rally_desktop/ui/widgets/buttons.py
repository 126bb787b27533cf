"""Buttons with an icon that follows light and dark."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton

from rally_desktop.ui.theme import Theme

Kind = Literal["plain", "primary", "danger", "quiet", "link"]
_COLOURS: dict[Kind, str] = {
    "plain": "ink2",
    "primary": "on_accent",
    "danger": "bad",
    "quiet": "ink2",
    "link": "accent",
}


def button(theme: Theme, text: str, icon: str = "", kind: Kind = "plain") -> QPushButton:
    """Return a push button; one on a page may be ``primary``."""
    made = QPushButton(f" {text}" if icon else text)
    made.setProperty("kind", kind)
    made.setAccessibleName(text)
    made.setAutoDefault(False)
    if icon:
        dress(made, theme, icon, _COLOURS[kind])
    return made


def tool(theme: Theme, says: str, icon: str, colour: str = "ink2") -> QToolButton:
    """Return a button that is an icon alone; ``says`` is its tip and its name when read aloud."""
    made = QToolButton()
    made.setAccessibleName(says)
    made.setToolTip(says)
    dress(made, theme, icon, colour)
    return made


def dress(button: QAbstractButton, theme: Theme, icon: str, colour: str = "ink2") -> None:
    """Give a button an icon that follows light and dark."""
    _Dress(button, theme, icon, colour)


class _Dress(QObject):
    """Draws a button's icon anew when the look changes; it goes with the button."""

    def __init__(self, button: QAbstractButton, theme: Theme, icon: str, colour: str) -> None:
        super().__init__(button)
        self._button, self._theme, self._icon, self._colour = button, theme, icon, colour
        theme.changed.connect(self._draw)
        self._draw()

    @Slot()
    def _draw(self) -> None:
        self._button.setIcon(self._theme.icon(self._icon, self._colour))
