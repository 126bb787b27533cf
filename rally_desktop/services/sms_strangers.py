"""Numbers that wrote to the office and are nobody's: kept, made contacts, or left alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from rally_desktop.core.errors import Refused
from rally_desktop.core.numbers import kind_of
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import sms_arrival
from rally_desktop.model.work import Work
from rally_desktop.services import contacts, sms_received
from rally_desktop.services.sms_received import Sender

MOST = 500


@dataclass(frozen=True)
class Stranger:
    """A number that wrote, how often, and what it said last."""

    number: str
    wrote: int
    text: str
    last_at: datetime


def listed(work: Work) -> list[Stranger]:
    """Return the numbers that nobody knows, who wrote last first."""
    own = sms_arrival.c
    query = (
        select(own.number, own.text, own.at)
        .where(own.contact_id.is_(None), own.ignored.is_(False))
        .order_by(own.at.desc(), own.id.desc())
        .limit(MOST)
    )
    found: dict[str, list[tuple[str, datetime]]] = {}
    for number, text, at in work.connection.execute(query):
        found.setdefault(number, []).append((text, at))
    return [Stranger(number, len(said), *said[0]) for number, said in found.items()]


def bring_in(work: Work, numbers: Collection[str]) -> list[Ref]:
    """Make contacts of numbers, with what was written on their timelines.

    A number that somebody has by now is that contact's.
    """
    if not numbers:
        raise Refused("Choose at least one number.")
    made = []
    for number in numbers:
        known = sms_received.whose(work, number)
        ref = known.ref or _new(work, number)
        _take_over(work, Sender(number, ref, known.others))
        made.append(ref)
    return made


def _new(work: Work, number: str) -> Ref:
    field = "phone" if kind_of(number) == "landline" else "mobile"
    return contacts.create(work, {"first_name": number, field: number}, source="sms")


def adopt(work: Work) -> int:
    """Give what strangers wrote to the contacts who have their numbers by now."""
    count = 0
    for one in listed(work):
        sender = sms_received.whose(work, one.number)
        if sender.ref is not None:
            count += _take_over(work, sender)
    return count


def ignore(work: Work, numbers: Collection[str]) -> None:
    """Show nothing more of what these numbers wrote so far."""
    _set(work, numbers, {"ignored": True})


def heed(work: Work, numbers: Collection[str]) -> None:
    """Show again what these numbers wrote."""
    _set(work, numbers, {"ignored": False})


def _take_over(work: Work, sender: Sender) -> int:
    assert sender.ref is not None
    own = sms_arrival.c
    query = select(own.account_id, own.text, own.at).where(
        own.number == sender.number, own.contact_id.is_(None)
    )
    rows = work.connection.execute(query.order_by(own.id)).all()
    for account_id, text, at in rows:
        sms_received.arrived(work, account_id, sender, text, at)
    _set(work, [sender.number], {"contact_id": sender.ref.id})
    return len(rows)


def _set(work: Work, numbers: Collection[str], values: dict[str, object]) -> None:
    own = sms_arrival.c
    where = (own.number.in_(sorted(numbers)), own.contact_id.is_(None))
    work.connection.execute(update(sms_arrival).where(*where).values(values))
    work.touched.add("sms_arrival")
