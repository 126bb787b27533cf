"""The outbox, one transaction a state: ready → claimed → sending → dot → sent (safety.md).

The mark always trails what was done: a message in ``sending`` was not handed over, one in
``dot`` may have been, and is never sent again without asking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Integer,
    RowMapping,
    and_,
    bindparam,
    func,
    select,
    text,
    update,
)

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.message import Dress
from rally_desktop.model.changes import MessageFailed, MessageSent, RowChanged
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import mail_account, outbox, setting, workflow
from rally_desktop.model.work import Cause, Work
from rally_desktop.services import safeguards
from rally_desktop.services.holding import IN_DOUBT, REASONS, WAITS

CLAIM = timedelta(minutes=10)
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
WAITING = ("held", "ready", "retry")
IN_HAND = ("claimed", "sending", "dot")


@dataclass(frozen=True)
class Parcel:
    """A claimed message: its row in the outbox and the token that proves the claim.

    ``dress`` is what it says as it goes out, where that is not what the row says.
    """

    id: int
    token: str
    ref: Ref
    row: dict[str, Any]
    dress: Dress | None = None


class Ruling(NamedTuple):
    """Why a message may not be handed over: not now, but at ``until``; without that, never.

    Where it waits for a ``person``, it goes stale when it would have without.
    """

    reason: str
    said: str
    until: datetime | None = None
    person: bool = False


class Claimed(NamedTuple):
    """The messages that are to be handed over, of how many that were looked at."""

    parcels: list[Parcel]
    looked_at: int


# Literal, as the index says it: a parameter would leave the database in the dark.
_TAKEN = text("outbox.state in ('claimed', 'sending', 'dot')")
_LATE = (
    select(outbox)
    .where(_TAKEN, outbox.c.claimed_until < bindparam("moment"))
    .with_for_update(skip_locked=True)
)
_DUE = and_(WAITS, outbox.c.due_at <= bindparam("moment"))
_SENDING = (
    select(outbox.c.account_id)
    .join(mail_account, mail_account.c.id == outbox.c.account_id)
    .where(_DUE, mail_account.c.active, mail_account.c.paused_why == "")
    .distinct()
)
_TO_SEND = (
    select(outbox)
    .where(_DUE, outbox.c.account_id == bindparam("account"))
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True, of=outbox)
)

Judge = Callable[[Work, Sequence[Mapping[Any, Any]]], Mapping[int, Ruling]]


def recover(work: Work) -> int:
    """Take back what a stopped computer had in hand; return how many messages it was.

    Before the final dot nothing was handed over, so the message is ready again; after it nobody
    can tell from here, so it is in doubt and a person is asked.
    """
    late = work.connection.execute(_LATE, {"moment": work.now}).mappings()
    count = 0
    for row in late.all():
        parcel = parcel_of(row)
        if row["state"] == "dot":
            doubt(work, parcel, "The program was interrupted while the server took the message.")
        else:
            _set(work, parcel.id, {"state": "ready", "token": None, "claimed_until": None})
        count += 1
    return count


def waiting_accounts(work: Work) -> list[int]:
    """Return the accounts that may send and have messages due."""
    return list(work.connection.execute(_SENDING, {"moment": work.now}).scalars())


def claim(work: Work, token: str, limit: int, account_id: int, judge: Judge) -> Claimed:
    """Take messages of an account that are due, for this token alone.

    ``judge`` is asked once more, right before hand-over, which of them may go.
    """
    if not limit or safeguards.sending_stopped(work):
        return Claimed([], 0)
    given = {"moment": work.now, "account": account_id, "most": limit}
    rows = work.connection.execute(_TO_SEND, given).mappings().all()
    rulings = judge(work, rows)
    parcels = []
    for row in rows:
        parcel = replace(parcel_of(row), token=token)
        if ruling := rulings.get(row["id"]):
            _obey(work, parcel, ruling)
            continue
        claimed = {
            "state": "claimed",
            "token": token,
            "claimed_until": work.now + CLAIM,
            "reason": "",
        }
        _set(work, parcel.id, claimed)
        parcels.append(parcel)
    return Claimed(parcels, len(rows))


def keep_fresh(work: Work, account_id: int) -> None:
    """Let what waits for room in an account's hour or day go stale the later, not before its turn.

    What waits for a person goes stale all the same, and so does what lay here while nobody sent.
    """
    stale, own = timedelta(hours=safeguards.of(work).expiry_hours), outbox.c
    due = (WAITS, own.due_at <= work.now, own.account_id == account_id)
    soon = own.expires_at.between(work.now, work.now + stale / 2)
    mine = update(outbox).where(*due, soon, own.reason.not_in(REASONS))
    work.connection.execute(mine.values(expires_at=work.now + stale))


def _obey(work: Work, parcel: Parcel, ruling: Ruling) -> None:
    """Put a message off, or give it up; what waits for its hours goes stale the later."""
    if ruling.until is None:
        _fail(work, parcel, ruling.said, ruling.reason)
        return
    stale = timedelta(hours=safeguards.of(work).expiry_hours)
    later = {"due_at": ruling.until}
    if not ruling.person:
        later["expires_at"] = ruling.until + stale
    _set(work, parcel.id, {**later, "reason": ruling.reason, "answer": ruling.said})


def waiting(work: Work) -> int:
    """Return how many messages have yet to be handed over."""
    return work.connection.execute(
        select(func.count()).select_from(outbox).where(outbox.c.state.in_((*WAITING, *IN_HAND)))
    ).scalar_one()


def recall(work: Work, outbox_id: int) -> None:
    """Take a message back before it is handed over; raise NotFound, or Refused where it is late."""
    query = select(outbox).where(outbox.c.id == outbox_id).with_for_update()
    row = work.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no message {outbox_id} in the outbox.")
    if row["state"] not in WAITING:
        way = {"sent": "was sent", "failed": "was not sent", "doubt": "may have been sent"}
        how = way.get(row["state"], "is on its way")
        raise Refused(f"The message {how} already: it cannot be recalled.")
    _fail(work, parcel_of(row), "Somebody recalled it.", "recalled")


def advance(work: Work, parcel: Parcel, before: str, after: str) -> bool:
    """Move a message on if it is still ours; say whether it was.

    A claim that ran out while the computer slept is nobody's any more. Where somebody has stopped
    all sending, or paused its workflow, the message is put back instead, and waits.
    """
    stopped = _halted(work, parcel)
    given = {"its_id": parcel.id, "its_token": parcel.token, "before": before, "now": work.now}
    how, more = (_BACK, {}) if stopped else (_ON, {"after": after})
    return work.connection.execute(how, {**given, **more}).rowcount == 1 and not stopped


# Asked for every message, so they are put together once.
_OURS = update(outbox).where(
    outbox.c.id == bindparam("its_id"),
    outbox.c.token == bindparam("its_token"),
    outbox.c.state == bindparam("before"),
    outbox.c.claimed_until > bindparam("now"),
)
_ON = _OURS.values(state=bindparam("after"))
_BACK = _OURS.values(state="ready", token=None, claimed_until=None)
_HALTS = select(
    select(setting.c.value).where(setting.c.name == safeguards.STOPPED).scalar_subquery(),
    select(workflow.c.state).where(workflow.c.id == bindparam("number")).scalar_subquery(),
)


def _halted(work: Work, parcel: Parcel) -> bool:
    """Say whether nothing may be handed over now, or nothing of the message's workflow."""
    given = {"number": parcel.row["workflow_id"]}
    stopped, state = work.connection.execute(_HALTS, given).one()
    return bool(stopped) or state == "paused"


def sent(work: Work, parcel: Parcel, answer: str, server_id: str = "") -> None:
    """Write down that the server took the message, with its own words and name for it."""
    if (ours := _ours(work, parcel)) is None:
        return
    done = {"state": "sent", "answer": answer, "reason": "", "claimed_until": None}
    done["sent_at"] = work.now
    _set(work, parcel.id, done)
    with _on_behalf(work, parcel):
        work.change(MessageSent(ours.ref, parcel.id, parcel.row, answer, server_id=server_id))


def failed(work: Work, parcel: Parcel, why: str, *, permanent: bool) -> None:
    """Write down that the server refused: for good, or to be tried again later."""
    attempt = parcel.row["attempt"]
    if (ours := _ours(work, parcel)) is None:
        return
    if permanent or attempt >= len(RETRIES):
        _fail(work, ours, why, "undeliverable" if permanent else "unreachable")
        return
    again = {"state": "retry", "attempt": attempt + 1, "due_at": work.now + RETRIES[attempt]}
    _set(work, parcel.id, {**again, "answer": why, "token": None, "claimed_until": None})


def doubt(work: Work, parcel: Parcel, why: str) -> None:
    """Write down that nobody can tell whether the server took the message.

    The account's journal is asked at once, where it has one. The token stays: its holder may
    still hear what the server says.
    """
    if (ours := _ours(work, parcel)) is None:
        return
    asked = {"doubted_at": work.now, "due_at": work.now, "looks": 0}
    _set(work, parcel.id, {"state": "doubt", "answer": why, "claimed_until": None, **asked})
    row = parcel.row
    work.change(MessageFailed(ours.ref, parcel.id, row["channel"], row["subject"], True, why))


def settled(work: Work, parcel: Parcel, known: str, server_id: str = "") -> None:
    """Write down that a message in doubt was sent, and how that came to be known."""
    done = {"state": "sent", "token": None, "sent_at": parcel.row["doubted_at"]}
    _set(work, parcel.id, done)
    with _on_behalf(work, parcel):
        answer = parcel.row["answer"]
        work.change(MessageSent(parcel.ref, parcel.id, parcel.row, answer, known, server_id))


def again(work: Work, parcel: Parcel) -> None:
    """Let a message in doubt be sent after all, as the very same message."""
    _set(work, parcel.id, {"state": "ready", "token": None, "due_at": work.now, "answer": ""})


def doubts(work: Work) -> list[Parcel]:
    """Return the messages of which nobody can tell whether they were sent, the oldest first."""
    query = select(outbox).where(IN_DOUBT).order_by(outbox.c.id)
    return [parcel_of(row) for row in work.connection.execute(query).mappings()]


def kept(work: Work, most: int) -> list[Parcel]:
    """Return the messages that wait, those that are due first at the head; at most so many."""
    query = select(outbox).where(WAITS).order_by(outbox.c.due_at, outbox.c.id).limit(most)
    return [parcel_of(row) for row in work.connection.execute(query).mappings()]


def decide(work: Work, outbox_id: int, *, sent: bool) -> None:
    """Let a person say whether a message in doubt was sent; if not, it is sent now.

    Raises NotFound, or Refused where the message is not in doubt any more.
    """
    query = select(outbox).where(outbox.c.id == outbox_id).with_for_update()
    row = work.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no message {outbox_id} in the outbox.")
    if row["state"] != "doubt":
        raise Refused(f"Message {outbox_id} is not in doubt; it is ‘{row['state']}’. Look again.")
    if sent:
        settled(work, parcel_of(row), "as a person decided")
    else:
        again(work, parcel_of(row))


def parcel_of(row: RowMapping) -> Parcel:
    """Return a row of the outbox as a parcel."""
    ref = Ref(row["record_kind"], row["record_id"])
    return Parcel(row["id"], row["token"] or "", ref, dict(row))


def hand_back(
    work: Work,
    parcels: list[Parcel],
    account_id: int,
    why: str,
    *,
    permanent: bool,
    wait: timedelta | None = None,
) -> None:
    """Put messages back that their account could not send; no try of theirs is used up.

    A server that will not have us as we are (a wrong password) pauses the account; one that
    cannot be reached is asked again a minute later, or when it said, after ``wait``.
    """
    pause = max(wait or RETRIES[0], timedelta(seconds=1))
    again = {"state": "retry", "answer": why, "token": None, "claimed_until": None}
    for parcel in parcels:
        if _ours(work, parcel):
            _set(work, parcel.id, {**again, "due_at": work.now + pause})
    if permanent:
        work.change(RowChanged("mail_account", account_id, {"paused_why": why}))


def next_due(work: Work) -> datetime | None:
    """Return when the next message may go, or the next claim runs out."""
    ready = (
        select(func.min(outbox.c.due_at))
        .join(mail_account, mail_account.c.id == outbox.c.account_id)
        .where(WAITS)
        .where(mail_account.c.active, mail_account.c.paused_why == "")
    )
    taken = select(func.min(outbox.c.claimed_until)).where(_TAKEN)
    found = [work.connection.execute(query).scalar() for query in (ready, taken)]
    return min((moment for moment in found if moment), default=None)


def _on_behalf(work: Work, parcel: Parcel) -> AbstractContextManager[None]:
    """Write what follows down to the run that decided the message, where one did."""
    run_id, workflow_id = parcel.row["run_id"], parcel.row["workflow_id"]
    if run_id is None or workflow_id is None:
        return nullcontext()
    return work.caused_by(Cause(run_id, parcel.row["chain"] or str(workflow_id)))


_NOW = select(outbox.c.token, outbox.c.record_kind, outbox.c.record_id)
_NOW = _NOW.where(outbox.c.id == bindparam("number")).with_for_update()


def _ours(work: Work, parcel: Parcel) -> Parcel | None:
    """Return a message about whom it is now; None where another computer has taken it over."""
    found = work.connection.execute(_NOW, {"number": parcel.id}).one_or_none()
    if found is None or (found[0] or "") != parcel.token:
        return None
    return replace(parcel, ref=Ref(found[1], found[2]))  # two records may have become one


def _fail(work: Work, parcel: Parcel, why: str, reason: str) -> None:
    done = {"state": "failed", "answer": why, "reason": reason, "claimed_until": None}
    _set(work, parcel.id, done)
    row = parcel.row
    work.change(
        MessageFailed(parcel.ref, parcel.id, row["channel"], row["subject"], False, why, reason)
    )


def _set(work: Work, number: int, values: dict[str, Any]) -> None:
    if "answer" in values:
        values = {**values, "answer": texts.mended(values["answer"])}
    work.change(RowChanged("outbox", number, values))
