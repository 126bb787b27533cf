"""What became of text messages that were sent: asked of the gateway, or told by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, String, cast, exists, literal, select

from rally_desktop.core import texts
from rally_desktop.core.message import Mailbox
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import activity, message, outbox
from rally_desktop.model.texting import TextBounced, TextDelivered
from rally_desktop.model.work import Work
from rally_desktop.outside.sms.base import Status, reference_of
from rally_desktop.services import outbox as outboxes

ASKED_FOR = timedelta(days=3)  # what a gateway does not know by then it never will
MOST = 50
_ENDS = ("sms_delivered", "sms_bounced")


@dataclass(frozen=True)
class Wanted:
    """A message to look for in a log; ``others`` are the gateway's names of further ones."""

    sender: str
    number: str
    text: str
    since: datetime
    others: frozenset[str]


def wanted(work: Work, message_id: str) -> Wanted | None:
    """Return what a log is to be asked for; None where there is no such message any more."""
    own = outbox.c
    query = select(
        own.id, own.sender, own.address, own.text, own.created_at, own.due_at, own.doubted_at
    ).where(own.message_id == message_id)
    row = work.connection.execute(query).one_or_none()
    if row is None:
        return None
    sent = message.c
    others = select(sent.server_id).where(
        sent.recipient == row.address, sent.channel == "sms", sent.server_id.is_not(None),
        sent.outbox_id != row.id, sent.at >= row.created_at - timedelta(days=1),
    )  # fmt: skip
    known = frozenset(work.connection.execute(others).scalars())
    sender = Mailbox.read(row.sender).address
    return Wanted(sender, row.address, row.text, row.created_at, known)


def waiting(work: Work, account_id: int) -> list[str]:
    """Return the gateway's names of messages of which nobody knows yet what became of them."""
    sent, letter = message.c, outbox.c
    told = literal('%"outbox":').concat(cast(sent.outbox_id, String)).concat(",%")
    ended = exists().where(
        activity.c.record_kind == sent.record_kind, activity.c.record_id == sent.record_id,
        activity.c.kind.in_(_ENDS), activity.c.detail.like(told),
    )  # fmt: skip
    query = (
        select(sent.server_id)
        .join(outbox, letter.id == sent.outbox_id)
        .where(letter.account_id == account_id, letter.sent_at > work.now - ASKED_FOR)
        .where(sent.server_id.is_not(None), ~ended)
        .order_by(sent.id.desc())
        .limit(MOST)
    )
    return [name for name in work.connection.execute(query).scalars() if name]


def take(work: Work, account_id: int, told: Iterable[Status]) -> int:
    """Write down what became of messages, each once; return how many were news."""
    return sum(_take(work, account_id, one) for one in told)


def _take(work: Work, account_id: int, status: Status) -> bool:
    row = _by_name(work, account_id, status.id)
    if row is None:
        row = _in_doubt(work, account_id, status)
        if row is None:
            return False
        outboxes.settled(work, outboxes.parcel_of(row), "as its gateway told")
    ref = Ref(row["record_kind"], row["record_id"])
    if _is_known(work, ref, row["id"]):
        return False
    if status.state == "delivered":
        work.change(TextDelivered(ref, row["id"], row["address"]))
    else:
        said = texts.mended(status.said)[:300]
        work.change(TextBounced(ref, row["id"], row["address"], said))
    return True


def _by_name(work: Work, account_id: int, name: str) -> RowMapping | None:
    """Return the message that a gateway calls so."""
    query = (
        select(outbox)
        .join(message, message.c.outbox_id == outbox.c.id)
        .where(message.c.server_id == name, outbox.c.account_id == account_id)
    )
    return work.connection.execute(query).mappings().first() if name else None


def _in_doubt(work: Work, account_id: int, status: Status) -> RowMapping | None:
    """Return the message in doubt that a gateway tells of by our own name for it."""
    own = outbox.c
    query = select(outbox).where(own.account_id == account_id, own.state == "doubt")
    query = query.with_for_update()
    rows = work.connection.execute(query).mappings() if status.reference else ()
    return next((r for r in rows if reference_of(r["message_id"]) == status.reference), None)


def _is_known(work: Work, ref: Ref, number: int) -> bool:
    """Say whether the timeline tells already what became of a message."""
    key = ("sms told", number)
    own = activity.c
    query = select(own.detail).where(
        own.record_kind == ref.kind, own.record_id == ref.id, own.kind.in_(_ENDS)
    )
    found = any(f'"outbox":{number},' in line for line in work.connection.execute(query).scalars())
    told = found or key in work.memo
    work.memo[key] = True
    return told
