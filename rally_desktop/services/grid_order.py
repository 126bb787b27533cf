"""In which order a grid lists records: queries that one reads one after the other.

Those without a value come last, whichever way a column is sorted; so each part can be read off an
index, on every database. What is shown by the name of another record (a company, an owner, a tag)
is read off that one's index first, and what belongs to each off its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

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
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.work import Work


def full_name(table: FromClause) -> ColumnElement[Any]:
    """Return what a record is called, for people to read."""
    if "first_name" not in table.c:
        return table.c.name
    both = func.trim(table.c.first_name + " " + table.c.last_name)
    return func.coalesce(func.nullif(both, ""), func.nullif(table.c.email, ""), "No name")


class Link(NamedTuple):
    """A reference: the table it points into, what is shown of it, what puts those in order."""

    there: FromClause
    shown: ColumnElement[Any]
    order: tuple[ColumnElement[Any], ...]


_contact, _user = tables.contact.alias("linked_contact"), tables.user_account
LINKS: Mapping[str, Link] = {
    "company_id": Link(
        tables.company,
        tables.company.c.name,
        (tables.company.c.sort_name, tables.company.c.id),
    ),
    "owner_id": Link(_user, _user.c.name, (func.lower(_user.c.name), _user.c.id)),
    "contact_id": Link(_contact, full_name(_contact), (_contact.c.sort_name, _contact.c.id)),
}


def parts(
    work: Work, kind: RecordKind, found: Select[Any], key: str, *, down: bool, loose: bool
) -> list[Select[Any]]:
    """Return the queries that find records one after the other, in the order of a column.

    For the first rows an index is the shortest way; for all rows of a filter it is not, as each
    is looked up in another corner of the file: ``loose`` keeps SQLite from going by it.
    """
    table = rows.table(kind)
    by_name = (table.c.sort_name, table.c.id)
    direct = not (loose and work.connection.dialect.name == "sqlite")
    if key == "name":
        return [found.order_by(*_turned(by_name, down=down, direct=direct))]
    if key == "tags":
        return _by_tags(kind, found, down=down, direct=direct)
    if key == "owner_id" and not loose and _index_led_by(table.c.owner_id):
        return _by_owners(work, table, found, down=down)
    if key in LINKS and key in table.c:
        here, link = table.c[key], LINKS[key]
        order = _turned(link.order, down=down, direct=direct)
        linked = found.join(link.there, link.order[-1] == here).order_by(*order, *by_name)
        return [linked, found.where(here.is_(None)).order_by(*by_name)]
    by = _column(work, kind, key)
    text = isinstance(by.type, String)
    known = and_(by.is_not(None), by != "") if text else by.is_not(None)
    unknown = or_(by.is_(None), by == "") if text else by.is_(None)
    order = _turned([by], down=down, direct=direct)
    return [
        found.where(known).order_by(*order, *_among_equals(table, by, down=down)),
        found.where(unknown).order_by(*by_name),
    ]


def _by_owners(work: Work, table: Table, found: Select[Any], *, down: bool) -> list[Select[Any]]:
    """Return a query for each owner in order of their names; there are few."""
    order = _turned(LINKS["owner_id"].order, down=down)
    owners = work.connection.execute(select(_user.c.id).order_by(*order)).scalars()
    here, by_name = table.c.owner_id, (table.c.sort_name, table.c.id)
    whose = [here == number for number in owners]
    return [found.where(one).order_by(*by_name) for one in (*whose, here.is_(None))]


def _column(work: Work, kind: RecordKind, key: str) -> ColumnElement[Any]:
    table = rows.table(kind)
    if key.startswith("custom."):
        own = fields_of(kind, custom_fields(work.connection, kind)).get(key)
        return table.c.sort_name if own is None or own.column is None else own.column
    column = table.c.email_key if key == "email" and "email_key" in table.c else table.c[key]
    plain = not isinstance(column.type, String) or _index_led_by(column) is not None
    return column if plain else func.lower(column)


def _among_equals(
    table: Table, by: ColumnElement[Any], *, down: bool
) -> Sequence[ColumnElement[Any]]:
    """Return what orders those with the same value: what else its index has, or the name."""
    index = _index_led_by(by)
    if index is None:
        return table.c.sort_name, table.c.id
    columns, unique = index
    return [] if unique else _turned(columns[1:], down=down)


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
    kind: RecordKind, found: Select[Any], *, down: bool, direct: bool
) -> list[Select[Any]]:
    """Return those who wear tags by the first one, and then those who wear none."""
    table = rows.table(kind)
    by_name = (table.c.sort_name, table.c.id)
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
    none = ~exists().where(here)
    return [
        tagged.where(~before).order_by(*order, *by_name),
        found.where(none).order_by(*by_name),
    ]


def _turned(
    columns: Iterable[ColumnElement[Any]], *, down: bool, direct: bool = True
) -> list[ColumnElement[Any]]:
    """Return columns in one direction; the first in a form no index is taken for if not direct."""
    first, *rest = columns
    if not direct:
        first = UnaryExpression(first, operator=custom_op("+"), type_=first.type)
    return [column.desc() if down else column.asc() for column in (first, *rest)]
