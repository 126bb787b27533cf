"""How a PostgreSQL database is opened: with limits on every wait, so that nothing hangs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from rally_desktop.core.clock import SharedClock
from rally_desktop.core.errors import DatabaseUnusable

OLDEST = 18
MARK = "schema_version"

# libpq waits for ever on a half-open connection unless told otherwise (seconds).
CONNECTION = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "application_name": "Rally Desktop",
    "options": "-c idle_in_transaction_session_timeout=15s -c statement_timeout=30s "
    "-c lock_timeout=5s -c timezone=UTC",
}

_WHAT_TO_DO = {
    "28P01": "The name or password for {where} is not accepted. Check both.",
    "28000": "{where} does not let this user in. Ask whoever looks after the server.",
    "3D000": "There is no database {where}. Make it, or check its name.",
    "42501": "This user may not use {where}. Ask whoever looks after the server.",
    "53300": "{where} has no free connection left. Close Rally Desktop on a computer not in use.",
    "53100": "The disk of {where} is full. Ask whoever looks after the server.",
}


def open_server(url: URL) -> Engine:
    """Open a database on a server; raise DatabaseUnusable with what to do."""
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={key: value for key, value in CONNECTION.items() if key not in url.query},
        hide_parameters=True,  # of an error the log shows no more than the statement
        pool_pre_ping=True,
    )
    event.listen(engine, "begin", _begin)
    try:
        with engine.connect() as connection:
            _check(connection, where(url))
    except DBAPIError as error:
        engine.dispose()
        raise unusable(error, url) from error
    except DatabaseUnusable:
        engine.dispose()
        raise
    return engine


def server_clock(engine: Engine) -> SharedClock:
    """Return the server's clock, which all computers of the office go by."""

    def ask() -> datetime | None:
        try:
            with engine.connect() as connection:
                return connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        except DBAPIError:
            return None

    return SharedClock(ask)


def where(url: URL) -> str:
    """Say which database on which server, without the password."""
    host = url.host or url.query.get("host") or "this computer"
    return f"‘{url.database}’ on {host}"


def unusable(error: DBAPIError, url: URL) -> DatabaseUnusable:
    """Say what is wrong with a server, and what to do about it; never with the password."""
    code = str(getattr(error.orig, "sqlstate", "") or "")
    if text := _WHAT_TO_DO.get(code):
        return DatabaseUnusable(text.format(where=where(url)))
    said = str(error.orig).lower()
    if "password authentication failed" in said:
        return DatabaseUnusable(_WHAT_TO_DO["28P01"].format(where=where(url)))
    if "does not exist" in said and "database" in said:
        return DatabaseUnusable(_WHAT_TO_DO["3D000"].format(where=where(url)))
    return DatabaseUnusable(
        f"The database {where(url)} does not answer. Check that the server is running and that "
        "this computer can reach it."
    )


def _begin(connection: Connection) -> None:
    """Let a reader see one moment of the database, however many statements it takes."""
    if not connection.get_execution_options().get("rally_write", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _check(connection: Connection, place: str) -> None:
    release, encoding = connection.exec_driver_sql(
        "SELECT current_setting('server_version_num')::int / 10000, "
        "current_setting('server_encoding')"
    ).one()
    if release < OLDEST:
        raise DatabaseUnusable(
            f"The server of {place} is PostgreSQL {release}; Rally Desktop needs {OLDEST} or "
            "later. Ask whoever looks after the server to bring it up to date."
        )
    if encoding != "UTF8":
        raise DatabaseUnusable(
            f"{place} keeps its text as {encoding}. Make a database with the encoding UTF8."
        )
    tables, marked = connection.exec_driver_sql(
        "SELECT count(*), count(*) FILTER (WHERE tablename = %s) FROM pg_tables "
        "WHERE schemaname = current_schema()",
        (MARK,),
    ).one()
    if tables and not marked:
        raise DatabaseUnusable(
            f"{place} belongs to another program. Make an empty database for Rally Desktop."
        )
