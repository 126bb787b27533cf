"""Leaving the list by the link in a message, channel by channel, and taking that back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from sqlalchemy import delete, select

from rally_desktop.core.errors import NotFound
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import FieldsSet, RowAdded
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import activity, mail_link, outbox, suppression
from rally_desktop.model.touches import Resubscribed, Unsubscribed
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import messages, settings
from rally_desktop.services.mail_links import WHOLE

REASON = "unsubscribed"
CHANNELS = ("email", "sms")
BY_PAGE, BY_BUTTON = "page", "button"
_HOW = "Unsubscribed by the link in a message"


@dataclass(frozen=True)
class Standing:
    """What the page says: whose messages they are, to whom, and what is switched off.

    ``off`` has the channels of which that person gets no more, ``known`` those there are.
    """

    office: str
    address: str
    known: tuple[str, ...]
    off: frozenset[str]


@dataclass(frozen=True)
class _Letter:
    """The message by which somebody came, and the person it went to."""

    outbox_id: int
    subject: str
    ref: Ref
    person: Snapshot
    address: str


def standing(work: Work, code: str) -> Standing:
    """Return how things stand for whoever a message went to; raise NotFound."""
    letter = _letter(work, code)
    addresses = _addresses(work, letter, CHANNELS)
    off = {channel for channel, one in addresses.items() if _reason(work, channel, one)}
    office = settings.get(work, "office_name", "")
    return Standing(office, letter.address, tuple(addresses), frozenset(off))


def leave(work: Work, code: str, channels: Collection[str], how: str = BY_PAGE) -> None:
    """Send no more marketing on these channels to whoever a message went to; raise NotFound."""
    letter = _letter(work, code)
    for channel, address in _addresses(work, letter, channels).items():
        if _reason(work, channel, address):
            continue
        row = {"channel": channel, "address": address, "reason": REASON, "at": work.now}
        work.change(RowAdded("suppression", row))
        before = letter.person[f"consent_{channel}"]
        gone = Unsubscribed(letter.ref, channel, letter.outbox_id, letter.subject, how, before)
        work.change(gone)
        _consent(work, letter, channel, "refused", _HOW)


def come_back(work: Work, code: str, channels: Collection[str]) -> None:
    """Take that back, as far as it was the person's own doing; raise NotFound."""
    letter = _letter(work, code)
    for channel, address in _addresses(work, letter, channels).items():
        if _reason(work, channel, address) != REASON:
            continue
        lift(work, channel, address)
        consent = _before(work, letter.ref, channel)
        work.change(Resubscribed(letter.ref, channel, BY_PAGE))
        _consent(work, letter, channel, consent, "Taken back on the page to unsubscribe")


def lift(work: Work, channel: str, address: str) -> None:
    """Take an address off the list of those who unsubscribed; other reasons stand."""
    own = suppression.c
    gone = (own.channel == channel, own.address == fold(address), own.reason == REASON)
    work.connection.execute(delete(suppression).where(*gone))
    work.touched.add("suppression")


def _letter(work: Work, code: str) -> _Letter:
    own, letter = mail_link.c, outbox.c
    query = (
        select(letter.id, letter.subject, letter.contact_id, letter.address)
        .join(mail_link, own.outbox_id == letter.id)
        .where(own.code == code, own.place == WHOLE)
    )
    found = work.connection.execute(query).one_or_none()
    if found is None or found.contact_id is None or not found.address:
        raise NotFound("Nobody is known by this link any more.")
    ref = Ref("contact", found.contact_id)
    person = work.find(ref)
    if person is None:
        raise NotFound("Nobody is known by this link any more.")
    return _Letter(found.id, found.subject, ref, person, found.address)


def _addresses(work: Work, letter: _Letter, channels: Collection[str]) -> dict[str, str]:
    """Return where the person is written to: by mail the address that the message went to."""
    made = {"email": letter.address, "sms": messages.address_of(work, letter.person, "sms")}
    return {one: fold(made[one]) for one in CHANNELS if one in channels and made[one]}


def _reason(work: Work, channel: str, address: str) -> str:
    own = suppression.c
    query = select(own.reason).where(own.channel == channel, own.address == address)
    return work.connection.execute(query).scalar() or ""


def _consent(work: Work, letter: _Letter, channel: str, consent: str, how: str) -> None:
    """Move the consent of the person, where the address is still that person's."""
    if channel == "email" and fold(letter.person["email"]) != fold(letter.address):
        return
    name = f"consent_{channel}"
    since = None if consent in ("", "unknown") else work.now
    wanted = {name: consent, f"{name}_at": since, f"{name}_how": how}
    moved = {key: (letter.person[key], new) for key, new in wanted.items()}
    work.change(FieldsSet(letter.ref, moved))


def _before(work: Work, ref: Ref, channel: str) -> str:
    """Return the consent that there was before the person unsubscribed."""
    line = activity.c
    query = (
        select(line.detail)
        .where(line.record_kind == ref.kind, line.record_id == ref.id)
        .where(line.kind == f"{channel}_unsubscribed")
        .order_by(line.id.desc())
        .limit(1)
    )
    detail = work.connection.execute(query).scalar()
    return msgspec.json.decode(detail).get("before", "") if detail else "unknown"
