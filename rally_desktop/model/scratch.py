"""An office in memory, to try things out in: same tables, nothing of it ever on a disk."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import Connection, QueuePool, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from rally_desktop.core.clock import Clock
from rally_desktop.model.filters import register_functions
from rally_desktop.model.sqlite import driver
from rally_desktop.model.store import Store
from rally_desktop.model.tables import metadata

_numbers = count(1)


def open_scratch(clock: Clock) -> Store:
    """Return an empty store of its own; closing it is the end of all that is in it.

    Records are copied into it by parts, so references are not checked there.
    """
    address = f"file:/rally-scratch-{next(_numbers)}?vfs=memdb"

    def connect() -> Any:
        return driver().connect(address, uri=True, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, module=driver(), poolclass=QueuePool)
    event.listen(engine, "connect", lambda connection, _: register_functions(connection))
    event.listen(engine, "begin", _begin)
    raw = engine.raw_connection()
    try:
        raw.cursor().executescript(_schema())
    finally:
        raw.close()
    return Store(engine, clock)


@cache
def _schema() -> str:
    """Return what makes every table and index, written out once."""
    dialect = sqlite.dialect()
    made: list[DDLElement] = [CreateTable(table) for table in metadata.sorted_tables]
    made += [CreateIndex(index) for table in metadata.sorted_tables for index in table.indexes]
    return ";".join(str(one.compile(dialect=dialect)) for one in made)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("rally_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
