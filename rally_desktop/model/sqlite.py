"""How a SQLite file is opened: never in a way that loses what was said to be saved.

SQLCipher's build brings one SQLite to every system; the interpreter's own is the fall-back.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from rally_desktop.core.errors import DatabaseUnusable
from rally_desktop.model.filters import register_functions
from rally_desktop.model.place import check_place

APPLICATION_ID = 0x52414C59  # «RALY», in the header of every database of ours
PATIENCE = 5.0  # seconds to wait for another writer
SAFE_VERSION = (3, 51, 3)  # before it, a restarted write-ahead log could damage the file
HEADER = b"SQLite format 3\x00"
APPLICATION_ID_AT = slice(68, 72)  # sqlite.org/fileformat.html, 1.3

# Kilobytes of pages that whoever writes keeps: new rows go to many places of an index.
ROOM = 32 * 1024

PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA synchronous=FULL",
)

_WHAT_TO_DO = {
    "SQLITE_BUSY": "{path} is in use by another program. Close that program and try again.",
    "SQLITE_LOCKED": "{path} is in use by another program. Close that program and try again.",
    "SQLITE_READONLY": "{path} cannot be written to. Ask for the right to change it, or copy it "
    "to a folder of your own.",
    "SQLITE_CANTOPEN": "{path} cannot be opened. Check that the folder exists and that you may "
    "write in it.",
    "SQLITE_NOTADB": "{path} is not a Rally Desktop database. Choose another file.",
    "SQLITE_CORRUPT": "{path} is damaged. Close Rally Desktop and restore your last backup.",
    "SQLITE_FULL": "The disk is full. Make room and try again.",
    "SQLITE_IOERR": "The disk that {path} is on does not answer. Check the disk and try again.",
}


@cache
def driver() -> ModuleType:
    """Return the module that speaks to SQLite."""
    try:
        from sqlcipher3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    return _at_ease(dbapi2)


def _at_ease(module: ModuleType) -> ModuleType:
    """Spare a driver the search for how nothing, yes and no are stored.

    It is in vain each time, and takes longer than to store the whole row.
    """
    module.register_adapter(type(None), lambda nothing: nothing)
    module.register_adapter(bool, int)
    return module


def version() -> tuple[int, ...]:
    """Return the version of SQLite that is in use."""
    return tuple(driver().sqlite_version_info)


def open_file(path: Path, *, patience: float = PATIENCE) -> Engine:
    """Open a database file, made if it is not there; raise DatabaseUnusable with what to do."""
    check_place(path)
    _check_file(path)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=driver(),
        hide_parameters=True,  # of an error the log shows no more than the statement
        pool_use_lifo=True,  # whoever writes again finds the pages of the last time
        connect_args={"timeout": patience, "isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        _probe(engine, path)
    except driver().Error as error:
        engine.dispose()
        raise unusable(error, path) from error
    except DatabaseUnusable:
        engine.dispose()
        raise
    return engine


def unusable(error: Exception, path: Path) -> DatabaseUnusable:
    """Say what is wrong with a file, and what to do about it."""
    name = str(getattr(error, "sqlite_errorname", ""))
    for code, text in _WHAT_TO_DO.items():
        if name.startswith(code):
            return DatabaseUnusable(text.format(path=path))
    return DatabaseUnusable(f"{path} cannot be opened: {error}.")


def _check_file(path: Path) -> None:
    """Refuse what is not ours before SQLite touches it; make a new file readable by us alone."""
    if path.is_dir():
        raise DatabaseUnusable(f"{path} is a folder. Choose a file.")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with path.open("rb") as file:
            head = file.read(100)
    except PermissionError as error:
        raise DatabaseUnusable(_WHAT_TO_DO["SQLITE_READONLY"].format(path=path)) from error
    except OSError as error:
        raise DatabaseUnusable(f"{path} cannot be opened: {error.strerror}.") from error
    if not os.access(path.parent, os.W_OK):
        raise DatabaseUnusable(_WHAT_TO_DO["SQLITE_READONLY"].format(path=path))
    if not head:
        return
    if head[: len(HEADER)] != HEADER:
        raise DatabaseUnusable(_WHAT_TO_DO["SQLITE_NOTADB"].format(path=path))
    if int.from_bytes(head[APPLICATION_ID_AT], "big") not in (0, APPLICATION_ID):
        raise _foreign(path)


def _foreign(path: Path) -> DatabaseUnusable:
    return DatabaseUnusable(f"{path} belongs to another program. Choose another file.")


def _prepare(connection: Any, _record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(pragma)
    register_functions(connection)


def _begin(connection: Connection) -> None:
    """Begin by hand: a writer takes its lock first, so that waiting in line works."""
    writes = connection.get_execution_options().get("rally_write", False)
    if writes and not connection.info.setdefault("roomy", False):
        connection.exec_driver_sql(f"PRAGMA cache_size=-{ROOM}")
        connection.info["roomy"] = True
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _probe(engine: Engine, path: Path) -> None:
    """Recognise the file as ours or empty, then switch it to a write-ahead log."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        tables = cursor.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        mark = cursor.execute("PRAGMA application_id").fetchone()[0]
        if tables and mark != APPLICATION_ID:
            raise _foreign(path)
        mode = cursor.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    finally:
        raw.close()
    if mode != "wal":
        raise DatabaseUnusable(
            f"{path} is on a disk that cannot keep a write-ahead log. Choose another folder."
        )
