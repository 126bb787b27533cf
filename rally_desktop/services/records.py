"""What contacts, companies and deals have in common: values checked, fields set, tags, trash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from rally_desktop.core import schema
from rally_desktop.core.errors import BadSettings, Refused, UnknownField
from rally_desktop.core.fold import fold
from rally_desktop.model import rows
from rally_desktop.model.changes import (
    FieldsSet,
    RecordCreated,
    RecordDeleted,
    RecordRestored,
    TagAdded,
    TagRemoved,
)
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.work import Work

# Columns that only the program moves.
_OURS = frozenset(
    {"created_at", "updated_at", "last_activity_at", "last_email_sent_at", "last_replied_at"}
    | {"last_email_opened_at", "last_link_clicked_at", "stage_moved_at"}
)


@cache
def settable(kind: RecordKind) -> Mapping[str, schema.Field]:
    """Return the fields of a kind of record that a person may set, by name."""
    return {
        column.name: column.info["field"]
        for column in rows.table(kind).columns
        if "field" in column.info and column.name not in _OURS
    }


def checked(kind: RecordKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values trimmed and in their column's type; raise UnknownField or BadSettings."""
    fields = settable(kind)
    made: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, value in values.items():
        if name not in fields:
            raise UnknownField(name, list(fields))
        made[name], problem = _fitting(kind, name, fields[name], value)
        if problem:
            problems[fields[name].label] = problem
    if problems:
        raise BadSettings(problems)
    return made


def _fitting(kind: str, name: str, field: schema.Field, value: Any) -> tuple[Any, str | None]:
    column = rows.table(kind).columns[name]
    if column.type.python_type is str:
        text = " ".join(str(value or "").split()) if name != "street" else str(value or "").strip()
        limit = getattr(column.type, "length", None)
        if limit and len(text) > limit:
            return text, f"is longer than {limit} characters"
        if isinstance(field, schema.Choice) and text and text not in field.options:
            return text, f"must be one of {', '.join(field.options)}"
        return text, None
    if isinstance(field, schema.Number):
        return _number(field, value, whole=column.type.python_type is int)
    if isinstance(field, schema.YesNo):
        return bool(value), None
    return value or None, None


def _number(field: schema.Number, value: Any, *, whole: bool) -> tuple[Any, str | None]:
    if value in (None, ""):
        return None, None
    try:
        number = int(value) if whole else float(value)
    except (TypeError, ValueError):
        return value, "must be a number"
    setting = schema.Setting("", int | float, field, None)
    return number, setting.problem(number)


def create(
    work: Work,
    kind: RecordKind,
    values: Mapping[str, Any],
    tags: Iterable[str] = (),
    source: str = "",
) -> Ref:
    """Add a record whose values were checked, with its tags."""
    ref = Ref(kind, work.new_id(kind))
    work.change(RecordCreated(ref, dict(values), source))
    for tag in tags:
        add_tag(work, ref, tag)
    return ref


def set_fields(work: Work, ref: Ref, values: Mapping[str, Any]) -> bool:
    """Move fields of a record to checked values; say whether anything differed."""
    found = work.record(ref)
    moved = {name: (found[name], new) for name, new in values.items() if found[name] != new}
    if moved:
        work.change(FieldsSet(ref, moved))
    return bool(moved)


def delete(work: Work, ref: Ref) -> None:
    """Put a record into the trash."""
    work.record(ref)
    work.change(RecordDeleted(ref))


def restore(work: Work, ref: Ref) -> None:
    """Take a record out of the trash; one that is not there stays as it is."""
    found = work.find(ref)
    if found is not None and found["deleted_at"] is not None:
        work.change(RecordRestored(ref))


def add_tag(work: Work, ref: Ref, name: str) -> bool:
    """Put a tag on a record; say whether it is new there. A tag's case does not matter."""
    tag = " ".join(name.split())
    if not tag or len(tag) > 100:
        raise Refused("A tag needs 1 to 100 characters.")
    if fold(tag) in {fold(known) for known in work.record(ref)["tags"]}:
        return False
    work.change(TagAdded(ref, tag))
    return True


def remove_tag(work: Work, ref: Ref, name: str) -> bool:
    """Take a tag off a record; say whether it was there."""
    for tag in work.record(ref)["tags"]:
        if fold(tag) == fold(name):
            work.change(TagRemoved(ref, tag))
            return True
    return False


def name_of(kind: str, found: Mapping[str, Any]) -> str:
    """Return what a person calls a record."""
    if kind == "contact":
        full = f"{found['first_name']} {found['last_name']}".strip()
        return full or found["email"] or "(no name)"
    return found["name"] or "(no name)"
