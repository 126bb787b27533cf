"""Search as you type on PostgreSQL, with the same people and the same questions as on SQLite.

The yardstick is a LIKE over the same contacts in the same run, for the same letters.
"""

from __future__ import annotations

import time
from typing import Any

from benchmarks import search as on_sqlite
from rally_desktop.core.clock import SystemClock, to_micros
from rally_desktop.model import tables
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import search_care
from tests.postgres import running_server

ROWS, ROWS_QUICK = 1_000_000, 20_000
GOAL_MS = 100.0


def run(quick: bool) -> list[dict[str, Any]]:
    """Measure with 1,000,000 contacts, or 20,000 for a first look."""
    rows = ROWS_QUICK if quick else ROWS
    with running_server() as server:
        store = Store.open(server.create("search"), SystemClock())
        store.write(_fill, rows)
        begun = time.perf_counter()
        search_care.read_all(store, on_sqlite.told, share=on_sqlite.ALONE)
        seconds = time.perf_counter() - begun
        _take_stock(store)
        found = [
            on_sqlite.measured(store, name, text, GOAL_MS, " on PostgreSQL")
            for name, text in store.read(on_sqlite.asked)
        ]
        store.close()
    return [*found, on_sqlite.row("search on PostgreSQL: read in anew, contacts/s", rows / seconds)]


def _fill(work: Work, count: int) -> None:
    """Write contacts in one go; what is not searched by needs no index here."""
    for index in tables.contact.indexes:
        index.drop(work.connection)
    driver = work.connection.connection.driver_connection
    assert driver is not None
    copying = driver.cursor().copy(f"copy contact ({', '.join(on_sqlite.COLUMNS)}) from stdin")
    with copying as copy:
        for person in on_sqlite.people(to_micros(work.now), count):
            copy.write_row(person)


def _take_stock(store: Store) -> None:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze")
