"""What an upgrade leaves behind when it is killed, refused or overtaken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import event, inspect

from rally_desktop.core.errors import DatabaseUnusable
from rally_desktop.model.migrations import HEAD
from rally_desktop.model.migrations.chain import write_version
from rally_desktop.model.opening import open_database, open_engine, schema_version, upgrade
from scripts.migration import baseline

# Upgrades a database and kills itself, as a power cut would, before statement ``argv[2]``.
KILLED_UPGRADE = """
import os, signal, sys
from sqlalchemy import event
from rally_desktop.model.opening import open_engine, upgrade

engine = open_engine(sys.argv[1])
left = int(sys.argv[2])

@event.listens_for(engine, "before_cursor_execute")
def count(connection, cursor, statement, *rest):
    global left
    if statement.startswith(("CREATE", "PRAGMA application_id", "INSERT", "DELETE")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

upgrade(engine)
"""
# Those of both databases, and the two that write the number.
STATEMENTS = min(baseline(name).count("CREATE ") for name in ("sqlite", "postgresql")) + 2


def killed_upgrade(url, after):
    """Run an upgrade in a process of its own that dies after so many statements."""
    command = [sys.executable, "-c", KILLED_UPGRADE, url, str(after)]
    return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("after", [0, 1, 5, STATEMENTS // 2, STATEMENTS - 1])
def test_a_killed_upgrade_leaves_nothing_half(empty_database, after):
    """Whatever statement an upgrade dies at, the database is empty again and can be upgraded."""
    assert killed_upgrade(empty_database, after) == -signal.SIGKILL
    engine = open_engine(empty_database)
    assert inspect(engine).get_table_names() == []
    upgrade(engine)
    assert schema_version(engine) == HEAD
    engine.dispose()


@pytest.mark.parametrize("after", range(STATEMENTS))
def test_a_failed_upgrade_leaves_nothing_half(tmp_path, after):
    """Whatever statement of an upgrade fails, the file has no table and is no newer."""
    engine = open_engine(f"sqlite:///{tmp_path}/office.rally")
    left = iter([True] * after)

    @event.listens_for(engine, "before_cursor_execute")
    def fail(connection, cursor, statement, *rest):
        if statement.startswith(("CREATE", "INSERT", "DELETE")) and not next(left, False):
            raise DatabaseUnusable("the disk is gone")

    with pytest.raises(DatabaseUnusable, match="disk is gone"):
        upgrade(engine)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_newer_database_is_refused(database):
    """A database of a newer program is not opened, and the person is told to update."""
    engine = open_engine(database)
    with engine.connect().execution_options(rally_write=True) as connection, connection.begin():
        write_version(connection, HEAD + 1)
    engine.dispose()
    with pytest.raises(DatabaseUnusable, match="newer Rally Desktop"):
        open_database(database)


def test_two_programs_upgrade_one_database(empty_database):
    """Two desktops that open an empty database at once both find it up to date."""
    found = []
    engines = [open_engine(empty_database) for _ in range(2)]
    threads = [
        threading.Thread(target=lambda e=e: (upgrade(e), found.append(schema_version(e))))
        for e in engines
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()
    assert found == [HEAD, HEAD]
