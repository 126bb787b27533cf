"""What imports did: remembered mappings, the history, and the rows that were refused.

Each batch writes down what it made and moved, in its own transaction; so it can be undone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from rally_desktop.core.errors import NotFound
from rally_desktop.model import tables
from rally_desktop.model.changes import (
    FieldsSet,
    RecordCreated,
    RowAdded,
    RowChanged,
    StageMoved,
    TagAdded,
)
from rally_desktop.model.newcomers import RecordsBrought
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import settings

Rejected = tuple[int, tuple[str, ...], str]


@dataclass(frozen=True)
class Job:
    """One import: ``counts`` says how many rows came to what; empty where it was cut short."""

    id: int
    file_name: str
    kind: RecordKind
    at: datetime
    by: str
    counts: Mapping[str, int]
    undone_at: datetime | None


# -- mappings ----------------------------------------------------------------------------------


def remembered(work: Work, kind: RecordKind, headers: Sequence[str]) -> dict[str, str] | None:
    """Return how these very headings were mapped the last time, if they ever were."""
    return settings.get(work, _name(kind, headers))


def remember(
    work: Work, kind: RecordKind, headers: Sequence[str], mapping: Mapping[str, str]
) -> None:
    """Keep how these headings are mapped."""
    settings.put(work, _name(kind, headers), dict(mapping))


def _name(kind: RecordKind, headers: Sequence[str]) -> str:
    said = msgspec.json.encode([heading.casefold() for heading in headers])
    return f"import.{kind}.{hashlib.sha256(said).hexdigest()[:40]}"


# -- writing down ------------------------------------------------------------------------------


def begin(work: Work, kind: RecordKind, source: str, headers: Sequence[str]) -> int:
    """Write down that an import begins and return its number."""
    number = work.new_id("import_job")
    row = {
        "id": number, "file_name": source[:400], "record_kind": kind, "user_id": work.user_id,
        "at": work.now, "headings": list(headers), "result": None, "undone_at": None,
    }  # fmt: skip
    work.change(RowAdded("import_job", row))
    return number


def add_batch(work: Work, job: int, rejected: Sequence[Rejected]) -> None:
    """Write down what this work has done, and which rows it refused."""
    made: dict[str, list[int]] = {}
    moved: dict[Ref, dict[str, Any]] = {}
    for change, _, _ in work.recorded:
        if isinstance(change, RecordCreated):
            made.setdefault(change.ref.kind, []).append(change.ref.id)
        elif isinstance(change, RecordsBrought):
            for ref, *_ in change.records:
                made.setdefault(ref.kind, []).append(ref.id)
        elif isinstance(change, FieldsSet | TagAdded | StageMoved):
            if change.ref not in work.created:
                _note(moved.setdefault(change.ref, {"fields": {}, "tags": []}), change)
    if not made and not moved and not rejected:
        return
    detail = {
        "made": made,
        "moved": [[*ref, said["fields"], said["tags"]] for ref, said in moved.items()],
        "rejected": rejected,
    }
    row = {"id": work.new_id("import_batch"), "job_id": job, "at": work.now, "detail": detail}
    work.change(RowAdded("import_batch", row))


def _note(said: dict[str, Any], change: FieldsSet | TagAdded | StageMoved) -> None:
    if isinstance(change, TagAdded):
        said["tags"].append(change.tag)
        return
    fields = change.fields if isinstance(change, FieldsSet) else {"stage": (change.old, change.new)}
    for name, (old, new) in fields.items():
        first = said["fields"].get(name, (old, new))[0]
        said["fields"][name] = (first, new)


def end(work: Work, job: int, result: Mapping[str, Any]) -> None:
    """Write down how an import ended."""
    work.change(RowChanged("import_job", job, {"result": dict(result)}))


# -- looking back ------------------------------------------------------------------------------


def history(work: Work, limit: int = 100) -> list[Job]:
    """Return the office's imports, the newest first."""
    own, user = tables.import_job.c, tables.user_account.c
    query = (
        select(own.id, own.file_name, own.record_kind, own.at, user.name, own.result)
        .add_columns(own.undone_at)
        .join(tables.user_account, user.id == own.user_id, isouter=True)
        .order_by(own.id.desc())
        .limit(limit)
    )
    return [
        Job(number, name, kind, at, by or "", result or {}, undone)
        for number, name, kind, at, by, result, undone in work.connection.execute(query)
    ]


def rejected(store: Store, number: int) -> tuple[tuple[str, ...], Iterator[Rejected]]:
    """Return the headings of an import, and the rows that it refused, as they were."""
    headings = store.read(lambda work: tuple(found(work, number).headings))
    return headings, _rejected(store, number)


def _rejected(store: Store, job: int) -> Iterator[Rejected]:
    for number in store.read(batches, job):
        for row, cells, why in store.read(_detail, number)["rejected"]:
            yield row, tuple(cells), why


def found(work: Work, number: int) -> Any:
    """Return the row of an import; raise NotFound."""
    own = tables.import_job
    row = work.connection.execute(select(own).where(own.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("That import is not known.")
    return row


def batches(work: Work, job: int) -> list[int]:
    """Return the numbers of an import's batches, in order."""
    own = tables.import_batch.c
    query = select(own.id).where(own.job_id == job).order_by(own.id)
    return list(work.connection.execute(query).scalars())


def _detail(work: Work, batch: int) -> dict[str, Any]:
    own = tables.import_batch.c
    return work.connection.execute(select(own.detail).where(own.id == batch)).scalar_one()
