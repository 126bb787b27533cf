"""A record's timeline: everything that happened to it, newest first, in plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypedDict, Unpack

import msgspec
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    exists,
    false,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)

from rally_desktop.core import quoting
from rally_desktop.model import rows, tables
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables.timeline import CALLS, MESSAGES, NOTES, SAID
from rally_desktop.model.work import OWN, Work
from rally_desktop.services import mail_words, timeline_words
from rally_desktop.services.conversations import Conversations
from rally_desktop.services.timeline_mail import LETTERS, UNSUBSCRIBED, MailFacts, TimelineMail
from rally_desktop.services.timeline_words import KIND, LABEL, NAMED, Detail, Names

# What the pane can be narrowed to, in the order it is offered.
GROUPS: dict[str, str] = {
    "messages": "E-mails and messages",
    "calls": "Calls and meetings",
    "notes": "Notes",
    "tasks": "Tasks",
    "changes": "Changes",
    "workflows": "Workflows",
}
_KINDS: Mapping[str, tuple[str, ...]] = {
    "messages": MESSAGES,
    "calls": CALLS,
    "notes": NOTES,
    "tasks": ("task_created", "task_completed", "task_withdrawn", "task_reopened"),
    "workflows": ("notified", "enrolled", "run_ended"),
}
_GROUP_OF = {kind: group for group, kinds in _KINDS.items() for kind in kinds}
# These have an index of their own, which is used where the very same words ask for it.
_SAID = frozenset({"messages", "calls", "notes"})
_IS_SAID = tables.activity.c.kind.in_([literal_column(f"'{kind}'") for kind in SAID])
# What is not a line of its own: a note says by itself that it was changed or taken away.
_UNSAID = ("note_edited", "note_removed", "note_restored")
# Lines that tell of the way of a message out.
_PROVED = ("_queued", "_sent", "_failed", "_doubted", "_bounced")
_SCANNED = 500  # lines a look, while one searches


class Place(NamedTuple):
    """Where a line stands in its timeline: by when it happened, not by when that was learnt."""

    at: datetime
    id: int


BEGINNING = Place(datetime.min.replace(tzinfo=UTC), 0)


class Sender(NamedTuple):
    """The workflow that decided a message, or the user who wrote it."""

    workflow: str
    user: str


NOBODY = Sender("", "")


@dataclass(frozen=True)
class Line:
    """One line of a timeline: what happened, when, who did it; ``body`` unfolds.

    ``caused`` says that a run did it, ``letter`` that it is a whole message, ``mail`` what is
    known of that, ``look`` by which picture it is known where its kind does not tell. ``note``
    is the number of a note that may be changed, ``own`` whether by whoever is asking;
    ``outbox`` is that of a message whose way out it tells of.
    """

    id: int
    at: datetime
    kind: str
    group: str
    text: str
    by: str = ""
    body: str = ""
    caused: bool = False
    letter: bool = False
    note: int | None = None
    own: bool = False
    look: str = ""
    mail: MailFacts | None = None
    outbox: int | None = None

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return Place(self.at, self.id)


class Wanted(TypedDict, total=False):
    """Which lines of a timeline are wanted: so many next to a place, or the newest of all.

    Those older than what is at ``before``, or newer than what is at ``after``; of some groups
    alone, or those that say every word of a text. ``folded`` leaves the last message of each
    conversation to stand for all of it.
    """

    before: Place | None
    after: Place | None
    limit: int
    groups: Collection[str]
    text: str
    folded: bool


def lines(work: Work, ref: Ref, **wanted: Unpack[Wanted]) -> tuple[Line, ...]:
    """Return lines of a record, the newest first; a hundred where nobody says how many."""
    limit, groups = wanted.get("limit", 100), wanted.get("groups", ())
    words, folded = wanted.get("text", "").casefold().split(), wanted.get("folded", False)
    after = wanted.get("after")
    edge, found = (wanted.get("before") if after is None else after), list[Line]()
    looked_at = max(limit, _SCANNED) if words else limit * (1 + folded)
    asked, known = _statement(work, ref, groups, words), Conversations(work, ref)
    while True:
        some = work.connection.execute(_beyond(asked, edge, after).limit(looked_at)).all()
        found += [line for line in _lines(work, known, some, folded) if _holds(line, words)]
        if len(found) >= limit or len(some) < looked_at:
            break
        edge = Place(some[-1].at, some[-1].id)
    return tuple(found[:limit] if after is None else reversed(found[:limit]))


def one(work: Work, ref: Ref, number: int) -> Line | None:
    """Return one line of a record; None where it is not on its timeline."""
    asked = _statement(work, ref, (), ()).where(tables.activity.c.id == number)
    found = work.connection.execute(asked).all()
    return next(iter(_lines(work, Conversations(work, ref), found)), None)


def group_of(kind: str) -> str:
    """Return which group of lines a kind of activity belongs to."""
    return _GROUP_OF.get(kind, "changes")


# -- asking ---------------------------------------------------------------------------------


def _statement(work: Work, ref: Ref, groups: Collection[str], wanted: Sequence[str]) -> Select[Any]:
    a, own = tables.activity.c, _own_fields(work, ref) if wanted else ()
    return (
        select(a.id, a.at, a.kind, a.detail, a.run_id)
        .add_columns(tables.user_account.c.name.label("user"))
        .add_columns(tables.workflow.c.name.label("workflow"))
        .join(tables.user_account, tables.user_account.c.id == a.user_id, isouter=True)
        .join(tables.run, tables.run.c.id == a.run_id, isouter=True)
        .join(tables.workflow, tables.workflow.c.id == tables.run.c.workflow_id, isouter=True)
        .where(a.record_kind == ref.kind, a.record_id == ref.id, a.kind.not_in(_UNSAID))
        .where(*([or_(*map(within, groups))] if groups else []))
        .where(*([_IS_SAID] if groups and _SAID.issuperset(groups) else []))
        .where(*(_may_say(ref, word, own) for word in wanted))
    )


def _beyond(asked: Select[Any], edge: Place | None, after: Place | None) -> Select[Any]:
    own = tables.activity.c
    here = tuple_(own.at, own.id)
    if edge is not None:
        there = tuple_(literal(edge.at, own.at.type), literal(edge.id, own.id.type))
        asked = asked.where(here < there if after is None else here > there)
    if after is not None:
        return asked.order_by(own.at, own.id)
    return asked.order_by(own.at.desc(), own.id.desc())


def within(group: str) -> ColumnElement[bool]:
    """Say whether a line is of a group."""
    kind = tables.activity.c.kind
    if group == "changes":
        return kind.not_in(_GROUP_OF)
    return kind.in_(_KINDS[group])


def _may_say(ref: Ref, word: str, own: Sequence[Row[str, str, str]]) -> ColumnElement[bool]:
    """Leave out what cannot hold a word; what is left is looked at as it is said."""
    a, note = tables.activity.c, tables.note.c
    labelled = [
        *timeline_words.labelled(ref.kind, word),
        *(f"{OWN}{name}" for name, label, _ in own if word in label.casefold()),
    ]
    changed_note = (
        exists()
        .where(note.record_kind == ref.kind, note.record_id == ref.id)
        .where(note.edited_at.is_not(None), _has(note.text, word))
    )
    return or_(
        _has(a.detail, rows.to_json(word)[1:-1]),
        a.kind.contains(word, autoescape=True),
        a.kind.in_(timeline_words.spoken(word)),
        _has(tables.user_account.c.name, word),
        _has(tables.workflow.c.name, word),
        and_(a.kind == "note_added", changed_note),
        or_(false(), *(a.detail.contains(f'"{name}":[', autoescape=True) for name in labelled)),
    )


def _has(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """Say whether a column holds a word; SQLite knows the case of a to z alone."""
    spellings = {word, word.upper(), word.capitalize()}
    return or_(*(column.icontains(one, autoescape=True) for one in sorted(spellings)))


def _holds(line: Line, wanted: Iterable[str]) -> bool:
    said = f"{line.text} {line.body} {line.by}".casefold()
    return all(word in said for word in wanted)


# -- saying ---------------------------------------------------------------------------------


def _lines(
    work: Work, known: Conversations, found: Sequence[Any], folded: bool = False
) -> list[Line]:
    ref = known.ref
    details = [msgspec.json.decode(row.detail) for row in found]
    named = names(work, ref, details)
    notes, senders = _notes(work, details), _senders(work, details)
    mail = TimelineMail(work, known, found, details)
    made = []
    for row, detail in zip(found, details, strict=True):
        if folded and mail.is_folded(row.id):
            continue
        text, body = timeline_words.words(ref, row.kind, detail, named)
        line = Line(row.id, row.at, row.kind, group_of(row.kind), text, body=body)
        line = _caused(line, row, detail, senders.get(detail.get("outbox", 0), NOBODY))
        if row.kind.endswith(_PROVED):
            line = replace(line, outbox=detail.get("outbox"))
        if row.kind in LETTERS:
            line = _lettered(line, detail, mail.of(row.id))
        if (note := notes.get(detail.get("note", 0))) is not None:
            line = _noted(work, line, note)
        made.append(line)
    return made


def _caused(line: Line, row: Any, detail: Detail, sender: Sender) -> Line:
    """Return a line with who did it, and by which picture it is known."""
    workflow = row.workflow or sender.workflow
    wrote = sender.user if line.kind.endswith("_sent") else ""
    by = f"Workflow ‘{workflow}’" if workflow else row.user or wrote
    caused, look = bool(workflow) or "run" in detail, mail_words.look(row.kind, detail)
    return replace(line, by=by, caused=caused, look=look)


def _lettered(line: Line, detail: Detail, facts: MailFacts | None) -> Line:
    """Return the line of a message with what is new in it, and in which mailboxes it lies."""
    whole = line.kind != UNSUBSCRIBED or "message_id" in detail
    files, boxes = (facts.files, facts.boxes) if facts else (0, ())
    came = f"{files} file{'s' * (files != 1)}" if files else ""
    seen = f"In {' and '.join(boxes)}" if boxes else ""
    by = ", ".join(filter(None, (came, seen, line.by)))
    return replace(line, body=quoting.parted(line.body)[0], letter=whole, by=by, mail=facts)


def _noted(work: Work, line: Line, note: Any) -> Line:
    """Return the line of a note as the note is now."""
    own = note.user_id in (None, work.user_id)
    changes: dict[str, Any] = {"body": note.text, "note": note.id, "own": own}
    if note.deleted_at is not None:
        changes = {"text": "Note deleted", "body": ""}
    elif note.edited_at is not None:
        changes["text"] = f"{line.text}, edited"
    return replace(line, **changes)


def names(work: Work, ref: Ref, details: Iterable[Detail]) -> Names:
    """Return what the numbers in particulars of a kind of record stand for."""
    wanted: dict[str, set[int]] = {}
    known: dict[tuple[str, int], str] = {}
    own = False
    for detail in details:
        for field, values in detail.get("fields", {}).items():
            own = own or field.startswith(OWN)
            if field in NAMED:
                wanted.setdefault(field, set()).update(v for v in values if v is not None)
    for field, numbers in wanted.items():
        table, name = NAMED[field]
        found = work.connection.execute(select(table.c.id, name).where(table.c.id.in_(numbers)))
        known.update({(field, number): text.strip() for number, text in found})
    if own:
        for name, label, kind in _own_fields(work, ref):
            known |= {(f"{OWN}{name}", LABEL): label, (f"{OWN}{name}", KIND): kind}
    return known


def _own_fields(work: Work, ref: Ref) -> Sequence[Row[str, str, str]]:
    """Return name, label and kind of the office's own fields, archived ones too."""
    made = tables.custom_field.c
    query = select(made.name, made.label, made.kind).where(made.record_kind == ref.kind)
    return work.connection.execute(query).all()


def _notes(work: Work, details: Iterable[Detail]) -> Mapping[int, Any]:
    own, numbers = tables.note.c, [detail["note"] for detail in details if "note" in detail]
    if not numbers:
        return {}
    columns = (own.id, own.text, own.user_id, own.edited_at, own.deleted_at)
    found = work.connection.execute(select(*columns).where(own.id.in_(numbers)))
    return {row.id: row for row in found}


def _senders(work: Work, details: Iterable[Detail]) -> Mapping[int, Sender]:
    """Return which workflows decided messages, or who wrote them, by the messages' numbers."""
    numbers = {detail["outbox"] for detail in details if detail.get("outbox")}
    if not numbers:
        return {}
    flow, sent, user = tables.workflow.c, tables.outbox.c, tables.user_account.c
    query = (
        select(sent.id, flow.name, user.name)
        .join(tables.workflow, flow.id == sent.workflow_id, isouter=True)
        .join(tables.user_account, user.id == sent.user_id, isouter=True)
        .where(sent.id.in_(numbers))
    )
    found = work.connection.execute(query)
    return {number: Sender(workflow or "", name or "") for number, workflow, name in found}
