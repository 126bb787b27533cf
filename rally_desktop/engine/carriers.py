"""From an account of the office to the connections that carry its messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import cast

from rally_desktop.core.errors import RallyError, SendFailed
from rally_desktop.engine.sms_log import SmsLog
from rally_desktop.engine.tokens import Tokens
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.base import Account as Server
from rally_desktop.outside.mail.base import Carrier, Journal, Security, Token
from rally_desktop.outside.mail.imap import Place
from rally_desktop.outside.mail.sent import ImapJournal, ImapPlace, Kind
from rally_desktop.outside.mail.smtp import SmtpCarrier
from rally_desktop.outside.secrets import Keyring, Vault
from rally_desktop.outside.sms.base import Gateway
from rally_desktop.outside.sms.carrier import SmsCarrier
from rally_desktop.services import mail_accounts, sms_accounts
from rally_desktop.services.journal import Access
from rally_desktop.services.mail_accounts import Account


def smtp_carrier(account: Account, password: str = "", token: Token | None = None) -> Carrier:
    """Return a connection to an account's SMTP server; it connects with the first message."""
    security = cast(Security, account.security)
    copy_to = account.address if account.journal == "bcc" else ""
    login = account.login
    return SmtpCarrier(
        Server(account.host, account.port, security, login, password, copy_to, token)
    )


@dataclass
class Carriers:
    """Opens accounts with the passwords and tokens that this computer's keyring can unseal."""

    store: Store
    vault: Vault = field(default_factory=lambda: Vault(Keyring()))

    @cached_property
    def tokens(self) -> Tokens:
        """Return the tokens of those accounts that somebody signed in for."""
        return Tokens(self.store, self.vault)

    def __call__(self, account: Account) -> Carrier:
        """Return an account's connection.

        Raises SendFailed where its password is not kept here: its messages wait for a computer
        that has it.
        """
        if account.channel == "sms":
            return self._texting(account)
        if not account.login:
            return smtp_carrier(account)
        if account.provider:
            return smtp_carrier(account, token=partial(self.tokens.fresh, account))
        try:
            password = self.store.read(mail_accounts.password_of, account, self.vault)
        except RallyError as error:
            raise _elsewhere(account, error) from error
        return smtp_carrier(account, password)

    def gateway(self, account: Account) -> Gateway:
        """Return an account's gateway of text messages.

        Raises NotFound or Locked where its secret is not kept here.
        """
        now = self.store.clock.now
        return self.store.read(sms_accounts.opened, account, self.vault, now)

    def _texting(self, account: Account) -> Carrier:
        try:
            return SmsCarrier(self.gateway(account), self.store.clock.now)
        except RallyError as error:
            raise _elsewhere(account, error) from error

    def mailbox(self, account: Account) -> Place:
        """Return where an account's mail is read.

        Raises NotFound or Locked where its password is not kept here.
        """
        password, token = self._access(account)
        security = cast(Security, account.imap_security or "tls")
        host, port = account.imap_host or "", account.imap_port or 993
        return Place(host, port, security, account.reads_as, password, token)

    def journal(self, access: Access) -> Journal:
        """Return where copies of an account's mail are kept.

        Raises NotFound or Locked where its password is not kept here.
        """
        account = self.store.read(mail_accounts.one, access.account_id)
        if account.channel == "sms":
            return SmsLog(self.store, self.gateway(account))
        password, token = self._access(account)
        security, kind = cast(Security, access.security), cast(Kind, access.kind)
        host, port = access.host, access.port
        return ImapJournal(ImapPlace(host, port, security, access.login, password, token, kind))

    def _access(self, account: Account) -> tuple[str, Token | None]:
        if account.provider:
            return "", partial(self.tokens.fresh, account)
        return self.store.read(mail_accounts.inbox_password_of, account, self.vault), None


def _elsewhere(account: Account, error: RallyError) -> SendFailed:
    said = f"Waiting for a computer with access to {account.address}. {error}"
    return SendFailed(said, account=True)
