"""From numbers that a search found to what is shown of each, and which of them comes first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

import msgspec
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Select, bindparam, func, select

from rally_desktop.core.words import Asked, bare, words_of
from rally_desktop.model import rows, tables
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.work import Work
from rally_desktop.services import records

EXACT, WORDS, BEGINS, ELSEWHERE, NEAR = range(5)
AROUND = 60  # letters of a text before what was found in it
SHOWN = 160
READ = 20_000
Kind = RecordKind | Literal["note", "message", "call", "task", "meeting"]
# What tells a record from another one of the same name.
_TELLS: Mapping[RecordKind, tuple[str, ...]] = {
    "contact": ("firm", "email"),
    "company": ("domain", "city"),
    "deal": ("firm", "stage"),
}
# What was written about a record: the columns of its title, its text and its moment.
WRITTEN: Mapping[str, tuple[str, str, str]] = {
    "note": ("", "text", "at"),
    "message": ("subject", "text", "at"),
    "call": ("", "text", "at"),
    "task": ("title", "description", "created_at"),
    "meeting": ("title", "", "starts_at"),
}
# The lines of the timeline in which it stands.
_LINES: Mapping[str, tuple[str, ...]] = {
    "note": ("note_added",),
    "message": ("email_sent", "email_received", "sms_sent", "sms_received"),
    "call": ("call_logged",),
    "task": ("task_created",),
    "meeting": ("meeting_planned",),
}
_NUMBERS = bindparam("numbers", expanding=True)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Hit:
    """One thing that was found: ``ref`` is the record to open, ``number`` what was written on it.

    ``about`` tells it from its like: an address, or the words around what was asked for.
    """

    kind: Kind
    ref: Ref
    title: str
    about: str = ""
    number: int = 0
    at: datetime | None = None
    owner_id: int | None = None
    rank: int = ELSEWHERE


def of(work: Work, kind: Kind, numbers: Sequence[int], asked: Asked) -> list[Hit]:
    """Return what is there of these, in no order; what was thrown away is left out."""
    if not numbers:
        return []
    if kind in ("contact", "company", "deal"):
        found = work.connection.execute(_records(kind), {"numbers": numbers}).mappings()
        return [_record(kind, {**row}, asked) for row in found]
    texts = work.connection.execute(_texts(kind), {"numbers": numbers})
    return [_said(kind, row, asked) for row in texts if row.name is not None]


def order(hit: Hit, work: Work, lately: Collection[Ref]) -> tuple[Any, ...]:
    """Return by what hits are put in order."""
    own = hit.owner_id is not None and hit.owner_id == work.user_id
    when = -(hit.at or _LONG_AGO).timestamp()
    return hit.rank, hit.ref not in lately, not own, when, hit.title, hit.ref.id


def nearly(hit: Hit, asked: Asked) -> Hit:
    """Return a hit ranked by how many errors were made in its name."""
    names = words_of(hit.title)
    errors = 0
    for spellings in asked.words:
        pairs = ((word, name) for word in spellings for name in names)
        errors += min((_errors(word, name) for word, name in pairs), default=0)
    return replace(hit, rank=NEAR + errors)


def _errors(word: str, name: str) -> int:
    """Return how far a word is from a name: that it may be a beginning only counts half."""
    return min(2 * OSA.distance(word, name), 2 * OSA.distance(word, name[: len(word)]) + 1)


# -- records -------------------------------------------------------------------------------------


@cache
def _records(kind: RecordKind) -> Select[*tuple[Any, ...]]:
    own = tables.metadata.tables[kind]
    firm = tables.company.alias("firm")
    where = (own.c.id.in_(_NUMBERS), own.c.deleted_at.is_(None))
    columns = [own.c.id, own.c.owner_id, own.c.last_activity_at, own.c.created_at]
    if kind == "contact":
        columns += [own.c.first_name, own.c.last_name, own.c.email, own.c.phone, own.c.mobile]
    elif kind == "company":
        columns += [own.c.name, own.c.domain, own.c.city, own.c.phone]
    else:
        columns += [own.c.name, own.c.stage]
    if kind == "company":
        return select(*columns).where(*where)
    joined = own.join(firm, firm.c.id == own.c.company_id, isouter=True)
    return select(*columns, firm.c.name.label("firm")).select_from(joined).where(*where)


def _record(kind: RecordKind, row: Mapping[str, Any], asked: Asked) -> Hit:
    title = records.name_of(kind, row)
    about = [row[name] for name in _TELLS[kind] if row[name] and row[name] != title]
    if asked.number:
        about = [row[name] for name in ("phone", "mobile") if row.get(name)]
    return Hit(
        kind,
        Ref(kind, row["id"]),
        title,
        " · ".join(about),
        at=row["last_activity_at"] or row["created_at"],
        owner_id=row["owner_id"],
        rank=_rank(title, [bare(row.get(name) or "") for name in ("email", "domain")], asked),
    )


def _rank(title: str, keys: Sequence[str], asked: Asked) -> int:
    name, names = bare(title), words_of(title)
    if asked.text and asked.text in (name, *filter(None, keys)):
        return EXACT
    if all(any(word in names for word in spellings) for spellings in asked.words):
        return EXACT if len(asked.words) == len(name.split()) > 1 else WORDS
    if all(any(one.startswith(spellings) for one in names) for spellings in asked.words):
        return BEGINS
    return BEGINS if any(key.startswith(asked.text) for key in keys if key) else ELSEWHERE


# -- texts ---------------------------------------------------------------------------------------


@cache
def _texts(kind: Kind) -> Select[*tuple[Any, ...]]:
    """Return a query for texts, each with the name of the record that it is about."""
    own = tables.metadata.tables[kind].c
    title, text, at = WRITTEN[kind]
    nothing: ColumnElement[Any] = func.substr("", 1)
    names = {
        "contact": _named(tables.contact, own, "contact"),
        "company": _named(tables.company, own, "company"),
        "deal": _named(tables.deal, own, "deal"),
    }
    query = select(
        own.id,
        own.record_kind,
        own.record_id,
        own[at].label("at"),
        (own[title] if title else nothing).label("title"),
        (func.substr(own[text], 1, READ) if text else nothing).label("text"),
        func.coalesce(*names.values()).label("name"),
    ).where(own.id.in_(_NUMBERS))
    return query.where(own.deleted_at.is_(None)) if "deleted_at" in own else query


def _named(table: Any, own: Any, kind: str) -> ColumnElement[Any]:
    """Return the name of a record, nothing where it is of another kind or in the trash."""
    if kind == "contact":
        both = func.trim(table.c.first_name + " " + table.c.last_name)
        name = func.coalesce(func.nullif(both, ""), table.c.email)
    else:
        name = table.c.name
    return (
        select(name)
        .where(own.record_kind == kind, table.c.id == own.record_id, table.c.deleted_at.is_(None))
        .scalar_subquery()
    )


def _said(kind: Kind, row: Any, asked: Asked) -> Hit:
    text = " ".join(row.text.split())
    about = _around(text, asked)
    whole = asked.text in bare(f"{row.title} {text}")
    return Hit(
        kind, Ref(row.record_kind, row.record_id), row.name,
        " · ".join(filter(None, (row.title, about))),
        number=row.id, at=row.at, rank=WORDS if whole else ELSEWHERE,
    )  # fmt: skip


def _around(text: str, asked: Asked) -> str:
    """Return what stands around the first of the words that were asked for."""
    plain = bare(text)
    places = [plain.find(word) for words in asked.words for word in words]
    start = max(0, min((place for place in places if place >= 0), default=0) - AROUND)
    if start:
        start = text.find(" ", start) + 1
    shown = text[start : start + SHOWN]
    return f"{'…' if start else ''}{shown}{'…' if len(text) > start + SHOWN else ''}"


# -- where a text stands on the timeline -----------------------------------------------------------


def line_of(work: Work, hit: Hit) -> int | None:
    """Return the line of the record's timeline in which what was found stands."""
    if hit.kind != "message":
        marks = [(hit.kind, hit.number)]
    else:
        own = tables.message.c
        query = select(own.outbox_id, own.message_id).where(own.id == hit.number)
        row = work.connection.execute(query).one_or_none()
        marks = [("outbox", row.outbox_id), ("message_id", row.message_id)] if row else []
    for name, value in marks:
        if value and (found := _line_with(work, hit, name, value)):
            return found
    return None


def _line_with(work: Work, hit: Hit, name: str, value: Any) -> int | None:
    own = tables.activity.c
    query = (
        select(own.id, own.detail)
        .where(own.record_kind == hit.ref.kind, own.record_id == hit.ref.id)
        .where(own.kind.in_(_LINES[hit.kind]))
        .where(own.detail.contains(f'"{name}":{rows.to_json(value)}', autoescape=True))
        .order_by(own.id.desc())
    )
    for number, detail in work.connection.execute(query):
        if msgspec.json.decode(detail).get(name) == value:
            return number
    return None
