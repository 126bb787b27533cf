"""What the rows of the office hold about records, and how it goes for good: set-wise.

What counts things stays without what it said: that a message was sent, that a run went through a
step, that a line of the audit log was written. The rest goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from rally_desktop.model import indexing
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.rows import table
from rally_desktop.model.tables import (
    activity,
    contact_address,
    deal,
    distinct_pair,
    enrolment,
    event_later,
    event_queue,
    job,
    mail_link,
    mail_stranger,
    matching,
    message,
    outbox,
    record_merge,
    run,
    sms_arrival,
    visit,
    workflow,
)
from rally_desktop.model.tables import contact as person
from rally_desktop.model.work import Work
from rally_desktop.services import audit, search_care

ERASED = "(erased)"
# Whole rows about a record; the rest of the tables that name records is seen to one by one.
WHOLE = (
    "message", "note", "task", "call", "meeting", "notification", "record_tag", "verdict",
    "enrolment", "form_entry", "letter_draft",
)  # fmt: skip
# A message that can still be taken back, also one that its server was never asked to keep.
_STOPPABLE = ("held", "ready", "retry", "claimed", "sending", "doubt")
_LINKS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "contact": (deal.c.contact_id,),
    "company": (person.c.company_id, deal.c.company_id),
    "deal": (),
}


def cancel(work: Work, kind: RecordKind, numbers: Collection[int], reason: str) -> int:
    """Take back what waits to be sent or asked about records; return how many messages.

    What no server has yet been asked to keep is not handed over any more. A message of which
    nobody can tell whether it arrived is not sent again.
    """
    waits = outbox.c.state.in_(_STOPPABLE)
    none = {"token": None, "claimed_until": None}
    done = work.connection.execute(
        update(outbox)
        .where(waits, _sent_to(kind, numbers))
        .values(state="failed", reason=reason, answer="", **none)
    )
    open_ = job.c.state.in_(("ready", "retry", "claimed"))
    of_them = job.c.run_id.in_(_runs(kind, numbers))
    work.connection.execute(update(job).where(open_, of_them).values(state="failed", **none))
    enrolling = and_(enrolment.c.record_kind == kind, enrolment.c.record_id.in_(numbers))
    work.connection.execute(delete(enrolment).where(enrolling))
    work.touched |= {"outbox", "job", "enrolment"}
    return done.rowcount


def unsettled(work: Work, kind: RecordKind, numbers: Collection[int]) -> int:
    """Return how many messages a server is taking over at this moment."""
    query = select(func.count()).select_from(outbox)
    query = query.where(outbox.c.state == "dot", _sent_to(kind, numbers))
    return work.connection.execute(query).scalar_one()


def thin(work: Work, kind: RecordKind, numbers: Collection[int], most: int) -> bool:
    """Forget up to so many lines of the timeline ahead; say whether there may be more.

    What fields were set to stays to the end, as it tells what identifies a person; so do merges,
    by which the audit log knows about whom a line was written.
    """
    about = and_(activity.c.record_kind == kind, activity.c.record_id.in_(numbers))
    query = select(activity.c.id).where(
        about,
        activity.c.kind.not_in(("updated", "merged")),
        activity.c.detail.not_in((audit.ERASED, "{}")),
    )
    lines = list(work.connection.execute(query.limit(most)).scalars())
    _unqueue(work, activity.c.id.in_(lines))
    audit.forget_lines(work, lines)
    return len(lines) == most


def clear(work: Work, kind: RecordKind, numbers: Collection[int]) -> Counter[str]:
    """Take records away for good, with what was said about them; return how many rows went.

    Whatever waits for them is to be cancelled before.
    """
    gone = Counter(activity=_forget(work, kind, numbers))
    _blank_letters(work, kind, numbers)
    _blank_runs(work, kind, numbers)
    for name in WHOLE:
        rows = table(name)
        about = and_(rows.c.record_kind == kind, rows.c.record_id.in_(numbers))
        gone[name] += _delete(work, rows, about)
    _forget_merges(work, kind, numbers)
    if kind == "contact":
        _forget_addresses(work, numbers)
    apart = or_(distinct_pair.c.low_id.in_(numbers), distinct_pair.c.high_id.in_(numbers))
    _delete(work, distinct_pair, distinct_pair.c.record_kind == kind, apart)
    within = select(workflow.c.id).where(workflow.c.record_kind == kind)
    _delete(work, matching, matching.c.workflow_id.in_(within), matching.c.record_id.in_(numbers))
    for link in _LINKS[kind]:
        rows = link.table
        work.connection.execute(update(rows).where(link.in_(numbers)).values({link.key: None}))
        work.touched.add(rows.name)
    gone[kind] += _delete(work, table(kind), table(kind).c.id.in_(numbers))
    return gone


def clear_written(work: Work, kind: str, number: int) -> None:
    """Take one note or task away for good, with the lines of the timeline that hold its text."""
    rows = table(kind)
    about = work.connection.execute(
        select(rows.c.record_kind, rows.c.record_id).where(rows.c.id == number)
    ).one_or_none()
    if about is None:
        return
    query = select(activity.c.id, activity.c.detail).where(
        activity.c.record_kind == about[0],
        activity.c.record_id == about[1],
        activity.c.kind.startswith(f"{kind}_", autoescape=True),
    )
    lines = [
        line
        for line, detail in work.connection.execute(query)
        if msgspec.json.decode(detail).get(kind) == number
    ]
    _unqueue(work, activity.c.id.in_(lines))
    audit.forget_lines(work, lines)
    _delete(work, rows, rows.c.id == number)
    indexing.keep(work.connection, {kind: [number]})


def clear_workflow(work: Work, number: int, most: int) -> bool:
    """Take a workflow away for good, up to so many of its runs at once; say whether it is gone."""
    query = select(run.c.id).where(run.c.workflow_id == number).limit(most)
    runs = list(work.connection.execute(query).scalars())
    for rows in (visit, job):
        _delete(work, rows, rows.c.run_id.in_(runs))
    _delete(work, run, run.c.id.in_(runs))
    if len(runs) == most:
        return False
    for name in ("draft_history", "draft_seat", "watermark", "matching", "enrolment"):
        _delete(work, table(name), table(name).c.workflow_id == number)
    _delete(work, table("workflow_version"), table("workflow_version").c.workflow_id == number)
    _delete(work, workflow, workflow.c.id == number)
    return True


# -- parts -------------------------------------------------------------------------------------


def _delete(work: Work, rows: Table, *where: ColumnElement[bool]) -> int:
    count = work.connection.execute(delete(rows).where(*where)).rowcount
    if count:
        work.touched.add(rows.name)
    return count


def _sent_to(kind: RecordKind, numbers: Collection[int]) -> ColumnElement[bool]:
    """Say which messages are about records, or went to them as people of others."""
    about = and_(outbox.c.record_kind == kind, outbox.c.record_id.in_(numbers))
    return or_(about, outbox.c.contact_id.in_(numbers)) if kind == "contact" else about


def _runs(kind: RecordKind, numbers: Collection[int]) -> Select[int]:
    return select(run.c.id).where(run.c.record_kind == kind, run.c.record_id.in_(numbers))


def _forget(work: Work, kind: RecordKind, numbers: Collection[int]) -> int:
    """Take what timelines say away, and what the search knows; return how many lines it was."""
    about = and_(activity.c.record_kind == kind, activity.c.record_id.in_(numbers))
    _unqueue(work, about)
    for number in numbers:
        search_care.forget(work, Ref(kind, number))
    lines = work.connection.execute(select(activity.c.id).where(about)).scalars().all()
    return audit.forget_lines(work, lines)


def _forget_merges(work: Work, kind: RecordKind, numbers: Collection[int]) -> None:
    """Take merges away; of one by which lines came to somebody who stays, which lines it was."""
    own = record_merge.c
    ours = own.record_kind == kind
    _delete(work, record_merge, ours, own.kept_id.in_(numbers))
    query = select(own.id, own.detail).where(ours, own.gone_id.in_(numbers))
    for number, detail in work.connection.execute(query).all():
        left = {"fields": {}, "moved": detail["moved"], "tags": []}
        where = own.id == number
        work.connection.execute(update(record_merge).where(where).values(detail=left))
    work.touched.add("record_merge")


def _forget_addresses(work: Work, numbers: Collection[int]) -> None:
    """Take away by which other addresses people were known."""
    _delete(work, contact_address, contact_address.c.contact_id.in_(numbers))
    own = select(person.c.email_key).where(person.c.id.in_(numbers))
    _delete(work, mail_stranger, mail_stranger.c.address.in_(own))
    _delete(work, sms_arrival, sms_arrival.c.contact_id.in_(numbers))


def _unqueue(work: Work, where: ColumnElement[bool]) -> None:
    """Take lines out of what the engine has still to read."""
    for waiting in (event_queue, event_later):
        lines = select(activity.c.id).where(where)
        work.connection.execute(delete(waiting).where(waiting.c.activity_id.in_(lines)))


def _blank_runs(work: Work, kind: RecordKind, numbers: Collection[int]) -> None:
    """Let runs keep where they went, not what they saw there."""
    runs = _runs(kind, numbers)
    said = {"summary": ERASED, "detail": None}
    work.connection.execute(update(visit).where(visit.c.run_id.in_(runs)).values(said))
    asked = {"request": "{}", "answer": ""}
    work.connection.execute(update(job).where(job.c.run_id.in_(runs)).values(asked))
    work.touched |= {"visit", "job"}


def _blank_letters(work: Work, kind: RecordKind, numbers: Collection[int]) -> None:
    """Let messages keep that they were sent, not to whom nor what; also those about deals."""
    query = select(outbox.c.id, outbox.c.record_kind, outbox.c.record_id, outbox.c.run_id)
    sent = query.add_columns(outbox.c.seq).where(_sent_to(kind, numbers))
    for number, about, about_id, run_id, seq in work.connection.execute(sent).all():
        _delete(work, message, message.c.outbox_id == number)
        if about != kind:
            _blank_lines(work, about, about_id, number)
            where = and_(visit.c.run_id == run_id, visit.c.seq == seq)
            said = {"summary": ERASED, "detail": None}
            work.connection.execute(update(visit).where(where).values(said))
    letters = select(outbox.c.id).where(_sent_to(kind, numbers))
    led = update(mail_link).where(mail_link.c.outbox_id.in_(letters))
    work.connection.execute(led.values(url=""))
    empty = ("message_id", "in_reply_to", "sender", "address", "recipient", "subject", "text",
             "html", "answer")  # fmt: skip
    values = {**dict.fromkeys(empty, ""), "token": None}
    key = literal("erased:").concat(cast(outbox.c.id, String))
    values |= {"key": key, "contact_id": None, "copies": None}
    work.connection.execute(update(outbox).where(_sent_to(kind, numbers)).values(values))
    work.touched |= {"outbox", "visit"}


def _blank_lines(work: Work, kind: str, number: int, letter: int) -> None:
    """Empty the lines of another record's timeline that tell of one message."""
    own = activity.c
    query = select(own.id, own.detail).where(
        own.record_kind == kind,
        own.record_id == number,
        or_(own.kind.startswith("email_"), own.kind.startswith("sms_")),
    )
    lines = [
        line
        for line, detail in work.connection.execute(query)
        if msgspec.json.decode(detail).get("outbox") == letter
    ]
    audit.forget_lines(work, lines)
