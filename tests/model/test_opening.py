"""What is opened, what is refused, and what the person is told to do."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from pathlib import Path

import pytest

from rally_desktop.core.errors import DatabaseUnusable
from rally_desktop.model import sqlite
from rally_desktop.model.opening import (
    database_file,
    open_database,
    open_engine,
    schema_version,
)
from rally_desktop.model.place import database_url

SETTINGS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "application_id": sqlite.APPLICATION_ID,
}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_connection_is_careful(sqlite_url, name):
    """A connection keeps its write-ahead log, flushes fully, and trusts no schema."""
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == SETTINGS[name]
    engine.dispose()


def test_sqlite_is_recent_enough():
    """The SQLite in use is free of the fault that damaged files when a log restarted."""
    assert sqlite.version() >= sqlite.SAFE_VERSION


def test_a_database_outlives_its_program(empty_database):
    """What was made is there when the database is opened again."""
    open_database(empty_database).dispose()
    engine = open_engine(empty_database)
    assert schema_version(engine) > 0
    engine.dispose()


def test_a_new_file_is_for_its_owner_alone(tmp_path):
    """Nobody else on the computer may read a database that Rally Desktop made."""
    path = tmp_path / "office.rally"
    open_database(f"sqlite:///{path}").dispose()
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0


def test_a_file_of_another_program_is_refused(tmp_path):
    """Another program's SQLite file is refused and stays as it was."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE song (title TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseUnusable, match="another program"):
        open_engine(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_text_file_is_refused(tmp_path):
    """A file that is no database is refused and stays as it was."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ana, thank you for coming in." * 20)
    with pytest.raises(DatabaseUnusable, match="not a Rally Desktop database"):
        open_engine(f"sqlite:///{path}")
    assert path.read_text().startswith("Dear Ana")


def test_a_locked_file_is_refused(tmp_path):
    """A file that another program holds is refused once the wait is over."""
    path = tmp_path / "held.rally"
    other = sqlite.driver().connect(str(path), isolation_level=None)
    other.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseUnusable, match="in use by another program"):
        open_engine(f"sqlite:///{path}", patience=0.05)
    other.close()


@pytest.fixture
def ordinary_folder():
    """A folder of an ordinary user, who the test is run as: root may write everywhere."""
    # Not in pytest's own folder, which is closed to others.
    folder = Path(tempfile.mkdtemp(prefix="rally-test-", dir=None if os.name == "nt" else "/tmp"))
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_cannot_be_written_is_refused(ordinary_folder, what):
    """A file or folder that only allows reading is refused, with the advice to copy it."""
    path = ordinary_folder / "office.rally"
    path.write_bytes(b"")
    protected = {"file": (path, 0o400), "folder": (ordinary_folder, 0o500)}
    protected[what][0].chmod(protected[what][1])
    with pytest.raises(DatabaseUnusable, match="copy it to a folder of your own"):
        open_engine(f"sqlite:///{path}")


def test_a_missing_folder_is_named(tmp_path):
    """A path into a folder that is not there is refused by the folder's name."""
    with pytest.raises(DatabaseUnusable, match=r"no folder .*absent"):
        open_engine(f"sqlite:///{tmp_path}/absent/office.rally")


def test_a_folder_is_no_database(tmp_path):
    """A folder given as the database is refused."""
    with pytest.raises(DatabaseUnusable, match="is a folder"):
        open_engine(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("url", ["nonsense", "mysql://ana@server/office", "sqlite://"])
def test_an_address_that_cannot_be_used_is_refused(url):
    """An address of another kind is refused with an example of a right one."""
    with pytest.raises(DatabaseUnusable, match="looks like sqlite:////"):
        open_engine(url)


def test_a_path_is_an_address(tmp_path, monkeypatch):
    """People may write a file's name, or nothing, where an address is wanted."""
    monkeypatch.chdir(tmp_path)
    assert database_file(database_url("office.rally")) == tmp_path / "office.rally"
    assert database_file(database_url("")).name == "office.rally"
    assert database_url("postgresql://server/office") == "postgresql://server/office"
    assert database_file("postgresql://server/office") is None


def test_any_file_name_makes_an_address(tmp_path):
    """A file's name with characters that mean something in an address still names that file."""
    path = tmp_path / "100% Müller & Co? #1.rally"
    open_database(database_url(str(path))).dispose()
    assert path.is_file()


def test_readers_see_one_moment(database):
    """A reader's transaction does not see what is committed after its first look."""
    engine = open_engine(database)
    with engine.connect() as reader:
        before = reader.exec_driver_sql("SELECT count(*) FROM setting").scalar()
        with engine.connect().execution_options(rally_write=True) as writer, writer.begin():
            writer.exec_driver_sql("INSERT INTO setting (name, value) VALUES ('a', '1')")
        assert reader.exec_driver_sql("SELECT count(*) FROM setting").scalar() == before
    engine.dispose()
