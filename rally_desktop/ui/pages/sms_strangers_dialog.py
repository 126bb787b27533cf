"""Numbers that wrote and are nobody's yet: looked at, then made contacts or left alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.services import sms_strangers
from rally_desktop.services.sms_strangers import Stranger
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import ago, exactly

WIDTH, HEIGHT = 860, 520
_SAYS = (
    "They wrote to the office by SMS, and no contact has their number. What they wrote is kept; a "
    "number that a contact has by now is given to that contact."
)


class StrangersDialog(QDialog):
    """A table of numbers; those that are selected are made contacts, or ignored."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Unknown numbers")
        self.resize(WIDTH, HEIGHT)
        self.desk = desk
        self.table: ListTable[Stranger] = ListTable(
            desk.theme, "Unknown numbers", self._columns(), many=True
        )
        self.empty = EmptyPanel(desk.theme)
        self.add = button(desk.theme, "Make contacts", "user-plus", kind="primary")
        self.ignore = button(desk.theme, "Ignore", "eye-off")
        self._build()
        self.table.picked.connect(self._offer)
        self.table.opened.connect(lambda _: self.bring_in())
        self.add.clicked.connect(lambda: self.bring_in())
        self.ignore.clicked.connect(lambda: self.leave_out())
        desk.background.changed.connect(self._hear)
        self._show([])
        self.begin()

    @later
    async def begin(self) -> None:
        """Give to contacts what is theirs by now, then show the rest."""
        await self.desk.background.write(sms_strangers.adopt)
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read who there is."""
        self._show(await self.desk.background.read(sms_strangers.listed))

    @later
    async def bring_in(self) -> None:
        """Make contacts of those who are selected, called by their numbers for now."""
        numbers = [one.number for one in self.table.selected()]
        made = await self.desk.background.write(sms_strangers.bring_in, numbers)
        said = "1 contact was added." if len(made) == 1 else f"{len(made):,} contacts were added."
        self.desk.notices.tell(said, "ok")

    @later
    async def leave_out(self) -> None:
        """Show nothing more of what those who are selected wrote."""
        numbers = [one.number for one in self.table.selected()]
        await self.desk.background.write(sms_strangers.ignore, numbers)
        self.desk.notices.tell("Ignored.", "ok", ("Undo", lambda: self.take_back(numbers)))

    @later
    async def take_back(self, numbers: list[str]) -> None:
        """Show them again."""
        await self.desk.background.write(sms_strangers.heed, numbers)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def _show(self, people: list[Stranger]) -> None:
        self.table.show_rows(people, lambda one: one.number)
        self.table.setVisible(bool(people))
        self.empty.setVisible(not people)
        self._offer()

    def _offer(self) -> None:
        for one in (self.add, self.ignore):
            one.setEnabled(bool(self.table.selected()))

    def _hear(self, tables: frozenset[str]) -> None:
        if "sms_arrival" in tables:
            self.refresh()

    def _build(self) -> None:
        words = "Whoever writes by SMS and is no contact stands here."
        self.empty.say("message-square", "No unknown numbers", words)
        close = button(self.desk.theme, "Close")
        close.clicked.connect(self.reject)
        says = PlainLabel(_SAYS, "body")
        says.setWordWrap(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.ignore)
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel("Unknown numbers", "heading"))
        column.addWidget(says)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        column.addLayout(foot)

    def _columns(self) -> tuple[Column[Stranger], ...]:
        now = self.desk.clock.now
        return (
            Column("Number", lambda one: one.number, 170, strong=True),
            Column("Wrote last", lambda one: " ".join(one.text.split()), 0,
                   tip=lambda one: one.text),
            Column("Messages", lambda one: f"{one.wrote:,}", 100, sort=lambda one: one.wrote,
                   right=True),
            Column("When", lambda one: ago(one.last_at, now()), 120,
                   sort=lambda one: one.last_at, tip=lambda one: exactly(one.last_at)),
        )  # fmt: skip
