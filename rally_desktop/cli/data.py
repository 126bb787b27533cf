"""Verbs that look after the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rally_desktop.cli.verb import AsJson, Database, answer, verb
from rally_desktop.core.errors import BadFile, Refused


@verb
def db_upgrade(database: Database = "", as_json: AsJson = False) -> None:
    """Bring the database up to date; a file is backed up first."""
    from rally_desktop.model.opening import open_engine, schema_version, upgrade

    engine = open_engine(existing(database))
    try:
        before = schema_version(engine)
        upgrade(engine)
        after = schema_version(engine)
    finally:
        engine.dispose()
    text = f"Brought from {before} to {after}." if before != after else f"Up to date ({after})."
    answer({"before": before, "after": after}, as_json, text)


@verb
def db_backup(
    target: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Write a copy of the database and check that it is whole; Rally Desktop may be running."""
    from rally_desktop.core.clock import SystemClock
    from rally_desktop.model.backup import back_up_file
    from rally_desktop.model.migrations import HEAD
    from rally_desktop.model.opening import database_file, open_engine, schema_version
    from rally_desktop.model.store import Store
    from rally_desktop.services import audit

    url = existing(database)
    if database_file(url) is None:
        raise Refused(
            "A database on a server is backed up by PostgreSQL itself: run "
            f"pg_dump --format=custom --file={target} with the address of the database."
        )
    engine = open_engine(url)
    try:
        written = back_up_file(engine, target.absolute())
        size = written.stat().st_size
        if schema_version(engine) == HEAD:
            store = Store(engine, SystemClock())
            store.write(audit.say, "backed_up", "office", file=written.name, bytes=size)
    finally:
        engine.dispose()
    answer(
        {"file": str(written), "bytes": size},
        as_json,
        f"{written} is whole ({size / 1e6:.1f} MB).",
    )


def existing(database: str) -> str:
    """Return the address of a database that is there; a file is not made by looking at it."""
    from rally_desktop.model.opening import database_file
    from rally_desktop.model.place import database_url

    url = database_url(database)
    path = database_file(url)
    if path is not None and not path.is_file():
        raise BadFile(f"There is no database {path}. Check the name, or start Rally Desktop once.")
    return url
