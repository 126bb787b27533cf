"""Of whom the office wants to hear nothing: addresses, domains, patterns with a star."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from rally_desktop.services import strangers
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH, HEIGHT = 520, 480
_SAYS = (
    "Their mail makes no line on any timeline, and they are not offered as contacts. Machines such "
    "as noreply@… never are."
)
Row = tuple[int, str]


class IgnoredDialog(QDialog):
    """A list that is added to above and taken from by Delete."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Who is ignored")
        self.resize(WIDTH, HEIGHT)
        self.desk = desk
        self.field = QLineEdit(placeholderText="name@example.com, @example.com or news*@*")
        self.field.setAccessibleName("Whom to ignore")
        self.add = button(desk.theme, "Add", "plus")
        self.remove = button(desk.theme, "Hear of them again")
        says = (Column[Row]("Address, domain or pattern", lambda row: row[1], 0, strong=True),)
        self.table: ListTable[Row] = ListTable(desk.theme, "Who is ignored", says, many=True)
        self._build()
        self.field.returnPressed.connect(lambda: self.put())
        self.add.clicked.connect(lambda: self.put())
        self.remove.clicked.connect(lambda: self.take_out())
        self.table.deleting.connect(lambda _: self.take_out())
        self.table.picked.connect(self._offer)
        desk.background.changed.connect(self._hear)
        self._offer()
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read the list."""
        found = await self.desk.background.read(strangers.ignored)
        self.table.show_rows(found, lambda row: row[0])
        self._offer()

    @later
    async def put(self) -> None:
        """Ignore what was typed from now on."""
        if text := self.field.text().strip():
            await self.desk.background.write(strangers.ignore, text)
            self.field.clear()

    @later
    async def take_out(self) -> None:
        """Hear of those who are selected again."""
        for number, _ in self.table.selected():
            await self.desk.background.write(strangers.heed, number)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def _offer(self) -> None:
        self.remove.setEnabled(bool(self.table.selected()))

    def _hear(self, tables: frozenset[str]) -> None:
        if "ignored_sender" in tables:
            self.refresh()

    def _build(self) -> None:
        # Enter adds what was typed; it closes nothing.
        for one in (self.add, self.remove):
            one.setAutoDefault(False)
        close = button(self.desk.theme, "Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        says = PlainLabel(_SAYS, "body")
        says.setWordWrap(True)
        above, foot = QHBoxLayout(), QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.field, 1)
        above.addWidget(self.add)
        foot.addWidget(self.remove)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel("Who is ignored", "heading"))
        column.addWidget(says)
        column.addLayout(above)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
