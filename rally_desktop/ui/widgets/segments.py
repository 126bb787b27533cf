"""A few ways to look at the same thing, side by side, of which one is chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton

from rally_desktop.ui import fonts


class Segments(QFrame):
    """``chosen`` brings the key of what was pressed; the arrows go from one to the next."""

    chosen = Signal(str)

    def __init__(self, says: str) -> None:
        super().__init__()
        self.setObjectName("segments")
        self.setAccessibleName(says)
        self.buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 2, 2, 2)
        self._row.setSpacing(2)

    def add(self, key: str, text: str, tip: str = "") -> QToolButton:
        """Add one at the right."""
        made = self.buttons[key] = QToolButton(text=text, checkable=True, toolTip=tip)
        made.setFont(fonts.font("strong"))
        made.setProperty("segment", True)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(made)
        self._row.addWidget(made)
        return made

    def choose(self, key: str) -> None:
        """Show that one as chosen."""
        self.buttons[key].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the neighbour and choose it."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        there = [key for key, one in self.buttons.items() if one.isEnabled() and one.isVisible()]
        here = next((key for key in there if self.buttons[key].hasFocus()), None)
        if step is None or here is None:
            super().keyPressEvent(event)
            return
        to = self.buttons[there[(there.index(here) + step) % len(there)]]
        to.setFocus()
        to.click()
