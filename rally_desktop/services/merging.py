"""What merge fields stand for: a record and the people and companies around it, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

from rally_desktop.core.errors import NotFound
from rally_desktop.core.message import WAY_OUT
from rally_desktop.model import rows
from rally_desktop.model.custom import custom_value
from rally_desktop.model.fields import FieldList, custom_fields, fields_of
from rally_desktop.model.filters import load_values
from rally_desktop.model.ref import RECORD_KINDS, RecordKind, Ref
from rally_desktop.model.work import OWN, Snapshot, Work
from rally_desktop.services import settings

_USER = ("name", "email")
# What a text may say of the run that it is written in; whoever has one tells it to ``data``.
RUN_FIELDS: Mapping[str, str] = {
    "run.workflow": "Name of the workflow",
    "run.today": "Today",
    "trigger.name": "What started it",
}
# What a text may say of the office.
OFFICE_FIELDS: Mapping[str, str] = {
    "office.name": "Office name",
    "office.unsubscribe": "Link to unsubscribe",
}
RUN = frozenset(name.partition(".")[0] for name in RUN_FIELDS)


def known_fields(work: Work) -> tuple[str, ...]:
    """Return every merge field by its full name, also ``contact.custom.NAME`` of this office."""
    own = (f"{kind}.{name}" for kind in RECORD_KINDS for name in fields(work, kind))
    return (*built_in(), *(name for name in own if f".{OWN}" in name))


@cache
def built_in() -> tuple[str, ...]:
    """Return the merge fields of every office by full name, such as ``contact.first_name``."""
    own = [
        f"{kind}.{column.name}"
        for kind in RECORD_KINDS
        for column in rows.table(kind).columns
        if "field" in column.info and not column.name.endswith("_id")
    ]
    return (*own, *(f"owner.{name}" for name in _USER), *OFFICE_FIELDS, *RUN_FIELDS)


def data(
    work: Work,
    ref: Ref,
    used: Iterable[str],
    about: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the plain data that the used fields are looked up in, nothing more.

    ``about`` is what is known of the run; without it those fields are empty.
    """
    made: dict[str, dict[str, Any]] = {}
    around: dict[str, Mapping[str, Any]] = {**about} if about else {}
    for path in used:
        root, _, name = path.partition(".")
        if root not in around:
            around[root] = _around(work, ref, root)
        if name.startswith(OWN):
            inner = made.setdefault(root, {}).setdefault(OWN.removesuffix("."), {})
            inner[name.removeprefix(OWN)] = _own(work, root, name, around[root])
        else:
            made.setdefault(root, {})[name] = around[root].get(name)
    return made


def _own(work: Work, root: str, name: str, found: Mapping[str, Any]) -> Any:
    """Return the value of a field that the office made for itself; None where there is none."""
    known = fields(work, cast(RecordKind, root)) if root in RECORD_KINDS else {}
    held = found.get("custom") or {}
    return (
        custom_value(known[name].type, held.get(name.removeprefix(OWN))) if name in known else None
    )


def _around(work: Work, ref: Ref, root: str) -> Mapping[str, Any]:
    """Return what a merge field's first word stands for: the record, or what belongs to it."""
    found = _known(work, ref)
    if root == ref.kind:
        return found
    if root == "owner":
        return _owner(work, found["owner_id"])
    if root == "office":
        return {"name": settings.get(work, "office_name", ""), "unsubscribe": WAY_OUT}
    number = found.get(f"{root}_id")
    return (work.find(Ref(cast(RecordKind, root), number)) if number else None) or {}


def _owner(work: Work, number: int | None) -> Mapping[str, Any]:
    known = work.memo.setdefault("owners", {})
    if number not in known:
        found = rows.select_rows(work.connection, "user_account", [number]) if number else []
        known[number] = {name: found[0][name] for name in _USER} if found else {}
    return known[number]


def with_paths(work: Work, ref: Ref, paths: Iterable[str]) -> Snapshot:
    """Return a record with the values of these fields, also those of related records.

    What stands in the record's own row is as this work has changed it; the rest is read.
    """
    found = _known(work, ref)
    own = (name.removeprefix(f"{ref.kind}.") for name in paths)
    further = [name for name in own if name not in found]
    if not further:
        return found
    known, held = fields(work, ref.kind), found["custom"] or {}
    made = {
        name: custom_value(known[name].type, held.get(name.removeprefix(OWN)))
        for name in further
        if name.startswith(OWN)
    }
    if rest := [name for name in further if name not in made]:
        loaded = load_values(work.connection, known, [ref.id], rest)
        made |= {**dict.fromkeys(rest), **loaded.get(ref.id, {})}
    return {**found, **made}


def _known(work: Work, ref: Ref) -> Snapshot:
    """Return a record, also one in the trash: a workflow may be about whoever was deleted."""
    found = work.find(ref)
    if found is None:
        raise NotFound(f"That {ref.kind} does not exist any more.")
    return found


def fields(work: Work, kind: RecordKind) -> FieldList:
    """Return every field of a kind of record, the office's own ones included."""
    key = ("fields", kind)
    if key not in work.memo:
        work.memo[key] = fields_of(kind, custom_fields(work.connection, kind))
    return work.memo[key]


def label(work: Work, path: str, kind: RecordKind = "contact") -> str:
    """Return what people call a merge field in a text about a kind of record."""
    if said := RUN_FIELDS.get(path) or OFFICE_FIELDS.get(path):
        return said
    name, known = path.removeprefix(f"{kind}."), fields(work, kind)
    return known[name].label if name in known else path
