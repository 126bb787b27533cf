"""Rows to be written, collected by table and then written with one statement a table.

Per-statement work in Python is what costs, not the disk (engine.md); so a change only adds a
tuple to the batch of its table, and coalesces: a record set three times is updated once.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

from rally_desktop.core.clock import to_micros
from rally_desktop.core.fold import fold
from rally_desktop.model import audited, rows
from rally_desktop.model.chain import seal
from rally_desktop.model.changes import Change, Line
from rally_desktop.model.newcomers import SEARCHED_IN, SORTED_BY, filled, in_columns
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Cause, Recorded, Snapshot, Work

RUN_COLUMNS = (
    "id", "workflow_id", "version_id", "record_kind", "record_id", "state", "step", "exit",
    "due_at", "awaited", "cause", "chain", "seq", "attempt", "parallel", "reason", "started_at",
    "ended_at", "trigger", "since", "resume_at",
)  # fmt: skip
RUN_MOVES = (
    "version_id", "state", "step", "exit", "due_at", "awaited", "seq", "attempt", "reason",
    "ended_at", "since", "resume_at",
)  # fmt: skip
VISIT_COLUMNS = (
    "run_id", "seq", "version_id", "step", "outcome", "exit", "reason", "summary", "detail",
    "at", "until",
)  # fmt: skip
ACTIVITY_COLUMNS = (
    "id", "at", "kind", "record_kind", "record_id", "user_id", "run_id", "chain", "detail",
)  # fmt: skip

# So many rows go into one statement: it is by the statement, more than by the row, that it costs.
BLOCK = 50

_SAID = ("outcome", "exit", "reason", "summary", "detail", "until")
_VERDICT_COLUMNS = ("record_kind", "record_id", "cause", "refusals", "at")
# What a second row with the same key means: the same tag, the same cause looked at anew, an
# enrolment that is put off further, a member of a pool given one more, mail with a new number.
_ON_CONFLICT: Mapping[str, str] = {
    "record_tag": " on conflict do nothing",
    "verdict": " on conflict (record_kind, record_id, cause) do update"
    " set refusals = excluded.refusals, at = excluded.at",
    "enrolment": " on conflict (record_kind, record_id, workflow_id, cause) do update"
    " set due_at = excluded.due_at, state = excluded.state",
    "mail_seen": " on conflict (digest, mailbox_id) do update set uid = excluded.uid",
    "rotation": " on conflict (pool, user_id) do update"
    " set given = excluded.given, last_at = excluded.last_at",
}
_TAG_COLUMNS = ("record_kind", "record_id", "tag_id")
Takers = Mapping[type[Change], Callable[["Batch", Any], None]]


class Batch:
    """The tuples that are to be written, by table."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.now = to_micros(work.now)
        self.cause: Cause | None = None
        self.inserts: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        self.updates: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        self.removals: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        self.waits: list[tuple[str, str | None, str, int, int]] = []
        self.revisits: list[tuple[Any, ...]] = []
        self.postponed: list[Mapping[str, Any]] = []
        self.refusals: dict[tuple[str, int, str], dict[str, list[int]]] = {}
        self.moved: dict[tuple[str, Any], dict[str, Any]] = {}
        self.tagged: dict[tuple[str, int, int], bool] = {}
        self.newcomers: dict[str, tuple[list[int], list[Mapping[str, Any]]]] = {}
        # What a busy engine writes most of has a list of its own.
        self.lines: list[tuple[Any, ...]] = []
        self.queued: list[tuple[Any, ...]] = []
        self.later: list[tuple[Any, ...]] = []
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

    def add_record(self, ref: Ref, values: Mapping[str, Any]) -> None:
        """Insert a contact, company or deal; what it does not say is empty."""
        numbers, records = self.newcomers.setdefault(ref.kind, ([], []))
        numbers.append(ref.id)
        records.append(values)

    def set_row(self, table: str, key: Any, values: Mapping[str, Any]) -> None:
        """Update the row with this key; of several values for a column the last one stands."""
        self.moved.setdefault((table, key), {}).update(values)

    def remove(self, table: str, columns: tuple[str, ...], key: tuple[Any, ...]) -> None:
        """Delete the row with this key."""
        self.removals.setdefault((table, columns), []).append(key)

    def take(self, recorded: Iterable[Recorded], takers: Takers) -> None:
        """Add what changes write, and their lines on the timeline."""
        for change, line, cause in recorded:
            self.cause = cause
            if taken := takers.get(type(change)):
                taken(self, change)
            if line is not None:
                self.say(line, cause)

    def say(self, line: Line, cause: Cause | None, detail: str = "") -> None:
        """Add a line to the timeline, and to the engine's queue where it is listened to.

        ``detail`` is the line's own as JSON, where that is known.
        """
        number, listened = self.work.new_id("activity"), self.work.listened
        behind = (self.work.user_id, None, "") if cause is None else (None, *cause)
        said = detail or rows.to_json(line.detail)
        at = self.now if line.at is None else to_micros(line.at)
        self.lines.append((number, at, line.kind, *line.ref, *behind, said))
        if listened is None or listened(line):
            self._queue(number, line)

    def _queue(self, number: int, line: Line) -> None:
        if self.work.later is None:
            self.queued.append((number,))
        else:
            self.later.append((number, to_micros(self.work.later(line))))

    def note(
        self,
        what: str,
        number: int,
        kind: str,
        detail: Mapping[str, Any],
        cause: Cause | None = None,
    ) -> None:
        """Add a line of the audit log about what is no record; the engine never reads it."""
        behind = (self.work.user_id, None, "") if cause is None else (None, *cause)
        row = (self.work.new_id("activity"), self.now, kind, what, number, *behind)
        self.lines.append((*row, rows.to_json(detail)))

    def take_records(self) -> None:
        """Add the rows of records: the new ones whole, the others by the columns that moved."""
        for ref in sorted(self.work.created):
            found = self.work.find(ref)
            if found is not None:
                self.add_record(ref, filled(ref.kind, found))
        for ref, moved in self.work.dirty.items():
            found = self.work.find(ref)
            if found is not None:
                names = {*moved, *self._derive(ref, found, moved), "updated_at"}
                found["updated_at"] = self.work.now
                self.set_row(ref.kind, ref.id, {name: found[name] for name in sorted(names)})

    def _derive(self, ref: Ref, found: Snapshot, moved: set[str]) -> set[str]:
        """Fill the columns that are worked out from those that moved; return their names."""
        names: set[str] = set()
        if moved & {*SORTED_BY[ref.kind], *SEARCHED_IN[ref.kind]}:
            found["sort_name"] = _joined(found, SORTED_BY[ref.kind])[:400]
            found["search_text"] = _joined(found, SEARCHED_IN[ref.kind])
            names |= {"sort_name", "search_text"}
        if ref.kind == "contact" and "email" in moved:
            found["email_key"] = fold(found["email"]) or None
            names.add("email_key")
        return names

    # -- writing -------------------------------------------------------------------------

    def write(self) -> frozenset[str]:
        """Write everything in the order that references ask for."""
        connection = self.work.connection
        self._gather()
        # Who was inside leaves before the next one enters: one run a record and workflow.
        for columns in [columns for name, columns in self.updates if name == "run"]:
            _update(connection, "run", columns, self.updates[("run", columns)])
        ordered = sorted(self.inserts, key=lambda item: _ORDER.get(item[0], len(_ORDER)))
        for name, columns in ordered:
            _insert(connection, name, columns, self.inserts[name, columns])
        for (name, columns), values in self.updates.items():
            if name != "run":
                _update(connection, name, columns, values)
        self._write_visits()
        mark = _mark(connection)
        for (name, columns), keys in self.removals.items():
            where = " and ".join(f'"{column}" = {mark}' for column in columns)
            connection.exec_driver_sql(f'delete from "{name}" where {where}', keys)
        seal(self.work, self.lines)
        written = (self.inserts, self.updates, self.removals)
        return frozenset(name for batch in written for name, _ in batch)

    def _write_visits(self) -> None:
        """Say how visits that waited went on."""
        connection, mark = self.work.connection, _mark(self.work.connection)
        where = f"where run_id = {mark} and seq = {mark}"
        if self.revisits:
            sets = ", ".join(f'"{column}" = {mark}' for column in _SAID)
            connection.exec_driver_sql(f"update visit set {sets} {where}", self.revisits)
        if self.waits:
            sets = f"outcome = {mark}, exit = coalesce({mark}, exit), reason = {mark}"
            connection.exec_driver_sql(f"update visit set {sets} {where}", self.waits)

    def _recall(self) -> None:
        """Add what other workflows told the same causes before, so that no reason is lost."""
        connection = self.work.connection
        postgres = connection.dialect.name == "postgresql"
        among = "= any(%s)" if postgres else "in (select value from json_each(?))"
        ids = sorted({number for _, number, _ in self.refusals})
        causes = sorted({cause for _, _, cause in self.refusals})
        found = connection.exec_driver_sql(
            "select record_kind, record_id, cause, refusals from verdict"
            f" where record_id {among} and cause {among}",
            (ids, causes) if postgres else (rows.to_json(ids), rows.to_json(causes)),
        )
        for kind, number, cause, said in found.all():
            if (told := self.refusals.get((kind, number, cause))) is not None:
                anew = {workflow for workflows in told.values() for workflow in workflows}
                for reason, workflows in msgspec.json.decode(said).items():
                    if before := [one for one in workflows if one not in anew]:
                        told.setdefault(reason, []).extend(before)

    def _gather(self) -> None:
        audited.tell(self)
        if self.refusals:
            self._recall()
        for key, refusals in self.refusals.items():
            self.add("verdict", _VERDICT_COLUMNS, (*key, rows.to_json(refusals), self.now))
        for kind, (numbers, records) in self.newcomers.items():
            columns, values = in_columns(kind, numbers, records, self.work.now)
            self.inserts.setdefault((kind, columns), []).extend(values)
        for row in self.postponed:
            columns = tuple(row)
            self.add("enrolment", columns, rows.stored("enrolment", columns, row))
        for table, columns, values in (
            ("run", RUN_COLUMNS, self.runs),
            ("visit", VISIT_COLUMNS, self.visits),
            ("activity", ACTIVITY_COLUMNS, self.lines),
            ("event_queue", ("activity_id",), self.queued),
            ("event_later", ("activity_id", "due_at"), self.later),
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
    tail = _ON_CONFLICT.get(name, "")
    if connection.dialect.name == "postgresql" and len(values) > 8 and not tail:
        driver = connection.connection.driver_connection
        assert driver is not None
        copying = driver.cursor().copy(f'copy "{name}" ({listed}) from stdin')
        with copying as copy:
            for row in values:
                copy.write_row(row)
        return
    marks = ", ".join([_mark(connection)] * len(columns))
    statement = f'insert into "{name}" ({listed}) values ({marks})'
    left = len(values) % BLOCK if connection.dialect.name == "sqlite" else len(values)
    if left:
        connection.exec_driver_sql(statement + tail, values[:left])
    if blocks := [values[start : start + BLOCK] for start in range(left, len(values), BLOCK)]:
        several = f"{statement}{f', ({marks})' * (BLOCK - 1)}{tail}"
        flat = [tuple(itertools.chain.from_iterable(block)) for block in blocks]
        connection.exec_driver_sql(several, flat)


def _update(
    connection: Connection, name: str, columns: tuple[str, ...], values: list[tuple[Any, ...]]
) -> None:
    mark = _mark(connection)
    key = rows.table(name).primary_key.columns.keys()[0]
    sets = ", ".join(f'"{column}" = {mark}' for column in columns)
    connection.exec_driver_sql(f'update "{name}" set {sets} where "{key}" = {mark}', values)
