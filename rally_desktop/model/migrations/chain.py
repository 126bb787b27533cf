"""Which revisions there are, and which one a database has."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Column, Connection, Integer, MetaData, Table, inspect, select

from rally_desktop.model.migrations import revisions as package

# Not one of the product's tables: it says which of them there are.
schema_version = Table("schema_version", MetaData(), Column("number", Integer, nullable=False))


def _found() -> dict[int, str]:
    modules = pkgutil.iter_modules(package.__path__)
    return {int(info.name[1:5]): f"{package.__name__}.{info.name}" for info in modules}


REVISIONS: Mapping[int, str] = MappingProxyType(dict(sorted(_found().items())))
HEAD = max(REVISIONS)


def read_version(connection: Connection) -> int:
    """Return the number of a database's newest revision; 0 where it is empty."""
    if not inspect(connection).has_table(schema_version.name):
        return 0
    return connection.execute(select(schema_version.c.number)).scalar_one()


def write_version(connection: Connection, number: int) -> None:
    """Say which revision a database has from now on."""
    connection.execute(schema_version.delete())
    connection.execute(schema_version.insert().values(number=number))
