"""From an account of the office to the connection that carries its messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from rally_desktop.core.errors import RallyError, SendFailed
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.base import Account as Server
from rally_desktop.outside.mail.base import Carrier, Journal, Security
from rally_desktop.outside.mail.sent import ImapJournal, ImapPlace, Kind
from rally_desktop.outside.mail.smtp import SmtpCarrier
from rally_desktop.outside.secrets import Keyring, Vault
from rally_desktop.services import journal, messages
from rally_desktop.services.journal import Access
from rally_desktop.services.messages import Account


def smtp_carrier(account: Account, password: str = "") -> Carrier:
    """Return a connection to an account's SMTP server; it connects with the first message."""
    security = cast(Security, account.security)
    copy_to = account.address if account.journal == "bcc" else ""
    return SmtpCarrier(
        Server(account.host, account.port, security, account.login, password, copy_to)
    )


@dataclass
class Carriers:
    """Opens accounts with the passwords that this computer's keyring can unseal."""

    store: Store
    vault: Vault = field(default_factory=lambda: Vault(Keyring()))

    def __call__(self, account: Account) -> Carrier:
        """Return an account's connection.

        Raises SendFailed where its password is not kept here: its messages wait for a computer
        that has it.
        """
        if not account.login:
            return smtp_carrier(account)
        try:
            password = self.store.read(messages.password_of, account, self.vault)
        except RallyError as error:
            raise SendFailed(
                f"Waiting for a computer with access to {account.address}. {error}", account=True
            ) from error
        return smtp_carrier(account, password)

    def journal(self, access: Access) -> Journal:
        """Return where copies of an account's mail are kept.

        Raises NotFound or Locked where its password is not kept here.
        """
        password = self.store.read(journal.password_of, access, self.vault)
        security, kind = cast(Security, access.security), cast(Kind, access.kind)
        return ImapJournal(
            ImapPlace(access.host, access.port, security, access.login, password, kind)
        )
