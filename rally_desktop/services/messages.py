"""Messages: who may be written to, from which account, and the row in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.core.message import Mailbox
from rally_desktop.model import tables
from rally_desktop.model.changes import MessageQueued, MessageReceived, RowAdded, RowChanged
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import records, settings

SECURITY = ("tls", "starttls", "none")


@dataclass(frozen=True)
class Account:
    """A mail account to send from; ``hourly_limit`` in messages."""

    id: int
    name: str
    address: str
    host: str
    port: int
    security: str
    login: str
    hourly_limit: int
    user_id: int | None
    paused_why: str
    journal: str | None = None


class Access(TypedDict, total=False):
    """How a server is reached: tls unless said otherwise, without a login, for everybody."""

    security: str
    login: str
    user_id: int | None


def add_account(
    work: Work, name: str, address: str, *, host: str, port: int, **access: Unpack[Access]
) -> int:
    """Add a mail account and return its number; its password is kept elsewhere."""
    security, login = access.get("security", "tls"), access.get("login", "")
    if security not in SECURITY or "@" not in address or not host:
        raise Refused("A mail account needs an address, a server and how it is secured.")
    if not 0 < port < 65_536:
        raise Refused("A server's port is a number from 1 to 65535.")
    texts.require(200, name=name)
    texts.require(255, server=host)
    texts.require(320, address=address, login=login)
    number = work.new_id("mail_account")
    row = {
        "id": number, "name": name, "address": address, "host": host, "port": port,
        "security": security, "login": login, "user_id": access.get("user_id"),
    }  # fmt: skip
    work.change(RowAdded("mail_account", row))
    return number


def set_password(work: Work, account: Account, password: str, vault: Vault) -> None:
    """Keep an account's password, sealed so that only this computer's keyring opens it."""
    keep_secret(work, _secret_name(account), password, vault)


def keep_secret(work: Work, name: str, password: str, vault: Vault) -> None:
    """Keep a password under a name that holds all it is for."""
    values = {"sealed": vault.seal(name, password)}
    known = select(tables.secret.c.name).where(tables.secret.c.name == name)
    if work.connection.execute(known).first():
        work.change(RowChanged("secret", name, values))
    else:
        work.change(RowAdded("secret", {"name": name, **values}))


def password_of(work: Work, account: Account, vault: Vault) -> str:
    """Return an account's password; raise NotFound or, from the vault, what is in the way."""
    return secret_of(work, _secret_name(account), vault)


def secret_of(work: Work, name: str, vault: Vault) -> str:
    """Return the password kept under a name; raise NotFound or Locked."""
    query = select(tables.secret.c.sealed).where(tables.secret.c.name == name)
    sealed = work.connection.execute(query).scalar()
    if sealed is None:
        raise NotFound("Its password was never entered.")
    return vault.open(name, sealed)


def _secret_name(account: Account) -> str:
    """Bind a password to server and user: changing one of them drops it (safety.md, SMTP)."""
    return f"mail_account/{account.id}/{account.host}/{account.port}/{account.login}"


def accounts(work: Work) -> list[Account]:
    """Return the mail accounts in use, the oldest first."""
    columns = [tables.mail_account.c[name] for name in Account.__dataclass_fields__]
    query = select(*columns).where(tables.mail_account.c.active).order_by(tables.mail_account.c.id)
    return [Account(*row) for row in work.connection.execute(query)]


def account_for(work: Work, name: str, owner_id: int | None) -> Account | None:
    """Return the account of that name; without one the owner's; else the office's first."""
    known = accounts(work)
    if name:
        return next((account for account in known if account.name == name), None)
    own = (account for account in known if owner_id and account.user_id == owner_id)
    return next(own, known[0] if known else None)


def refusal(work: Work, contact: Snapshot, *, transactional: bool) -> str:
    """Return the reason code why a contact may not get an e-mail; empty where nothing is wrong."""
    if contact["deleted_at"] is not None:
        return "gone"
    if not contact["email"]:
        return "no_address"
    if contact["do_not_contact"]:
        return "do_not_contact"
    if contact["email_invalid"]:
        return "bad_address"
    if contact["consent_email"] == "refused" and not transactional:
        return "no_consent"
    columns = tables.suppression.c
    barred = select(columns.reason).where(
        columns.channel == "email", columns.address == fold(contact["email"])
    )
    return "suppressed" if work.connection.execute(barred).first() else ""


def recipient_of(work: Work, ref: Ref, address: str) -> Snapshot | None:
    """Return the contact a queued message goes to; None where it is gone or moved elsewhere."""
    found = work.find(ref)
    if found is not None and ref.kind != "contact":
        number = found.get("contact_id")
        found = work.find(Ref("contact", number)) if number else None
    if found is None or found["deleted_at"] is not None:
        return None
    return found if fold(found["email"]) == fold(address) else None


@dataclass(frozen=True)
class Content:
    """What a message says; without ``html`` it is plain text."""

    subject: str
    text: str
    html: str = ""


def queue(
    work: Work, ref: Ref, contact: Snapshot, account: Account, content: Content, *, key: str
) -> int:
    """Put an e-mail into the outbox and return its number there.

    The key is unique over the installation, run, step, visit, channel and address, and the
    Message-ID follows from it: the same decision can never become two messages.
    """
    epoch = settings.get(work, "epoch", "")
    number = work.new_id("outbox")
    domain = account.address.rpartition("@")[2]
    row = {
        "id": number,
        "key": f"{epoch}:{key}:email:{fold(contact['email'])}",
        "channel": "email",
        "account_id": account.id,
        "run_id": int(key.partition(":")[0]),
        "record_kind": ref.kind,
        "record_id": ref.id,
        "state": "ready",
        "due_at": work.now,
        "created_at": work.now,
        "message_id": f"<{key.replace(':', '.')}.{epoch}@{domain}>",
        "sender": _written(account.address, account.name),
        "address": contact["email"],
        "recipient": _written(contact["email"], records.name_of("contact", contact)),
        "subject": " ".join(content.subject.split()),
        "text": content.text,
        "html": content.html,
    }
    work.change(MessageQueued(ref, row))
    return number


def _written(address: str, name: str) -> str:
    """Return an address with its name in front, without it where there is no room for both."""
    full = str(Mailbox(address, name))
    return full if len(full) <= 400 else str(Mailbox(address, ""))


def receive(
    work: Work, ref: Ref, *, sender: str, subject: str, text: str, in_reply_to: str = ""
) -> int:
    """Write an e-mail that a person sent us down on the timeline and return its number.

    It came from outside, so what cannot be kept of it is marked instead of refused.
    """
    number = work.new_id("message")
    row: dict[str, Any] = {
        "id": number, "channel": "email", "direction": "in", "record_kind": ref.kind,
        "record_id": ref.id, "message_id": "", "in_reply_to": texts.mended(in_reply_to)[:300],
        "sender": texts.mended(sender)[:400], "recipient": "",
        "subject": texts.mended(subject), "text": texts.mended(text), "at": work.now,
    }  # fmt: skip
    work.change(MessageReceived(ref, row))
    return number
