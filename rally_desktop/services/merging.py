"""What merge fields stand for: a record and the people and companies around it, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from rally_desktop.model import rows
from rally_desktop.model.fields import fields_of
from rally_desktop.model.filters import load_values
from rally_desktop.model.ref import RECORD_KINDS, RecordKind, Ref
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import settings

_USER = ("name", "email")


@cache
def known_fields() -> tuple[str, ...]:
    """Return every merge field by its full name, such as ``contact.first_name``."""
    own = [
        f"{kind}.{column.name}"
        for kind in RECORD_KINDS
        for column in rows.table(kind).columns
        if "field" in column.info and not column.name.endswith("_id")
    ]
    return (*own, *(f"owner.{name}" for name in _USER), "office.name")


def data(work: Work, ref: Ref, used: Iterable[str]) -> dict[str, Any]:
    """Return the plain data that the used fields are looked up in, nothing more."""
    roots = {name.partition(".")[0] for name in used}
    found = work.record(ref)
    made: dict[str, Any] = {ref.kind: _plain(ref.kind, found)}
    links: tuple[RecordKind, ...] = ("contact", "company")
    for kind in links:
        if kind in roots and kind != ref.kind:
            made[kind] = _linked(work, kind, found)
    if "owner" in roots:
        made["owner"] = _owner(work, found["owner_id"])
    if "office" in roots:
        made["office"] = {"name": settings.get(work, "office_name", "")}
    return made


def _linked(work: Work, kind: RecordKind, found: Snapshot) -> dict[str, Any]:
    number = found.get(f"{kind}_id")
    other = work.find(Ref(kind, number)) if number else None
    return _plain(kind, other) if other else {}


def _plain(kind: RecordKind, found: Snapshot) -> dict[str, Any]:
    shown = (c.name for c in rows.table(kind).columns if "field" in c.info)
    return {name: found[name] for name in shown}


def _owner(work: Work, number: int | None) -> dict[str, Any]:
    found = rows.select_rows(work.connection, "user_account", [number]) if number else []
    return {name: found[0][name] for name in _USER} if found else {}


def with_paths(work: Work, ref: Ref, paths: Iterable[str]) -> Snapshot:
    """Return a record with the values of these fields, also those of related records.

    What stands in the record's own row is as this work has changed it; the rest is read.
    """
    found = work.record(ref)
    own = (name.removeprefix(f"{ref.kind}.") for name in paths)
    further = [name for name in own if name not in found]
    if not further:
        return found
    loaded = load_values(work.connection, fields_of(ref.kind), [ref.id], further)
    return {**found, **loaded.get(ref.id, {})}
