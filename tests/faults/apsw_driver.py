"""SQLite by way of apsw, as the driver SQLAlchemy knows: apsw lets Python play the disk.

Only what the program asks of its driver is here. Like the program's own, a connection begins and
ends transactions by the statements it is given and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import apsw

paramstyle = "qmark"
apilevel = "2.0"
threadsafety = 1
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))
PARSE_DECLTYPES = PARSE_COLNAMES = 0
Binary = bytes
KEPT = 500  # statements of a connection that are not prepared anew


class Warning(Exception):
    """Nothing raises it; the standard asks for it."""


class Error(Exception):
    """What SQLite said, with the name of its code."""

    sqlite_errorname = ""


class OperationalError(Error):
    """The disk, a lock, or the file."""


class IntegrityError(Error):
    """A constraint."""


class ProgrammingError(Error):
    """A wrong statement."""


DatabaseError = InterfaceError = InternalError = DataError = NotSupportedError = Error
# What a statement finds is the same on each disk: they all hold the same tables.
_columns: dict[str, list[tuple[Any, ...]] | None] = {}
_KINDS = {apsw.ConstraintError: IntegrityError, apsw.SQLError: ProgrammingError}


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        made = _KINDS.get(type(error), OperationalError)(str(error))
        codes = apsw.mapping_extended_result_codes | apsw.mapping_result_codes
        extended = getattr(error, "extendedresult", getattr(error, "result", 0))
        made.sqlite_errorname = str(codes.get(extended, ""))
        raise made from error


class Cursor:
    """Runs one statement after the other and keeps all rows of the last."""

    arraysize = 1

    def __init__(self, raw: apsw.Connection) -> None:
        self._raw = raw
        self._rows: list[tuple[Any, ...]] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, statement: str, parameters: Iterable[Any] = ()) -> Cursor:
        """Run a statement and fetch what it finds."""
        before = self._raw.total_changes()
        with _translated():
            cursor = self._raw.cursor()
            if statement in _columns:
                self.description = _columns[statement]
            else:
                # Only before the first row is it known what columns there are, if there are none.
                cursor.exec_trace = self._describe
            self._rows = cursor.execute(statement, tuple(parameters)).fetchall()
        self.rowcount = self._raw.total_changes() - before
        self.lastrowid = self._raw.last_insert_rowid()
        return self

    def _describe(self, cursor: apsw.Cursor, statement: str, _values: Any) -> bool:
        columns = cursor.get_description()
        self.description = [(name, *[None] * 6) for name, _ in columns] or None
        _columns[statement] = self.description
        return True

    def executemany(self, statement: str, parameters: Iterable[Iterable[Any]]) -> Cursor:
        """Run a statement with each of many sets of values."""
        with _translated():
            for one in parameters:
                self._raw.execute(statement, tuple(one))
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the next row."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """Return the next rows."""
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rest."""
        taken, self._rows = self._rows, []
        return taken

    def close(self) -> None:
        """Forget the rows."""
        self._rows = []


class Connection:
    """One connection; ``vfs`` is the disk it is on."""

    isolation_level = None

    def __init__(self, path: str, vfs: str) -> None:
        with _translated():
            self.raw = apsw.Connection(path, vfs=vfs, statementcachesize=KEPT)

    @property
    def in_transaction(self) -> bool:
        """Say whether a transaction is open."""
        return self.raw.in_transaction

    def cursor(self) -> Cursor:
        """Return a cursor."""
        return Cursor(self.raw)

    def execute(self, statement: str, parameters: Iterable[Any] = ()) -> Cursor:
        """Run a statement on a cursor of its own."""
        return self.cursor().execute(statement, parameters)

    def create_function(
        self, name: str, count: int, function: Callable[..., Any], deterministic: bool = False
    ) -> None:
        """Give SQLite a function."""
        self.raw.create_scalar_function(name, function, count, deterministic=deterministic)

    def commit(self) -> None:
        """Commit, if there is something to commit."""
        if self.raw.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        """Roll back, unless SQLite has done so already."""
        if self.raw.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        """Close, whatever the disk says to it."""
        with suppress(apsw.Error):
            self.raw.close()
