"""Row numbers, given out before the row is written, so that a change can name what it makes."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from itertools import count

from sqlalchemy import Connection

BLOCK = 256


class Sequences:
    """Numbers from PostgreSQL's sequences, fetched a block at a time for the whole process.

    A number that a rolled-back transaction took is not given out again: gaps do no harm.
    """

    def __init__(self) -> None:
        self._free: defaultdict[str, deque[int]] = defaultdict(deque)
        self._lock = threading.Lock()

    def take(self, connection: Connection, table: str) -> int:
        """Return a fresh number for a row of ``table``."""
        with self._lock:
            free = self._free[table]
            if not free:
                drawn = connection.exec_driver_sql(
                    f"select nextval('{table}_id_seq') from generate_series(1, {BLOCK})"
                )
                free.extend(row[0] for row in drawn)
            return free.popleft()


class Ids:
    """The numbers that one transaction gives out."""

    def __init__(self, connection: Connection, sequences: Sequences) -> None:
        self._connection = connection
        self._sequences = sequences if connection.dialect.name == "postgresql" else None
        self._counters: dict[str, count[int]] = {}

    def take(self, table: str) -> int:
        """Return a fresh number for a row of ``table``.

        On SQLite the writer is alone, so it counts on from the highest number ever used.
        """
        if self._sequences is not None:
            return self._sequences.take(self._connection, table)
        if table not in self._counters:
            used = self._connection.exec_driver_sql(
                "select seq from sqlite_sequence where name = ?", (table,)
            ).scalar()
            self._counters[table] = count((used or 0) + 1)
        return next(self._counters[table])
