"""Taking back the permission to a mailbox: the provider is told, or it is said where to do that."""

from __future__ import annotations

from rally_desktop.core.errors import RallyError
from rally_desktop.outside.mail import oauth, providers
from rally_desktop.outside.mail.oauth import Client, Tokens
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import mail_consent
from rally_desktop.services.mail_accounts import Account
from rally_desktop.ui.aside import Aside
from rally_desktop.ui.desk import Desk

WHAT = (
    "The sign-in is forgotten on every computer, and {title} is told to let Rally in no more. The "
    "account stays: what it should send waits, and its mail is not read, until somebody signs in "
    "again."
)
WHAT_BY_HAND = (
    "The sign-in is forgotten on every computer. {title} gives programs no way to say so there: "
    "take the permission away yourself, at {manage}. The account stays: what it should send "
    "waits, and its mail is not read, until somebody signs in again."
)
TOLD = "{title} lets Rally into {address} no more."
NOT_TOLD = (
    "The sign-in for {address} is forgotten, but {title} could not be told from here. Take the "
    "permission away there: {manage}."
)


class Withdrawal:
    """The permission of one account: read before it is forgotten, taken back afterwards."""

    def __init__(self, desk: Desk, account: Account, vault: Vault) -> None:
        self._desk, self._account, self._vault = desk, account, vault
        self._held: tuple[Client, Tokens] | None = None
        self.provider = providers.BY_KEY[account.provider]

    @property
    def question(self) -> str:
        """Return what it means, before anybody agrees."""
        consent = self.provider.consent
        return self._said(WHAT if consent and consent.revoke else WHAT_BY_HAND)

    async def begin(self) -> None:
        """Read what the provider knows the permission by, as far as this computer has it."""
        read = self._desk.background.read
        try:
            client = await read(mail_consent.client, self._account.provider, self._vault)
            tokens = await read(mail_consent.tokens, self._account, self._vault)
        except RallyError:
            return
        self._held = client, tokens

    async def finish(self) -> None:
        """Tell the provider, and the person what came of it."""
        held = self._held
        told = held is not None and await Aside().run(lambda: oauth.revoke(*held))
        said, tone = (TOLD, "ok") if told else (NOT_TOLD, "warn")
        self._desk.notices.tell(self._said(said), tone)

    def _said(self, text: str) -> str:
        consent = self.provider.consent
        manage = consent.manage if consent else ""
        address = self._account.address
        return text.format(title=self.provider.title, manage=manage, address=address)
