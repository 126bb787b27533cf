"""Running the revisions a database lacks, in one transaction."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from rally_desktop.core.errors import DatabaseUnusable
from rally_desktop.model.backup import back_up_file
from rally_desktop.model.filters import POSTGRES_FOLD
from rally_desktop.model.migrations.chain import HEAD, REVISIONS, read_version, write_version

# Any number, as long as every Rally Desktop waits in the same line.
ADVISORY_LOCK = 0x52414C59


def bring_up_to_date(engine: Engine, target: int = HEAD) -> None:
    """Run every revision up to ``target`` that the database lacks; a file is backed up first."""
    with engine.connect() as connection:
        found = read_version(connection)
    refuse_newer(found)
    if found >= target:
        return
    if found and engine.dialect.name == "sqlite":
        path = Path(engine.url.database or "")
        back_up_file(engine, path.with_name(f"{path.stem}.before-{target}{path.suffix}"))
    try:
        with _alone(engine) as connection:
            _advance(connection, target)
    except DBAPIError as error:
        raise DatabaseUnusable(
            f"The database could not be brought up to date and is as it was: {error.orig}."
        ) from error


def refuse_newer(found: int) -> None:
    """Raise DatabaseUnusable where a schema is newer than this program."""
    if found > HEAD:
        raise DatabaseUnusable(
            "This database was made by a newer Rally Desktop. Bring the program on this computer "
            "up to date, then open it again."
        )


def _advance(connection: Connection, target: int) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    # Read again: another desktop may have been first while we waited for the lock.
    found = read_version(connection)
    refuse_newer(found)
    if connection.dialect.name == "postgresql":
        # Made anew with every upgrade: a change of its text needs a revision, if an empty one.
        connection.exec_driver_sql(POSTGRES_FOLD)
    operations = Operations(MigrationContext.configure(connection))
    for number, module in REVISIONS.items():
        if found < number <= target:
            importlib.import_module(module).upgrade(operations)
            write_version(connection, number)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Hold the only transaction that may change the schema."""
    with engine.connect().execution_options(rally_write=True) as connection:
        if engine.dialect.name == "sqlite":
            with _loose_references(connection), connection.begin():
                yield connection
                _refuse_loose_ends(connection)
        else:
            with connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
                yield connection


@contextmanager
def _loose_references(connection: Connection) -> Iterator[None]:
    """Let tables be made anew under their old names (sqlite.org/lang_altertable.html, 7)."""
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.close()


def _refuse_loose_ends(connection: Connection) -> None:
    """Undo everything where a row would point at nothing."""
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if loose:
        raise DatabaseUnusable(
            f"The database could not be brought up to date: {len(loose)} rows of ‘{loose[0][0]}’ "
            "point at records that are gone. It is as it was; restore a backup or ask for help."
        )
