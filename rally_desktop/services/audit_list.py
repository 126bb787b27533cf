"""The audit log as one reads it: which lines there are, and what each of them says."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, exists, not_, or_, select

from rally_desktop.core.clock import from_micros
from rally_desktop.core.errors import NotFound
from rally_desktop.core.fold import fold
from rally_desktop.model.ref import RECORD_KINDS, Ref
from rally_desktop.model.rows import table
from rally_desktop.model.tables import activity, run, user_account, workflow
from rally_desktop.model.work import Work
from rally_desktop.services import (
    audit_links,
    audit_words,
    grid,
    records,
    timeline,
    timeline_words,
)
from rally_desktop.services.audit_words import Moved
from rally_desktop.services.timeline_words import Names

EVERYBODY, PROGRAM, WORKFLOWS = ("", 0), ("program", 0), ("workflows", 0)
Who = tuple[str, int]
# What the list can be narrowed to, in the order it is offered; what is about records first.
GROUPS: Mapping[str, str] = {
    "changes": "Changes of records",
    "messages": "E-mails and messages",
    "done": "Tasks, calls, meetings, notes",
    "runs": "What workflows did",
    "office": "Settings, lists and fields",
    "people": "People of the office",
    "workflows": "Workflows and templates",
    "accounts": "Accounts and secrets",
    "data": "Imports, exports, erasures",
    "sending": "Sending stopped or let go on",
}
ABOUT: Mapping[str, tuple[str, ...]] = {
    "office": ("setting", "list", "field", "pipeline", "stage", "tag", "view", "form"),
    "people": ("user",),
    "workflows": ("workflow", "template"),
    "accounts": ("account", "secret", "key", "sender"),
    "data": ("import", "export", "erasure", "bulk", "person", "trash"),
}
_SENDING = ("sending_stopped", "sending_resumed", "sending_locked", "sending_unlocked")
_NAMED: Mapping[str, Any] = {"workflow": workflow, "user": user_account}
# What is not looked into for words: texts of messages and notes.
_TEXTS = ("note_added", "note_edited", "call_logged")


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; ``about`` is what and which one of it."""

    who: Who = EVERYBODY
    group: str = ""
    about: tuple[str, int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True)
class Line:
    """One line: who did what to what. ``by`` is user, workflow or program."""

    id: int
    at: datetime
    by: str
    who: str
    said: str
    what: str
    number: int
    kind: str
    name: str
    run_id: int | None = None


@dataclass(frozen=True)
class Whole:
    """One line in full: what was before and after, on which computer, in which link."""

    line: Line
    moved: Moved
    more: tuple[tuple[str, str], ...]


def numbers(
    work: Work, wanted: Wanted, *, after: int | None = None, limit: int | None = None
) -> array[int]:
    """Return the numbers of the lines that are wanted, the newest first, or some of them.

    ``after`` leaves those up to a number out, on a file, where numbers are given out in order.
    """
    line = activity.c
    query = select(line.id).where(*_conditions(work, wanted))
    if after is not None:
        query = query.where(line.id > after)
    # On a server each computer has numbers of its own, which are not given out in order.
    newest = (line.id.desc(),) if in_order(work) else (line.at.desc(), line.id.desc())
    return grid.numbers(work, query.order_by(*newest).limit(limit))


def people(work: Work) -> list[tuple[str, Who]]:
    """Return who may have done something: everybody that ever worked here, and each workflow."""
    made: list[tuple[str, Who]] = []
    for what, rows in (("user", user_account), ("workflow", workflow)):
        query = select(rows.c.name, rows.c.id).order_by(rows.c.name, rows.c.id)
        made += [(name, (what, number)) for name, number in work.connection.execute(query)]
    return made


def lines(work: Work, some: Sequence[int]) -> list[Line]:
    """Return lines in the order of their numbers given; one that is not there is left out."""
    found = {row.id: row for row in _rows(work, some)}
    there = [found[number] for number in some if number in found]
    details = {row.id: msgspec.json.decode(row.detail) for row in there}
    named, words = _names(work, there), _words(work, there, details)
    return [_line(row, details[row.id], named, words) for row in there]


def one(work: Work, number: int) -> Whole:
    """Return one line in full; raise NotFound."""
    found = lines(work, [number])
    if not found:
        raise NotFound("That line of the audit log is not there.")
    line, row = found[0], _rows(work, [number])[0]
    detail = msgspec.json.decode(row.detail)
    if line.what in RECORD_KINDS:
        ref = Ref(line.what, line.number)
        moved = audit_words.moved(ref, detail, timeline.names(work, ref, [detail]))
    else:
        moved = audit_words.moved(None, detail, {})
    more = [("Line", f"{number:,}")]
    for link in audit_links.holding(work, [number]):
        sealed = from_micros(link.at).astimezone()
        held = f"{link.id:,}, sealed {sealed.day} {sealed:%b %Y, %H:%M:%S}"
        more += [("Computer", link.origin), ("Link of the chain", held)]
    return Whole(line, moved, tuple(more))


def in_order(work: Work) -> bool:
    """Say whether a line with a higher number is always a newer one."""
    return work.connection.dialect.name == "sqlite"


def name_of(work: Work, what: str, number: int) -> str:
    """Return what something is called that lines are about."""
    return _called(work, what, [number]).get(number, "")


# -- asking ------------------------------------------------------------------------------------


def _conditions(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    line = activity.c
    asked = _by(wanted.who)
    if wanted.group:
        asked.append(_within(wanted.group))
    if wanted.about is not None:
        what, number = wanted.about
        asked += [line.record_kind == what, line.record_id == number]
    if wanted.since is not None:
        asked.append(line.at >= wanted.since)
    if wanted.until is not None:
        asked.append(line.at < wanted.until)
    return asked + [_says(work, word) for word in wanted.text.split()]


def _by(who: Who) -> list[ColumnElement[bool]]:
    line, (kind, number) = activity.c, who
    if kind == "user":
        return [line.user_id == number]
    if kind == "workflow":
        return [line.run_id.in_(select(run.c.id).where(run.c.workflow_id == number))]
    if kind == "workflows":
        return [line.run_id.is_not(None)]
    return [line.user_id.is_(None), line.run_id.is_(None)] if kind == "program" else []


def _within(group: str) -> ColumnElement[bool]:
    line = activity.c
    if group == "sending":
        return and_(line.record_kind == "office", line.kind.in_(_SENDING))
    if group == "data":
        rest = and_(line.record_kind == "office", line.kind.not_in(_SENDING))
        return or_(line.record_kind.in_(ABOUT[group]), rest)
    if group in ABOUT:
        return line.record_kind.in_(ABOUT[group])
    parts = {"done": ("tasks", "calls", "notes"), "runs": ("workflows",)}.get(group, (group,))
    return and_(line.record_kind.in_(RECORD_KINDS), or_(*map(timeline.within, parts)))


def _says(work: Work, word: str) -> ColumnElement[bool]:
    """Say whether a line may have a word: what it says, whom it is about, or who did it."""
    line, spelled = activity.c, fold(word)
    texts = or_(timeline.within("messages"), line.kind.in_(_TEXTS))
    detail = or_(*(line.detail.icontains(each, autoescape=True) for each in {word, spelled}))
    found = [
        and_(not_(texts), detail),
        line.kind.contains(spelled.replace(" ", "_"), autoescape=True),
        line.kind.in_(timeline_words.spoken(spelled)),
    ]
    for kind in RECORD_KINDS:
        rows = table(kind)
        named = select(rows.c.id).where(rows.c.sort_name.contains(spelled, autoescape=True))
        found.append(and_(line.record_kind == kind, line.record_id.in_(named)))
    users = select(user_account.c.id).where(user_account.c.name.icontains(word, autoescape=True))
    named_so = workflow.c.name.icontains(word, autoescape=True)
    of_run = exists().where(run.c.id == line.run_id, run.c.workflow_id == workflow.c.id, named_so)
    about = select(workflow.c.id).where(named_so)
    found += [
        line.user_id.in_(users),
        of_run,
        and_(line.record_kind == "workflow", line.record_id.in_(about)),
    ]
    return or_(*found)


# -- saying ------------------------------------------------------------------------------------


def _rows(work: Work, some: Sequence[int]) -> Sequence[Any]:
    line = activity.c
    query = (
        select(*line, user_account.c.name.label("user"), workflow.c.name.label("workflow"))
        .join(user_account, user_account.c.id == line.user_id, isouter=True)
        .join(run, run.c.id == line.run_id, isouter=True)
        .join(workflow, workflow.c.id == run.c.workflow_id, isouter=True)
        .where(line.id.in_(some))
    )
    return work.connection.execute(query).all()


def _line(
    row: Any,
    detail: Mapping[str, Any],
    named: Mapping[tuple[str, int], str],
    words: Mapping[str, Names],
) -> Line:
    name = named.get((row.record_kind, row.record_id)) or str(detail.get("name", ""))
    if row.record_kind in RECORD_KINDS:
        ref = Ref(row.record_kind, row.record_id)
        shown = name or f"{ref.kind} {ref.id}"
        said = audit_words.about_record(ref, shown, row.kind, detail, words[ref.kind])
    else:
        said = audit_words.about_office(row.record_kind, name, row.kind, detail)
    by = "workflow" if row.run_id is not None else "user" if row.user_id is not None else "program"
    who = {"workflow": row.workflow or "A workflow", "user": row.user or "Somebody"}
    return Line(
        row.id, row.at, by, who.get(by, "A computer"), said, row.record_kind, row.record_id,
        row.kind, name, row.run_id,
    )  # fmt: skip


def _names(work: Work, there: Iterable[Any]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for row in there:
        wanted.setdefault(row.record_kind, set()).add(row.record_id)
    return {
        (what, number): name
        for what, some in wanted.items()
        for number, name in _called(work, what, sorted(some)).items()
    }


def _called(work: Work, what: str, some: Sequence[int]) -> dict[int, str]:
    if what in RECORD_KINDS:
        rows = table(what)
        names = ("first_name", "last_name", "email") if what == "contact" else ("name",)
        query = select(rows.c.id, *(rows.c[name] for name in names)).where(rows.c.id.in_(some))
        found = work.connection.execute(query).mappings()
        return {row["id"]: records.name_of(what, {**row}) for row in found}
    if (named := _NAMED.get(what)) is None:
        return {}
    query = select(named.c.id, named.c.name).where(named.c.id.in_(some))
    return {row.id: row.name for row in work.connection.execute(query)}


def _words(
    work: Work, there: Iterable[Any], details: Mapping[int, Mapping[str, Any]]
) -> dict[str, Names]:
    """Return what numbers in particulars stand for, by the kind of record."""
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for row in there:
        by_kind.setdefault(row.record_kind, []).append(details[row.id])
    return {
        kind: timeline.names(work, Ref(kind, 0), by_kind[kind])
        for kind in RECORD_KINDS
        if kind in by_kind
    }
