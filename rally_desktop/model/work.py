"""One unit of work: what a service is given to read, to change and to tell the time by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from rally_desktop.core.errors import NotFound
from rally_desktop.model import changes, rows
from rally_desktop.model.changes import Change, Line
from rally_desktop.model.ids import Ids
from rally_desktop.model.newcomers import blank
from rally_desktop.model.ref import RecordKind, Ref

Snapshot = dict[str, Any]

OWN = "custom."  # before the name of a field that the office made for itself

# A line of this kind on a contact's, company's or deal's timeline moves these columns of it,
# unless a machine wrote on their behalf, or they wrote STOP and nothing else.
TOUCHES: Mapping[str, tuple[str, ...]] = {
    "email_sent": ("last_email_sent_at", "last_activity_at"),
    "email_received": ("last_replied_at", "last_activity_at"),
    "email_opened": ("last_email_opened_at",),
    "link_clicked": ("last_link_clicked_at",),
    "sms_sent": ("last_activity_at",),
    "sms_received": ("last_replied_at", "last_activity_at"),
    "call_logged": ("last_activity_at",),
    "meeting_completed": ("last_activity_at",),
    "task_completed": ("last_activity_at",),
    "stage_moved": ("last_activity_at", "stage_moved_at"),
}


class Cause(NamedTuple):
    """The run on whose behalf changes are made, and the workflows that led there."""

    run_id: int
    chain: str


class Recorded(NamedTuple):
    """A change with the line it makes and who is behind it."""

    change: Change
    line: Line | None
    cause: Cause | None


class Work:
    """A transaction as services see it: records as plain snapshots, changes as a list.

    ``memo`` is for what does not change while the work lasts and is asked for again and again.
    """

    def __init__(
        self, connection: Connection, now: datetime, ids: Ids, user_id: int | None = None
    ) -> None:
        self.connection = connection
        self.now = now
        self.user_id = user_id
        self.recorded: list[Recorded] = []
        self.listened: Callable[[Line], bool] | None = None
        # When the engine is to look at a line; at once where nobody says so.
        self.later: Callable[[Line], datetime] | None = None
        # Part of something large, such as an import: what can wait is left for later.
        self.large = False
        self.created: set[Ref] = set()
        self.dirty: dict[Ref, set[str]] = {}
        self.locking = True
        # Tables that were written to at once, past the list of changes.
        self.touched: set[str] = set()
        self.memo: dict[Any, Any] = {}
        self._ids = ids
        self._seen: dict[Ref, Snapshot | None] = {}
        self._cause: Cause | None = None

    def new_id(self, table: str) -> int:
        """Return a fresh number for a row of ``table``."""
        return self._ids.take(table)

    @property
    def cause(self) -> Cause | None:
        """Return the run on whose behalf changes are made now."""
        return self._cause

    @contextmanager
    def caused_by(self, cause: Cause) -> Iterator[None]:
        """Write every change made inside down to one run."""
        before, self._cause = self._cause, cause
        try:
            yield
        finally:
            self._cause = before

    # -- reading -------------------------------------------------------------------------

    def record(self, ref: Ref) -> Snapshot:
        """Return a record as it stands now, with all changes of this work; or raise NotFound."""
        if ref not in self._seen:
            self.load([ref])
        found = self._seen[ref]
        if found is None or found["deleted_at"] is not None:
            raise NotFound(f"That {ref.kind} does not exist any more.")
        return found

    def find(self, ref: Ref) -> Snapshot | None:
        """Return a record, also one in the trash; None where there never was one."""
        if ref not in self._seen:
            self.load([ref])
        return self._seen[ref]

    def records(self, kind: RecordKind, ids: Iterable[int]) -> dict[int, Snapshot]:
        """Return those of many records that exist, in one statement."""
        refs = [Ref(kind, number) for number in ids]
        self.load(refs)
        found = ((ref.id, self._seen[ref]) for ref in refs)
        return {number: one for number, one in found if one and one["deleted_at"] is None}

    def at_hand(self, kind: RecordKind) -> list[Snapshot]:
        """Return the records of a kind that are in memory already."""
        return [one for ref, one in self._seen.items() if one is not None and ref.kind == kind]

    def load(self, refs: Iterable[Ref]) -> None:
        """Read records that are not in memory yet, set-wise."""
        missing: dict[RecordKind, list[int]] = {}
        for ref in refs:
            if ref not in self._seen:
                missing.setdefault(ref.kind, []).append(ref.id)
                self._seen[ref] = None
        for kind, ids in missing.items():
            tags = _tags(self.connection, kind, ids)
            for row in rows.select_rows(self.connection, kind, ids, lock=self.locking):
                row["tags"] = tags.get(row["id"], frozenset())
                self._seen[Ref(kind, row["id"])] = row

    # -- changing ------------------------------------------------------------------------

    def change(self, change: Change) -> None:
        """Let something happen: snapshots show it at once, rows follow when the work closes."""
        line = change.line()
        self.recorded.append(Recorded(change, line, self._cause))
        if applied := _APPLIED.get(type(change)):
            applied(self, change)
        if line is not None and line.kind in TOUCHES and not _is_no_answer(line):
            self._touch(line)

    def mark(self, ref: Ref, values: Mapping[str, Any]) -> None:
        """Put new values into a snapshot and remember that its row must follow."""
        found = self.find(ref)
        if found is not None:
            found.update(values)
            if ref not in self.created:
                self.dirty.setdefault(ref, set()).update(values)

    def put(self, ref: Ref, snapshot: Snapshot) -> None:
        """Keep a record that this work makes."""
        self._seen[ref] = snapshot
        self.created.add(ref)

    def _touch(self, line: Line) -> None:
        known = rows.table(line.ref.kind).columns
        names = [name for name in TOUCHES[line.kind] if name in known]
        if line.at is None:
            self.mark(line.ref, dict.fromkeys(names, self.now))
        elif found := self.find(line.ref):
            # What comes to be known late moves nothing back.
            later = [name for name in names if not found[name] or found[name] < line.at]
            self.mark(line.ref, dict.fromkeys(later, line.at))


def _is_no_answer(line: Line) -> bool:
    return bool(line.detail.get("automatic") or line.detail.get("stop"))


def _created(work: Work, change: changes.RecordCreated) -> None:
    given = {"id": change.ref.id, "created_at": work.now, "updated_at": work.now}
    work.put(change.ref, {**blank(change.ref.kind), **given, **change.values, "tags": frozenset()})


def _set(work: Work, change: changes.FieldsSet) -> None:
    new = {name: new for name, (_, new) in change.fields.items()}
    own = {name: new.pop(name) for name in change.fields if name.startswith(OWN)}
    found = work.find(change.ref)
    if own and found is not None:
        held = {**(found["custom"] or {}), **{k.removeprefix(OWN): v for k, v in own.items()}}
        new["custom"] = {name: value for name, value in held.items() if value is not None}
    work.mark(change.ref, new)


def _trashed(work: Work, change: changes.RecordDeleted) -> None:
    work.mark(change.ref, {"deleted_at": work.now})


def _restored(work: Work, change: changes.RecordRestored) -> None:
    work.mark(change.ref, {"deleted_at": None})


def _tagged(work: Work, change: changes.TagAdded) -> None:
    if found := work.find(change.ref):
        found["tags"] |= {change.tag}


def _untagged(work: Work, change: changes.TagRemoved) -> None:
    if found := work.find(change.ref):
        found["tags"] -= {change.tag}


def _moved(work: Work, change: changes.StageMoved) -> None:
    work.mark(change.ref, {"stage": change.new})


_APPLIED: dict[type[Change], Callable[[Work, Any], None]] = {
    changes.RecordCreated: _created,
    changes.FieldsSet: _set,
    changes.RecordDeleted: _trashed,
    changes.RecordRestored: _restored,
    changes.TagAdded: _tagged,
    changes.TagRemoved: _untagged,
    changes.StageMoved: _moved,
}


def _tags(connection: Connection, kind: RecordKind, ids: list[int]) -> dict[int, frozenset[str]]:
    if connection.dialect.name == "postgresql":
        where, keys = "record_id = any(%s)", ids
        mark = "%s"
    else:
        where, keys = "record_id in (select value from json_each(?))", rows.to_json(ids)
        mark = "?"
    found = connection.exec_driver_sql(
        f"select record_id, name from record_tag join tag on tag.id = tag_id"
        f" where record_kind = {mark} and {where}",
        (kind, keys),
    )
    tags: dict[int, set[str]] = {}
    for number, name in found.all():
        tags.setdefault(number, set()).add(name)
    return {number: frozenset(names) for number, names in tags.items()}
