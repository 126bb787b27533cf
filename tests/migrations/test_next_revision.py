"""What will happen with the next revision: tried with one that exists in these tests alone."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from rally_desktop.core.errors import DatabaseUnusable
from rally_desktop.model.migrations import HEAD, REVISIONS, upgrade
from rally_desktop.model.opening import database_file, open_engine, schema_version

NEXT = HEAD + 1


@pytest.fixture
def revise(monkeypatch, database):
    """Bring a database with one company and its contact to a revision given as a function."""
    engine = open_engine(database)
    with engine.connect().execution_options(rally_write=True) as connection, connection.begin():
        connection.exec_driver_sql(
            "INSERT INTO company (id, name, created_at, updated_at) VALUES (1, 'Hill', 0, 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO contact (id, first_name, company_id, created_at, updated_at)"
            " VALUES (1, 'Ana', 1, 0, 0)"
        )

    def revise(change):
        monkeypatch.setitem(sys.modules, "next_revision", SimpleNamespace(upgrade=change))
        monkeypatch.setattr(upgrade, "REVISIONS", {**REVISIONS, NEXT: "next_revision"})
        upgrade.bring_up_to_date(engine, NEXT)
        return engine

    revise.engine = engine
    yield revise
    engine.dispose()


def one(engine, query):
    """Return the one value a query finds."""
    with engine.connect() as connection:
        return connection.exec_driver_sql(query).scalar()


def add_nickname(op):
    """Add a column, by way of a new table where the database can do no other."""
    with op.batch_alter_table("company", recreate="auto") as table:
        table.add_column(sa.Column("nickname", sa.String(200), server_default="", nullable=False))
        table.alter_column("industry", existing_type=sa.String(200), type_=sa.Text())


def test_a_table_is_changed_and_keeps_its_rows(revise):
    """A revision may make a table anew; its rows, and those that point at them, stay."""
    engine = revise(add_nickname)
    assert schema_version(engine) == NEXT
    assert one(engine, "SELECT nickname FROM company") == ""
    assert one(engine, "SELECT company_id FROM contact") == 1


def test_a_file_is_backed_up_first(revise):
    """Before a file is changed, a whole copy of it stands beside it, under the old number."""
    engine = revise(add_nickname)
    path = database_file(str(engine.url))
    if path is not None:
        copy = open_engine(f"sqlite:///{path.with_name(f'office.before-{NEXT}.rally')}")
        assert schema_version(copy) == HEAD
        assert one(copy, "SELECT first_name FROM contact") == "Ana"
        copy.dispose()


def test_a_revision_that_fails_changes_nothing(revise):
    """A revision that breaks half-way leaves rows, tables and number as they were."""

    def half(op):
        add_nickname(op)
        op.execute("INSERT INTO nowhere (x) VALUES (1)")

    with pytest.raises(DatabaseUnusable, match="is as it was"):
        revise(half)
    assert schema_version(revise.engine) == HEAD
    with pytest.raises(sa.exc.DBAPIError, match="nickname"):
        one(revise.engine, "SELECT nickname FROM company")


def test_a_revision_that_loses_records_is_undone(revise):
    """A revision after which a contact's company is gone is not kept."""
    with pytest.raises(DatabaseUnusable):
        revise(lambda op: op.execute("DELETE FROM company"))
    assert one(revise.engine, "SELECT count(*) FROM company") == 1


def test_references_hold_again_afterwards(revise):
    """After an upgrade, the same connection refuses a contact of a company that is not there."""
    engine = revise(add_nickname)
    writer = engine.connect().execution_options(rally_write=True)
    with writer, pytest.raises(sa.exc.IntegrityError):
        writer.exec_driver_sql("UPDATE contact SET company_id = 99")
