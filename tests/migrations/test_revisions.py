"""The schema that the revisions make is the one the tables describe, on both databases."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from rally_desktop.model.migrations import HEAD, REVISIONS, bring_up_to_date
from rally_desktop.model.migrations.chain import schema_version
from rally_desktop.model.opening import open_engine, upgrade
from rally_desktop.model.opening import schema_version as version_of
from rally_desktop.model.tables import metadata
from scripts.migration import comparison

INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


@pytest.fixture
def opened(empty_database):
    """An empty database, opened."""
    engine = open_engine(empty_database)
    yield engine
    engine.dispose()


def test_revisions_lead_to_the_tables(opened):
    """After every revision, Alembic finds nothing that the tables say otherwise."""
    upgrade(opened)
    with opened.connect() as connection:
        context = MigrationContext.configure(connection, opts=comparison())
        assert compare_metadata(context, metadata) == []


def test_indexes_are_those_of_the_tables(opened):
    """Revisions make the very indexes the tables declare, conditions and order included."""
    query = text(INDEXES[opened.dialect.name])
    with opened.connect().execution_options(rally_write=True) as connection:
        schema_version.metadata.create_all(connection)
        metadata.create_all(connection)
        declared = set(map(tuple, connection.execute(query)))
        connection.rollback()
    upgrade(opened)
    with opened.connect() as connection:
        assert set(map(tuple, connection.execute(query))) == declared


@pytest.mark.parametrize("number", list(REVISIONS))
def test_every_revision_can_be_reached_from_empty(opened, number):
    """An empty database can be brought to any revision, and from there to the newest."""
    bring_up_to_date(opened, number)
    assert version_of(opened) == number
    upgrade(opened)
    assert version_of(opened) == HEAD


def test_revisions_are_numbered_without_gaps():
    """Revisions are 1, 2, 3 and so on, so two developers cannot both write the next one."""
    assert list(REVISIONS) == list(range(1, HEAD + 1))


def test_an_up_to_date_database_is_left_alone(opened):
    """Opening an up-to-date database changes no table."""
    upgrade(opened)
    before = inspect(opened).get_table_names()
    upgrade(opened)
    assert inspect(opened).get_table_names() == before
