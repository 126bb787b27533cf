"""The fields of a record: one list for grids, filters, merge fields, imports and forms.

Built-in fields are read off the tables, where each column says how a person sees it. Fields of
related records go by a path (``company.name``), the office's own ones by ``custom.NAME``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Table, func, select

from rally_desktop.core import schema
from rally_desktop.core.conditions import FieldType
from rally_desktop.model import tables
from rally_desktop.model.custom import CUSTOM_VALUES, CustomKind
from rally_desktop.model.ref import ListKind
from rally_desktop.model.tables.workflow import OPEN_STATES

_RECORDS: Mapping[ListKind, Table] = MappingProxyType(
    {
        "contact": tables.contact,
        "company": tables.company,
        "deal": tables.deal,
        "task": tables.task,
    }
)
_TITLES = {
    "contact": "Contact",
    "company": "Company",
    "deal": "Deal",
    "task": "Task",
    "owner": "Owner",
}
_USERS = ("owner", "assignee")  # references to the office's own people


@dataclass(frozen=True)
class Link:
    """The way to a related record: our column that holds its number, and its own columns."""

    here: ColumnElement[Any]
    number: ColumnElement[Any]
    alive: ColumnElement[bool] | None


@dataclass(frozen=True)
class Members:
    """Names that a record wears or lists it is on: rows of a table between the two."""

    here: ColumnElement[Any]
    record: ColumnElement[Any]
    only: ColumnElement[bool]
    link: ColumnElement[Any]
    number: ColumnElement[Any]
    name: ColumnElement[Any]


@dataclass(frozen=True)
class FieldInfo:
    """One field of a record, as filters and grids know it.

    ``stored`` is the column of the record's own row (``owner_id`` for ``owner``), None where
    the value is not in that row.
    """

    name: str
    label: str
    field: schema.Field
    type: FieldType
    group: str
    stored: str | None = None
    options: tuple[str, ...] = ()
    column: ColumnElement[Any] | None = attribute(default=None, compare=False, repr=False)
    link: Link | None = attribute(default=None, compare=False, repr=False)
    members: Members | None = attribute(default=None, compare=False, repr=False)

    @property
    def source(self) -> str:
        """Return which of the office's lists the values come from, or an empty text."""
        return self.field.source if isinstance(self.field, schema.Pick) else ""


@dataclass(frozen=True)
class CustomField:
    """A field that the office made for itself; a date is kept as ISO text, as 2026-03-28."""

    name: str
    label: str
    kind: CustomKind
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\w{1,64}", self.name):
            raise ValueError(f"{self.name!r} cannot be the name of a field")


class FieldList(Mapping[str, FieldInfo]):
    """The fields of one kind of record in the order of menus.

    A name may also be asked for with its kind in front, as ``deal.amount`` of a deal.
    """

    def __init__(self, kind: ListKind, fields: Sequence[FieldInfo]) -> None:
        self.kind = kind
        self._fields = {each.name: each for each in fields}

    def __getitem__(self, name: str) -> FieldInfo:
        """Return a field by its name; raise KeyError."""
        return self._fields.get(name) or self._fields[name.removeprefix(f"{self.kind}.")]

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._fields)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._fields)

    def groups(self) -> dict[str, list[FieldInfo]]:
        """Return the fields by group, for menus: the record's own first."""
        made: dict[str, list[FieldInfo]] = {}
        for each in self._fields.values():
            made.setdefault(each.group, []).append(each)
        return made


@cache
def _fields_of(kind: ListKind, custom: tuple[CustomField, ...]) -> FieldList:
    own = _RECORDS[kind]
    if kind == "task":
        return FieldList(kind, [*_own(kind), _done(own.c.done_at)])
    found = [*_own(kind), *_memberships(kind), *(_custom(kind, each) for each in custom)]
    if kind == "deal":
        found += _related(own.c.contact_id, "contact")
    if kind != "company":
        found += _related(own.c.company_id, "company")
    found += _owner(own.c.owner_id)
    if kind != "deal":
        found += _deals(own.c.id, f"{kind}_id")
    return FieldList(kind, found)


def fields_of(kind: ListKind, custom: Sequence[CustomField] = ()) -> FieldList:
    """Return every field of a kind of record, the office's own ones included where given."""
    return _fields_of(kind, tuple(custom))


def custom_fields(connection: Connection, kind: ListKind) -> tuple[CustomField, ...]:
    """Return the fields that the office made for a kind of record, in its order."""
    made = tables.custom_field.c
    found = connection.execute(
        select(made.name, made.label, made.kind, made.options)
        .where(made.record_kind == kind, made.archived.is_(False))
        .order_by(made.position, made.id)
    )
    return tuple(CustomField(row[0], row[1], row[2], tuple(row[3] or ())) for row in found)


# -- where they come from --------------------------------------------------------------------


def _own(kind: ListKind) -> Iterator[FieldInfo]:
    for column in _RECORDS[kind].c:
        field = column.info.get("field")
        if field is None:
            continue
        if column.name.endswith("_id"):
            yield _named(column, field)
        else:
            name = str(column.name)  # a plain text: messages to JSON know no other
            yield _plain(name, field.label, field, _TITLES[kind], column, name)


def _named(column: ColumnElement[Any], field: schema.Field) -> FieldInfo:
    """Return the field that shows a linked record by its name."""
    name = str(column.key).removesuffix("_id")
    there = _there(name)
    return FieldInfo(
        name,
        field.label,
        field,
        "user" if name in _USERS else "record",
        _TITLES[str(column.table.name)],  # type: ignore[attr-defined]
        str(column.key),
        column=_full_name(there) if name == "contact" else there.c.name,
        link=_link(column, there),
    )


def _done(done_at: ColumnElement[Any]) -> FieldInfo:
    """Return the field that says whether a task is done."""
    field = schema.YesNo("Done", required=False)
    return _plain("done", field.label, field, _TITLES["task"], done_at.is_not(None))


def _full_name(there: Any) -> ColumnElement[Any]:
    return func.trim(there.c.first_name + " " + there.c.last_name)


def _plain(
    name: str,
    label: str,
    field: schema.Field,
    group: str,
    column: ColumnElement[Any],
    stored: str | None = None,
) -> FieldInfo:
    options = field.options if isinstance(field, schema.Choice) else ()
    return FieldInfo(name, label, field, _type(field), group, stored, options, column)


def _type(field: schema.Field) -> FieldType:
    if isinstance(field, schema.Moment):
        return "moment" if field.time else "date"
    types: tuple[tuple[type[schema.Field], FieldType], ...] = (
        (schema.Number, "number"),
        (schema.YesNo, "yes_no"),
        (schema.Choice, "choice"),
        (schema.Pick, "choice"),
    )
    for kind, name in types:
        if isinstance(field, kind):
            return name
    return "text"


def _there(name: str) -> Any:
    table = tables.user_account if name in _USERS else tables.metadata.tables[name]
    return table.alias(f"linked_{name}")


def _link(here: ColumnElement[Any], there: Any) -> Link:
    alive = there.c.deleted_at.is_(None) if "deleted_at" in there.c else None
    return Link(here, there.c.id, alive)


def _related(here: ColumnElement[Any], name: Literal["contact", "company"]) -> Iterator[FieldInfo]:
    there = _there(name)
    for own in _own(name):
        if own.link is None:
            label = _label(name, own.label)
            made = _plain(f"{name}.{own.name}", label, own.field, _TITLES[name], there.c[own.name])
            yield replace(made, link=_link(here, there))


def _owner(here: ColumnElement[Any]) -> Iterator[FieldInfo]:
    there = _there("owner")
    for name, label in (("name", "Name"), ("email", "E-mail")):
        field = schema.Text(_label("owner", label), required=False)
        made = _plain(f"owner.{name}", field.label, field, _TITLES["owner"], there.c[name])
        yield replace(made, link=_link(here, there))


def _label(name: str, label: str) -> str:
    first, *_ = re.split(r"[\s-]", label)
    lowered = label[:1].lower() + label[1:] if first[1:].islower() or len(first) == 1 else label
    return f"{_TITLES[name]} {lowered}"


def _deals(here: ColumnElement[Any], link: str) -> Iterator[FieldInfo]:
    there = tables.deal.alias("own_deal")
    mine = (there.c[link] == here, there.c.deleted_at.is_(None))
    outer = here.table  # type: ignore[attr-defined]
    for name, label, value in (
        ("count", "Number of deals", func.count()),
        ("sum_amount", "Total of deals", func.coalesce(func.sum(there.c.amount), 0.0)),
    ):
        column = select(value).select_from(there).where(*mine).correlate(outer).scalar_subquery()
        field = schema.Number(label, required=False)
        yield _plain(f"deals.{name}", label, field, "Deals", column)


def _memberships(kind: ListKind) -> Iterator[FieldInfo]:
    here, worn, run, flow = _RECORDS[kind].c.id, tables.record_tag.c, tables.run.c, tables.workflow
    tags = Members(
        here,
        worn.record_id,
        worn.record_kind == kind,
        worn.tag_id,
        tables.tag.c.id,
        tables.tag.c.name,
    )
    field = schema.Pick("Tags", source="tag", many=True, required=False)
    yield FieldInfo("tags", "Tags", field, "tags", _TITLES[kind], members=tags)
    inside = (run.record_kind == kind) & run.state.in_(OPEN_STATES)
    for name, label, purpose in (
        ("in_workflow", "Active workflows", None),
        ("in_sequence", "Active sequences", "sequence"),
    ):
        wanted = select(flow.c.id).where(flow.c.purpose == purpose)
        only = inside & run.workflow_id.in_(wanted) if purpose else inside
        runs = Members(here, run.record_id, only, run.workflow_id, flow.c.id, flow.c.name)
        field = schema.Pick(label, source="workflow", many=True, required=False)
        yield FieldInfo(name, label, field, "tags", "Workflows", members=runs)


def _custom(kind: ListKind, made: CustomField) -> FieldInfo:
    fields: dict[CustomKind, schema.Field] = {
        "text": schema.Text(made.label, required=False),
        "number": schema.Number(made.label, required=False),
        "date": schema.Moment(made.label, required=False),
        "yes_no": schema.YesNo(made.label, required=False),
        "choice": schema.Choice(made.label, required=False, options=made.options),
    }
    column = CUSTOM_VALUES[made.kind](_RECORDS[kind].c.custom, made.name)
    name = f"custom.{made.name}"
    return _plain(name, made.label, fields[made.kind], "Own fields", column)
