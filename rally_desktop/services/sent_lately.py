"""Whether we wrote to an address lately: a report that names none of our messages is about that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from rally_desktop.core import address_line
from rally_desktop.core.fold import fold
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import message, outbox
from rally_desktop.model.work import Work
from rally_desktop.services.matching import Mail, failed

# How long servers try before they give up, and how far clocks are apart.
LATELY, AHEAD = timedelta(days=14), timedelta(days=1)


def may_be(work: Work, ref: Ref, mail: Mail) -> bool:
    """Say whether a report of failure can be about what a contact was sent in the days before.

    One that names a message, none of ours, has to tell its subject: some servers name messages
    anew.
    """
    bounce, returned = mail.judged.bounce, mail.arrived.returned
    subject = _plain(returned.subject) if returned else ""
    if bounce is None or ((bounce.message_id or bounce.key) and not subject):
        return False
    wanted = {fold(one) for one in failed(mail)}
    return any(
        wanted & addresses and subject in ("", _plain(about))
        for addresses, about in _sent(work, ref, mail)
    )


def _sent(work: Work, ref: Ref, mail: Mail) -> Iterator[tuple[set[str], str]]:
    """Yield to which addresses, and about what, a contact was written to lately."""
    since, until = mail.at - LATELY, mail.at + AHEAD
    sent, own = outbox.c, message.c
    query = select(sent.address, sent.subject).where(
        sent.contact_id == ref.id, sent.channel == "email", sent.sent_at.between(since, until)
    )
    for address, subject in work.connection.execute(query):
        yield {fold(address)}, subject
    by_hand = select(own.recipient, own.subject).where(
        own.record_kind == ref.kind, own.record_id == ref.id, own.outbox_id.is_(None),
        own.channel == "email", own.direction == "out", own.at.between(since, until),
    )  # fmt: skip
    for line, subject in work.connection.execute(by_hand):
        yield {fold(one.address) for one in address_line.read(line).people}, subject


def _plain(subject: str) -> str:
    return " ".join(subject.split())
