"""What every table is made with: one metadata, column shorthands, the naming of constraints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
)
from sqlalchemy.engine import Dialect

from rally_desktop.core.clock import from_micros, to_micros
from rally_desktop.core.schema import Field

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives out row numbers only to a column declared INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment, stored as microseconds since 1970 in UTC on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn a zone-aware moment into microseconds."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn microseconds into a moment in UTC."""
        return None if value is None else from_micros(value)


class Json(TypeDecorator[Any]):
    """A JSON document, stored as text on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Turn a value into JSON text."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Turn JSON text into a value."""
        return None if value is None else msgspec.json.decode(value)


def key() -> Column[Any]:
    """Declare the row's number."""
    return Column("id", Id, primary_key=True)


def shown(name: str, type_: Any, field: Field, **column: Any) -> Column[Any]:
    """Declare a column that grids, filters, imports, merge fields and forms know of."""
    return Column(name, type_, info={"field": field}, **column)


def text(name: str, field: Field, length: int = 200) -> Column[Any]:
    """Declare a shown text that is empty rather than NULL."""
    return shown(name, String(length), field, nullable=False, server_default="")


def hidden(name: str, type_: Any = None, **column: Any) -> Column[Any]:
    """Declare a column that only the program itself knows of; a moment unless said otherwise."""
    return Column(name, type_ or Instant, **column)


def yes_no(name: str, field: Field) -> Column[Any]:
    """Declare a shown yes or no, no unless said otherwise."""
    return shown(name, Boolean, field, nullable=False, server_default=false())


def linked(name: str, target: str, field: Field | None = None) -> Column[Any]:
    """Declare a reference to another table's row, shown where it has a field."""
    info = {"field": field} if field else {}
    return Column(name, Id, ForeignKey(target), info=info)


def trash_index(rows: Table) -> None:
    """Keep what lies in a table's trash in the order in which it came there."""
    gone = rows.c.deleted_at.is_not(None)
    Index(
        f"ix_{rows.name}_trash",
        rows.c.deleted_at,
        rows.c.id,
        sqlite_where=gone,
        postgresql_where=gone,
    )
