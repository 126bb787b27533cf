"""The accounts that messages are sent from: what they are, who they write for, how they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypedDict, Unpack

import msgspec
from sqlalchemy import select

from rally_desktop.core import merge, texts
from rally_desktop.core.errors import BadTemplate, NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.core.message import Mailbox
from rally_desktop.model import tables
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.graph import Hours
from rally_desktop.model.work import Work
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import account_secrets, answer_address

SECURITY = ("tls", "starttls", "none")
JOURNALS = ("none", "sent", "bcc", "own")
HOURLY_LIMIT = 300
MOST = 1_000_000
# What a signature may name.
SIGNATURE_FIELDS = ("sender.name", "sender.email", "account.name", "account.email")
_ACCOUNTS = "accounts"
_LONG = ("address", "login", "imap_login", "reply_to")


@dataclass(frozen=True)
class Account:
    """An account to send from; a limit of 0 is none, ``hours`` are when it sends.

    Two are the same where the same connection serves both.

    ``provider`` is whom to sign in with; without one there is a password. ``writes_for`` are the
    owners whose contacts hear from it, ``fallback`` says that it writes for all others.
    """

    id: int
    name: str
    address: str
    host: str
    port: int
    security: str
    login: str
    hourly_limit: int = field(default=HOURLY_LIMIT, compare=False)
    daily_limit: int = field(default=0, compare=False)
    connections: int = field(default=1, compare=False)
    paused_why: str = field(default="", compare=False)
    journal: str | None = None
    channel: str = "email"
    provider: str = ""
    imap_host: str | None = None
    imap_port: int | None = None
    imap_security: str | None = None
    imap_login: str = ""
    secret_at: datetime | None = None
    gateway: str = ""
    gateway_url: str = ""
    gateway_key: str = ""
    options: Mapping[str, Any] | None = field(default=None, hash=False)
    sender_name: str = field(default="", compare=False)
    reply_to: str = field(default="", compare=False)
    fallback: bool = field(default=False, compare=False)
    keeps_id: bool | None = field(default=None, compare=False)
    sent_lag: int | None = field(default=None, compare=False)
    stores_sent: bool | None = field(default=None, compare=False)
    checked_at: datetime | None = field(default=None, compare=False)
    signature: str = field(default="", compare=False)
    signature_html: str = field(default="", compare=False)
    signs_by_hand: bool = field(default=True, compare=False)
    signs_automated: bool = field(default=True, compare=False)
    writes_for: tuple[int, ...] = field(default=(), compare=False)
    hours: Mapping[str, Any] | None = field(default=None, compare=False)

    @property
    def open_hours(self) -> Hours | None:
        """Return between which hours it sends; None is at any time."""
        return msgspec.convert(self.hours, Hours) if self.hours else None

    @property
    def sender(self) -> Mailbox:
        """Return whom a message comes from."""
        return Mailbox(self.address, self.sender_name or self.name)

    @property
    def receives(self) -> bool:
        """Say whether it is known where its mail is read."""
        return bool(self.imap_host)

    @property
    def reads_as(self) -> str:
        """Return the user name for its incoming mail."""
        return self.imap_login or self.login

    @property
    def out(self) -> str:
        """Return what the password of its outgoing mail is bound to."""
        return f"mail_account/{self.id}/{self.host}/{self.port}/{self.login}"

    @property
    def into(self) -> str:
        """Return what the password of its incoming mail is bound to."""
        return f"mailbox/{self.id}/{self.imap_host}/{self.imap_port}/{self.reads_as}"

    @property
    def consent(self) -> str:
        """Return what the tokens of whoever signed in are bound to."""
        return f"consent/{self.id}/{self.provider}/{self.host}/{self.imap_host}/{self.login}"


class Access(TypedDict, total=False):
    """All that can be set of an account besides its name, address and server."""

    channel: str
    gateway: str
    gateway_url: str
    gateway_key: str
    options: Mapping[str, Any] | None
    security: str
    login: str
    provider: str
    imap_host: str | None
    imap_port: int | None
    imap_security: str | None
    imap_login: str
    journal: str | None
    hourly_limit: int
    daily_limit: int
    connections: int
    sender_name: str
    reply_to: str
    fallback: bool
    writes_for: Collection[int]
    hours: Hours | None
    signature: str
    signature_html: str
    signs_by_hand: bool
    signs_automated: bool
    keeps_id: bool | None
    sent_lag: int | None
    stores_sent: bool | None


_SERVER = ("name", "address", "host", "port", "security")


class Settings(Access, total=False):
    """All that can be changed of an account."""

    name: str
    address: str
    host: str
    port: int


def add(
    work: Work, name: str, address: str, *, host: str, port: int, **access: Unpack[Access]
) -> int:
    """Add a mail account and return its number; its password is kept elsewhere."""
    number = work.new_id("mail_account")
    given = {"security": "tls", "hourly_limit": HOURLY_LIMIT, **access}
    row = {"name": name.strip() or address, "address": address, "host": host, "port": port, **given}
    _check(row)
    _take_from_others(work, number, row.get("channel", "email"), row)
    work.change(RowAdded("mail_account", {"id": number, **_stored(row)}))
    work.change(RowAdded("account_bucket", {"account_id": number, "arrival_at": work.now}))
    return number


def edit(work: Work, number: int, **values: Unpack[Settings]) -> None:
    """Change an account; raise NotFound, or Refused with what cannot be."""
    known = one(work, number)
    row = {name: getattr(known, name) for name in (*_SERVER, "channel")}
    _check({**row, **values})
    name = values.get("name", known.name)
    if any(other.name == name and other.id != number for other in accounts(work)):
        raise Refused(f"There is another account called ‘{name}’. Type another name.")
    _take_from_others(work, number, known.channel, dict(values))
    work.change(RowChanged("mail_account", number, _stored(dict(values))))


def _check(row: Mapping[str, Any]) -> None:
    """Raise Refused, BadSettings or BadTemplate where an account cannot be so."""
    if row.get("channel", "email") == "email":
        _check_servers(row)
    if not all(0 <= row.get(limit, 0) <= MOST for limit in ("hourly_limit", "daily_limit")):
        raise Refused("The messages an hour are a number up to 1,000,000; 0 is no limit.")
    if not 1 <= row.get("connections", 1) <= 20:
        raise Refused("An account has 1 to 20 connections at once.")
    if (answers := row.get("reply_to", "")) and not answer_address.is_one(answers):
        raise Refused("Answers go to an e-mail address, such as office@example.com.")
    for source in (row.get("signature", ""), row.get("signature_html", "")):
        if unknown := merge.unknown_fields(source, SIGNATURE_FIELDS):
            raise BadTemplate(str(unknown[0]))
    texts.require(200, name=row["name"], sender_name=row.get("sender_name", ""))
    texts.require(320, **{name: row.get(name, "") for name in _LONG})


def _check_servers(row: Mapping[str, Any]) -> None:
    if row["security"] not in SECURITY or "@" not in row["address"] or not row["host"]:
        raise Refused("A mail account needs an address, a server and how it is secured.")
    if (row.get("imap_security") or "tls") not in SECURITY:
        raise Refused("Incoming mail is secured by TLS or STARTTLS.")
    for port in (row["port"], row.get("imap_port") or 993):
        if not 0 < port < 65_536:
            raise Refused("A server's port is a number from 1 to 65535.")
    texts.require(255, server=row["host"], incoming_server=row.get("imap_host") or "")


def _stored(row: dict[str, Any]) -> dict[str, Any]:
    """Return the columns for what was given."""
    hours = row.get("hours")
    if "hours" in row:
        row["hours"] = msgspec.to_builtins(hours) if hours else None
    if "writes_for" in row:
        row["writes_for"] = sorted(set(row["writes_for"])) or None
    return row


def _take_from_others(work: Work, number: int, channel: str, row: Mapping[str, Any]) -> None:
    """Let one account of a channel alone write for an owner, and one alone for all others."""
    mine = set(row.get("writes_for") or ())
    for other in accounts(work):
        if other.id == number or other.channel != channel:
            continue
        if mine & set(other.writes_for):
            left = sorted(set(other.writes_for) - mine) or None
            work.change(RowChanged("mail_account", other.id, {"writes_for": left}))
        if row.get("fallback") and other.fallback:
            work.change(RowChanged("mail_account", other.id, {"fallback": False}))
    work.memo.pop(_ACCOUNTS, None)


_IN_USE = (
    select(*(tables.mail_account.c[name] for name in Account.__dataclass_fields__))
    .where(tables.mail_account.c.active)
    .order_by(tables.mail_account.c.id)
)


def accounts(work: Work) -> list[Account]:
    """Return the accounts in use, the oldest first."""
    if _ACCOUNTS not in work.memo:
        read = (Account(*row) for row in work.connection.execute(_IN_USE))
        work.memo[_ACCOUNTS] = [
            replace(account, writes_for=tuple(account.writes_for or ())) for account in read
        ]
    return work.memo[_ACCOUNTS]


def one(work: Work, number: int) -> Account:
    """Return an account by its number; raise NotFound."""
    found = next((account for account in accounts(work) if account.id == number), None)
    if found is None:
        raise NotFound("There is no such account any more.")
    return found


def addressed(work: Work, address: str) -> Account:
    """Return an account by its address; raise NotFound."""
    for account in accounts(work):
        if fold(account.address) == fold(address):
            return account
    raise NotFound(f"There is no mail account {address}. Look at: rally-desktop mail list")


def account_for(
    work: Work, name: str, owner_id: int | None, channel: str = "email"
) -> Account | None:
    """Return the account of that name; without one the owner's; else the office's."""
    known = [account for account in accounts(work) if account.channel == channel]
    if name:
        return next((account for account in known if account.name == name), None)
    own = (account for account in known if owner_id and owner_id in account.writes_for)
    rest = (account for account in known if account.fallback)
    return next(own, None) or next(rest, known[0] if known else None)


def pause(work: Work, number: int, why: str) -> None:
    """Let an account send and receive nothing until somebody resumes it."""
    one(work, number)
    work.change(RowChanged("mail_account", number, {"paused_why": why}))


def resume(work: Work, number: int) -> None:
    """Let an account that was paused send again; raise NotFound where there is none."""
    one(work, number)
    work.change(RowChanged("mail_account", number, {"paused_why": "", "errors": 0}))


def checked(work: Work, number: int, **learnt: Unpack[Access]) -> None:
    """Write down that all was well with an account's servers just now, and what was learnt."""
    work.change(RowChanged("mail_account", number, {**learnt, "checked_at": work.now}))


def retire(work: Work, number: int) -> None:
    """Take an account out of use; what it sent still names it."""
    gone = {"active": False, "fallback": False, "writes_for": None}
    work.change(RowChanged("mail_account", number, gone))
    work.memo.pop(_ACCOUNTS, None)


# -- passwords -------------------------------------------------------------------------------


def set_password(
    work: Work, account: Account, password: str, vault: Vault, *, into: str = ""
) -> None:
    """Keep an account's password, for this computer, sealed.

    ``into`` is that of its incoming mail, where that is another one.
    """
    account_secrets.keep(work, f"{account.id}/out", account.out, password, vault)
    if account.imap_host:
        set_inbox_password(work, account, into or password, vault)
    work.change(RowChanged("mail_account", account.id, {"secret_at": work.now}))


def set_inbox_password(work: Work, account: Account, password: str, vault: Vault) -> None:
    """Keep the password of an account's incoming mail, where that is another one."""
    account_secrets.keep(work, f"{account.id}/into", account.into, password, vault)


def password_of(work: Work, account: Account, vault: Vault) -> str:
    """Return an account's password; raise NotFound or, from the vault, what is in the way."""
    return account_secrets.reveal(work, f"{account.id}/out", account.out, vault)


def inbox_password_of(work: Work, account: Account, vault: Vault) -> str:
    """Return the password of an account's incoming mail; raise NotFound or Locked."""
    return account_secrets.reveal(work, f"{account.id}/into", account.into, vault)


def computers(work: Work, account: Account) -> list[str]:
    """Return the computers that can open an account."""
    if not account.login:
        return []
    part, bound = ("consent", account.consent) if account.provider else ("out", account.out)
    return account_secrets.computers(work, f"{account.id}/{part}", bound)
