"""A group of conditions: all, any or none of them must hold; groups may stand within groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.filter_grip import Grip
from rally_desktop.ui.widgets.filter_row import FilterRow, KeptRow, remove_button
from rally_desktop.ui.widgets.filter_tree import MOST_DEEP, Group, Leaf, Mode, Part, Path
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

MODES: tuple[Mode, ...] = ("all", "any", "none")
GAP = 8


class GroupBox(QFrame):
    """Shows a group and reads it back; what is in it is made by whoever owns the filter."""

    changed = Signal()
    removed = Signal()
    wanted = Signal(str)  # «condition» or «group» to be added, or «paste», at its end

    def __init__(self, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.path = path
        self.parts: list[PartBox] = []
        self.mode = QComboBox()
        for mode in MODES:
            self.mode.addItem(mode, mode)
        self.mode.setAccessibleName("All, any or none of the conditions")
        calm(self.mode)
        words = ShortLabel("of these conditions")
        self.head = QWidget(self)
        self.grip: Grip | None = None
        row = QHBoxLayout(self.head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        if path:
            self.setObjectName("group")
            self.grip = Grip("this group", self.head)
            row.addWidget(self.grip)
        row.addWidget(PlainLabel("Match"))
        row.addWidget(self.mode)
        row.addWidget(words, 1)
        if path:
            row.addWidget(remove_button(self, "Remove this group"))
        self.list = QVBoxLayout()
        self.list.setSpacing(GAP)
        column = QVBoxLayout(self)
        inner = (8, 8, 6, 2) if path else (0, 0, 0, 0)
        column.setContentsMargins(*inner)
        column.setSpacing(GAP)
        column.addWidget(self.head)
        column.addLayout(self.list)
        column.addWidget(self._foot())
        self.mode.currentIndexChanged.connect(self.changed)

    def show_group(self, group: Group, make: Callable[[Part, Path], PartBox]) -> None:
        """Show a group in place of what is shown."""
        for box in self.parts:
            self.list.removeWidget(box)
            box.hide()
            box.deleteLater()
        with QSignalBlocker(self.mode):
            self.mode.setCurrentIndex(self.mode.findData(group.mode))
        self.parts = [make(part, (*self.path, n)) for n, part in enumerate(group.parts)]
        for box in self.parts:
            self.list.addWidget(box)
            box.show()  # at once: the next key may be meant for it
        self.head.setVisible(bool(self.path) or len(self.parts) > 1 or group.mode == "none")

    def read(self) -> Group:
        """Return the group as it stands."""
        return Group(self.mode.currentData(), tuple(map(_read, self.parts)))

    def _foot(self) -> QWidget:
        foot = QWidget(self)
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.add_button = _adder("Add a condition")
        self.add_group_button = _adder("Add a group")
        for button, what in ((self.add_button, "condition"), (self.add_group_button, "group")):
            button.clicked.connect(lambda _=False, what=what: self.wanted.emit(what))
            row.addWidget(button)
        row.addStretch(1)
        self.add_group_button.setVisible(len(self.path) < MOST_DEEP)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), foot)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(lambda: self.wanted.emit("paste"))
        return foot


PartBox: TypeAlias = "FilterRow | KeptRow | GroupBox"


def _read(box: PartBox) -> Part:
    return box.read() if isinstance(box, GroupBox) else Leaf(box.condition())


def _adder(says: str) -> QPushButton:
    button = QPushButton(says)
    button.setProperty("flat", True)
    button.setAutoDefault(False)
    return button
