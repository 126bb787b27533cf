"""Filters as SQL: the same tree, the same answer as ``core/filter.py`` gives.

A condition built here is for a WHERE: where a comparison meets NULL it is NULL, which selects
nothing; only a negation has to make plain false of it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BinaryExpression,
    Boolean,
    ColumnElement,
    Connection,
    Double,
    Select,
    String,
    Table,
    and_,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.sql.operators import is_not

from rally_desktop.core.conditions import (
    TRIGGER_OPERATORS,
    All,
    AnyOf,
    Clause,
    Filter,
    Not,
)
from rally_desktop.core.errors import BadFilter
from rally_desktop.core.filter import parse, span_of
from rally_desktop.core.fold import WHITESPACE, fold
from rally_desktop.model import tables
from rally_desktop.model.fields import (
    FieldInfo,
    FieldList,
    Link,
    Members,
    custom_fields,
    fields_of,
)
from rally_desktop.model.ref import ListKind
from rally_desktop.model.work import Work

_WHITESPACE = "".join(f"\\{ord(char):04x}" for char in WHITESPACE)
# What ``fold`` does, for PostgreSQL 18 and later; the migration makes it.
POSTGRES_FOLD = (
    "CREATE OR REPLACE FUNCTION rally_fold(text) RETURNS text "
    "LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE "
    f"""RETURN casefold(btrim($1, U&'{_WHITESPACE}') COLLATE "pg_unicode_fast")"""
)
# Each of these is the negation of another; here it is knowing that is asked of the database.
_NEGATED = {"is_not": "is", "none_of": "any_of", "is_empty": "is_known"}
_BATCH = 500


def register_functions(dbapi_connection: Any) -> None:
    """Give a SQLite connection what filters need."""
    dbapi_connection.create_function("rally_fold", 1, _fold_value, deterministic=True)


def _fold_value(value: Any) -> str | None:
    return None if value is None else fold(str(value))


def matching(
    kind: ListKind,
    tree: Filter,
    zone: tzinfo,
    now: datetime,
    fields: FieldList | None = None,
) -> Select[tuple[int]]:
    """Return the query for the numbers of all records that match and are not in the trash."""
    table = tables.metadata.tables[kind]
    wanted = condition(tree, fields or fields_of(kind), zone, now)
    return select(table.c.id).where(table.c.deleted_at.is_(None), wanted)


def compile_filter(
    work: Work, kind: ListKind, stored: Mapping[str, Any] | None
) -> ColumnElement[bool]:
    """Return a stored filter as a condition on the record's table, in the office's time zone.

    Raises BadFilter or UnknownField.
    """
    fields = fields_of(kind, custom_fields(work.connection, kind))
    return condition(parse(stored, fields), fields, _office_zone(work.connection), work.now)


def _office_zone(connection: Connection) -> tzinfo:
    columns = tables.setting.c
    query = select(columns.value).where(columns.name == "time_zone")
    name = connection.execute(query).scalar()
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def condition(
    tree: Filter, fields: Mapping[str, FieldInfo], zone: tzinfo, now: datetime
) -> ColumnElement[bool]:
    """Return a filter as a condition for the WHERE of a query on the record's table."""
    match tree:
        case All(parts):
            return and_(true(), *(condition(part, fields, zone, now) for part in parts))
        case AnyOf(parts):
            return or_(false(), *(condition(part, fields, zone, now) for part in parts))
        case Not(part):
            return _negation(condition(part, fields, zone, now))
    field = fields[tree.field]
    if tree.op in TRIGGER_OPERATORS:
        raise BadFilter(f"Only a trigger can ask what {field.label} was.")
    if tree.op in _NEGATED:
        asserted = Clause(tree.field, _NEGATED[tree.op], tree.value)
        return _negation(condition(asserted, fields, zone, now))
    if field.members is not None:
        return _wears(field.members, tree)
    test = _test(field, tree, zone, now)
    return test if field.link is None else _has_linked(field.link, test)


def _negation(asserted: ColumnElement[bool]) -> ColumnElement[bool]:
    return not_(func.coalesce(asserted, false(), type_=Boolean))


def _has_linked(link: Link, test: ColumnElement[bool]) -> ColumnElement[bool]:
    there = select(link.number).where(test)
    if link.alive is not None:
        there = there.where(link.alive)
    return link.here.in_(there)


def _wears(members: Members, clause: Clause) -> ColumnElement[bool]:
    named = select(members.number)
    if clause.op != "is_known":
        named = named.where(_folded(members.name).in_([fold(value) for value in clause.values]))
    return members.here.in_(select(members.record).where(members.only, members.link.in_(named)))


def _folded(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.rally_fold(column, type_=String)


def _test(field: FieldInfo, clause: Clause, zone: tzinfo, now: datetime) -> ColumnElement[bool]:
    """Return what the field's own column must fulfil."""
    column = field.column
    assert column is not None
    if field.type in ("date", "moment"):
        if clause.op == "is_known":
            return column.is_not(None)
        span = span_of(clause, field.type, zone, now)
        bounds = [] if span.low is None else [column >= span.low]
        return and_(*bounds, *([] if span.high is None else [column < span.high]))
    if field.type in ("number", "yes_no"):
        if clause.op == "is_known":
            return column.is_not(None)
        return _number_test(column, clause) if field.type == "number" else _is(column, clause)
    if field.type == "choice" and _leads_an_index(column):
        known = _distinct(column)
        return column.in_(select(known).where(_text_test(_folded(known), clause)))
    return _text_test(_folded(column), clause)


def _leads_an_index(column: ColumnElement[Any]) -> bool:
    table = getattr(column, "table", None)
    return isinstance(table, Table) and any(
        next(iter(index.columns)) is column for index in table.indexes
    )


def _distinct(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the few different values of an indexed column, found by leaps through the index.

    Folding those instead of every row leaves the index of the rows usable. What is in the trash
    is in no such index, and matches no filter.
    """
    table = column.table.alias()  # type: ignore[attr-defined]
    here = table.c[column.key]
    there = table.c.deleted_at.is_(None) if "deleted_at" in table.c else true()
    found = select(func.min(here).label("value")).where(there).cte(recursive=True)
    after = select(func.min(here)).where(there, here > found.c.value).scalar_subquery()
    return found.union_all(select(after).where(found.c.value.is_not(None))).c.value


def _text_test(column: ColumnElement[Any], clause: Clause) -> ColumnElement[bool]:
    if clause.op == "is_known":
        return column != ""
    wanted = [fold(value) for value in clause.values]
    if clause.op == "contains":
        return column.contains(wanted[0], autoescape=True)
    if clause.op == "starts_with":
        return column.startswith(wanted[0], autoescape=True)
    return column == wanted[0] if len(wanted) == 1 else column.in_(wanted)


def _is(column: ColumnElement[Any], clause: Clause) -> ColumnElement[bool]:
    """Return whether it is yes, or no; what is a comparison itself is known, and has an index."""
    if isinstance(column, BinaryExpression) and column.operator is is_not:
        return column if clause.value else not_(column)
    return column.is_(clause.value)


def _number_test(column: ColumnElement[Any], clause: Clause) -> ColumnElement[bool]:
    values = [literal(value, Double) for value in clause.values]
    if clause.op == "between":
        return column.between(values[0], values[1])
    compared = {"gt": column.__gt__, "ge": column.__ge__, "lt": column.__lt__, "le": column.__le__}
    if clause.op in compared:
        return compared[clause.op](values[0])
    return or_(*(column == value for value in values))


# -- the other evaluator's food --------------------------------------------------------------


def load_values(
    connection: Connection, fields: FieldList, ids: Iterable[int], paths: Iterable[str]
) -> dict[int, dict[str, Any]]:
    """Return what some fields of some records hold, by number, for the Python evaluator.

    Texts are text, moments zone-aware, tags a set of names, None is empty; one statement a
    batch and one for each of the memberships.
    """
    numbers, table = list(ids), tables.metadata.tables[fields.kind]
    infos = [fields[path] for path in dict.fromkeys(paths)]
    single = [info for info in infos if info.members is None]
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        columns = (_scalar(info).label(f"value{i}") for i, info in enumerate(single))
        for number, *values in connection.execute(
            select(table.c.id, *columns).where(table.c.id.in_(batch))
        ):
            found[number] = {i.name: value for i, value in zip(single, values, strict=True)}
        for info in infos:
            if info.members is not None:
                _load_names(connection, info, info.members, batch, found)
    return found


def _scalar(info: FieldInfo) -> ColumnElement[Any]:
    column, link = info.column, info.link
    assert column is not None
    if link is None:
        return column
    there = select(column).where(link.number == link.here)
    if link.alive is not None:
        there = there.where(link.alive)
    return there.correlate(link.here.table).scalar_subquery()  # type: ignore[attr-defined]


def _load_names(
    connection: Connection,
    info: FieldInfo,
    members: Members,
    batch: list[int],
    found: dict[int, dict[str, Any]],
) -> None:
    named: dict[int, set[str]] = {}
    for number, name in connection.execute(
        select(members.record, members.name).where(
            members.number == members.link, members.only, members.record.in_(batch)
        )
    ):
        named.setdefault(number, set()).add(name)
    for number, values in found.items():
        if number in named or info.name not in values:
            values[info.name] = frozenset(named.get(number, ()))
