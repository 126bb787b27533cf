"""Between a table's rows and plain snapshots: how each column is stored, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Boolean, Connection, Table

from rally_desktop.core.clock import from_micros, to_micros
from rally_desktop.model.tables import metadata
from rally_desktop.model.tables.base import Instant, Json

Store_ = Callable[[Any], Any]
_encode = msgspec.json.Encoder().encode


def to_json(value: Any) -> str:
    """Return JSON text; moments become ISO 8601."""
    return _encode(value).decode()


@cache
def table(name: str) -> Table:
    """Return a table by its name."""
    return metadata.tables[name]


@cache
def writers(name: str) -> Mapping[str, Store_ | None]:
    """Return for each column how a value is turned into what the driver stores."""
    kinds: dict[type, Store_] = {
        Instant: lambda value: None if value is None else to_micros(value),
        Json: lambda value: None if value is None else to_json(value),
    }
    return {str(column.name): kinds.get(type(column.type)) for column in table(name).columns}


@cache
def readers(name: str) -> tuple[tuple[str, Store_ | None], ...]:
    """Return for each column, in order, how a stored value is turned into a plain one."""
    kinds: dict[type, Store_] = {
        Instant: lambda stored: None if stored is None else from_micros(stored),
        Json: lambda stored: None if stored is None else msgspec.json.decode(stored),
        Boolean: bool,
    }
    return tuple((str(column.name), kinds.get(type(column.type))) for column in table(name).columns)


def stored(name: str, columns: Sequence[str], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the named columns of ``values`` as the driver stores them."""
    how = writers(name)
    return tuple(
        convert(values.get(column)) if (convert := how[column]) else values.get(column)
        for column in columns
    )


def snapshot(name: str, row: Sequence[Any]) -> dict[str, Any]:
    """Return a full row as a plain dictionary."""
    return {
        column: convert(value) if convert else value
        for (column, convert), value in zip(readers(name), row, strict=True)
    }


def select_rows(
    connection: Connection, name: str, ids: Iterable[int], *, lock: bool = False
) -> list[dict[str, Any]]:
    """Return the rows with these numbers, in one statement; ``lock`` holds them on PostgreSQL."""
    columns = ", ".join(f'"{column}"' for column, _ in readers(name))
    keys = sorted(set(ids))
    if connection.dialect.name == "postgresql":
        tail = " order by id for update" if lock else ""
        found = connection.exec_driver_sql(
            f'select {columns} from "{name}" where id = any(%s){tail}', (keys,)
        )
    else:
        found = connection.exec_driver_sql(
            f'select {columns} from "{name}" where id in (select value from json_each(?))',
            (to_json(keys),),
        )
    return [snapshot(name, row) for row in found]
