"""What is asked of a PostgreSQL server, and what the person is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.core.clock import SharedClock, SystemClock
from rally_desktop.core.errors import DatabaseUnusable
from rally_desktop.model import postgres
from rally_desktop.model.opening import open_engine
from rally_desktop.model.store import Store

pytestmark = pytest.mark.slow

LIMITS = {
    "idle_in_transaction_session_timeout": "15s",
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "TimeZone": "UTC",
}


@pytest.mark.parametrize("name", LIMITS)
def test_every_wait_has_an_end(postgres_url, name):
    """No statement, lock or forgotten transaction of ours can hold others up for long."""
    engine = open_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"SHOW {name}").scalar() == LIMITS[name]
    engine.dispose()


def test_a_database_of_another_program_is_refused(postgres_server):
    """A database with tables that are not ours is refused and stays as it was."""
    url = postgres_server.create("songs")
    engine = postgres.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE song (title text)")
    engine.dispose()
    with pytest.raises(DatabaseUnusable, match="another program"):
        open_engine(url)
    postgres_server.drop("songs")


def test_an_older_server_is_refused(postgres_url, monkeypatch):
    """A server that is too old is refused with both versions."""
    monkeypatch.setattr(postgres, "OLDEST", 99)
    with pytest.raises(DatabaseUnusable, match="needs 99"):
        open_engine(postgres_url)


def test_a_missing_database_is_named(postgres_server):
    """A database that does not exist is named."""
    with pytest.raises(DatabaseUnusable, match="no database ‘nowhere’"):
        open_engine(postgres_server.url("nowhere"))


def test_a_silent_server_is_named_without_its_password():
    """A server that does not answer is named; the password is not."""
    with pytest.raises(DatabaseUnusable, match=r"‘office’ on 127\.0\.0\.1") as raised:
        open_engine("postgresql://ana:s3cret@127.0.0.1:9/office")
    assert "s3cret" not in str(raised.value)


def test_due_times_are_the_servers(postgres_url):
    """A store on a server goes by the server's clock, whatever this computer thinks."""
    store = Store.open(postgres_url, SystemClock())
    with store.engine.connect() as connection:
        server = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    assert isinstance(store.clock, SharedClock)
    assert abs(store.read(lambda work: work.now) - server) < timedelta(seconds=5)
    store.close()
