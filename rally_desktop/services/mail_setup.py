"""Setting an account up: what was typed and found, tried for real, then kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from rally_desktop.core.errors import Refused
from rally_desktop.model.work import Work
from rally_desktop.outside.mail import providers, proving
from rally_desktop.outside.mail.base import Account as Connection
from rally_desktop.outside.mail.base import Security
from rally_desktop.outside.mail.imap import Place
from rally_desktop.outside.mail.oauth import Tokens
from rally_desktop.outside.mail.providers import Server
from rally_desktop.outside.mail.proving import Learnt, Proof, Tell
from rally_desktop.outside.mail.smtp import SmtpCarrier
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import mail_accounts, mail_consent
from rally_desktop.services.mail_accounts import Access, Account


@dataclass(frozen=True)
class Draft:
    """An account as it is being set up; with ``tokens`` somebody signed in with ``provider``.

    What is empty of the sign-in for incoming mail is the same as for outgoing mail.
    """

    address: str
    name: str
    smtp: Server
    imap: Server | None
    login: str
    password: str = field(default="", repr=False)
    imap_login: str = ""
    imap_password: str = field(default="", repr=False)
    tokens: Tokens | None = field(default=None, repr=False)
    provider: str = ""

    def proof(self, now: Callable[[], datetime], tell: Tell) -> Proof:
        """Return the proof that it works, to be run."""
        out, into, login = self.smtp, self.imap, self.login
        token = self._token if self.tokens else None
        carrier = SmtpCarrier(
            Connection(out.host, out.port, out.security, login, self.password, "", token)
        )
        reads_as, secret = self.imap_login or login, self.imap_password or self.password
        place = (
            Place(into.host, into.port, into.security, reads_as, secret, token) if into else None
        )
        return proving.Proof(carrier, place, self.address, now, tell)

    async def _token(self, _refused: str) -> str:
        return self.tokens.access if self.tokens else ""


def draft_of(account: Account) -> Draft:
    """Return an account as it is, to be changed; its password has to be typed again."""
    smtp = Server(account.host, account.port, cast(Security, account.security))
    imap = None
    if account.imap_host:
        security = cast(Security, account.imap_security or "tls")
        imap = Server(account.imap_host, account.imap_port or 993, security)
    return Draft(
        account.address, account.name, smtp, imap, account.login, provider=account.provider,
        imap_login=account.imap_login,
    )  # fmt: skip


def opened(work: Work, account: Account, vault: Vault) -> Draft:
    """Return an account as it is, with its password or tokens; raise NotFound or Locked."""
    draft = draft_of(account)
    if account.provider:
        return replace(draft, tokens=mail_consent.tokens(work, account, vault))
    if account.login:
        draft = replace(draft, password=mail_accounts.password_of(work, account, vault))
    if account.imap_login:
        into = mail_accounts.inbox_password_of(work, account, vault)
        draft = replace(draft, imap_password=into)
    return draft


def save(
    work: Work, draft: Draft, learnt: Learnt, vault: Vault, account: Account | None = None
) -> int:
    """Keep an account that was set up, or set up anew; return its number."""
    if account is None:
        _refuse_twice(work, draft)
    values = _values(draft, learnt)
    if account is None:
        first = not any(one.channel == "email" for one in mail_accounts.accounts(work))
        given: dict[str, Any] = {**values, **_limits(draft), "fallback": first}
        number = mail_accounts.add(work, draft.name, draft.address, **given)
    else:
        number = account.id
        mail_accounts.edit(work, number, **values)
        mail_accounts.resume(work, number)
    given = {name: value for name, value in values.items() if name in _BOUND}
    kept = replace(account or _blank(draft), id=number, **given)
    if draft.tokens is not None:
        mail_consent.keep(work, kept, draft.tokens, vault)
    elif draft.login:
        into = draft.imap_password
        mail_accounts.set_password(work, kept, draft.password, vault, into=into)
    if learnt.works:
        mail_accounts.checked(work, number)
    return number


def _limits(draft: Draft) -> Access:
    """Return how much the provider takes."""
    hosts = {one.smtp.host: one for one in providers.PROVIDERS}
    of = providers.BY_KEY.get(draft.provider) or hosts.get(draft.smtp.host)
    if of is None:
        return Access(hourly_limit=mail_accounts.HOURLY_LIMIT)
    return Access(
        hourly_limit=of.hourly_limit, daily_limit=of.daily_limit, connections=of.connections
    )


_BOUND = ("host", "port", "security", "login", "provider", "imap_host", "imap_port", "imap_login")


def _blank(draft: Draft) -> Account:
    return Account(0, draft.name, draft.address, "", 0, "tls", "")


def _values(draft: Draft, learnt: Learnt) -> dict[str, Any]:
    into = draft.imap
    return {
        "host": draft.smtp.host, "port": draft.smtp.port, "security": draft.smtp.security,
        "login": draft.login, "provider": draft.provider if draft.tokens else "",
        "imap_host": into.host if into else None, "imap_port": into.port if into else None,
        "imap_security": into.security if into else None,
        "imap_login": draft.imap_login if into and not draft.tokens else "",
        "journal": _JOURNALS.get(learnt.stores_sent),
        "keeps_id": learnt.keeps_id, "stores_sent": learnt.stores_sent,
        "sent_lag": learnt.sent_lag,
    }  # fmt: skip


# Where the server keeps copies, they are asked; where it keeps none, the program does.
_JOURNALS: Mapping[bool | None, str] = {True: "sent", False: "own"}


def _refuse_twice(work: Work, draft: Draft) -> None:
    for account in mail_accounts.accounts(work):
        if account.address.casefold() == draft.address.casefold():
            raise Refused(f"{account.address} is set up already, as ‘{account.name}’.")
        if account.name == draft.name:
            raise Refused(f"There is an account called ‘{draft.name}’. Type another name.")
