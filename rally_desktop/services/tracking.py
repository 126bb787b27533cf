"""What became of messages: opened, followed, by a person or by a machine, and how often.

A request is noted at once and judged when the moment is over in which a machine would have asked
for the rest. What counts for a person is one line on the timeline, the first time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, distinct, func, or_, select, text

from rally_desktop.core.clock import to_micros
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import mail_link, outbox, touch
from rally_desktop.model.touches import EmailOpened, LinkClicked
from rally_desktop.model.work import Work
from rally_desktop.services import robots
from rally_desktop.services.mail_links import PICTURE
from rally_desktop.services.robots import Asked

PENDING, PERSON, MACHINE = "pending", "person", "machine"
AT_ONCE = 200
NOT_AVAILABLE = "not available"


@dataclass(frozen=True)
class Link:
    """One link of a message, or its picture: where it leads, and when the message went out."""

    id: int
    outbox_id: int
    place: int
    url: str
    sent_at: datetime | None


def link(work: Work, code: str) -> Link | None:
    """Return what a code stands for; None where it stands for nothing any more."""
    own = mail_link.c
    query = (
        select(own.id, own.outbox_id, own.place, own.url, outbox.c.sent_at)
        .join(outbox, outbox.c.id == own.outbox_id)
        .where(own.code == code)
    )
    found = work.connection.execute(query).one_or_none()
    return None if found is None else Link(*found)


def note(work: Work, link: Link, *, method: str, agent: str, prefetch: bool) -> None:
    """Write down that a link was asked for; whether by a person shows a moment later."""
    after = None if link.sent_at is None else work.now - link.sent_at
    what = "picture" if link.place == PICTURE else "link"
    rule = robots.judge(Asked(what, method, agent, prefetch, after))
    who = MACHINE if rule.machine else PENDING
    _count(work, link.id, who, rule.name, 1, work.now, work.now)


def settle(work: Work) -> int:
    """Judge what was noted a while ago; return how many links that was."""
    due = _due(work)
    for row in due:
        machine = _in_a_burst(work, row.outbox_id, row.first_at)
        work.connection.execute(
            delete(touch).where(touch.c.link_id == row.link_id, touch.c.who == PENDING)
        )
        rule = robots.IN_A_BURST.name if machine else row.rule
        who = MACHINE if machine else PERSON
        new = _count(work, row.link_id, who, rule, row.count, row.first_at, row.last_at)
        if new and not machine:
            _say(work, row)
    return len(due)


def waiting(work: Work) -> bool:
    """Say whether there is anything to settle now."""
    return bool(_due(work, most=1))


# -- figures -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """What became of messages; None is not known, which is something else than nobody.

    ``machines`` is how many messages only machines looked into.
    """

    sent: int = 0
    opened: int | None = None
    clicked: int | None = None
    machines: int = 0

    def share(self, count: int | None) -> str:
        """Say a count as a share of what was sent, or that it is not available."""
        if count is None:
            return NOT_AVAILABLE
        return f"{count / self.sent:.0%}" if self.sent else "–"


def of_message(work: Work, outbox_id: int) -> Figures:
    """Return what became of one message."""
    query = (
        select(
            *_letters(mail_link.c.place == PICTURE), *_letters(mail_link.c.place > 0), _machines()
        )
        .select_from(_JOINED)
        .where(outbox.c.id == outbox_id)
    )
    seen, opened, led, clicked, machines = work.connection.execute(query).one()
    return Figures(1, opened if seen else None, clicked if led else None, machines)


_JOINED = outbox.outerjoin(mail_link, mail_link.c.outbox_id == outbox.c.id).outerjoin(
    touch, touch.c.link_id == mail_link.c.id
)


def _letters(which: Any) -> tuple[Any, Any]:
    """Return how many messages have such links, and of how many a person asked for one."""
    by_person = and_(which, touch.c.who == PERSON)
    return (
        func.count(distinct(case((which, outbox.c.id)))),
        func.count(distinct(case((by_person, outbox.c.id)))),
    )


def _machines() -> Any:
    return func.count(distinct(case((touch.c.who == MACHINE, outbox.c.id))))


# -- parts ---------------------------------------------------------------------------------


_ADD = text(
    "insert into touch (link_id, who, rule, count, first_at, last_at)"
    " values (:link, :who, :rule, :count, :first, :last)"
    " on conflict (link_id, who) do update set count = touch.count + excluded.count,"
    " rule = excluded.rule, last_at = excluded.last_at"
)
_KNOWN = select(touch.c.link_id).where(
    touch.c.link_id == bindparam("link"), touch.c.who == bindparam("who")
)


def _count(
    work: Work, link_id: int, who: str, rule: str, count: int, first: datetime, last: datetime
) -> bool:
    """Count requests for a link; say whether these are the first of their kind."""
    known = work.connection.execute(_KNOWN, {"link": link_id, "who": who}).first()
    said = {"link": link_id, "who": who, "rule": rule, "count": count}
    moments = {"first": to_micros(first), "last": to_micros(last)}
    work.connection.execute(_ADD, {**said, **moments})
    work.touched.add("touch")
    return known is None


def _due(work: Work, most: int = AT_ONCE) -> list[Any]:
    own, letter = touch.c, outbox.c
    query = (
        select(
            own.link_id, own.rule, own.count, own.first_at, own.last_at,
            mail_link.c.outbox_id, mail_link.c.place, mail_link.c.url,
            letter.subject, letter.contact_id,
        )
        .join(mail_link, mail_link.c.id == own.link_id)
        .join(outbox, letter.id == mail_link.c.outbox_id)
        .where(text("who = 'pending'"), own.last_at < work.now - robots.BURST)
        .order_by(own.last_at)
        .limit(most)
    )  # fmt: skip
    if work.locking:
        query = query.with_for_update(of=touch, skip_locked=True)
    return list(work.connection.execute(query).all())


def _in_a_burst(work: Work, outbox_id: int, at: datetime) -> bool:
    """Say whether so many links of a message were followed around a moment that no person did."""
    own = touch.c
    near = or_(
        own.first_at.between(at - robots.BURST, at + robots.BURST),
        own.last_at.between(at - robots.BURST, at + robots.BURST),
    )
    query = (
        select(func.count(distinct(own.link_id)))
        .join(mail_link, mail_link.c.id == own.link_id)
        .where(mail_link.c.outbox_id == outbox_id, mail_link.c.place > 0, near)
    )
    return work.connection.execute(query).scalar_one() >= robots.MANY


def _say(work: Work, row: Any) -> None:
    """Put it on the timeline of whom the message went to."""
    if row.contact_id is None:
        return  # the person was erased meanwhile
    ref = Ref("contact", row.contact_id)
    if row.place == PICTURE:
        work.change(EmailOpened(ref, row.outbox_id, row.subject))
    else:
        work.change(LinkClicked(ref, row.outbox_id, row.subject, row.url))
