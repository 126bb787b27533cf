"""Whoever wrote and is no contact yet: looked at, then made contacts or left alone."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel

R = TypeVar("R")


class UnknownDialog(QDialog, Generic[R]):
    """A table of ``R``; those that are selected are brought in, or left out.

    A kind says its title and what it is about, how it is when empty, and which tables it
    watches; it gives the columns and how its rows are told apart.
    """

    title: ClassVar[str]
    says: ClassVar[str]
    nobody: ClassVar[tuple[str, str, str]]  # a picture, a heading, a line
    watched: ClassVar[frozenset[str]]

    def __init__(self, desk: Desk, parent: QWidget | None, adding: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.title)
        self.desk = desk
        self.table: ListTable[R] = ListTable(desk.theme, self.title, self.columns(), many=True)
        self.empty = EmptyPanel(desk.theme)
        self.empty.say(*self.nobody)
        self.add = button(desk.theme, adding, "user-plus", kind="primary")
        self.ignore = button(desk.theme, "Ignore", "eye-off")
        self.close_button = button(desk.theme, "Close")
        self.table.picked.connect(self.offer)
        self.table.opened.connect(lambda _: self.bring_in())
        self.add.clicked.connect(lambda: self.bring_in())
        self.close_button.clicked.connect(self.reject)
        desk.background.changed.connect(self._hear)

    def columns(self) -> tuple[Column[R], ...]:
        """Return what is said of each."""
        raise NotImplementedError

    def key(self, one: R) -> str:
        """Return what tells a row from all others."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Read who there is."""
        raise NotImplementedError

    def bring_in(self) -> None:
        """Make contacts of those who are selected."""
        raise NotImplementedError

    def show_rows(self, rows: list[R]) -> None:
        """Show these; the first time there are some, the keys go to them."""
        self.table.show_rows(rows, self.key)
        begins = bool(rows) and self.table.isHidden()
        self.table.setVisible(bool(rows))
        if begins:
            self.table.setFocus()
        self.empty.setVisible(not rows)
        self.offer()

    def offer(self) -> None:
        """Offer what can be done with those who are selected."""
        for one in (self.add, self.ignore):
            one.setEnabled(bool(self.table.selected()))

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def lay_out(self, *at_the_left: QAbstractButton) -> None:
        """Put the parts in place, these buttons below the table at the left."""
        says = PlainLabel(self.says, "body")
        says.setWordWrap(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for one in at_the_left:
            foot.addWidget(one)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel(self.title, "heading"))
        column.addWidget(says)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        column.addLayout(foot)
        self.show_rows([])

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & self.watched:
            self.refresh()
