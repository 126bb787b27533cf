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


def stored(name: str, columns: tuple[str, ...], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the named columns of ``values`` as the driver stores them."""
    row = list(map(values.get, columns))
    for place, convert in _converted(name, columns):
        row[place] = convert(row[place])
    return tuple(row)


@cache
def _converted(name: str, columns: tuple[str, ...]) -> tuple[tuple[int, Store_], ...]:
    """Return the places of the columns that are not stored as they are, and how they are."""
    how = ((place, writers(name)[column]) for place, column in enumerate(columns))
    return tuple((place, convert) for place, convert in how if convert is not None)


def snapshot(name: str, row: Sequence[Any]) -> dict[str, Any]:
    """Return a full row as a plain dictionary."""
    columns, converted = _read(name)
    made = dict(zip(columns, row, strict=True))
    for column, convert in converted:
        if made[column] is not None:
            made[column] = convert(made[column])
    return made


@cache
def _read(name: str) -> tuple[tuple[str, ...], tuple[tuple[str, Store_], ...]]:
    """Return the columns of a row, and those of them that are not read as they are stored."""
    found = readers(name)
    converted = tuple((column, convert) for column, convert in found if convert is not None)
    return tuple(column for column, _ in found), converted


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
    return [snapshot(name, row) for row in found.all()]
