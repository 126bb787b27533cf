"""The office's mailboxes in the settings: connected, tried, paused, taken out of use."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine import naming, renaming
from rally_desktop.outside.mail import providers
from rally_desktop.outside.secrets import Keyring, Vault
from rally_desktop.services import mail_accounts, mail_consent, mail_standing
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.mail_standing import Standing
from rally_desktop.services.users import User
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.mail_account_dialog import MailAccountDialog
from rally_desktop.ui.pages.mail_client_dialog import ClientDialog
from rally_desktop.ui.pages.mail_setup_dialog import MailSetupDialog
from rally_desktop.ui.pages.mail_withdrawal import Withdrawal
from rally_desktop.ui.pages.settings_accounts import ACCOUNTS, AccountsSection
from rally_desktop.ui.pages.settings_mail_account import MailFacts
from rally_desktop.ui.pages.settings_own import follows
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.own_list import Item


class Mail(AccountsSection[Standing]):
    """The mailboxes; whoever signed in with a provider can take that back."""

    title: ClassVar = "Mail"
    line: ClassVar = (
        "The mailboxes that messages go out from and answers come in by. Passwords and sign-ins "
        "are kept sealed on each computer that was given them, and nowhere else."
    )
    watched: ClassVar = frozenset({"mail_account", "secret", "outbox", "user_account"})
    listed: ClassVar = "Mailboxes"
    adding: ClassVar = "Address of a mailbox"
    empty: ClassVar = (
        "No mailbox is connected yet, so nothing can be sent. Type the address of one and press "
        "Enter: its servers are found by themselves."
    )
    connected_line: ClassVar = "The mailbox is connected."

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, MailFacts())
        self.vault = Vault(Keyring())
        for name, provider in (("Gmail", providers.GOOGLE), ("Outlook", providers.MICROSOFT)):
            made = button(desk.theme, f"Client ID for {name}…", "key-round", "quiet")
            made.clicked.connect(lambda _=False, which=provider: self.register(which))
            self.top.addWidget(made)
        self.top.addStretch(1)
        act = self.pane.act
        act("Settings…", "settings-2", lambda item: self.edit(item))
        act("Sign in…", "log-in", lambda item: self.sign_in(item))
        act("Test…", "mail-check", lambda item: self.test(item))
        act("Pause", "pause", lambda item: self.pause(item), lambda item: not self.is_paused(item))
        act("Resume", "play", lambda item: self.resume(item), self.is_paused)
        act("Withdraw access…", "log-out", lambda item: self.withdraw(item), self._is_signed_in)
        act("Remove…", "trash-2", lambda item: self.remove(item), kind="danger")

    @later
    @newest
    async def refresh(self) -> None:
        """Read how the mailboxes are."""
        if self.isVisible():
            self.show_known(await self.read(mail_standing.listed))

    def connect_one(self, typed: str) -> None:
        """Set a mailbox up, beginning with its address."""
        dialog = MailSetupDialog(self.desk, self)
        dialog.connected.connect(self.connected)
        dialog.start(typed.strip())

    @later
    async def rename(self, item: Item, new: str) -> None:
        """Call an account otherwise, once it was said who follows."""
        name = " ".join(new.split()) or item.name
        lines = follows("", await self.read(naming.uses, ACCOUNTS, item.name), item.name)
        if await self.agrees(f"Rename ‘{item.name}’ to ‘{name}’?", lines, "Rename"):
            await self.write(renaming.edit_account, item.key, name=name)
            self.desk.notices.tell(f"‘{item.name}’ is called ‘{name}’ now.", "ok")

    def settings_of(self, account: Account, people: dict[str, User]) -> MailAccountDialog:
        """Return the dialog to change a mailbox and its signature in."""
        return MailAccountDialog(self.desk, account, people, self)

    @later
    async def sign_in(self, item: Item) -> None:
        """Enter the password again, sign in again, or change the servers; then try all of it."""
        account = await self.read(mail_accounts.one, item.key)
        dialog = MailSetupDialog(self.desk, self, account)
        dialog.connected.connect(self.connected)
        dialog.start()

    @later
    async def test(self, item: Item) -> None:
        """Send one message from the account to itself and find it again."""
        account = await self.read(mail_accounts.one, item.key)
        dialog = MailSetupDialog(self.desk, self, account)
        dialog.connected.connect(lambda _: self.refresh())
        dialog.prove()

    async def take_out(self, item: Item) -> None:
        """Take it out of use, and back the permission that somebody gave by signing in."""
        permission = self._permission(await self.read(mail_accounts.one, item.key))
        if permission is not None:
            await permission.begin()
        await super().take_out(item)
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

    def _permission(self, account: Account) -> Withdrawal | None:
        return Withdrawal(self.desk, account, self.vault) if account.provider else None

    def _is_signed_in(self, item: Item) -> bool:
        known = self._known.get(item.key)
        return known is not None and bool(known.account.provider and known.computers)
