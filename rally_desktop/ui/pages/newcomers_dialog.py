"""Who is in the mailbox and no contact yet: looked at, then brought in or left alone."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from rally_desktop.services import import_undo, strangers
from rally_desktop.services.strangers import Newcomer
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.ignored_dialog import IgnoredDialog
from rally_desktop.ui.pages.unknown_dialog import UnknownDialog
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.list_table import Column
from rally_desktop.ui.widgets.relative_time import ago, exactly

WIDTH, HEIGHT = 1020, 600


class NewcomersDialog(UnknownDialog[Newcomer]):
    """People of the mailbox; what is ignored is an address, or its domain, from now on."""

    title: ClassVar = "People in the mailbox"
    says: ClassVar = (
        "They wrote to the office, or were written to, and are no contacts yet. Choose whom to "
        "add; until then nothing is."
    )
    nobody: ClassVar = (
        "inbox",
        "Nobody new in the mailbox",
        "Once mail is received, whoever writes and is no contact stands here.",
    )
    watched: ClassVar = frozenset({"mail_stranger", "ignored_sender", "contact", "contact_address"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent, "Add as contacts")
        self.resize(WIDTH, HEIGHT)
        self.ignore_domain = button(desk.theme, "Ignore the domain", "eye-off")
        self.ignored = button(desk.theme, "Who is ignored…")
        self.ignore.clicked.connect(lambda: self.leave_out(domain=False))
        self.ignore_domain.clicked.connect(lambda: self.leave_out(domain=True))
        self.ignored.clicked.connect(lambda: IgnoredDialog(desk, self).open())
        self.lay_out(self.ignore, self.ignore_domain, self.ignored)
        self.refresh()

    def key(self, one: Newcomer) -> str:
        """Return the address."""
        return one.address

    @later
    @newest
    async def refresh(self) -> None:
        """Read who there is."""
        self.show_rows(await self.desk.background.read(strangers.newcomers))

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

    def offer(self) -> None:
        """Offer what can be done, and say which domain would be ignored."""
        super().offer()
        chosen = self.table.selected()
        self.ignore_domain.setEnabled(bool(chosen))
        domains = {one.address.rpartition("@")[2] for one in chosen}
        named = f"Ignore @{domains.pop()}" if len(domains) == 1 else "Ignore the domains"
        self.ignore_domain.setText(f" {named}")

    def columns(self) -> tuple[Column[Newcomer], ...]:
        """Return what is said of each."""
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
