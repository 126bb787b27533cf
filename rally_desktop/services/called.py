"""What records are called, for the database to say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, func


def full_name(table: FromClause) -> ColumnElement[Any]:
    """Return what a record is called, for people to read."""
    if "first_name" not in table.c:
        return table.c.name
    both = func.trim(table.c.first_name + " " + table.c.last_name)
    return func.coalesce(func.nullif(both, ""), func.nullif(table.c.email, ""), "No name")
