"""Setting a mailbox up: its address, its servers and sign-in, and the proof that it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.outside.mail import browser_return, discovery, oauth
from rally_desktop.outside.mail.discovery import Finder, Found
from rally_desktop.outside.mail.oauth import Tokens
from rally_desktop.outside.mail.providers import Provider, Server
from rally_desktop.outside.mail.proving import Learnt
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import mail_consent, mail_setup
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.mail_setup import Draft
from rally_desktop.ui.aside import CalledOff
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.mail_client_dialog import ClientDialog
from rally_desktop.ui.pages.mail_setup_frame import ADDRESS, PROOF, SERVERS, MailSetupFrame

NOTHING = "No mail servers were found for {address}. Type them as your provider says."
WORKS = "This mailbox works."


class MailSetupDialog(MailSetupFrame):
    """Finds the servers, signs in, proves that mail goes out and comes in, and keeps all that."""

    _told = Signal(object)
    _opened = Signal(str)

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        account: Account | None = None,
        *,
        vault: Vault | None = None,
        finder: Finder | None = None,
        open_browser: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(desk, parent, account, vault)
        self._finder = finder or discovery.finder()
        self._browse = open_browser or (lambda url: QDesktopServices.openUrl(QUrl(url)))
        self._draft: Draft | None = None
        self._learnt = Learnt()
        self._connect()
        if account is not None:
            self._begin_again(account)

    # -- address -------------------------------------------------------------------------

    def start(self, address: str = "") -> None:
        """Show the dialog; with an address its servers are looked for at once."""
        self.open()
        if address:
            self.address.setText(address)
            self.look_up()

    @later
    async def look_up(self) -> None:
        """Look for the servers of the address."""
        address = self.address.text().strip()
        if self.busy:
            return
        domain = address.rpartition("@")[2]
        try:
            discovery.domain_of(address)
            with self.doing(f"Looking for the servers of {domain}…"):
                found = await self.aside.run(lambda: self._finder.find(address))
        except RallyError as error:
            self.say_wrong(error)
            return
        if not self.name.text().strip():
            self.name.setText(domain.partition(".")[0].replace("-", " ").title())
        usual = Found(Server("", 465), Server("", 993), address, NOTHING.format(address=address))
        await self._show_found(found or usual)

    async def _show_found(self, found: Found) -> None:
        key = found.provider.key if found.provider and found.provider.consent else ""
        registered = bool(key) and await self._registered(key)
        self.servers.show_found(found, registered=registered)
        self.show_page(SERVERS)

    async def _registered(self, key: str) -> bool:
        return bool(await self.desk.background.read(mail_consent.client_id, key))

    @later
    async def _begin_again(self, account: Account) -> None:
        """Show the servers of an account that is there already."""
        draft = mail_setup.draft_of(account)
        self.address.setText(account.address)
        self.name.setText(account.name)
        of = discovery.providers.of_exchanger(draft.smtp.host)
        known = of if of and of.smtp == draft.smtp else None
        self.servers.show_apart(draft.imap_login)
        source = "Sign in again, or enter the password again. It is told to these servers alone."
        await self._show_found(
            Found(draft.smtp, draft.imap, draft.login or account.address, source, provider=known)
        )

    # -- signing in ----------------------------------------------------------------------

    @later
    async def sign_in(self) -> None:
        """Let somebody sign in with the provider, in the browser."""
        whom = self.servers.provider
        if whom is None or self.busy:
            return
        login = self.servers.login.text().strip()
        try:
            tokens = await self._consent_of(whom, login)
        except CalledOff:
            self.show_page(SERVERS)
            return
        except RallyError as error:
            self.say_wrong(error)
            return
        typed = replace(self._typed(), password="", imap_login="", imap_password="")
        self._try(replace(typed, tokens=tokens, provider=whom.key))

    async def _consent_of(self, whom: Provider, login: str) -> Tokens:
        client = await self.desk.background.read(mail_consent.client, whom.key, self.vault)
        now = self.desk.clock.now
        with self.doing(f"Sign in with {whom.title} in the browser, within five minutes."):
            return await self.aside.run(
                lambda: browser_return.sign_in(client, login, self._opened.emit, now)
            )

    @later
    async def _register(self) -> None:
        """Ask for the office's client id with the provider."""
        whom = self.servers.provider
        if whom is not None:
            dialog = ClientDialog(self.desk, whom, self.vault, self)
            dialog.saved.connect(lambda: self.servers.show_registered(registered=True))
            dialog.open()

    @later
    async def prove(self) -> None:
        """Try the account as it is kept; where it cannot be opened, ask for its password."""
        self.open()
        read = self.desk.background.read
        if self.account is None:
            return
        try:
            draft = await read(mail_setup.opened, self.account, self.vault)
            if draft.tokens is not None:
                draft = replace(draft, tokens=await self._renewed(draft.tokens, draft.provider))
        except RallyError as error:
            self.say_wrong(error)
            return
        self._try(draft)

    async def _renewed(self, tokens: Tokens, provider: str) -> Tokens:
        now = self.desk.clock.now()
        if not tokens.ends_by(now):
            return tokens
        client = await self.desk.background.read(mail_consent.client, provider, self.vault)
        return await self.aside.run(lambda: oauth.refresh(client, tokens, now))

    # -- proof ---------------------------------------------------------------------------

    def _typed(self) -> Draft:
        address = self.address.text().strip()
        name = self.name.text().strip() or address
        servers, out = self.servers, self.servers.out.read()
        return Draft(
            address, name, out or Server("", 465), servers.into.read(),
            servers.login.text().strip(), servers.password.text(), *servers.read_apart(),
        )  # fmt: skip

    @later
    async def _try(self, draft: Draft) -> None:
        """Prove that the account works."""
        self._draft, self._learnt, self.works = draft, Learnt(), False
        self.show_page(PROOF)
        self.proof.begin(receives=draft.imap is not None)
        now, tell = self.desk.clock.now, self._told.emit
        try:
            with self.doing(""):
                self._learnt = await self.aside.run(lambda: draft.proof(now, tell).run())
        except CalledOff:
            self.show_page(SERVERS)
            return
        self.works = self._learnt.works
        self.proof.conclude(WORKS if self.works else "", "ok")
        self.offer()

    async def store(self) -> int:
        """Write the account as it was proved."""
        return await self.desk.background.write(
            mail_setup.save, self._draft or self._typed(), self._learnt, self.vault, self.account
        )

    # -- inside --------------------------------------------------------------------------

    def press(self, page: int) -> None:
        """Look for the servers, try the account, or keep it once it works."""
        if page == ADDRESS:
            self.look_up()
        elif page == SERVERS:
            self._try(self._typed())
        elif self.works:
            self.keep()
        elif self._draft is not None:
            self._try(self._draft)

    @Slot(str)
    def _open(self, url: str) -> None:
        self._browse(url)

    def _connect(self) -> None:
        self.servers.signing_in.connect(lambda: self.sign_in())
        self.servers.registering.connect(lambda: self._register())
        self._told.connect(self.proof.show_step)
        self._opened.connect(self._open)
