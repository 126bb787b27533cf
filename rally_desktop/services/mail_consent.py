"""Signing in with mail providers: the office's own client ids, and the tokens of accounts."""

from __future__ import annotations

from collections.abc import Collection

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.work import Work
from rally_desktop.outside.mail import providers
from rally_desktop.outside.mail.oauth import Client, Tokens
from rally_desktop.outside.mail.providers import Provider
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import account_secrets, settings
from rally_desktop.services.mail_accounts import Account

_CLIENTS = "mail_clients"


def provider(key: str) -> Provider:
    """Return a provider to sign in with; raise NotFound."""
    found = providers.BY_KEY.get(key)
    if found is None or found.consent is None:
        raise NotFound(f"Nobody signs in with ‘{key}’. Enter a password instead.")
    return found


def client_id(work: Work, key: str) -> str:
    """Return the office's client id with a provider; empty where it has none."""
    return settings.get(work, _CLIENTS, {}).get(key, "")


def save_client(work: Work, key: str, given: str, secret: str, vault: Vault) -> None:
    """Keep the office's registration with a provider; an empty secret leaves the one there is."""
    whom, given, secret = provider(key), given.strip(), secret.strip()
    texts.require(300, client_id=given, secret=secret)
    if not given or not given.isprintable() or " " in given:
        raise Refused(f"Enter the client id that {whom.title} gave you.")
    before = settings.get(work, _CLIENTS, {})
    if before.get(key) != given:
        settings.put(work, _CLIENTS, {**before, key: given})
    if secret:
        account_secrets.keep(work, f"client/{key}", _bound(key, given), secret, vault)


def client(work: Work, key: str, vault: Vault, allowed: Collection[str] = ()) -> Client:
    """Return the office's registration; raise NotFound or Locked with what is missing."""
    whom = provider(key)
    given = client_id(work, key)
    if not given or whom.consent is None:
        raise NotFound(
            f"Signing in with {whom.title} needs a client id of your office’s own. Enter it first."
        )
    secret = ""
    if whom.consent.with_secret:
        try:
            secret = account_secrets.reveal(work, f"client/{key}", _bound(key, given), vault)
        except NotFound as error:
            raise NotFound(
                f"The secret of the client id for {whom.title} was not entered on this computer. "
                "Enter it in Settings › Mail."
            ) from error
    return Client(whom.title, whom.consent, given, secret, allowed)


def keep(work: Work, account: Account, given: Tokens, vault: Vault) -> None:
    """Keep the tokens of an account, sealed, for this computer."""
    _refuse_strangers(account)
    account_secrets.keep(work, f"{account.id}/consent", account.consent, given.written(), vault)
    work.change(RowChanged("mail_account", account.id, {"secret_at": work.now}))


def tokens(work: Work, account: Account, vault: Vault) -> Tokens:
    """Return the tokens of an account; raise NotFound or Locked."""
    _refuse_strangers(account)
    try:
        kept = account_secrets.reveal(work, f"{account.id}/consent", account.consent, vault)
    except NotFound as error:
        raise NotFound("Nobody signed in for it on this computer. Sign in again.") from error
    return Tokens.read(kept)


def withdraw(work: Work, account: Account) -> None:
    """Forget the tokens of an account on every computer; connections that are open end, too."""
    account_secrets.forget(work, f"{account.id}/consent")
    work.change(RowChanged("mail_account", account.id, {"secret_at": work.now}))


def _refuse_strangers(account: Account) -> None:
    """Refuse to hand a provider's token to a server that is not the provider's."""
    whom = provider(account.provider)
    foreign = {account.host, account.imap_host or ""} - {whom.smtp.host, whom.imap.host, ""}
    if foreign:
        raise Refused(
            f"{', '.join(foreign)} is not a server of {whom.title}, so nothing that {whom.title} "
            "handed out is told to it. Choose the servers of the provider, or enter a password."
        )


def _bound(key: str, given: str) -> str:
    return f"client/{key}/{given}"
