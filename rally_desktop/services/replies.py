"""Who wrote and waits for an answer: until somebody writes back, or puts it aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Select, and_, exists, func, or_, select, update

from rally_desktop.core import quoting
from rally_desktop.core.errors import Refused
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import activity, contact, message, outbox
from rally_desktop.model.work import Work

MOST = 200
# What nobody has answered, or put off until later, is no news any more.
RECENT, LONGEST = timedelta(days=14), timedelta(days=90)
SNIPPET = 300
CHANNELS = {"email_received": "email", "sms_received": "sms"}


@dataclass(frozen=True)
class Reply:
    """A contact who wrote last, and what; ``message`` is its number, where it is kept.

    ``channel`` is email or sms; ``since`` is when it was put off to, where it was and that is
    over.
    """

    ref: Ref
    name: str
    at: datetime
    subject: str = ""
    text: str = ""
    message: int | None = None
    channel: str = "email"
    since: datetime | None = None


class Aside(NamedTuple):
    """When a reply was put aside, and until when; for good where that says nothing."""

    at: datetime | None
    until: datetime | None


def waiting(work: Work, user_id: int | None) -> tuple[Reply, ...]:
    """Return who waits for an answer of somebody, or of anybody, who wrote last first."""
    own = contact.c
    names = (own.first_name, own.last_name, own.email)
    query = _waiting(work, user_id, own.id, own.last_replied_at, own.reply_aside_until, *names)
    found: Any = work.connection.execute(query.order_by(own.last_replied_at.desc()).limit(MOST))
    rows = found.all()
    said, numbers = _said(work, rows), _numbers(work, rows)
    made = []
    for number, at, until, first, last, email in rows:
        channel, told = said.get((number, at), ("email", {}))
        ref, name = Ref("contact", number), f"{first} {last}".strip() or email
        words = told.get("subject") or "", _beginning(told.get("text") or "")
        made.append(Reply(ref, name, at, *words, numbers.get((number, at)), channel, until))
    return tuple(made)


def count(work: Work, user_id: int | None) -> int:
    """Return how many people wait for an answer of somebody, or of anybody."""
    found = _waiting(work, user_id, contact.c.id).subquery()
    return work.connection.execute(select(func.count()).select_from(found)).scalar_one()


def put_aside(work: Work, ref: Ref, until: datetime | None = None) -> Aside:
    """Take somebody off the list, for good or until a moment; return how it was before.

    Whatever they write next brings them back at once.
    """
    if until is not None and not work.now < until <= work.now + LONGEST:
        raise Refused("Choose a day within the next three months.")
    own = contact.c
    found = work.connection.execute(
        select(own.reply_aside_at, own.reply_aside_until).where(own.id == ref.id)
    ).one_or_none()
    _set(work, ref, Aside(work.now, until))
    return Aside(*found) if found else Aside(None, None)


def put_back(work: Work, ref: Ref, before: Aside) -> None:
    """Undo that somebody was put aside."""
    _set(work, ref, before)


def _set(work: Work, ref: Ref, aside: Aside) -> None:
    """Write it down where nobody reads it as a change of the person."""
    values = {"reply_aside_at": aside.at, "reply_aside_until": aside.until}
    work.connection.execute(update(contact).where(contact.c.id == ref.id).values(values))
    work.touched.add("contact")


def _waiting(work: Work, user_id: int | None, *columns: Any) -> Select[Any]:
    own, sent, by_hand = contact.c, outbox.c, message.c
    answered = exists().where(
        sent.contact_id == own.id, sent.created_at >= own.last_replied_at,
        sent.run_id.is_(None), sent.state != "failed",
    )  # fmt: skip
    written = exists().where(
        by_hand.record_kind == "contact", by_hand.record_id == own.id,
        by_hand.direction == "out", by_hand.outbox_id.is_(None),
        by_hand.at >= own.last_replied_at,
    )  # fmt: skip
    over = and_(own.reply_aside_until.is_not(None), own.reply_aside_until <= work.now)
    here = or_(own.reply_aside_at.is_(None), own.reply_aside_at < own.last_replied_at, over)
    recent = or_(own.last_replied_at > work.now - RECENT, own.reply_aside_until > work.now - RECENT)
    mine = or_(own.owner_id == user_id, own.owner_id.is_(None))
    query: Any = select(*columns).where(
        own.last_replied_at > work.now - RECENT - LONGEST, recent, here, own.deleted_at.is_(None),
        ~answered, ~written,
    )  # fmt: skip
    return query if user_id is None else query.where(mine)


def _said(work: Work, rows: Any) -> dict[tuple[int, datetime], tuple[str, dict[str, Any]]]:
    """Return by which channel each wrote last, and what, by whose it is and when."""
    own = activity.c
    query = select(own.record_id, own.at, own.kind, own.detail).where(
        own.record_kind == "contact", own.record_id.in_([row[0] for row in rows]),
        own.at.in_({row[1] for row in rows}), own.kind.in_(CHANNELS),
    )  # fmt: skip
    found = work.connection.execute(query)
    return {
        (number, at): (CHANNELS[kind], msgspec.json.decode(detail))
        for number, at, kind, detail in found
    }


def _numbers(work: Work, rows: Any) -> dict[tuple[int, datetime], int]:
    own = message.c
    query = select(own.record_id, own.at, own.id).where(
        own.record_kind == "contact", own.record_id.in_([row[0] for row in rows]),
        own.at.in_({row[1] for row in rows}), own.direction == "in",
        own.channel == "email",
    )  # fmt: skip
    return {(number, at): found for number, at, found in work.connection.execute(query)}


def _beginning(text: str) -> str:
    return " ".join(quoting.parted(text)[0].split())[:SNIPPET]
