"""What became of text messages that were sent: asked of the gateway, or told by it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, String, cast, delete, exists, insert, literal, select

from rally_desktop.core import texts
from rally_desktop.core.message import Mailbox
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import activity, message, outbox, sms_told
from rally_desktop.model.texting import TextBounced, TextDelivered
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.base import LONGEST_NAME
from rally_desktop.outside.sms.base import Status, reference_of
from rally_desktop.services import outbox as outboxes

log = logging.getLogger(__name__)

ASKED_FOR = timedelta(days=3)  # what a gateway does not know by then it never will
MOST = 50
_AT_ONCE = 500
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


def take(work: Work, account_id: int, told: Iterable[Status], *, asked: bool = False) -> int:
    """Write down what became of messages, each once; return how many were news.

    What is told of a message that may be on its way is kept until that is known. A log that was
    ``asked`` tells of messages of other programs, too, and is asked again.
    """
    count, unknown = 0, 0
    for one in told:
        awaited = _awaits(work, account_id)  # before it is looked for: it may be settled meanwhile
        row = _meant(work, account_id, one)
        if row is not None:
            count += _note(work, row, one)
        elif awaited and not asked:
            _keep(work, account_id, one)
        else:
            unknown += not asked
    _say(unknown)
    return count


def untold(work: Work) -> bool:
    """Say whether anything that was told still waits for its message to be settled."""
    return bool(work.connection.execute(select(exists(select(sms_told.c.id)))).scalar())


def take_kept(work: Work) -> int:
    """Write down what was told too early, as far as its message is settled by now."""
    query = select(sms_told).order_by(sms_told.c.id).limit(_AT_ONCE)
    query = query.with_for_update(skip_locked=True)
    count, unknown, over = 0, 0, []
    for kept in work.connection.execute(query).all():
        status = Status(kept.name, kept.reference, kept.state, kept.said)
        awaited = _awaits(work, kept.account_id) and kept.at > work.now - ASKED_FOR
        row = _meant(work, kept.account_id, status)
        if row is not None:
            count += _note(work, row, status)
        elif awaited:
            continue
        else:
            unknown += 1
        over.append(kept.id)
    work.connection.execute(delete(sms_told).where(sms_told.c.id.in_(over)))
    _say(unknown)
    return count


def _say(unknown: int) -> None:
    if unknown:
        log.warning("A gateway told of text messages that are not ours: %d", unknown)


def _awaits(work: Work, account_id: int) -> bool:
    """Say whether an account's gateway may know a message by a name that is not known here."""
    own = outbox.c
    query = select(own.id).where(own.account_id == account_id, own.state.in_(("dot", "doubt")))
    return work.connection.execute(query.limit(1)).scalar() is not None


def _keep(work: Work, account_id: int, status: Status) -> None:
    row = {
        "account_id": account_id, "name": texts.mended(status.id)[:LONGEST_NAME],
        "reference": texts.mended(status.reference)[:64], "state": status.state,
        "said": texts.mended(status.said)[:300],
    }  # fmt: skip
    same = [sms_told.c[name] == value for name, value in row.items()]
    if work.connection.execute(select(sms_told.c.id).where(*same).limit(1)).scalar() is None:
        row |= {"id": work.new_id("sms_told"), "at": work.now}
        work.connection.execute(insert(sms_told).values(row))


def _meant(work: Work, account_id: int, status: Status) -> RowMapping | None:
    """Return the message that a status is about; one in doubt is settled by it."""
    row = _by_name(work, account_id, status.id)
    if row is None and (row := _in_doubt(work, account_id, status)) is not None:
        name = texts.mended(status.id)[:LONGEST_NAME]
        outboxes.settled(work, outboxes.parcel_of(row), "as its gateway told", name)
    return row


def _note(work: Work, row: RowMapping, status: Status) -> bool:
    ref = Ref(row["record_kind"], row["record_id"])
    if _is_known(work, ref, row["id"]):
        return False
    if status.state == "delivered":
        work.change(TextDelivered(ref, row["id"], row["address"]))
    else:
        said = texts.mended(status.said)[:300]
        gone = status.state == "gone"
        work.change(TextBounced(ref, row["id"], row["address"], said, gone))
    return True


def _by_name(work: Work, account_id: int, name: str) -> RowMapping | None:
    """Return the message that a gateway calls so."""
    kept = texts.mended(name)[:LONGEST_NAME]
    query = (
        select(outbox)
        .join(message, message.c.outbox_id == outbox.c.id)
        .where(message.c.server_id == kept, outbox.c.account_id == account_id)
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
