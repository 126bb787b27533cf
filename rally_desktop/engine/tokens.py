"""Tokens of accounts that somebody signed in for: kept fresh, sealed, or the account pauses."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from rally_desktop.core.errors import RallyError, SendFailed
from rally_desktop.model.store import Store
from rally_desktop.outside.mail import oauth
from rally_desktop.outside.mail.oauth import SignInFailed
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import mail_accounts, mail_consent
from rally_desktop.services.mail_accounts import Account


@dataclass
class Tokens:
    """Hands out the token of an account; one at a time asks the provider for the next."""

    store: Store
    vault: Vault
    allowed: Collection[str] = ()
    _locks: dict[int, asyncio.Lock] = field(default_factory=dict)

    async def fresh(self, account: Account, refused: str = "") -> str:
        """Return a token that opens the account; ``refused`` is one that a server did not take.

        Raises SendFailed. Where the provider lets nobody in any more, the account pauses.
        """
        async with self._locks.setdefault(account.id, asyncio.Lock()):
            try:
                tokens = self.store.read(mail_consent.tokens, account, self.vault)
                client = self.store.read(
                    mail_consent.client, account.provider, self.vault, self.allowed
                )
            except RallyError as error:
                raise SendFailed(
                    f"Waiting for a computer with access to {account.address}. {error}",
                    account=True,
                ) from error
            now = self.store.clock.now()
            if not tokens.ends_by(now) and tokens.access != refused:
                return tokens.access
            try:
                tokens = await oauth.refresh(client, tokens, now)
            except SignInFailed as error:
                raise self._lost(account, error) from error
            self.store.write_patiently(
                lambda work: mail_consent.keep(work, account, tokens, self.vault)
            )
            return tokens.access

    def _lost(self, account: Account, error: SignInFailed) -> SendFailed:
        if error.ended:
            self.store.write_patiently(
                lambda work: mail_accounts.pause(work, account.id, str(error))
            )
        return SendFailed(f"{error}", permanent=error.ended, account=True)
