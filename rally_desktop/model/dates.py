"""The day of the year of a column, on each database, for what comes every year."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from rally_desktop.model.custom import CustomDay


class DayOfYear(FunctionElement[Any]):
    """Month and day, as 02-28, of a column of moments; the day is that of UTC."""

    inherit_cache = True
    type = String()


def day_of_year(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return month and day, as 02-28, of a column of dates or moments."""
    if isinstance(column, CustomDay):
        return func.substr(column, 6, 5, type_=String)
    return DayOfYear(column)


@compiles(DayOfYear, "sqlite")
def _on_sqlite(element: DayOfYear, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"strftime('%m-%d', {column} / 1000000, 'unixepoch')"


@compiles(DayOfYear, "postgresql")
def _on_postgresql(element: DayOfYear, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"to_char(timestamp 'epoch' + {column} * interval '1 microsecond', 'MM-DD')"
