"""The yardstick of the engine: a bare driver that writes the very rows that the engine wrote.

The rows are read from the engine's database and written into a copy of what it began with, in
transactions of the same size, with the same pragmas, tables and indexes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine

from rally_desktop.model.sqlite import PRAGMAS, driver

TABLES = ("run", "visit", "activity", "record_tag", "task")


@dataclass
class Rows:
    """What one transaction writes: rows by table, contacts that move, queue lines that go."""

    inserts: dict[str, list[tuple[Any, ...]]]
    moved: list[tuple[Any, ...]]
    looked_at: list[int]


@dataclass
class Written:
    """All that the engine wrote, and the columns it wrote."""

    columns: dict[str, str]
    batches: list[Rows]


def rows_of(engine: Engine, sizes: Sequence[int]) -> Written:
    """Read what the engine wrote, cut into transactions of these sizes (runs)."""
    with engine.connect() as connection:
        columns = {table: _columns(connection, table) for table in TABLES}
        runs = _new(connection, "run", columns["run"], "order by id")
        by_run = {
            table: _grouped(_new(connection, table, columns[table], ""), key)
            for table, key in (("visit", 0), ("activity", _place(columns["activity"], "run_id")))
        }
        by_record = {
            table: _grouped(_new(connection, table, columns[table], ""), key)
            for table, key in (("record_tag", 1), ("task", _place(columns["task"], "record_id")))
        }
        contacts = connection.exec_driver_sql(
            "select department, updated_at, id from contact where department = 'Sales'"
        )
        moved = {row[2]: tuple(row) for row in contacts}
    return Written(columns, list(_cut(columns, runs, sizes, by_run, by_record, moved)))


def _cut(
    columns: dict[str, str],
    runs: list[tuple[Any, ...]],
    sizes: Sequence[int],
    by_run: dict[str, dict[Any, list[tuple[Any, ...]]]],
    by_record: dict[str, dict[Any, list[tuple[Any, ...]]]],
    moved: dict[Any, tuple[Any, ...]],
) -> Iterator[Rows]:
    about, cause = _place(columns["run"], "record_id"), _place(columns["run"], "cause")
    left = iter(runs)
    for size in sizes:
        batch = list(islice(left, size))
        given = {"run": batch}
        for table, found in by_run.items():
            given[table] = [row for run in batch for row in found[run[0]]]
        for table, found in by_record.items():
            given[table] = [row for run in batch for row in found[run[about]]]
        lines = [int(run[cause].removeprefix("activity:")) for run in batch]
        yield Rows(given, [moved[run[about]] for run in batch], lines)


def _columns(connection: Connection, table: str) -> str:
    found = connection.exec_driver_sql(f'select * from "{table}" limit 0')
    return ", ".join(f'"{name}"' for name in found.keys())


def _place(columns: str, name: str) -> int:
    return columns.split(", ").index(f'"{name}"')


def _new(connection: Connection, table: str, columns: str, tail: str) -> list[tuple[Any, ...]]:
    where = {
        "run": "state = 'done'",
        "visit": "outcome <> 'waiting'",
        "activity": "run_id is not null",
    }.get(table, "true")
    found = connection.exec_driver_sql(f'select {columns} from "{table}" where {where} {tail}')
    return [tuple(row) for row in found]


def _grouped(rows: Iterable[tuple[Any, ...]], key: int) -> dict[Any, list[tuple[Any, ...]]]:
    made: dict[Any, list[tuple[Any, ...]]] = {}
    for row in rows:
        made.setdefault(row[key], []).append(row)
    return made


def write_sqlite(path: str, written: Written) -> list[float]:
    """Write everything through the bare driver; return how long each transaction took."""
    connection = driver().connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    statements = {
        table: f'insert into "{table}" ({columns}) values ({_marks(columns)})'
        for table, columns in written.columns.items()
    }
    took = []
    for batch in written.batches:
        began = time.perf_counter()
        connection.execute("begin immediate")
        connection.executemany(
            "delete from event_queue where activity_id = ?", [(n,) for n in batch.looked_at]
        )
        for table, rows in batch.inserts.items():
            connection.executemany(statements[table], rows)
        connection.executemany(
            "update contact set department = ?, updated_at = ? where id = ?", batch.moved
        )
        connection.execute("commit")
        took.append(time.perf_counter() - began)
    connection.close()
    return took


def _marks(columns: str) -> str:
    return ", ".join("?" * len(columns.split(", ")))


def write_postgres(place: str, written: Written) -> list[float]:
    """Write everything by COPY; return how long each transaction took."""
    import psycopg

    took = []
    with psycopg.connect(place) as connection:
        for batch in written.batches:
            began = time.perf_counter()
            _copy_in(connection, written.columns, batch)
            connection.commit()
            took.append(time.perf_counter() - began)
    return took


def _copy_in(connection: Any, columns: dict[str, str], batch: Rows) -> None:
    connection.execute("delete from event_queue where activity_id = any(%s)", (batch.looked_at,))
    for table, rows in batch.inserts.items():
        with connection.cursor().copy(f'copy "{table}" ({columns[table]}) from stdin') as copy:
            for row in rows:
                copy.write_row(row)
    departments, moments, numbers = (list(each) for each in zip(*batch.moved, strict=True))
    connection.execute(
        "update contact set department = u.d, updated_at = u.t from"
        " unnest(%s::text[], %s::bigint[], %s::bigint[]) u(d, t, i) where id = u.i",
        (departments, moments, numbers),
    )


def forget(connection: Connection) -> None:
    """Take everything that the engine wrote out again, so that it can be written once more."""
    on_server = " on activity" if connection.dialect.name == "postgresql" else ""
    for statement in (
        f"drop trigger if exists activity_kept{on_server}",
        "delete from visit where outcome <> 'waiting'",
        "delete from record_tag",
        "delete from task",
        "delete from activity where run_id is not null",
        "delete from run where state = 'done'",
    ):
        connection.exec_driver_sql(statement)
