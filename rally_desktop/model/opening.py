"""Opening a database: what we know of it before a single record is read."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError

from rally_desktop.core.errors import DatabaseUnusable
from rally_desktop.model import postgres, search_index, sqlite
from rally_desktop.model.migrations import bring_up_to_date, read_version

_EXAMPLES = "It looks like sqlite:////home/ana/office.rally or postgresql://ana@server/office."


def database_file(url: str) -> Path | None:
    """Return the file a SQLite address names, or None for a server."""
    parsed = _parsed(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def open_engine(url: str, *, patience: float = sqlite.PATIENCE) -> Engine:
    """Open a database by its address; raise DatabaseUnusable with what to do.

    ``patience`` is how many seconds to wait for another program that is writing to a file.
    Transactions begin as readers; ``execution_options(rally_write=True)`` makes a writer.
    The schema is left as it is: ``upgrade`` brings it up to date.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        return postgres.open_server(parsed)
    if not parsed.database or parsed.database == ":memory:":
        raise DatabaseUnusable(f"The address names no file. {_EXAMPLES}")
    return sqlite.open_file(Path(parsed.database), patience=patience)


def open_database(url: str, *, patience: float = sqlite.PATIENCE) -> Engine:
    """Open a database by its address and bring its schema up to date."""
    engine = open_engine(url, patience=patience)
    try:
        upgrade(engine)
        search_index.make(engine)
    except DatabaseUnusable:
        engine.dispose()
        raise
    return engine


def schema_version(engine: Engine) -> int:
    """Return the number of the schema a database has; 0 where it is empty."""
    with engine.connect() as connection:
        return read_version(connection)


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date, all or nothing; a file is backed up first.

    Raises DatabaseUnusable where a newer Rally Desktop made the database.
    """
    bring_up_to_date(engine)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() in ("sqlite", "postgresql"):
            return parsed
    except ArgumentError:
        pass
    raise DatabaseUnusable(f"The address of the database cannot be read. {_EXAMPLES}")
