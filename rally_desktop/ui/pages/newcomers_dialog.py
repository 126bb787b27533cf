"""Who is in the mailbox and no contact yet: looked at, then brought in or left alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.services import import_undo, strangers
from rally_desktop.services.strangers import Newcomer
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.ignored_dialog import IgnoredDialog
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import ago, exactly

WIDTH, HEIGHT = 1020, 600
_SAYS = (
    "They wrote to the office, or were written to, and are no contacts yet. Choose whom to add; "
    "until then nothing is."
)


class NewcomersDialog(QDialog):
    """A table of people; those that are selected are added, or ignored from now on."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("People in the mailbox")
        self.resize(WIDTH, HEIGHT)
        self.desk = desk
        self.table: ListTable[Newcomer] = ListTable(
            desk.theme, "People in the mailbox", self._columns(), many=True
        )
        self.empty = EmptyPanel(desk.theme)
        self.add = button(desk.theme, "Add as contacts", "user-plus", kind="primary")
        self.ignore = button(desk.theme, "Ignore", "eye-off")
        self.ignore_domain = button(desk.theme, "Ignore the domain", "eye-off")
        self.ignored = button(desk.theme, "Who is ignored…")
        self._build()
        self.table.picked.connect(self._offer)
        self.table.opened.connect(lambda _: self.bring_in())
        self.add.clicked.connect(lambda: self.bring_in())
        self.ignore.clicked.connect(lambda: self.leave_out(domain=False))
        self.ignore_domain.clicked.connect(lambda: self.leave_out(domain=True))
        self.ignored.clicked.connect(lambda: IgnoredDialog(desk, self).open())
        desk.background.changed.connect(self._hear)
        self._show([])
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read who there is."""
        self._show(await self.desk.background.read(strangers.newcomers))

    @later
    async def bring_in(self) -> None:
        """Make contacts of those who are selected."""
        chosen = self.table.selected()
        job = await self.desk.background.write(strangers.bring_in, chosen)
        count = len(chosen)
        said = f"{count:,} contacts were added." if count > 1 else "1 contact was added."
        self.desk.notices.tell(said, "ok", ("Undo", lambda: self.take_back(job)))

    @later
    async def take_back(self, job: int) -> None:
        """Undo what was just brought in."""
        undone = await self.desk.background.job(lambda store, _: import_undo.undo(store, job))
        self.desk.notices.tell(undone.say(), "ok")

    @later
    async def leave_out(self, *, domain: bool) -> None:
        """Hear nothing more of those who are selected."""
        addresses = [one.address for one in self.table.selected()]
        wanted = [f"@{one.rpartition('@')[2]}" if domain else one for one in addresses]
        for pattern in dict.fromkeys(wanted):
            await self.desk.background.write(strangers.ignore, pattern)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def _show(self, people: list[Newcomer]) -> None:
        self.table.show_rows(people, lambda one: one.address)
        begins = bool(people) and self.table.isHidden()
        self.table.setVisible(bool(people))
        if begins:
            self.table.setFocus()
        self.empty.setVisible(not people)
        self._offer()

    def _offer(self) -> None:
        chosen = self.table.selected()
        for one in (self.add, self.ignore, self.ignore_domain):
            one.setEnabled(bool(chosen))
        domains = {one.address.rpartition("@")[2] for one in chosen}
        named = f"Ignore @{domains.pop()}" if len(domains) == 1 else "Ignore the domains"
        self.ignore_domain.setText(f" {named}")

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & {"mail_stranger", "ignored_sender", "contact", "contact_address"}:
            self.refresh()

    def _build(self) -> None:
        words = "Once mail is received, whoever writes and is no contact stands here."
        self.empty.say("inbox", "Nobody new in the mailbox", words)
        close = button(self.desk.theme, "Close")
        close.clicked.connect(self.reject)
        says = PlainLabel(_SAYS, "body")
        says.setWordWrap(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for one in (self.ignore, self.ignore_domain, self.ignored):
            foot.addWidget(one)
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel("People in the mailbox", "heading"))
        column.addWidget(says)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        column.addLayout(foot)

    def _columns(self) -> tuple[Column[Newcomer], ...]:
        now = self.desk.clock.now
        return (
            Column("Name", lambda one: one.name or "–", 180, strong=True),
            Column("E-mail", lambda one: one.address, 0),
            Column("Company", lambda one: one.company, 120),
            Column("Wrote", lambda one: f"{one.wrote:,}", 64, sort=lambda one: one.wrote,
                   right=True),
            Column("Written to", lambda one: f"{one.written:,}", 92,
                   sort=lambda one: one.written, right=True),
            Column("Last", lambda one: ago(one.last_at, now()), 104,
                   sort=lambda one: one.last_at, tip=lambda one: exactly(one.last_at)),
        )  # fmt: skip
