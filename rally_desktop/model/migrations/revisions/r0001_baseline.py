"""Make the first schema, as the statements beside this file say for each database."""

from __future__ import annotations

from pathlib import Path

from alembic.operations import Operations

from rally_desktop.model.filters import POSTGRES_FOLD


def upgrade(op: Operations) -> None:
    """Make every table and index, and mark the database as ours."""
    connection = op.get_bind()
    path = Path(__file__).with_name(f"r0001_baseline.{connection.dialect.name}.sql")
    for statement in path.read_text(encoding="utf-8").strip().split(";\n\n"):
        connection.exec_driver_sql(statement.rstrip(";"))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(POSTGRES_FOLD)
