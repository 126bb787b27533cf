"""What the sections of mailboxes and of gateways share: shown, set, paused, taken out of use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, Protocol, TypeVar

from PySide6.QtCore import Qt, QTimer

from rally_desktop.engine import naming
from rally_desktop.engine.naming import Sort
from rally_desktop.services import mail_accounts, mail_standing, users
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.users import User
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.account_dialog import AccountDialog
from rally_desktop.ui.pages.account_facts import AccountFacts
from rally_desktop.ui.pages.settings_own import OwnSection
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.own_pane import OwnPane
from rally_desktop.ui.widgets.shrinking_area import ShrinkingArea

BY_HAND = "Somebody paused it."
MINUTE = 60_000
ACCOUNTS = Sort("mail_account")


class Known(Protocol):
    """How an account is."""

    @property
    def account(self) -> Account:
        """Return which one."""
        ...

    @property
    def line(self) -> str:
        """Return how it is, in a line."""
        ...

    @property
    def tone(self) -> str:
        """Return the colour of its dot."""
        ...


K = TypeVar("K", bound=Known)


class AccountsSection(OwnSection, Generic[K]):
    """The accounts at the left, what is known of the chosen one beside them."""

    listed: ClassVar[str]  # what the list is called
    adding: ClassVar[str]  # what is typed to add one
    empty: ClassVar[str]  # what is said while there is none
    connected_line: ClassVar[str]

    def __init__(self, desk: Desk, facts: AccountFacts[K]) -> None:
        super().__init__(desk)
        self._known: dict[int, K] = {}
        self._new = 0  # just set up, and not shown yet
        self._minutes = QTimer(self, interval=MINUTE)
        self.facts = facts
        self.pane = OwnPane(desk.theme, self.listed, self.adding, self.empty, ordered=False)
        self.pane.heading.hide()
        self.panes.addWidget(self.pane, 3)
        self.panes.addWidget(ShrinkingArea(facts), 2, Qt.AlignmentFlag.AlignTop)
        self.panes.addStretch(0)
        self.pane.adding.connect(self.connect_one)
        self.pane.list.renamed.connect(lambda item, text: self.rename(item, text))
        self.pane.list.removing.connect(lambda item: self.remove(item))
        self.pane.list.chosen.connect(self._show_chosen)
        self.pane.list.activated.connect(lambda _: self._edit(self.pane.list.current()))
        self._minutes.timeout.connect(self.refresh)
        self._minutes.start()
        self.setFocusProxy(self.pane.box)

    def connect_one(self, typed: str) -> None:
        """Set an account up, beginning with what was typed."""
        raise NotImplementedError

    def rename(self, item: Item, new: str) -> None:
        """Call an account otherwise."""
        raise NotImplementedError

    def settings_of(self, account: Account, people: dict[str, User]) -> AccountDialog:
        """Return the dialog to change an account in."""
        raise NotImplementedError

    def show_known(self, found: Sequence[K]) -> None:
        """Show how the accounts are."""
        self._known = {one.account.id: one for one in found}
        self.pane.show_items([
            Item(
                one.account.id, one.account.name, one.account.address, one.line, colour=one.tone
            )
            for one in found
        ])  # fmt: skip
        if self._new and self.pane.list.choose(self._new):
            self._new = 0

    def connected(self, number: int) -> None:
        """Show an account that was just set up, and choose it."""
        self._new = number
        self.pane.added()
        self.refresh()
        self.desk.notices.tell(self.connected_line, "ok")

    @later
    async def edit(self, item: Item) -> None:
        """Change what an account is called, whom it writes for, how much, and the rest."""
        account = await self.read(mail_accounts.one, item.key)
        people = dict(await self.read(users.by_label))
        self.settings_of(account, people).open()

    @later
    async def pause(self, item: Item) -> None:
        """Let an account rest; what it should send waits."""
        await self.write(mail_accounts.pause, item.key, BY_HAND)
        said = f"{item.what} is paused. What it should send waits."
        self.tell(said, mail_accounts.resume, item.key)

    def resume(self, item: Item) -> None:
        """Let an account send and receive again."""
        self.change(mail_accounts.resume, item.key)

    @later
    async def remove(self, item: Item) -> None:
        """Take an account out of use, once it was said what that means."""
        standing = await self.read(mail_standing.of, item.key)
        uses = await self.read(naming.uses, ACCOUNTS, item.name)
        said = mail_standing.removal(standing)
        if named := ", ".join(f"‘{name}’" for name in sorted({*uses.drafts, *uses.published})):
            said.append(f"Workflows that name it send nothing until they name another: {named}.")
        if await ask(self, f"Remove {item.what}?", "\n\n".join(said), "Remove"):
            await self.take_out(item)

    async def take_out(self, item: Item) -> None:
        """Take it out of use."""
        await self.write(mail_standing.remove, item.key)
        self.desk.notices.tell(f"{item.what} is not used any more.", "ok")

    def is_paused(self, item: Item) -> bool:
        """Say whether an account rests."""
        known = self._known.get(item.key)
        return known is not None and bool(known.account.paused_why)

    def _edit(self, item: Item | None) -> None:
        if item is not None:
            self.edit(item)

    def _show_chosen(self, item: Item | None) -> None:
        self.facts.show_one(None if item is None else self._known.get(item.key))
