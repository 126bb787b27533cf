"""Messages: who may be written to, and the row in the outbox."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.core.fold import fold
from rally_desktop.core.message import Copy, Mailbox
from rally_desktop.model import tables
from rally_desktop.model.changes import MessageQueued, MessageReceived
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import (
    answer_address,
    attachments,
    forgotten,
    frequency,
    mail_signatures,
    records,
    safeguards,
    settings,
    sms_numbers,
)
from rally_desktop.services.attachments import File
from rally_desktop.services.mail_accounts import Account


def address_of(work: Work, contact: Snapshot, channel: str) -> str:
    """Return where a contact is written to; empty where that is not known."""
    return contact["email"] if channel == "email" else sms_numbers.best(work, contact)


def refusal(
    work: Work, contact: Snapshot, channel: str = "email", *, transactional: bool, address: str = ""
) -> str:
    """Return the reason code why a contact may not be written to; empty where nothing is wrong.

    That is where the contact is written to as a rule, or at another ``address``.
    """
    address = address or address_of(work, contact, channel)
    if contact["deleted_at"] is not None:
        return "gone"
    if not address:
        return "no_address" if channel == "email" else "no_number"
    if contact["do_not_contact"]:
        return "do_not_contact"
    if channel == "email" and contact["email_invalid"]:
        return "bad_address"
    if contact[f"consent_{channel}"] == "refused" and not transactional:
        return "no_consent"
    return "suppressed" if _suppressed(work, channel, fold(address)) else ""


def refusal_by_hand(
    work: Work, contact: Snapshot, addresses: Collection[str], *, marketing: bool
) -> str:
    """Return the reason code why somebody may not write to a contact by hand, at addresses.

    Whoever wants no marketing may still be answered; a template that is marketing stays out.
    """
    keys = {fold(address) for address in addresses}
    if contact["deleted_at"] is not None:
        return "gone"
    if _is_marked(work, contact, keys):
        return "do_not_contact"
    if contact["email_invalid"] and fold(contact["email"]) in keys:
        return "bad_address"
    if marketing and contact["consent_email"] == "refused":
        return "no_consent"
    left = {address for address in keys if _suppressed(work, "email", address)}
    if left and not marketing:
        columns = tables.suppression.c
        query = select(columns.address).where(
            columns.channel == "email", columns.address.in_(left), columns.reason == "unsubscribed"
        )
        left -= set(work.connection.execute(query).scalars())
    return "suppressed" if left else ""


def _is_marked(work: Work, contact: Snapshot, keys: Collection[str]) -> bool:
    """Say whether a contact, or anybody with one of some folded addresses, is to be left alone."""
    if contact["do_not_contact"]:
        return True
    own = tables.contact.c
    marked = (own.email_key.in_(sorted(keys)), own.do_not_contact, own.deleted_at.is_(None))
    return work.connection.execute(select(own.id).where(*marked).limit(1)).first() is not None


def _suppressed(work: Work, channel: str, address: str) -> bool:
    known: dict[str, bool] = work.memo.setdefault(("suppressed", channel), {})
    if address not in known:
        # Whoever is in memory is about to be asked for, too: one statement for all of them.
        near = (fold(address_of(work, one, channel)) for one in work.at_hand("contact"))
        wanted = {address, *filter(None, near)} - known.keys()
        columns = tables.suppression.c
        query = select(columns.address).where(
            columns.channel == channel, columns.address.in_(sorted(wanted))
        )
        barred = set(work.connection.execute(query).scalars())
        barred |= forgotten.among(work, channel, wanted)
        known |= {one: one in barred for one in wanted}
    return known[address]


# The step of what no workflow decided but somebody who wrote it, and of what answers somebody who
# left the text messages, came back or asked for help: whatever the wish was, that much is said.
BY_HAND = "hand"
ANSWERS = ("sms_stop", "sms_start", "sms_help")


@dataclass(frozen=True)
class Content:
    """What a message says; without ``html`` it is plain text.

    ``in_reply_to`` is the Message-ID of the message that it follows in a conversation;
    ``version`` that of the template, as it was when the message was decided.

    What somebody writes by hand may go ``to`` another address than the contact's, and
    ``copies`` of it to others; ``signed`` says that its signature is in it already.
    """

    subject: str
    text: str
    html: str = ""
    template: str = ""
    transactional: bool = False
    in_reply_to: str = ""
    version: int | None = None
    files: tuple[File, ...] = ()
    to: Mailbox | None = None
    copies: tuple[Copy, ...] = ()
    signed: bool = False


@dataclass(frozen=True)
class Origin:
    """Which visit of which run decided a message, and when it was due there.

    ``not_before`` is until when it waits in the outbox, ``reason`` for what. What no workflow
    decided has neither workflow nor run, and its ``step`` and ``seq`` say what it is of.
    """

    workflow_id: int | None
    run_id: int | None
    step: str
    seq: int
    due_at: datetime
    not_before: datetime | None = None
    reason: str = ""

    @property
    def key(self) -> str:
        """Say it in one word, the same for the same decision."""
        return f"{self.run_id or 0}:{self.step}:{self.seq}"


def queue(
    work: Work, ref: Ref, contact: Snapshot, account: Account, content: Content, origin: Origin
) -> int:
    """Put a message into the outbox and return its number there.

    The key is unique over the installation, run, step, visit, channel and address, and the
    Message-ID follows from it: the same decision can never become two messages. While it can
    be recalled it is held.
    """
    epoch, limits = settings.get(work, "epoch", ""), safeguards.of(work)
    number, channel = work.new_id("outbox"), account.channel
    content = _signed(work, content, account, contact["owner_id"], origin)
    to = content.to or _whom(work, contact, channel)
    address, domain = to.address, account.address.rpartition("@")[2]
    message_id = f"<{_plain(origin.key)}.{epoch}@{domain}>"
    recall = limits.recall(by_hand=origin.step == BY_HAND)
    due_at = max(work.now + recall, origin.not_before or work.now)
    row = {
        "id": number,
        "key": f"{epoch}:{origin.key}:{channel}:{fold(address)}",
        "channel": channel,
        "account_id": account.id,
        "workflow_id": origin.workflow_id,
        "contact_id": contact["id"],
        "user_id": work.user_id if origin.run_id is None else None,
        "run_id": origin.run_id,
        **{"step": origin.step, "seq": origin.seq},
        **{"record_kind": ref.kind, "record_id": ref.id},
        "state": "held" if recall else "ready",
        "due_at": due_at,
        "expires_at": max(origin.due_at, due_at) + timedelta(hours=limits.expiry_hours),
        "reason": origin.reason,
        "created_at": work.now,
        "transactional": content.transactional,
        "template": content.template,
        "template_version": content.version,
        "files": attachments.stored(content.files),
        "message_id": message_id,
        "in_reply_to": content.in_reply_to,
        "sender": _written(account.address, account.sender.name),
        "reply_to": answer_address.of(account.reply_to, number, message_id),
        "address": address,
        "recipient": _written(address, to.name) if channel == "email" else address,
        "copies": [(line, str(who)) for line, who in content.copies] or None,
        "subject": " ".join(content.subject.split()),
        **{"text": content.text, "html": content.html},
    }
    work.change(MessageQueued(ref, row))
    frequency.count(work, row)
    return number


def _plain(key: str) -> str:
    """Return a key in the letters of a Message-ID; by the visit in it it stays the only one."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", key.replace(":", "."))


def _whom(work: Work, contact: Snapshot, channel: str) -> Mailbox:
    return Mailbox(address_of(work, contact, channel), records.name_of("contact", contact))


def _signed(
    work: Work, content: Content, account: Account, owner_id: int | None, origin: Origin
) -> Content:
    """Return the content with the account's signature below, where it is to have one."""
    if account.channel != "email" or content.signed:
        return content
    text, html = mail_signatures.under(
        work, account, content.text, content.html, owner_id, automated=origin.run_id is not None
    )
    return replace(content, text=text, html=html)


class Before(NamedTuple):
    """An e-mail that was sent before."""

    message_id: str
    subject: str


def last_of_run(work: Work, run_id: int, ref: Ref, address: str) -> Before | None:
    """Return the last e-mail that a run wrote to an address."""
    columns = tables.outbox.c
    query = (
        select(columns.message_id, columns.subject)
        .where(columns.record_kind == ref.kind, columns.record_id == ref.id)
        .where(columns.run_id == run_id, columns.channel == "email")
        .where(columns.address == address, columns.state != "failed")
        .order_by(columns.id.desc())
        .limit(1)
    )
    found = work.connection.execute(query).one_or_none()
    return None if found is None else Before(*found)


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
