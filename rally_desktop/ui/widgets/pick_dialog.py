"""A small window in which one line of a list is picked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.plain_label import PlainLabel


class PickDialog(QDialog):
    """Asks which; the first line is offered."""

    def __init__(
        self, theme: Theme, parent: QWidget, title: str, items: Sequence[Item], does: str = "Go on"
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(400)
        self._items = items
        self.box = QComboBox()
        self.box.setAccessibleName(title)
        self.box.addItems([item.name for item in items])
        self.yes = button(theme, does, kind="primary")
        self.yes.setDefault(True)
        self.yes.setEnabled(bool(items))
        cancel = button(theme, "Cancel")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.yes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(title, role="title"))
        layout.addWidget(self.box)
        layout.addSpacing(8)
        layout.addLayout(foot)
        cancel.clicked.connect(self.reject)
        self.yes.clicked.connect(self.accept)

    def ask(self, take: Callable[[Item], object]) -> None:
        """Show the window; ``take`` is given what was picked."""
        self.accepted.connect(lambda: take(self._items[self.box.currentIndex()]))
        self.open()
        self.box.setFocus()
