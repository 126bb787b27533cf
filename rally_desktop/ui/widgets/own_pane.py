"""A list of the office's own with what can be done to it: a box to add, buttons for the chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import Kind, button
from rally_desktop.ui.widgets.flow_layout import FlowLayout
from rally_desktop.ui.widgets.own_list import Item, OwnList
from rally_desktop.ui.widgets.plain_label import PlainLabel

Does = Callable[[Item], object]
When = Callable[[Item], bool]


class OwnPane(QWidget):
    """``adding`` brings what was typed to be added; it stays in the box until that is done."""

    adding = Signal(str)

    def __init__(
        self, theme: Theme, name: str, adds: str, empty: str, *, ordered: bool = True
    ) -> None:
        super().__init__()
        self._theme = theme
        self._acts: list[tuple[QPushButton, When]] = []
        self.heading = PlainLabel(name, "title")
        self.list = OwnList(theme, name, ordered=ordered)
        self.empty = PlainLabel(empty, "sub")
        self.empty.setWordWrap(True)
        self.box = QLineEdit(placeholderText=adds)
        self.box.setAccessibleName(adds)
        self.add = button(theme, "Add", "plus")
        self.row = QHBoxLayout()
        self.row.setSpacing(8)
        self.row.addWidget(self.box, 1)
        self.row.addWidget(self.add)
        self.acts = FlowLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addLayout(self.row)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        column.addLayout(self.acts)
        self._rest = column.count()
        column.addStretch(0)
        self._column = column
        self.act("Rename", "pencil", lambda _: self.list.rename(), lambda item: not item.archived)
        self.box.textChanged.connect(self._offer)
        self.box.returnPressed.connect(self.add.click)
        self.add.clicked.connect(lambda: self.adding.emit(self.box.text()))
        self.list.chosen.connect(self._offer)
        self.show_items(())

    def act(
        self, text: str, icon: str, does: Does, when: When = lambda _: True, kind: Kind = "plain"
    ) -> QPushButton:
        """Add a button for the chosen line; it is there where ``when`` says so."""
        made = button(self._theme, text, icon, kind)
        made.clicked.connect(lambda: self._do(does))
        self.acts.addWidget(made)
        self._acts.append((made, when))
        return made

    def put_below(self, row: QLayout) -> None:
        """Show something about the chosen line between the list and its buttons."""
        self._column.insertLayout(self._column.indexOf(self.acts), row)
        self._rest += 1

    def show_items(self, items: Sequence[Item]) -> None:
        """Show the lines, or say what to do where there are none."""
        self.list.show_items(items)
        self.list.setVisible(bool(items))
        self.empty.setVisible(not items)
        self._column.setStretch(self._rest, 0 if items else 1)

    def place(self, key: object) -> int:
        """Return where a line stands."""
        return [item.key for item in self.list.items.items].index(key)

    def added(self) -> None:
        """Empty the box for the next one."""
        self.box.clear()
        self.box.setFocus()

    def _do(self, does: Does) -> None:
        item = self.list.current()
        if item is not None:
            does(item)

    def _offer(self) -> None:
        item = self.list.current()
        for made, when in self._acts:
            made.setVisible(item is not None and when(item))
        self.add.setEnabled(bool(self.box.text().strip()))
