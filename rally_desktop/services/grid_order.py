"""In which order a grid lists records: queries that one reads one after the other.

Those without a value come last, whichever way a column is sorted; so each part can be read off an
index, on every database. What is shown by the name of another record (a company, an owner, a tag)
is read off that one's index first, and what belongs to each off its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    Table,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from rally_desktop.model import rows, tables
from rally_desktop.model.fields import custom_fields, fields_of
from rally_desktop.model.ref import ListKind
from rally_desktop.model.work import Work
from rally_desktop.services import task_cells
from rally_desktop.services.called import full_name

MANY = 20_000  # as many of one owner are not sorted to find the first


class Link(NamedTuple):
    """A reference: the table it points into, what is shown of it, what puts those in order."""

    there: FromClause
    shown: ColumnElement[Any]
    order: tuple[ColumnElement[Any], ...]


_contact, _user = tables.contact.alias("linked_contact"), tables.user_account
_OWNER = Link(_user, _user.c.name, (func.lower(_user.c.name), _user.c.id))
LINKS: Mapping[str, Link] = {
    "company_id": Link(
        tables.company,
        tables.company.c.name,
        (tables.company.c.sort_name, tables.company.c.id),
    ),
    "owner_id": _OWNER,
    "assignee_id": _OWNER,
    "contact_id": Link(_contact, full_name(_contact), (_contact.c.sort_name, _contact.c.id)),
}


def _by_name(table: Table) -> tuple[ColumnElement[Any], ...]:
    """Return what orders those that are alike otherwise: the name, tasks by when they came."""
    return (table.c.sort_name, table.c.id) if "sort_name" in table.c else (table.c.id,)


Way = Literal["first", "all", "sorted"]
"""Whether one reads the first rows only, or all: in order, or as they come, to be sorted.

An index is the shortest way to the first rows, but not to all rows of a filter, as each of those
is looked up in another corner of the file.
"""


def parts(
    work: Work, kind: ListKind, found: Select[Any], key: str, *, down: bool, way: Way
) -> Iterator[Select[Any]]:
    """Yield the queries that find records one after the other, in the order of a column."""
    table = rows.table(kind)
    by_name = _by_name(table)
    direct = not (way == "sorted" and work.connection.dialect.name == "sqlite")
    if key == "name":
        yield found.order_by(*_turned(by_name, down=down, direct=direct))
    elif key == "tags":
        yield from _by_tags(kind, found, down=down, direct=direct)
    elif key == "owner_id" and way != "sorted" and _index_led_by(table.c.owner_id):
        for whose in _owners(work, table.c.owner_id, down=down, first=way == "first"):
            yield found.where(whose).order_by(*by_name)
    elif key in LINKS and key in table.c:
        here, link = table.c[key], LINKS[key]
        order = _turned(link.order, down=down, direct=direct)
        yield found.join(link.there, link.order[-1] == here).order_by(*order, *by_name)
        yield found.where(here.is_(None)).order_by(*by_name)
    else:
        by = _column(work, kind, key)
        text = isinstance(by.type, String)
        order = _turned([by], down=down, direct=direct)
        known = and_(by.is_not(None), by != "") if text else by.is_not(None)
        yield found.where(known).order_by(*order, *_among_equals(table, by, down=down))
        unknown = or_(by.is_(None), by == "") if text else by.is_(None)
        yield found.where(unknown).order_by(*by_name)


def _owners(
    work: Work, here: ColumnElement[Any], *, down: bool, first: bool
) -> Iterator[ColumnElement[bool]]:
    """Yield who belongs to each owner, by the owners' names, and last who belongs to nobody.

    The first of very many who belong to one are found soonest among the names of everybody.
    """
    order = _turned(LINKS["owner_id"].order, down=down)
    owners = work.connection.execute(select(_user.c.id).order_by(*order)).scalars().all()
    by_hand = first and work.connection.dialect.name == "sqlite"  # PostgreSQL sees that itself
    for number in (*owners, None):
        theirs = here.is_(number) if number is None else here == number
        if by_hand:
            some = select(here).where(theirs).limit(MANY).subquery()
            count = work.connection.execute(select(func.count()).select_from(some)).scalar_one()
            if count == MANY:
                there = _unindexed(here)
                theirs = there.is_(None) if number is None else there == number
        yield theirs


def _column(work: Work, kind: ListKind, key: str) -> ColumnElement[Any]:
    table = rows.table(kind)
    if key.startswith("custom."):
        own = fields_of(kind, custom_fields(work.connection, kind)).get(key)
        return table.c.sort_name if own is None or own.column is None else own.column
    if kind == "task" and key in task_cells.CELLS:
        return task_cells.CELLS[key](work)
    column = table.c.email_key if key == "email" and "email_key" in table.c else table.c[key]
    plain = not isinstance(column.type, String) or _index_led_by(column) is not None
    return column if plain else func.lower(column)


def _among_equals(
    table: Table, by: ColumnElement[Any], *, down: bool
) -> Sequence[ColumnElement[Any]]:
    """Return what orders those with the same value: what else its index has, or the name."""
    index = _index_led_by(by)
    if index is None:
        return _by_name(table)
    (_, *others), unique = index
    if unique:
        return []
    return _turned(others, down=down) if others else _by_name(table)


def _index_led_by(by: ColumnElement[Any]) -> tuple[Sequence[ColumnElement[Any]], bool] | None:
    """Return the columns of the longest index that begins with one, and whether it is unique."""
    table = getattr(by, "table", None)
    if not isinstance(table, Table):
        return None
    led = [(tuple(each.columns), bool(each.unique)) for each in table.indexes]
    return max(
        (each for each in led if each[0][0] is by), key=lambda each: len(each[0]), default=None
    )


def _by_tags(
    kind: ListKind, found: Select[Any], *, down: bool, direct: bool
) -> Iterator[Select[Any]]:
    """Yield those who wear tags, by the first one of each, and then those who wear none."""
    table = rows.table(kind)
    by_name = _by_name(table)
    worn, named = tables.record_tag, tables.tag
    other, earlier = worn.alias("other_worn"), named.alias("earlier")
    here = and_(worn.c.record_kind == kind, worn.c.record_id == table.c.id)
    before = exists().where(
        other.c.record_kind == kind,
        other.c.record_id == table.c.id,
        earlier.c.id == other.c.tag_id,
        earlier.c.name_key < named.c.name_key,
    )
    order = _turned([named.c.name_key], down=down, direct=direct)
    tagged = found.join(worn, here).join(named, named.c.id == worn.c.tag_id)
    yield tagged.where(~before).order_by(*order, *by_name)
    yield found.where(~exists().where(here)).order_by(*by_name)


def _turned(
    columns: Iterable[ColumnElement[Any]], *, down: bool, direct: bool = True
) -> list[ColumnElement[Any]]:
    """Return columns in one direction; if not direct, in a form that no index is taken for."""
    first, *rest = columns
    turned = (first if direct else _unindexed(first), *rest)
    return [column.desc() if down else column.asc() for column in turned]


def _unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the same values in a form that no index of SQLite is taken for."""
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)
