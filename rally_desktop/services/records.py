"""What contacts, companies and deals have in common: values checked, fields set, tags, trash."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from rally_desktop.core import schema, texts
from rally_desktop.core.amounts import amount
from rally_desktop.core.errors import BadSettings, NotFound, Refused, UnknownField
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
        return _text(field, name, value, getattr(column.type, "length", None))
    if isinstance(field, schema.Number):
        return _number(field, value, whole=column.type.python_type is int)
    if isinstance(field, schema.YesNo):
        return _yes_no(value)
    if isinstance(field, schema.Moment):
        return _moment(value)
    return _link(value)


def fitting(field: schema.Field, value: Any) -> tuple[Any, str | None]:
    """Return a value of one of the office's own fields in its type, or what is wrong with it."""
    if isinstance(field, schema.Number):
        return _number(field, value, whole=False)
    if isinstance(field, schema.YesNo):
        return _yes_no(value)
    return _moment(value) if isinstance(field, schema.Moment) else _text(field, "", value, None)


def _text(
    field: schema.Field, name: str, value: Any, longest: int | None
) -> tuple[Any, str | None]:
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float)):
        return value, "must be a text"
    given = "" if value is None else str(value)
    text = given.strip() if name == "street" else " ".join(given.split())
    if problem := texts.unfit(text, longest):
        return text, problem
    if longest and len(fold(text)) > longest:
        return text, f"is longer than {longest:,} characters"
    if isinstance(field, schema.Choice) and text and text not in field.options:
        return text, f"must be one of {', '.join(field.options)}"
    return text, None


def _number(field: schema.Number, value: Any, *, whole: bool) -> tuple[Any, str | None]:
    if value is None or value == "":
        return None, None
    try:
        number = amount(value) if isinstance(value, str) else float(value)
    except (TypeError, ValueError, OverflowError):
        return value, "must be a number"
    if isinstance(value, bool) or number is None or not math.isfinite(number):
        return value, "must be a number"
    if whole and not number.is_integer():
        return value, "must be a whole number"
    setting = schema.Setting("", int | float, field, None)
    return int(number) if whole else number, setting.problem(number)


_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


def _yes_no(value: Any) -> tuple[Any, str | None]:
    said = "" if value is None else str(value).strip().lower()
    return (_YES_NO[said], None) if said in _YES_NO else (value, "must be yes or no")


def _moment(value: Any) -> tuple[Any, str | None]:
    """Return a moment in UTC; a day without a time is its midnight there."""
    if value is None or value == "":
        return None, None
    try:
        read = datetime.fromisoformat(value.strip()) if isinstance(value, str) else value
    except ValueError:
        return value, "must be a date, such as 2026-03-28"
    if isinstance(read, date) and not isinstance(read, datetime):
        read = datetime(read.year, read.month, read.day, tzinfo=UTC)
    if not isinstance(read, datetime):
        return value, "must be a date, such as 2026-03-28"
    return (read if read.tzinfo else read.replace(tzinfo=UTC)), None


def _link(value: Any) -> tuple[Any, str | None]:
    if value is None or value == "":
        return None, None
    if isinstance(value, str) and value.isdecimal() and len(value) < 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        return value, "must be a number of the list"
    return value, None


def create(
    work: Work,
    kind: RecordKind,
    values: Mapping[str, Any],
    tags: Iterable[str] = (),
    source: str = "",
) -> Ref:
    """Add a record whose values were checked, with its tags."""
    refuse_gone(work, values)
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
        refuse_gone(work, {name: values[name] for name in moved})
        work.change(FieldsSet(ref, moved))
    return bool(moved)


_LINKED: Mapping[str, str] = {
    "contact_id": "contact", "company_id": "company", "owner_id": "user_account",
}  # fmt: skip


def refuse_gone(work: Work, values: Mapping[str, Any]) -> None:
    """Refuse to link a record to a contact, company or user that is not there."""
    known = work.memo.setdefault("linked", set())
    for name, table in _LINKED.items():
        number = values.get(name)
        if number is None or (table, number) in known or (table, number) in work.created:
            continue
        found = rows.select_rows(work.connection, table, [number])
        if not found or found[0].get("deleted_at") is not None:
            raise NotFound(f"That {table.removesuffix('_account')} does not exist any more.")
        known.add((table, number))


def vouch(work: Work, table: str, numbers: Iterable[int]) -> None:
    """Spare ``refuse_gone`` a look at rows that this work has just seen, set-wise."""
    work.memo.setdefault("linked", set()).update((table, number) for number in numbers)


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
    if not tag or len(tag) > 100 or len(fold(tag)) > 100:
        raise Refused("A tag needs 1 to 100 characters.")
    texts.require(tag=tag)
    if fold(tag) in {fold(known) for known in work.record(ref)["tags"]}:
        return False
    work.change(TagAdded(ref, tag))
    return True


def remove_tag(work: Work, ref: Ref, name: str) -> bool:
    """Take a tag off a record; say whether it was there."""
    wanted = fold(" ".join(name.split()))
    for tag in work.record(ref)["tags"]:
        if fold(tag) == wanted:
            work.change(TagRemoved(ref, tag))
            return True
    return False


def name_of(kind: str, found: Mapping[str, Any]) -> str:
    """Return what a person calls a record."""
    if kind == "contact":
        full = f"{found['first_name']} {found['last_name']}".strip()
        return full or found["email"] or "(no name)"
    return found["name"] or "(no name)"
