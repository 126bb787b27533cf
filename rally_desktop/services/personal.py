"""Everything the office holds of one person, read a page at a time, in words and as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select

from rally_desktop.core.errors import NotFound
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.model.tables import (
    activity,
    call,
    deal,
    letter_draft,
    meeting,
    message,
    note,
    outbox,
    run,
    task,
    visit,
    workflow,
)
from rally_desktop.model.work import Work
from rally_desktop.services import entry, timeline, traces

PAGE = 500
Row = Mapping[str, Any]
Say = Callable[[str], str]


@dataclass(frozen=True)
class Section:
    """One chapter: its key in the data, its title, what it lists, how many there are."""

    key: str
    title: str
    columns: Mapping[str, str]
    count: int
    rows: Callable[[], Iterator[Row]]


@dataclass(frozen=True)
class Person:
    """Whom it is about: the name, and each field that says something, in order by its label."""

    name: str
    fields: Mapping[str, Any]
    sections: Sequence[Section]

    @property
    def count(self) -> int:
        """Return how many lines there are in all sections."""
        return sum(section.count for section in self.sections)


@dataclass(frozen=True)
class _Listing:
    """How a section is read: from which rows, which columns under which headings."""

    key: str
    title: str
    rows: Table
    columns: Mapping[str, str]
    where: Callable[[Sequence[int]], ColumnElement[bool]] | None = None


def read(store: Store, ref: Ref, reason: Say) -> Person:
    """Return a person's data; ``reason`` says what a code means. Raises NotFound."""
    card = store.read(entry.card, ref)
    if ref.kind != "contact":
        raise NotFound("Only a person's data can be exported.")
    numbers = store.read(traces.same_person, ref.id)
    fields = {
        field.label: card.values.get(name)
        for name, field in card.fields.items()
        if (field.stored or name.startswith("custom.")) and name != "tags"
    }
    said = {label: value for label, value in fields.items() if value not in (None, "")}
    said["Tags"] = ", ".join(card.tags)
    listed = [_section(store, one, numbers) for one in _LISTINGS]
    listed += [_runs(store, numbers, reason), _timeline(store, numbers)]
    return Person(card.name, said, listed)


def _about(rows: Table) -> Callable[[Sequence[int]], ColumnElement[bool]]:
    return lambda numbers: and_(rows.c.record_kind == "contact", rows.c.record_id.in_(numbers))


def _letters(numbers: Sequence[int]) -> ColumnElement[bool]:
    """Say which messages went to a person, also those about a deal, or came from them."""
    sent = select(outbox.c.id).where(outbox.c.contact_id.in_(numbers))
    return or_(_about(message)(numbers), message.c.outbox_id.in_(sent))


def _unsent(numbers: Sequence[int]) -> ColumnElement[bool]:
    return and_(outbox.c.contact_id.in_(numbers), outbox.c.state != "sent")


def _begun(numbers: Sequence[int]) -> ColumnElement[bool]:
    return and_(_about(letter_draft)(numbers), letter_draft.c.outbox_id.is_(None))


_LISTINGS = (
    _Listing(
        "deals", "Deals", deal,
        {"name": "Name", "pipeline": "Pipeline", "stage": "Stage", "amount": "Amount",
         "expected_close": "Expected close", "created_at": "Since"},
        lambda numbers: deal.c.contact_id.in_(numbers),
    ),
    _Listing(
        "messages", "Messages", message,
        {"at": "When", "direction": "Way", "channel": "By", "sender": "From", "recipient": "To",
         "subject": "Subject", "text": "Text", "html": "HTML"},
        _letters,
    ),
    _Listing(
        "unsent", "Messages that were not sent, or not yet", outbox,
        {"created_at": "Written", "state": "State", "channel": "By", "address": "To",
         "subject": "Subject", "text": "Text", "html": "HTML"},
        _unsent,
    ),
    _Listing(
        "drafts", "Letters that were begun", letter_draft,
        {"updated_at": "When", "to_line": "To", "cc_line": "Cc", "bcc_line": "Bcc",
         "subject": "Subject", "text": "Text", "quoted": "Quoted", "html": "HTML"},
        _begun,
    ),
    _Listing("notes", "Notes", note, {"at": "When", "text": "Text", "deleted_at": "Deleted"}),
    _Listing(
        "tasks", "Tasks", task,
        {"created_at": "Since", "type": "Type", "title": "Title", "description": "Description",
         "due_at": "Due", "done_at": "Done", "answer": "Answer"},
    ),
    _Listing(
        "calls", "Calls", call,
        {"at": "When", "direction": "Way", "outcome": "Outcome", "seconds": "Seconds",
         "text": "Text"},
    ),
    _Listing(
        "meetings", "Meetings", meeting,
        {"starts_at": "From", "ends_at": "To", "type": "Type", "title": "Title",
         "done_at": "Held", "cancelled": "Cancelled"},
    ),
)  # fmt: skip


def _section(store: Store, one: _Listing, numbers: Sequence[int]) -> Section:
    where = (one.where or _about(one.rows))(numbers)
    columns = [one.rows.c.id, *(one.rows.c[name] for name in one.columns)]

    def page(work: Work, after: int) -> list[Any]:
        query = select(*columns).where(where, one.rows.c.id > after).order_by(one.rows.c.id)
        return list(work.connection.execute(query.limit(PAGE)).mappings())

    def rows() -> Iterator[Row]:
        after = 0
        while some := store.read(page, after):
            yield from ({name: row[name] for name in one.columns} for row in some)
            after = some[-1]["id"]

    count = store.read(_count, one.rows, where)
    return Section(one.key, one.title, one.columns, count, rows)


def _count(work: Work, rows: Table, where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(rows).where(where)
    return work.connection.execute(query).scalar_one()


_RUN = {"workflow": "Workflow", "started_at": "Entered", "ended_at": "Left", "state": "State",
        "why": "Why", "steps": "What was done"}  # fmt: skip


def _runs(store: Store, numbers: Sequence[int], reason: Say) -> Section:
    """Return the workflows that a person went through, and what each step did and why."""
    where = _about(run)(numbers)
    columns = (run.c.id, run.c.started_at, run.c.ended_at, run.c.state, run.c.reason)

    def page(work: Work, after: int) -> list[Row]:
        query = select(*columns, workflow.c.name).outerjoin(
            workflow, workflow.c.id == run.c.workflow_id
        )
        query = query.where(where, run.c.id > after).order_by(run.c.id).limit(PAGE)
        found = work.connection.execute(query).mappings().all()
        steps = _steps(work, [row["id"] for row in found], reason)
        return [
            {"id": row["id"], "workflow": row["name"] or "", "started_at": row["started_at"],
             "ended_at": row["ended_at"], "state": row["state"].replace("_", " "),
             "why": reason(row["reason"]) if row["reason"] else "",
             "steps": steps.get(row["id"], [])}
            for row in found
        ]  # fmt: skip

    def rows() -> Iterator[Row]:
        after = 0
        while some := store.read(page, after):
            yield from ({name: row[name] for name in _RUN} for row in some)
            after = some[-1]["id"]

    return Section("runs", "Workflows", _RUN, store.read(_count, run, where), rows)


def _steps(work: Work, runs: Sequence[int], reason: Say) -> dict[int, list[str]]:
    own = visit.c
    query = select(own.run_id, own.at, own.summary, own.reason).where(own.run_id.in_(runs))
    made: dict[int, list[str]] = {}
    for number, at, summary, why in work.connection.execute(query.order_by(own.run_id, own.seq)):
        said = " ".join(filter(None, (said_moment(at), summary, reason(why) if why else "")))
        made.setdefault(number, []).append(said)
    return made


_LINE = {"at": "When", "text": "What", "by": "By", "body": "Text"}


def _timeline(store: Store, numbers: Sequence[int]) -> Section:
    def rows() -> Iterator[Row]:
        for number in numbers:
            ref, before = Ref("contact", number), None
            while some := store.read(timeline.lines, ref, before=before, limit=PAGE):
                yield from ({name: getattr(line, name) for name in _LINE} for line in some)
                before = some[-1].place

    count = store.read(_count, activity, _about(activity)(numbers))
    return Section("timeline", "Timeline", _LINE, count, rows)


def said_moment(moment: datetime) -> str:
    """Say when something was, in the time of this computer."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
