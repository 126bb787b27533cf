"""Text messages that come in: whose they are, what they ask for, and what that is answered with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from rally_desktop.core import texts
from rally_desktop.core.dialling import tail_of
from rally_desktop.core.fold import fold
from rally_desktop.core.message import Mailbox
from rally_desktop.core.sms_words import Wish, wish_of
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import message, outbox, sms_arrival
from rally_desktop.model.texting import TextArrived
from rally_desktop.model.work import Work
from rally_desktop.outside.sms.base import Incoming
from rally_desktop.services import (
    duplicates,
    forgotten,
    messages,
    records,
    sms_accounts,
    sms_numbers,
    sms_pieces,
    sms_wishes,
)
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.messages import Content, Origin

ANSWERED_BACK = timedelta(days=30)  # so long after a message an SMS is taken to answer it
MOST_ANSWERS, A_DAY = 3, timedelta(days=1)


@dataclass(frozen=True)
class Sender:
    """Who wrote from a number: the contact it was last written to at, and others who have it."""

    number: str
    ref: Ref | None
    others: tuple[Ref, ...] = ()


def take(work: Work, account: Account, told: Iterable[Incoming]) -> int:
    """Write down what came in, each message once; return how many were new."""
    incoming = list(told)
    own = sms_arrival.c
    query = select(own.gateway_id).where(
        own.account_id == account.id, own.gateway_id.in_({_name(one) for one in incoming})
    )
    known = set(work.connection.execute(query).scalars())
    count = 0
    for one in incoming:
        if (name := _name(one)) in known:
            continue
        known.add(name)
        whole: Incoming | None = one
        if one.piece is not None and not _is_erased(work, whose(work, one.sender)):
            whole = sms_pieces.put_together(work, account.id, one, name)
        if whole is not None:
            _take(work, account, whole, _name(whole))
            count += 1
    return count


def take_incomplete(work: Work, account: Account) -> int:
    """Write down what is there of messages of which a part never came; return how many it was."""
    found = sms_pieces.given_up(work, account.id)
    for one in found:
        _take(work, account, one, _name(one))
    return len(found)


def take_leave(work: Work, account: Account) -> None:
    """Write down what is there of messages of a gateway that goes: no further part can come.

    Wishes in it are granted, but not answered: there is nothing left to answer by.
    """
    for one in sms_pieces.given_up(work, account.id, timedelta()):
        _take(work, account, replace(one, handled=True), _name(one))


def _name(one: Incoming) -> str:
    return texts.mended(one.id)[:120]


def _take(work: Work, account: Account, one: Incoming, name: str) -> None:
    sender = whose(work, one.sender)
    text = texts.mended(one.text)[: sms_pieces.LONGEST]
    at = min(one.at, work.now) if one.at else work.now
    number, erased = work.new_id("sms_arrival"), _is_erased(work, sender)
    row = {
        "id": number, "account_id": account.id, "gateway_id": name,
        "number": "" if erased else sender.number[:40], "text": "" if erased else text, "at": at,
        "contact_id": sender.ref.id if sender.ref else None, "ignored": erased,
    }  # fmt: skip
    work.change(RowAdded("sms_arrival", row))
    if erased:
        return  # to whoever was erased nothing is sent anyway
    wish = wish_of(sms_pieces.bare(text))
    if sender.ref is not None:
        arrived(work, account.id, sender, text, at)
    new = sms_wishes.grant(work, sender.number, sender.ref, wish, at)
    if sender.ref is not None and new and not one.handled:
        _answer(work, account, sender, wish, number)


def _is_erased(work: Work, sender: Sender) -> bool:
    """Say whether the office was asked to forget whoever writes: it keeps nothing of it then."""
    known = sender.ref is not None
    return not known and bool(forgotten.among(work, "sms", {fold(sender.number)}))


def arrived(work: Work, account_id: int, sender: Sender, text: str, at: datetime) -> None:
    """Write an SMS down on the timeline of whoever sent it."""
    assert sender.ref is not None
    said: dict[str, Any] = {}
    if wish := wish_of(sms_pieces.bare(text)):
        said[wish] = True
    if wish == "stop":
        said["before"] = work.record(sender.ref)["consent_sms"]
    if answered := _answered(work, sender, at):
        said["outbox"] = answered
    if sender.others:
        names = [records.name_of("contact", work.record(ref)) for ref in sender.others]
        said["others"] = names
    row = {
        "id": work.new_id("message"), "channel": "sms", "direction": "in",
        "record_kind": sender.ref.kind, "record_id": sender.ref.id, "sender": sender.number[:40],
        "recipient": "", "subject": "", "text": text, "at": at,
        "account_id": account_id,
    }  # fmt: skip
    work.change(TextArrived(sender.ref, sender.number, text, said, at))
    work.change(RowAdded("message", row))


def _answered(work: Work, sender: Sender, at: datetime) -> int | None:
    """Return the message of ours that an SMS seems to answer: the last to this number."""
    assert sender.ref is not None
    own = outbox.c
    query = (
        select(own.id)
        .where(own.contact_id == sender.ref.id, own.channel == "sms", own.state == "sent")
        .where(own.address == sender.number, own.sent_at > at - ANSWERED_BACK)
        .order_by(own.sent_at.desc(), own.id.desc())
        .limit(1)
    )
    return work.connection.execute(query).scalar()


def whose(work: Work, written: str) -> Sender:
    """Return who has a number; of several the one who was last written to at it."""
    number = sms_numbers.dialled(work, written) or texts.mended(written)[:40]
    tail = tail_of(number)
    near = {row["id"] for row in duplicates.numbered(work, "contact", tail)} if tail else set()
    people = work.records("contact", near)
    found = [
        Ref("contact", key)
        for key, person in sorted(people.items())
        if person["deleted_at"] is None
        and any(one.dialled == number for one in sms_numbers.known(work, person))
    ]
    if len(found) > 1:
        found = _last_written(work, number, found)
    return Sender(number, found[0] if found else None, tuple(found[1:]))


def _last_written(work: Work, number: str, found: Sequence[Ref]) -> list[Ref]:
    own = message.c
    query = (
        select(own.record_id, func.max(own.id))
        .where(own.record_kind == "contact", own.record_id.in_([ref.id for ref in found]))
        .where(own.channel == "sms", own.direction == "out", own.recipient == number)
        .group_by(own.record_id)
    )
    last = {row[0]: row[1] for row in work.connection.execute(query)}
    return sorted(found, key=lambda ref: (-last.get(ref.id, 0), ref.id))


def _answer(work: Work, account: Account, sender: Sender, wish: Wish, number: int) -> None:
    """Answer a wish with the office's words, to nobody more often than a few times a day."""
    said = sms_accounts.words(work, account).get(wish, "")
    if not said or sender.ref is None or _answers(work, sender.ref) >= MOST_ANSWERS:
        return
    content = Content("", said, transactional=True, to=Mailbox(sender.number))
    origin = Origin(None, None, f"sms_{wish}", number, work.now)
    messages.queue(work, sender.ref, work.record(sender.ref), account, content, origin)


def _answers(work: Work, ref: Ref) -> int:
    own = outbox.c
    query = select(func.count()).where(
        own.contact_id == ref.id, own.step.in_(messages.ANSWERS),
        own.created_at > work.now - A_DAY,
    )  # fmt: skip
    return work.connection.execute(query).scalar_one()
