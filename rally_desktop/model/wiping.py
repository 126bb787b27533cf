"""What was deleted made unreadable: the database written anew, its log emptied.

A database keeps the bytes of what was deleted until it needs their room. A server's own logs and
backups are beyond us.
"""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from rally_desktop.model.sqlite import driver

TRIES = 20  # each waits as long as the connection's patience for whoever reads


def wipe(engine: Engine) -> bool:
    """Write the database anew without what was deleted; say False where that was not possible."""
    if engine.dialect.name == "sqlite":
        return _rewrite(engine)
    try:
        with engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(text("vacuum (analyze)"))
    except DBAPIError:
        return False
    return True


def _rewrite(engine: Engine) -> bool:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("VACUUM")
        return any(_emptied(cursor) for _ in range(TRIES))
    except driver().Error:
        return False
    finally:
        raw.close()


def _emptied(cursor: object) -> bool:
    """Bring the log into the file and cut it off; readers may be in the way."""
    busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # type: ignore[attr-defined]
    return not busy
