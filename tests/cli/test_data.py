"""The verbs that look after the database."""

from __future__ import annotations

import json

import pytest

from rally_desktop.cli.main import run
from rally_desktop.model.migrations import HEAD
from rally_desktop.model.opening import database_file, open_engine
from rally_desktop.model.store import Store
from rally_desktop.services import contacts


def rally(*words):
    """Run the command line; no window opens."""
    return run(lambda url: 0, list(words))


@pytest.fixture
def file(sqlite_url, clock):
    """A database with one contact in it, still open, so that its log is not empty."""
    store = Store.open(sqlite_url, clock)
    store.write(contacts.create, {"first_name": "Ana"})
    yield database_file(sqlite_url)
    store.close()


def test_a_backup_has_everything(file, tmp_path):
    """A backup taken while the program runs has what was just saved."""
    target = tmp_path / "backup.rally"
    assert rally("db", "backup", str(target), "--database", str(file)) == 0
    engine = open_engine(f"sqlite:///{target}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT first_name FROM contact").scalar() == "Ana"
    engine.dispose()


def test_a_damaged_database_replaces_no_backup(file, tmp_path, capsys):
    """A backup that is not whole is reported, and the older one stays."""
    target = tmp_path / "backup.rally"
    target.write_text("the older backup")
    damaged = tmp_path / "damaged.rally"
    rally("db", "backup", str(damaged), "--database", str(file))
    content = bytearray(damaged.read_bytes())
    content[3 * 4096 : 12 * 4096] = bytes(9 * 4096)
    damaged.write_bytes(content)
    assert rally("db", "backup", str(target), "--database", str(damaged)) == 1
    assert "damaged" in capsys.readouterr().err
    assert target.read_text() == "the older backup"


def test_a_backup_onto_itself_is_refused(file, capsys):
    """A database is never overwritten by its own backup."""
    assert rally("db", "backup", str(file), "--database", str(file)) == 1
    assert "onto itself" in capsys.readouterr().err


def test_a_server_is_backed_up_by_its_own_means(capsys):
    """For PostgreSQL the verb says which command makes the backup."""
    assert rally("db", "backup", "x.dump", "--database", "postgresql://server/office") == 1
    assert "pg_dump --format=custom --file=x.dump" in capsys.readouterr().err


def test_upgrading_says_what_it_did(tmp_path, capsys, database):
    """An upgrade answers with the schema's number before and after."""
    assert rally("db", "upgrade", "--json", "--database", database) == 0
    assert json.loads(capsys.readouterr().out) == {"before": HEAD, "after": HEAD}
