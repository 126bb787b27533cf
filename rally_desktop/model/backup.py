"""A copy of the database that is whole, checked before anybody relies on it."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine

from rally_desktop.core.errors import BadFile, DatabaseUnusable
from rally_desktop.model.sqlite import driver, unusable


def back_up_file(engine: Engine, target: Path) -> Path:
    """Write a verified copy of a database file to ``target`` and return it.

    Copying the file by hand would leave out what is still in its write-ahead log; this reads
    one consistent state while others go on writing. An older copy is replaced only by one that
    has been checked.
    """
    if not target.parent.is_dir():
        raise BadFile(f"There is no folder {target.parent}. Choose another place for the backup.")
    source = Path(engine.url.database or "")
    if target.exists() and target.samefile(source):
        raise BadFile("A database cannot be backed up onto itself. Choose another file.")
    fresh = target.with_name(f"{target.name}.part")
    fresh.unlink(missing_ok=True)
    try:
        _copy(engine, fresh)
        _mark(fresh)
        _verify(fresh)
        os.replace(fresh, target)
    except driver().Error as error:
        raise unusable(error, source) from error
    except OSError as error:
        raise BadFile(f"The backup {target} cannot be written: {error.strerror}.") from error
    finally:
        fresh.unlink(missing_ok=True)
    return target


def _copy(engine: Engine, target: Path) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600))
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()


def _mark(path: Path) -> None:
    """Write into a copy that it is one: restored, it must not send what has gone out already."""
    copy = driver().connect(str(path), isolation_level=None)
    try:
        if copy.execute("SELECT 1 FROM sqlite_schema WHERE name = 'setting'").fetchone():
            copy.execute("UPDATE setting SET value = '\"copy\"' WHERE name = 'home'")
    finally:
        copy.close()


def _verify(path: Path) -> None:
    """Read every page of a copy; raise DatabaseUnusable where one is not right."""
    copy = driver().connect(str(path))
    try:
        answer = copy.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        copy.close()
    if answer != "ok":
        raise DatabaseUnusable(
            f"The backup is not whole ({answer}), so the database is damaged. Restore an older "
            "backup."
        )
    with path.open("rb+") as file:
        os.fsync(file.fileno())
