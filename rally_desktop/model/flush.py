"""From the list of changes to rows, set-wise: one statement a table, whatever the number.

Per-statement work in Python is what costs, not the disk (engine.md); so a change only adds a
tuple to the batch of its table, and coalesces: a record set three times is updated once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from rally_desktop.core.clock import to_micros
from rally_desktop.core.fold import fold
from rally_desktop.model import changes, rows
from rally_desktop.model.changes import Change, Line
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Cause, Recorded, Snapshot, Work

RUN_COLUMNS = (
    "id", "workflow_id", "version_id", "record_kind", "record_id", "state", "step", "exit",
    "due_at", "awaited", "cause", "chain", "seq", "attempt", "parallel", "reason", "started_at",
    "ended_at",
)  # fmt: skip
RUN_MOVES = (
    "version_id", "state", "step", "exit", "due_at", "awaited", "seq", "attempt", "reason",
    "ended_at",
)  # fmt: skip
VISIT_COLUMNS = (
    "run_id", "seq", "version_id", "step", "outcome", "exit", "reason", "summary", "detail",
    "at", "until",
)  # fmt: skip
ACTIVITY_COLUMNS = (
    "id", "at", "kind", "record_kind", "record_id", "user_id", "run_id", "chain", "detail",
)  # fmt: skip

_TAG_COLUMNS = ("record_kind", "record_id", "tag_id")
_SORTED_BY: Mapping[str, tuple[str, ...]] = {
    "contact": ("last_name", "first_name", "email"),
    "company": ("name",),
    "deal": ("name",),
}
_SEARCHED_IN: Mapping[str, tuple[str, ...]] = {
    "contact": ("first_name", "last_name", "email", "phone", "mobile", "city"),
    "company": ("name", "domain", "phone", "city"),
    "deal": ("name",),
}


def flush(work: Work) -> frozenset[str]:
    """Write everything a work has changed; return the names of the tables it touched."""
    batch = _Batch(work)
    batch.take(work.recorded)
    batch.take_records()
    return batch.write()


class _Batch:
    """The tuples that are to be written, by table."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.now = to_micros(work.now)
        self.inserts: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        self.updates: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        self.removals: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        self.waits: list[tuple[str, int, int]] = []
        self.moved: dict[tuple[str, Any], dict[str, Any]] = {}
        self.tagged: dict[tuple[str, int, int], bool] = {}
        # What a busy engine writes most of has a list of its own.
        self.lines: list[tuple[Any, ...]] = []
        self.queued: list[tuple[Any, ...]] = []
        self.runs: list[tuple[Any, ...]] = []
        self.visits: list[tuple[Any, ...]] = []
        self._tag_ids: dict[str, int] = {}

    # -- collecting ----------------------------------------------------------------------

    def add(self, table: str, columns: tuple[str, ...], values: tuple[Any, ...]) -> None:
        """Insert a row whose values are in the driver's own form."""
        self.inserts.setdefault((table, columns), []).append(values)

    def add_row(self, table: str, values: Mapping[str, Any]) -> None:
        """Insert a row given as a dictionary."""
        columns = tuple(values)
        self.add(table, columns, rows.stored(table, columns, values))

    def set_row(self, table: str, key: Any, values: Mapping[str, Any]) -> None:
        """Update the row with this key; of several values for a column the last one stands."""
        self.moved.setdefault((table, key), {}).update(values)

    def remove(self, table: str, columns: tuple[str, ...], key: tuple[Any, ...]) -> None:
        """Delete the row with this key."""
        self.removals.setdefault((table, columns), []).append(key)

    def take(self, recorded: Iterable[Recorded]) -> None:
        """Add what changes write, and their lines on the timeline."""
        listened = self.work.listened
        for change, line, cause in recorded:
            if taken := _TAKEN.get(type(change)):
                taken(self, change)
            if line is not None:
                number = self.work.new_id("activity")
                self._write_down(number, line, cause)
                if listened is None or listened(line):
                    self.queued.append((number,))

    def _write_down(self, number: int, line: Line, cause: Cause | None) -> None:
        behind = (self.work.user_id, None, "") if cause is None else (None, *cause)
        detail = rows.to_json(line.detail)
        self.lines.append((number, self.now, line.kind, *line.ref, *behind, detail))

    def take_records(self) -> None:
        """Add the rows of records: the new ones whole, the others by the columns that moved."""
        for ref in self.work.created:
            found = self.work.find(ref)
            if found is not None:
                self._derive(ref, found)
                self.add_row(ref.kind, {k: v for k, v in found.items() if k != "tags"})
        for ref, moved in self.work.dirty.items():
            found = self.work.find(ref)
            if found is not None:
                names = {*moved, *self._derive(ref, found, moved), "updated_at"}
                found["updated_at"] = self.work.now
                self.set_row(ref.kind, ref.id, {name: found[name] for name in sorted(names)})

    def _derive(self, ref: Ref, found: Snapshot, moved: Iterable[str] | None = None) -> set[str]:
        """Fill the columns that are worked out from others; return their names."""
        moved = None if moved is None else set(moved)
        names: set[str] = set()
        if moved is None or moved & {*_SORTED_BY[ref.kind], *_SEARCHED_IN[ref.kind]}:
            found["sort_name"] = _joined(found, _SORTED_BY[ref.kind])[:400]
            found["search_text"] = _joined(found, _SEARCHED_IN[ref.kind])
            names |= {"sort_name", "search_text"}
        if ref.kind == "contact" and (moved is None or "email" in moved):
            found["email_key"] = fold(found["email"]) or None
            names.add("email_key")
        return names

    # -- writing -------------------------------------------------------------------------

    def write(self) -> frozenset[str]:
        """Write everything in the order that references ask for."""
        connection = self.work.connection
        self._gather()
        ordered = sorted(self.inserts, key=lambda item: _ORDER.get(item[0], len(_ORDER)))
        for name, columns in ordered:
            _insert(connection, name, columns, self.inserts[name, columns])
        for (name, columns), values in self.updates.items():
            _update(connection, name, columns, values)
        mark = _mark(connection)
        if self.waits:
            connection.exec_driver_sql(
                f"update visit set outcome = {mark} where run_id = {mark} and seq = {mark}",
                self.waits,
            )
        for (name, columns), keys in self.removals.items():
            where = " and ".join(f'"{column}" = {mark}' for column in columns)
            connection.exec_driver_sql(f'delete from "{name}" where {where}', keys)
        written = (self.inserts, self.updates, self.removals)
        return frozenset(name for batch in written for name, _ in batch)

    def _gather(self) -> None:
        for table, columns, values in (
            ("run", RUN_COLUMNS, self.runs),
            ("visit", VISIT_COLUMNS, self.visits),
            ("activity", ACTIVITY_COLUMNS, self.lines),
            ("event_queue", ("activity_id",), self.queued),
        ):
            if values:
                self.inserts[table, columns] = values
        for (table, key), values in self.moved.items():
            columns = tuple(values)
            stored = rows.stored(table, columns, values)
            self.updates.setdefault((table, columns), []).append((*stored, key))
        for key, worn in self.tagged.items():
            if worn:
                self.add("record_tag", _TAG_COLUMNS, key)
            else:
                self.remove("record_tag", _TAG_COLUMNS, key)

    def tag_id(self, name: str) -> int:
        """Return the number of a tag, making the tag where it is new."""
        folded = fold(name)
        if folded not in self._tag_ids:
            mark = _mark(self.work.connection)
            found = self.work.connection.exec_driver_sql(
                f"select id from tag where name_key = {mark}", (folded,)
            ).scalar()
            if found is None:
                found = self.work.new_id("tag")
                self.add_row("tag", {"id": found, "name": name, "name_key": folded})
            self._tag_ids[folded] = found
        return self._tag_ids[folded]


_ORDER = {
    name: place
    for place, name in enumerate(
        ("user_account", "tag", "company", "contact", "deal", "record_tag", "workflow", "activity")
    )
}


def _joined(found: Snapshot, columns: Iterable[str]) -> str:
    return " ".join(filter(None, (fold(found[column] or "") for column in columns)))


def _mark(connection: Connection) -> str:
    return "%s" if connection.dialect.name == "postgresql" else "?"


def _insert(
    connection: Connection, name: str, columns: tuple[str, ...], values: list[tuple[Any, ...]]
) -> None:
    listed = ", ".join(f'"{column}"' for column in columns)
    if connection.dialect.name == "postgresql" and len(values) > 8 and name != "record_tag":
        driver = connection.connection.driver_connection
        assert driver is not None
        copying = driver.cursor().copy(f'copy "{name}" ({listed}) from stdin')
        with copying as copy:
            for row in values:
                copy.write_row(row)
        return
    marks = ", ".join([_mark(connection)] * len(columns))
    # Two desktops may give the same record the same tag at once: that is one tag.
    tail = " on conflict do nothing" if name == "record_tag" else ""
    connection.exec_driver_sql(f'insert into "{name}" ({listed}) values ({marks}){tail}', values)


def _update(
    connection: Connection, name: str, columns: tuple[str, ...], values: list[tuple[Any, ...]]
) -> None:
    mark = _mark(connection)
    key = rows.table(name).primary_key.columns.keys()[0]
    sets = ", ".join(f'"{column}" = {mark}' for column in columns)
    connection.exec_driver_sql(f'update "{name}" set {sets} where "{key}" = {mark}', values)


# -- what each change writes ----------------------------------------------------------------


def _tag(batch: _Batch, change: changes.TagAdded) -> None:
    batch.tagged[*change.ref, batch.tag_id(change.tag)] = True


def _untag(batch: _Batch, change: changes.TagRemoved) -> None:
    batch.tagged[*change.ref, batch.tag_id(change.tag)] = False


def _about(ref: Ref) -> dict[str, Any]:
    return {"record_kind": ref.kind, "record_id": ref.id}


def _task(batch: _Batch, change: changes.TaskCreated) -> None:
    row = {
        "id": change.id, **_about(change.ref), "type": change.type, "title": change.title,
        "description": change.description, "due_at": change.due_at,
        "assignee_id": change.assignee_id, "priority": change.priority,
        "created_at": batch.work.now,
    }  # fmt: skip
    batch.add_row("task", row)


def _task_done(batch: _Batch, change: changes.TaskCompleted) -> None:
    batch.set_row("task", change.id, {"done_at": batch.work.now})


def _note(batch: _Batch, change: changes.NoteAdded) -> None:
    who = {"at": batch.work.now, "user_id": batch.work.user_id}
    batch.add_row("note", {"id": change.id, **_about(change.ref), "text": change.text, **who})


def _call(batch: _Batch, change: changes.CallLogged) -> None:
    row = {
        "id": change.id, **_about(change.ref), "direction": change.direction,
        "outcome": change.outcome, "seconds": change.seconds, "text": change.text,
        "at": batch.work.now, "user_id": batch.work.user_id,
    }  # fmt: skip
    batch.add_row("call", row)


def _meeting_done(batch: _Batch, change: changes.MeetingCompleted) -> None:
    batch.set_row("meeting", change.id, {"done_at": batch.work.now})


def _notified(batch: _Batch, change: changes.Notified) -> None:
    row = {"id": change.id, "user_id": change.user_id, **_about(change.ref), "text": change.text}
    batch.add_row("notification", {**row, "at": batch.work.now})


def _queued(batch: _Batch, change: changes.MessageQueued) -> None:
    batch.add_row("outbox", change.row)


def _message(batch: _Batch, change: changes.MessageReceived) -> None:
    batch.add_row("message", change.row)


def _sent(batch: _Batch, change: changes.MessageSent) -> None:
    columns = ("channel", "message_id", "sender", "recipient", "subject", "text", "html")
    row = {column: change.row[column] for column in columns}
    numbers = {"id": batch.work.new_id("message"), "outbox_id": change.outbox_id}
    given = {"direction": "out", **_about(change.ref), "at": batch.work.now}
    batch.add_row("message", {**numbers, **given, **row})


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)


def _run_started(batch: _Batch, change: changes.RunStarted) -> None:
    run = change.run
    batch.runs.append(
        (
            run.id, run.workflow_id, run.version_id, *run.ref, run.state, run.step, run.exit,
            _micros(run.due_at), run.awaited, run.cause, run.chain, run.seq, run.attempt,
            run.parallel, run.reason, to_micros(run.started_at), _micros(run.ended_at),
        ),
    )  # fmt: skip


def _run_advanced(batch: _Batch, change: changes.RunAdvanced) -> None:
    run = change.run
    batch.updates.setdefault(("run", RUN_MOVES), []).append(
        (
            run.version_id, run.state, run.step, run.exit, _micros(run.due_at), run.awaited,
            run.seq, run.attempt, run.reason, _micros(run.ended_at), run.id,
        )
    )  # fmt: skip


def _visited(batch: _Batch, change: changes.Visited) -> None:
    run = change.run
    detail = rows.to_json(change.detail) if change.detail else None
    batch.visits.append(
        (
            run.id, change.seq, run.version_id, change.step, change.outcome, change.exit,
            change.reason, change.summary, detail, batch.now, _micros(change.until),
        ),
    )  # fmt: skip


def _wait_over(batch: _Batch, change: changes.WaitOver) -> None:
    batch.waits.append((change.outcome, change.run_id, change.seq))


def _refused(batch: _Batch, change: changes.Refusal) -> None:
    detail = rows.to_json(change.detail) if change.detail else None
    row = {
        "workflow_id": change.workflow_id, "activity_id": change.activity_id,
        **_about(change.ref), "reason": change.reason, "detail": detail, "at": batch.work.now,
    }  # fmt: skip
    batch.add_row("verdict", row)


def _row_added(batch: _Batch, change: changes.RowAdded) -> None:
    batch.add_row(change.table, change.values)


def _row_changed(batch: _Batch, change: changes.RowChanged) -> None:
    batch.set_row(change.table, change.key, change.values)


def _row_removed(batch: _Batch, change: changes.RowRemoved) -> None:
    key = rows.table(change.table).primary_key.columns.keys()[0]
    batch.remove(change.table, (key,), (change.key,))


_TAKEN: dict[type[Change], Callable[[_Batch, Any], None]] = {
    changes.TagAdded: _tag,
    changes.TagRemoved: _untag,
    changes.TaskCreated: _task,
    changes.TaskCompleted: _task_done,
    changes.NoteAdded: _note,
    changes.CallLogged: _call,
    changes.MeetingCompleted: _meeting_done,
    changes.Notified: _notified,
    changes.MessageQueued: _queued,
    changes.MessageReceived: _message,
    changes.MessageSent: _sent,
    changes.RunStarted: _run_started,
    changes.RunAdvanced: _run_advanced,
    changes.Visited: _visited,
    changes.WaitOver: _wait_over,
    changes.Refusal: _refused,
    changes.RowAdded: _row_added,
    changes.RowChanged: _row_changed,
    changes.RowRemoved: _row_removed,
}
