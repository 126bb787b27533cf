"""Leaving the text messages by the word STOP, and coming back by START."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import delete, select

from rally_desktop.core.fold import fold
from rally_desktop.core.sms_words import Wish
from rally_desktop.model.changes import FieldsSet, RowAdded
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import activity, suppression
from rally_desktop.model.touches import Resubscribed
from rally_desktop.model.work import Work
from rally_desktop.services import unsubscribing

STOP = "stop"  # why a number is spared; START lifts that, and what was left by a link
BY_WORD = "word"
_STOPPED, _STARTED = "Wrote STOP by SMS", "Wrote START by SMS"


def grant(work: Work, number: str, ref: Ref | None, wish: Wish, at: datetime) -> bool:
    """Do what a message asks for; say whether that was news, and is to be answered."""
    if wish == "stop":
        return _stop(work, number, ref, at)
    if wish == "start":
        return _start(work, number, ref, at)
    return wish == "help"


def is_spared(work: Work, number: str) -> bool:
    """Say whether a number asked to get nothing any more."""
    own = suppression.c
    query = select(own.reason).where(own.channel == "sms", own.address == fold(number))
    return work.connection.execute(query).scalar() is not None


def _stop(work: Work, number: str, ref: Ref | None, at: datetime) -> bool:
    """Spare a number from now on, whoever has it."""
    new = not is_spared(work, number)
    if new:
        row = {"channel": "sms", "address": fold(number), "reason": STOP, "at": work.now}
        work.change(RowAdded("suppression", row))
        work.memo.pop(("suppressed", "sms"), None)
    if ref is not None:
        _consent(work, ref, "refused", at, _STOPPED)
    return new


def _start(work: Work, number: str, ref: Ref | None, at: datetime) -> bool:
    """Write to a number again that asked to be spared; other reasons stand."""
    own = suppression.c
    reasons = (STOP, unsubscribing.REASON)
    lifted = work.connection.execute(
        delete(suppression).where(
            own.channel == "sms", own.address == fold(number), own.reason.in_(reasons)
        )
    ).rowcount
    work.touched.add("suppression")
    work.memo.pop(("suppressed", "sms"), None)
    if lifted and ref is not None:
        work.change(Resubscribed(ref, "sms", BY_WORD))
        _consent(work, ref, _before(work, ref), at, _STARTED)
    return bool(lifted)


def _consent(work: Work, ref: Ref, consent: str, at: datetime, how: str) -> None:
    person = work.record(ref)
    since = None if consent in ("", "unknown") else at
    wanted = {"consent_sms": consent, "consent_sms_at": since, "consent_sms_how": how}
    if person["consent_sms"] != consent:
        work.change(FieldsSet(ref, {key: (person[key], new) for key, new in wanted.items()}))


def _before(work: Work, ref: Ref) -> str:
    """Return the consent that there was before somebody left by a word or a link."""
    line = activity.c
    query = (
        select(line.detail)
        .where(line.record_kind == ref.kind, line.record_id == ref.id)
        .where(line.kind.in_(("sms_received", "sms_unsubscribed")))
        .order_by(line.id.desc())
    )
    for detail in work.connection.execute(query).scalars():
        before = msgspec.json.decode(detail).get("before")
        if before not in (None, "refused"):
            return before
    return "unknown"
