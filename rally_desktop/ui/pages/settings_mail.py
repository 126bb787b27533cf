"""The office's mailboxes in the settings: connected, tried, paused, taken out of use."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, QTimer

from rally_desktop.engine import naming, renaming
from rally_desktop.engine.naming import Sort
from rally_desktop.outside.mail import providers
from rally_desktop.outside.secrets import Keyring, Vault
from rally_desktop.services import mail_accounts, mail_consent, mail_standing, users
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.mail_standing import Standing
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.mail_account_dialog import MailAccountDialog
from rally_desktop.ui.pages.mail_client_dialog import ClientDialog
from rally_desktop.ui.pages.mail_setup_dialog import MailSetupDialog
from rally_desktop.ui.pages.mail_withdrawal import Withdrawal
from rally_desktop.ui.pages.settings_mail_account import AccountFacts
from rally_desktop.ui.pages.settings_own import OwnSection, follows
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.own_pane import OwnPane
from rally_desktop.ui.widgets.shrinking_area import ShrinkingArea

EMPTY = (
    "No mailbox is connected yet, so nothing can be sent. Type the address of one and press Enter: "
    "its servers are found by themselves."
)
BY_HAND = "Somebody paused it."
MINUTE = 60_000
ACCOUNTS = Sort("mail_account")


class Mail(OwnSection):
    """The mailboxes at the left, what is known of the chosen one beside them."""

    title: ClassVar = "Mail"
    line: ClassVar = (
        "The mailboxes that messages go out from and answers come in by. Passwords and sign-ins "
        "are kept sealed on each computer that was given them, and nowhere else."
    )
    watched: ClassVar = frozenset({"mail_account", "secret", "outbox", "user_account"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._known: dict[int, Standing] = {}
        self.vault = Vault(Keyring())
        self._minutes = QTimer(self, interval=MINUTE)
        self.pane = OwnPane(desk.theme, "", "Address of a mailbox", EMPTY, ordered=False)
        self.pane.heading.hide()
        self.facts = AccountFacts()
        for name, provider in (("Gmail", providers.GOOGLE), ("Outlook", providers.MICROSOFT)):
            made = button(desk.theme, f"Client ID for {name}…", "key-round", "quiet")
            made.clicked.connect(lambda _=False, which=provider: self.register(which))
            self.top.addWidget(made)
        self.top.addStretch(1)
        act = self.pane.act
        act("Settings…", "settings-2", lambda item: self.edit(item))
        act("Sign in…", "log-in", lambda item: self.sign_in(item))
        act("Test…", "mail-check", lambda item: self.test(item))
        act("Pause", "pause", lambda item: self.pause(item), lambda item: not self._is_paused(item))
        act("Resume", "play", lambda item: self.resume(item), self._is_paused)
        act("Withdraw access…", "log-out", lambda item: self.withdraw(item), self._is_signed_in)
        act("Remove…", "trash-2", lambda item: self.remove(item), kind="danger")
        self.panes.addWidget(self.pane, 3)
        self.panes.addWidget(ShrinkingArea(self.facts), 2, Qt.AlignmentFlag.AlignTop)
        self.panes.addStretch(0)
        self.pane.adding.connect(self.connect_one)
        self.pane.list.renamed.connect(lambda item, text: self.rename(item, text))
        self.pane.list.removing.connect(lambda item: self.remove(item))
        self.pane.list.chosen.connect(self._show_chosen)
        self.pane.list.activated.connect(lambda _: self._edit(self.pane.list.current()))
        self._minutes.timeout.connect(self.refresh)
        self._minutes.start()
        self.setFocusProxy(self.pane.box)

    @later
    @newest
    async def refresh(self) -> None:
        """Read how the mailboxes are."""
        if not self.isVisible():
            return
        found = await self.read(mail_standing.listed)
        self._known = {one.account.id: one for one in found}
        self.pane.show_items([
            Item(
                one.account.id, one.account.name, one.account.address, one.line,
                colour=one.tone,
            )
            for one in found
        ])  # fmt: skip

    def connect_one(self, address: str) -> None:
        """Set a mailbox up, beginning with its address."""
        dialog = MailSetupDialog(self.desk, self)
        dialog.connected.connect(lambda number: self._connected(number))
        dialog.start(address.strip())

    @later
    async def rename(self, item: Item, new: str) -> None:
        """Call an account otherwise, once it was said who follows."""
        name = " ".join(new.split()) or item.name
        lines = follows("", await self.read(naming.uses, ACCOUNTS, item.name), item.name)
        if await self.agrees(f"Rename ‘{item.name}’ to ‘{name}’?", lines, "Rename"):
            await self.write(renaming.edit_account, item.key, name=name)
            self.desk.notices.tell(f"‘{item.name}’ is called ‘{name}’ now.", "ok")

    @later
    async def edit(self, item: Item) -> None:
        """Change what an account is called, whom it writes for, its limits and its signature."""
        account = await self.read(mail_accounts.one, item.key)
        people = dict(await self.read(users.by_label))
        MailAccountDialog(self.desk, account, people, self).open()

    @later
    async def sign_in(self, item: Item) -> None:
        """Enter the password again, sign in again, or change the servers; then try all of it."""
        account = await self.read(mail_accounts.one, item.key)
        dialog = MailSetupDialog(self.desk, self, account)
        dialog.connected.connect(lambda number: self._connected(number))
        dialog.start()

    @later
    async def test(self, item: Item) -> None:
        """Send one message from the account to itself and find it again."""
        account = await self.read(mail_accounts.one, item.key)
        dialog = MailSetupDialog(self.desk, self, account)
        dialog.connected.connect(lambda _: self.refresh())
        dialog.prove()

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
        if not await ask(self, f"Remove {item.what}?", "\n\n".join(said), "Remove"):
            return
        permission = self._permission(standing.account)
        if permission is not None:
            await permission.begin()
        await self.write(mail_standing.remove, item.key)
        self.desk.notices.tell(f"{item.what} is not used any more.", "ok")
        if permission is not None:
            await permission.finish()

    @later
    async def withdraw(self, item: Item) -> None:
        """Take back the permission that somebody gave by signing in."""
        account = await self.read(mail_accounts.one, item.key)
        permission = self._permission(account)
        if permission is None:
            return
        title = f"Withdraw Rally’s access to {account.address}?"
        if await ask(self, title, permission.question, "Withdraw"):
            await permission.begin()
            await self.write(mail_consent.withdraw, account)
            await permission.finish()

    def register(self, provider: providers.Provider) -> None:
        """Enter the office's client id with a provider."""
        ClientDialog(self.desk, provider, self.vault, self).open()

    def _connected(self, number: int) -> None:
        self.pane.added()
        self.refresh()
        self.desk.notices.tell("The mailbox is connected.", "ok")

    def _permission(self, account: Account) -> Withdrawal | None:
        return Withdrawal(self.desk, account, self.vault) if account.provider else None

    def _edit(self, item: Item | None) -> None:
        if item is not None:
            self.edit(item)

    def _is_signed_in(self, item: Item) -> bool:
        known = self._known.get(item.key)
        return known is not None and bool(known.account.provider and known.computers)

    def _is_paused(self, item: Item) -> bool:
        known = self._known.get(item.key)
        return known is not None and bool(known.account.paused_why)

    def _show_chosen(self, item: Item | None) -> None:
        self.facts.show_standing(None if item is None else self._known.get(item.key))
