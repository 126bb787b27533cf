"""Copying what a rehearsal needs of an office: one consistent read, nothing is written there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, select

from rally_desktop.core.clock import to_micros
from rally_desktop.model.ref import RECORD_KINDS, RecordKind
from rally_desktop.model.rows import readers, table, to_json
from rally_desktop.model.tables import metadata
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work

# The office's own tables are small and come whole.
OFFICE = (
    "user_account", "setting", "choice", "custom_field", "pipeline", "stage", "tag", "template",
    "mail_account", "account_bucket", "suppression", "rotation", "workflow",
)  # fmt: skip
CHUNK = 1_000
# How far back messages count for caps and brakes, and activity for what has gone stale.
MESSAGES, ACTIVITY = timedelta(days=9), timedelta(days=400)
# Lines that say nothing about how busy people were with a record; most of a timeline is these.
SILENT = (
    "created", "updated", "tag_added", "tag_removed", "notified", "note_added", "email_queued",
    "sms_queued", "task_created",
)  # fmt: skip
_RELATED: tuple[tuple[RecordKind, str, RecordKind], ...] = (
    ("deal", "contact_id", "contact"),
    ("deal", "company_id", "company"),
    ("contact", "company_id", "company"),
)
Cast = dict[RecordKind, set[int]]


@dataclass(frozen=True)
class Wanted:
    """Which records are copied, as the office stood at ``at``; ``past`` leaves out what is open."""

    kind: RecordKind
    ids: Collection[int]
    workflow_id: int | None
    at: datetime
    past: bool = False


class Copier:
    """Copies rows as they are stored; ``breathe`` is called now and then and may raise."""

    def __init__(self, source: Work, target: Connection, breathe: Callable[[], object]) -> None:
        self._source = source.connection
        self._target = target
        self._breathe = breathe
        postgres = self._source.dialect.name == "postgresql"
        self._mark = "%s" if postgres else "?"
        self._among = "= any(%s)" if postgres else "in (select value from json_each(?))"
        self._keys: Callable[[list[Any]], Any] = list if postgres else to_json

    def copy(self, wanted: Wanted) -> Cast:
        """Copy the office and the wanted records with what belongs to them; return whom."""
        for name in OFFICE:
            self._copy(name)
        people = self._cast(wanted)
        for kind, numbers in people.items():
            self._among_keys(kind, "id", numbers)
            self._about(kind, numbers, wanted)
        self._runs(wanted)
        self._number_on()
        return people

    def _cast(self, wanted: Wanted) -> Cast:
        """Return the wanted records with the people, companies and deals around them."""
        people: Cast = {kind: set() for kind in RECORD_KINDS}
        people[wanted.kind] = set(wanted.ids)
        if wanted.kind == "company":
            people["contact"] |= self._linked("contact", "company_id", people["company"])
        if wanted.kind != "deal":
            for column in ("contact_id", "company_id"):
                about = cast(RecordKind, column.removesuffix("_id"))
                people["deal"] |= self._linked("deal", column, people[about])
        for kind, column, related in _RELATED:
            found = self._read(kind, (column,), "id", people[kind])
            people[related] |= {number for (number,) in found if number is not None}
        return people

    def _linked(self, kind: RecordKind, column: str, numbers: set[int]) -> set[int]:
        return {number for (number,) in self._read(kind, ("id",), column, numbers)}

    def _about(self, kind: RecordKind, numbers: set[int], wanted: Wanted) -> None:
        """Copy the tags, tasks, messages and activity of some records."""
        at, about = to_micros(wanted.at), f"record_kind = '{kind}'"
        self._among_keys("record_tag", "record_id", numbers, about)
        self._among_keys(
            "task", "record_id", numbers, f"{about} and done_at is null and created_at < {at}"
        )
        # Messages that wait would be sent without the rehearsal, too: they count as sent.
        since = to_micros(wanted.at - MESSAGES)
        still = " and state = 'sent'" if wanted.past else ""
        recent = f"{about} and created_at between {since} and {at}{still}"
        self._among_keys("outbox", "record_id", numbers, recent)
        since = to_micros(wanted.at - ACTIVITY)
        silent = ", ".join(f"'{one}'" for one in SILENT)
        told = f"{about} and at between {since} and {at} and kind not in ({silent})"
        self._among_keys("activity", "record_id", numbers, told)

    def _runs(self, wanted: Wanted) -> None:
        """Copy the record's earlier runs through this workflow, and where else it is inside."""
        about = f"record_kind = '{wanted.kind}'"
        ours = f"workflow_id = {wanted.workflow_id or 0}"
        states = ", ".join(f"'{state}'" for state in OPEN_STATES)
        inside = f"({ours} or state in ({states}))"
        over = f"{ours} and ended_at < {to_micros(wanted.at)}"
        self._among_keys(
            "run", "record_id", wanted.ids, f"{about} and {over if wanted.past else inside}"
        )
        found = self._target.exec_driver_sql("select id, version_id, ended_at from run").all()
        self._among_keys("workflow_version", "id", {row[1] for row in found})
        self._among_keys("visit", "run_id", {row[0] for row in found if row[2] is None})
        if not wanted.past:
            for name in ("watermark", "matching"):
                self._copy(name, ours)

    def _number_on(self) -> None:
        """Let no new row have a number that the office has given out."""
        for name, known in metadata.tables.items():
            if list(known.primary_key.columns.keys()) == ["id"]:
                self._breathe()
                last = self._source.exec_driver_sql(f'select max(id) from "{name}"').scalar() or 0
                self._target.exec_driver_sql("delete from sqlite_sequence where name = ?", (name,))
                self._target.exec_driver_sql(
                    "insert into sqlite_sequence values (?, ?)", (name, last)
                )

    # -- rows ------------------------------------------------------------------------------

    def _among_keys(self, name: str, column: str, numbers: Iterable[int], only: str = "") -> None:
        columns = _columns(name)
        marks = ", ".join("?" * len(columns))
        for rows in self._chunks(name, columns, column, numbers, only):
            self._put(name, marks, rows)

    def _copy(self, name: str, only: str = "true") -> None:
        columns = _columns(name)
        rows = self._source.exec_driver_sql(
            f'select {_listed(columns)} from "{name}" where {only}'
        ).all()
        self._put(name, ", ".join("?" * len(columns)), [tuple(row) for row in rows])

    def _put(self, name: str, marks: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            columns = _listed(_columns(name))
            self._target.exec_driver_sql(
                f'insert or ignore into "{name}" ({columns}) values ({marks})', rows
            )

    def _read(
        self, name: str, columns: tuple[str, ...], column: str, numbers: Iterable[int]
    ) -> Iterator[tuple[Any, ...]]:
        for rows in self._chunks(name, columns, column, numbers):
            yield from rows

    def _chunks(
        self,
        name: str,
        columns: tuple[str, ...],
        column: str,
        numbers: Iterable[int],
        only: str = "",
    ) -> Iterator[list[tuple[Any, ...]]]:
        keys = sorted(numbers)
        tail = f" and {only}" if only else ""
        statement = f'select {_listed(columns)} from "{name}" where "{column}" {self._among}{tail}'
        for place in range(0, len(keys), CHUNK):
            self._breathe()
            given = (self._keys(keys[place : place + CHUNK]),)
            found = self._source.exec_driver_sql(statement, given)
            yield [tuple(row) for row in found.all()]


def everybody(work: Work, kind: RecordKind, *, deleted: bool = False) -> list[int]:
    """Return the numbers of all records of a kind, those in the trash too if asked for."""
    known = table(kind).c
    query = select(known.id).order_by(known.id)
    found = query if deleted else query.where(known.deleted_at.is_(None))
    return list(work.connection.execute(found).scalars())


def _columns(name: str) -> tuple[str, ...]:
    return tuple(column for column, _ in readers(name))


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
