"""What a grid shows: which records match in which order, and what stands in their cells."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Text,
    and_,
    cast,
    func,
    select,
)

from rally_desktop.core import schema
from rally_desktop.model import tables
from rally_desktop.model.breaking import Break
from rally_desktop.model.fields import FieldList, custom_fields, fields_of
from rally_desktop.model.filters import compile_filter
from rally_desktop.model.ref import ListKind
from rally_desktop.model.work import Work
from rally_desktop.services import grid_order, lists, search_asked, task_cells
from rally_desktop.services.called import full_name
from rally_desktop.services.grid_order import LINKS

Look = Literal[
    "text",
    "name",
    "chip",
    "tags",
    "person",
    "moment",
    "day",
    "number",
    "money",
    "yes_no",
    "score",
    "strong",
    "due",
]

_CHUNK = 65_536  # characters of numbers that are read in one go
# Every statement stays below the number of parameters that each database allows.
BATCH = 500


@dataclass(frozen=True)
class Column:
    """One column a grid can show."""

    key: str
    label: str
    look: Look = "text"
    width: int = 150
    shown: bool = False


@dataclass(frozen=True)
class Query:
    """Which records, in which order."""

    filter: Mapping[str, Any] | None = None
    text: str = ""
    sort: str = "name"
    down: bool = False


@dataclass(frozen=True)
class Row:
    """One record's cells, in the order of the keys that were asked for."""

    id: int
    cells: tuple[Any, ...]


_TABLES: dict[str, Table] = {
    "contact": tables.contact,
    "company": tables.company,
    "deal": tables.deal,
    "task": tables.task,
}
_FIRST: dict[str, tuple[Column, ...]] = {
    "contact": (
        Column("name", "Name", "name", 208, True),
        Column("email", "E-mail", "text", 184, True),
        Column("phone", "Phone", "text", 142, True),
        Column("company_id", "Company", "text", 128, True),
        Column("lifecycle_stage", "Lifecycle stage", "chip", 118, True),
        Column("lead_source", "Lead source", "text", 120, True),
        Column("tags", "Tags", "tags", 170, True),
        Column("owner_id", "Owner", "person", 140, True),
        Column("last_activity_at", "Last activity", "moment", 120, True),
        Column("score", "Score", "score", 80, True),
    ),
    "company": (
        Column("name", "Name", "name", 240, True),
        Column("domain", "Domain", "text", 180, True),
        Column("phone", "Phone", "text", 142, True),
        Column("industry", "Industry", "text", 140, True),
        Column("city", "City", "text", 130, True),
        Column("tags", "Tags", "tags", 170, True),
        Column("owner_id", "Owner", "person", 140, True),
        Column("last_activity_at", "Last activity", "moment", 120, True),
    ),
    "deal": (
        Column("name", "Name", "name", 240, True),
        Column("stage", "Stage", "chip", 140, True),
        Column("amount", "Amount", "money", 110, True),
        Column("contact_id", "Contact", "text", 170, True),
        Column("company_id", "Company", "text", 170, True),
        Column("owner_id", "Owner", "person", 140, True),
        Column("expected_close", "Expected close", "day", 130, True),
        Column("tags", "Tags", "tags", 150, True),
        Column("last_activity_at", "Last activity", "moment", 120, True),
    ),
    "task": (
        Column("title", "Task", "strong", 264, True),
        Column("record", "About", "text", 168, True),
        Column("due_at", "Due", "due", 146, True),
        Column("state", "State", "chip", 104, True),
        Column("assignee_id", "Assignee", "person", 126, True),
        Column("type", "Type", "text", 96, True),
        Column("priority", "Priority", "text", 92, True),
    ),
}
# What a list is ordered by until somebody orders it otherwise.
USUAL_SORT: Mapping[str, str] = {"task": "due_at"}
# Too many to pick from a list; these are typed.
_TYPED = {"company", "contact"}
# What the name column already says.
_WITHIN_NAME = {"first_name", "last_name", "name"}


def columns(kind: ListKind) -> tuple[Column, ...]:
    """Return every built-in column of a kind of record, the usual ones first."""
    first = _FIRST[kind]
    known = {column.key for column in first} | _WITHIN_NAME
    rest = (
        Column(name, field.label, _look(field))
        for name, field in _shown_fields(kind).items()
        if name not in known
    )
    return first + tuple(rest)


def custom_columns(work: Work, kind: ListKind) -> tuple[Column, ...]:
    """Return the columns of the office's own fields."""
    looks: dict[str, Look] = {"number": "number", "date": "day", "yes_no": "yes_no"}
    return tuple(
        Column(f"custom.{own.name}", own.label, looks.get(own.kind, "text"))
        for own in custom_fields(work.connection, kind)
    )


@dataclass(frozen=True)
class Offer:
    """What a filter can ask for: the fields, and what the office's lists hold, by list."""

    fields: FieldList
    lists: Mapping[str, tuple[str, ...]]


def offer(work: Work, kind: ListKind) -> Offer:
    """Return the fields of a kind of record and the values to pick from."""
    fields = fields_of(kind, custom_fields(work.connection, kind))
    sources = {field.source for field in fields.values()} - {""} - _TYPED
    return Offer(fields, {source: tuple(lists.of(work, source)) for source in sources})


def ids(
    work: Work,
    kind: ListKind,
    query: Query,
    limit: int | None = None,
    broken: Break | None = None,
) -> array[int]:
    """Return the numbers of the matching records, in order; raise BrokenOff where that is."""
    found: array[int] = array("q")
    broken = broken or Break()
    wanted = matching(work, kind, query, select(_TABLES[kind].c.id))
    narrowed = bool(query.filter or query.text.strip())
    # One owner after the other would look through everybody for each, where few match.
    sorts = narrowed and (limit is None or query.sort == "owner_id")
    way = "sorted" if sorts else "all" if limit is None else "first"
    for part in grid_order.parts(work, kind, wanted, query.sort, down=query.down, way=way):
        left = None if limit is None else limit - len(found)
        if left == 0:
            break
        with broken.ending(work.connection):
            found.extend(numbers(work, part.limit(left)))
    return found


def numbers(work: Work, ordered: Select[Any]) -> array[int]:
    """Return the numbers that a query finds.

    They come as one text: a million rows one by one would keep the screen waiting for its turn
    far longer than the database takes to find them.
    """
    inside = ordered.subquery()
    if work.connection.dialect.name == "postgresql":
        joined = func.string_agg(cast(inside.c.id, Text), ",")
    else:
        joined = func.group_concat(inside.c.id, ",")
    said = work.connection.execute(select(joined)).scalar() or ""
    found: array[int] = array("q")
    start, end = 0, len(said)
    while start < end:
        stop = said.find(",", start + _CHUNK)
        stop = end if stop < 0 else stop
        found.extend(map(int, said[start:stop].split(",")))
        start = stop + 1
    return found


def count(work: Work, kind: ListKind, query: Query) -> int:
    """Return how many records match."""
    counted = select(func.count()).select_from(_TABLES[kind])
    return work.connection.execute(matching(work, kind, query, counted)).scalar_one()


def rows(work: Work, kind: ListKind, wanted: Iterable[int], keys: Sequence[str]) -> dict[int, Row]:
    """Return the cells of some records by number; a record that is gone is left out."""
    numbers = list(wanted)
    found: dict[int, Row] = {}
    for start in range(0, len(numbers), BATCH):
        found.update(_batch(work, kind, numbers[start : start + BATCH], keys))
    return found


def _batch(work: Work, kind: ListKind, numbers: list[int], keys: Sequence[str]) -> dict[int, Row]:
    table = _TABLES[kind]
    statement = select(
        table.c.id, *(_cell(work, kind, key).label(f"cell{i}") for i, key in enumerate(keys))
    ).where(table.c.id.in_(numbers), *_alive(table))
    found = work.connection.execute(_joined(statement, kind, keys)).all()
    tags = tags_of(work, kind, numbers) if "tags" in keys else {}
    own = [key.partition(".")[2] if key.startswith("custom.") else "" for key in keys]
    made = {}
    for number, *read in found:
        cells: list[Any] = list(read)
        for i, key in enumerate(keys):
            if key == "tags":
                cells[i] = tags.get(number, ())
            elif own[i]:
                cells[i] = (cells[i] or {}).get(own[i])
        made[number] = Row(number, tuple(cells))
    return made


def tags_of(work: Work, kind: ListKind, numbers: list[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags that records wear, in order, by number."""
    worn, named = tables.record_tag.c, tables.tag.c
    found = work.connection.execute(
        select(worn.record_id, named.name)
        .join(tables.tag, named.id == worn.tag_id)
        .where(worn.record_kind == kind, worn.record_id.in_(numbers))
        .order_by(named.name_key)
    )
    by_record: dict[int, tuple[str, ...]] = {}
    for number, name in found:
        by_record[number] = (*by_record.get(number, ()), name)
    return by_record


def _shown_fields(kind: ListKind) -> dict[str, schema.Field]:
    columns_ = _TABLES[kind].columns
    return {c.name: c.info["field"] for c in columns_ if "field" in c.info}


def _look(field: schema.Field) -> Look:
    if isinstance(field, schema.Moment):
        return "moment" if field.time else "day"
    if isinstance(field, schema.Number):
        return "number"
    return "yes_no" if isinstance(field, schema.YesNo) else "text"


def _alive(table: Table) -> list[ColumnElement[bool]]:
    return [table.c.deleted_at.is_(None)] if "deleted_at" in table.c else []


def _cell(work: Work, kind: ListKind, key: str) -> ColumnElement[Any]:
    table = _TABLES[kind]
    if kind == "task" and key in task_cells.CELLS:
        return task_cells.CELLS[key](work)
    if key.startswith("custom."):
        return table.c.custom
    if key == "tags":
        return table.c.id
    if key in LINKS and key in table.c:
        return LINKS[key].shown
    return full_name(table) if key == "name" else table.c[key]


def _joined(statement: Select[Any], kind: ListKind, keys: Iterable[str]) -> Select[Any]:
    table = _TABLES[kind]
    for key in keys:
        if key in LINKS and key in table.c:
            there = LINKS[key].there
            statement = statement.join(there, there.c.id == table.c[key], isouter=True)
    return statement


def matching(work: Work, kind: ListKind, query: Query, statement: Select[Any]) -> Select[Any]:
    """Return a statement narrowed to the records that match a query."""
    table = _TABLES[kind]
    found = _alive(table)
    if query.filter:
        found.append(compile_filter(work, kind, query.filter))
    if query.text.strip():
        found.append(search_asked.holding(work, kind, query.text))
    return statement.where(and_(*found))
